"""Abstract bases of the contexts' models."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7


class Entity(models.Model):
    """A row with a time-ordered random id and its instants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-id"]


class VersionedEntity(Entity):
    """An entity edited under optimistic locking: ``version`` is its ETag."""

    version = models.PositiveIntegerField(default=1)

    class Meta(Entity.Meta):
        abstract = True


if TYPE_CHECKING:
    _TransactionId = models.Field[int, int]
else:
    _TransactionId = models.Field


class TransactionIdField(_TransactionId):
    """The id of the transaction that wrote the row (``xid8``): given by the database, never used again."""

    description = "transaction id"

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {"db_default": models.Func(function="pg_current_xact_id"), "editable": False}
        super().__init__(**(given | options))

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type of 64 bits, which does not wrap round."""
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """The driver knows no such type and gives its text."""
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        """As text, which PostgreSQL reads as one; a default of the database stays one."""
        return str(value) if isinstance(value, int) else value
