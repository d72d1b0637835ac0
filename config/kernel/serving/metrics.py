"""``python -m config.kernel.serving.metrics``: Prometheus metrics of all processes, on an internal listener.

Each process writes its numbers into ``PROMETHEUS_MULTIPROC_DIR``; this one adds them up when asked. The front never
leads here.
"""

import signal
import threading

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from config.kernel.serving.options import read_metrics_place


def main() -> None:
    """Serve ``/metrics`` until SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    address, port = read_metrics_place()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it bare
    server, thread = start_http_server(port, addr=address, registry=registry)
    ended.wait()
    server.shutdown()
    server.server_close()
    thread.join()


if __name__ == "__main__":
    main()
