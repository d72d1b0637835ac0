"""Queues of privacy rights: who and when, never what; that is read where it is decided."""

from django.contrib import admin
from django.db.models import Model

from config.kernel import clock
from config.kernel.admin import PlatformModelAdmin, short_id
from identity.domain.state_machines import RectificationState
from identity.models import Erasure, Export, LegalHold, Rectification

_OFFICE = frozenset({"privacy_officer", "administrator"})


class _OfPerson(PlatformModelAdmin):
    view_roles = _OFFICE
    id_search = ("id", "user_id")
    patient_field = "user_id"

    @admin.display(description="Person")
    def person(self, row: Model) -> str:
        """The id's end."""
        return short_id(row.user_id)  # type: ignore[attr-defined]  # every table of this file has it


@admin.register(Export)
class ExportAdmin(_OfPerson):
    """Copies that people asked for."""

    list_display = ("created_at", "person", "state", "progress", "size", "finished_at", "expires_at")
    list_filter = ("state",)
    exclude = ("link_hash",)
    as_written = frozenset({"sha256"})


@admin.register(Erasure)
class ErasureAdmin(_OfPerson):
    """Which parts of the platform have not answered yet."""

    list_display = ("created_at", "person", "state", "waiting", "asked_at", "completed_at")
    list_filter = ("state",)

    @admin.display(description="Waiting for")
    def waiting(self, row: Erasure) -> str:
        """Names of contexts."""
        return ", ".join(row.waiting_for) or "-"


@admin.register(LegalHold)
class LegalHoldAdmin(_OfPerson):
    """Of whom nothing is deleted, and since when."""

    list_display = ("created_at", "person", "reason", "placed", "ended_at")
    as_written = frozenset({"reason"})
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)

    @admin.display(description="Placed by")
    def placed(self, row: LegalHold) -> str:
        """The id's end."""
        return short_id(row.placed_by)


@admin.register(Rectification)
class RectificationAdmin(_OfPerson):
    """Claims that something is wrong; an answer is due within thirty days."""

    list_display = ("created_at", "person", "about", "state", "due_at", "late", "decided_at")
    list_filter = ("state", "about")
    exclude = ("claim_sealed", "answer_sealed")

    @admin.display(description="Late", boolean=True)
    def late(self, row: Rectification) -> bool:
        """Open beyond its day."""
        return row.state == RectificationState.OPEN and row.due_at < clock.now()
