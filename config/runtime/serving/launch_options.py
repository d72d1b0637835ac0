"""What to run and with how much, read from the command line and the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.runtime.embedded.process import free_port

ROOT = Path(__file__).resolve().parents[3]
WORKERS = ("worker-interactive", "worker-bulk", "worker-documents")
ROLES = ("all", "front", "web", "realtime", "worker", *WORKERS, "relay", "scheduler", "feeds")
# A role that answers HTTP takes the port itself when no front runs beside it.
HTTP_ROLES = ("all", "front", "web", "realtime")


@dataclass(frozen=True, kw_only=True)
class Options:
    """One launcher's orders. Sizes are bytes, times are seconds."""

    role: str
    bind: str
    port: int
    data: Path
    static: Path
    site_name: str
    web_workers: int
    web_threads: int
    interactive: int
    bulk: int
    documents: int
    drain: float
    stop: int
    web_upstream: str
    realtime_upstream: str
    trusted_proxies: str
    metrics_port: int
    metrics_address: str
    ops_port: int
    ops_address: str
    migrate: bool
    seed: bool
    logs_to_files: bool
    feeds: bool = False
    max_body: str = "26MiB"

    @property
    def run(self) -> Path:
        """Sockets, pid files and the drain flag of this launcher."""
        return self.data / "run"

    @property
    def listeners(self) -> dict[str, tuple[str, int]]:
        """Where health and metrics are told, besides the socket of the front, by the setting of the port."""
        places = {
            "METRICS_PORT": (self.metrics_address, self.metrics_port),
            "OPS_PORT": (self.ops_address, self.ops_port),
        }
        return {name: place for name, place in places.items() if place[1]}

    @property
    def base_url(self) -> str:
        """Where a browser on this machine reaches the product."""
        if self.site_name:
            return f"https://{self.site_name}:{self.port}"
        host = "127.0.0.1" if self.bind in ("0.0.0.0", "::", "") else self.bind  # noqa: S104  a comparison
        return f"http://{host}:{self.port}"


def read_options(
    environment: Mapping[str, str], *, role: str, seed: bool, migrate: bool | None, logs_to_files: bool
) -> Options:
    """Options from ``environment``; a number that is none raises ``ValueError`` naming its variable."""
    data = Path(environment.get("SOP_DATA_DIR") or ROOT / ".local").resolve()
    cores = len(os.sched_getaffinity(0))

    def number(name: str, default: int) -> int:
        text = environment.get(name) or str(default)
        if not text.isdigit():
            raise ValueError(f"{name} must be a whole number, not {text!r}.")
        return int(text)

    return Options(
        role=role,
        bind=environment.get("SOP_BIND") or "127.0.0.1",
        # 0: any that is free.
        port=number("PORT", 8000) or free_port(),
        data=data,
        static=Path(environment.get("STATIC_ROOT") or data / "static"),
        site_name=environment.get("SOP_SITE_NAME", ""),
        web_workers=number("WEB_WORKERS", min(2, cores)),
        web_threads=number("WEB_THREADS", 4),
        interactive=number("WORKER_INTERACTIVE_PROCESSES", 1),
        bulk=number("WORKER_BULK_PROCESSES", 1),
        # One for what takes long, two for what is done in a moment.
        documents=number("WORKER_DOCUMENTS_PROCESSES", 3),
        drain=number("SOP_DRAIN_SECONDS", 3),
        stop=number("SOP_STOP_SECONDS", 15),
        web_upstream=environment.get("SOP_WEB_UPSTREAM", ""),
        realtime_upstream=environment.get("SOP_REALTIME_UPSTREAM", ""),
        trusted_proxies=" ".join(environment.get("SOP_TRUSTED_PROXIES", "").replace(",", " ").split()),
        metrics_port=number("METRICS_PORT", 0),
        metrics_address=environment.get("METRICS_ADDRESS") or "127.0.0.1",
        ops_port=number("OPS_PORT", 0),
        ops_address=environment.get("OPS_ADDRESS") or environment.get("SOP_BIND") or "127.0.0.1",
        migrate=(role == "all") if migrate is None else migrate,
        seed=seed,
        logs_to_files=logs_to_files,
        feeds=bool(environment.get("EVENT_SINKS", "").strip()),
    )
