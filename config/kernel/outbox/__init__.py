"""Events made durable: written with the change, delivered at least once, taking effect exactly once."""

from config.kernel.outbox.inbox import current_event_id, once
from config.kernel.outbox.publication import publish

__all__ = ["AbstractInboxEntry", "AbstractOutboxEntry", "current_event_id", "once", "publish"]


def __getattr__(name: str) -> type:
    # Models are resolved late: events modules import this package before the app registry is ready.
    if name in ("AbstractInboxEntry", "AbstractOutboxEntry"):
        from config.kernel.outbox import models

        return getattr(models, name)
    raise AttributeError(name)
