"""Who did what with whose data: appended in the transaction of the act, chained and sealed afterwards."""

from config.kernel.audit.records import AuditUnavailable, record

__all__ = ["AbstractAuditEntry", "AuditUnavailable", "record"]


def __getattr__(name: str) -> type:
    # The model is resolved late: services import this package before the app registry is ready.
    if name == "AbstractAuditEntry":
        from config.kernel.audit.models import AbstractAuditEntry

        return AbstractAuditEntry
    raise AttributeError(name)
