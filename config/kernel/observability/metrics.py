"""Prometheus metrics. Labels are route templates, contexts and states: never ids."""

import threading

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from config.kernel.conf import setting

REQUESTS = Counter("sop_http_requests_total", "HTTP requests.", ["method", "route", "status"])
LATENCY = Histogram(
    "sop_http_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
EVENTS_RELAYED = Counter("sop_events_relayed_total", "Outbox rows handled.", ["context"])
FEED_EVENTS = Counter("sop_feed_events_total", "Rows that a sink took.", ["sink", "stream", "context"])
FEED_FAILURES = Counter("sop_feed_failures_total", "Batches that a sink did not take.", ["sink"])
FEED_LAG = Gauge(
    "sop_feed_lag_seconds",
    "Age of the oldest event that a sink lacks.",
    ["sink", "context"],
    multiprocess_mode="livemax",
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_started = threading.Lock()


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; unknown methods share one label, so that nobody can grow the series."""
    REQUESTS.labels(method if method in _METHODS else "other", route, status).inc()
    LATENCY.labels(route).observe(seconds)


def serve() -> None:
    """Serve ``/metrics`` on the internal listener, once a process, when a port is configured."""
    port: int = setting("METRICS_PORT")
    if port and _started.acquire(blocking=False):
        start_http_server(port, addr=setting("METRICS_ADDRESS"))
