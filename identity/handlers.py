"""What identity hears from the contexts above it, by name."""

from typing import Any

from config.kernel.outbox import once
from identity import services


def _answered(context: str, event: Any) -> None:
    services.context_erased(context=context, user_id=event.aggregate_id)


@once("professionals.erasure.completed.v1", context="identity")
def professionals_erased(event: Any) -> None:
    """Professionals has taken the person out."""
    _answered("professionals", event)


@once("cases.erasure.completed.v1", context="identity")
def cases_erased(event: Any) -> None:
    """Cases has taken the person out."""
    _answered("cases", event)


@once("analysis.erasure.completed.v1", context="identity")
def analysis_erased(event: Any) -> None:
    """Analysis has taken the person out."""
    _answered("analysis", event)


@once("notifications.erasure.completed.v1", context="identity")
def notifications_erased(event: Any) -> None:
    """Notifications has taken the person out."""
    _answered("notifications", event)
