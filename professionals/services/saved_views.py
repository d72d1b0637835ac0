"""Saved views of the worklist: each specialist's own, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, FieldError, Invalid, NotFound
from professionals.db import atomic
from professionals.models import SavedView

MAX_VIEWS = 20
MAX_NAME_LENGTH = 40


@dataclass(frozen=True, kw_only=True)
class SavedViewDTO:
    """A named filter; ``chosen`` maps filters to codes, and leaves out those that are not set."""

    id: UUID
    name: str
    chosen: Mapping[str, str]


def list_views(*, principal: Principal) -> tuple[SavedViewDTO, ...]:
    """The caller's views, by name."""
    rows = SavedView.objects.filter(user_id=principal.require_user_id()).order_by("name")
    return tuple(SavedViewDTO(id=row.id, name=row.name, chosen=row.chosen) for row in rows)


def save_view(*, principal: Principal, name: str, chosen: Mapping[str, str]) -> SavedViewDTO:
    """Keep a filter under a name; a view of this name is replaced. ``Conflict`` beyond 20 views."""
    me, name = principal.require_user_id(), _name(name)
    kept = {key: value for key, value in chosen.items() if value}
    with atomic():
        others = SavedView.objects.filter(user_id=me).exclude(name=name).count()
        if others >= MAX_VIEWS:
            raise Conflict(f"At most {MAX_VIEWS} views are kept; delete one first.", code="views_full")
        row, _ = SavedView.objects.update_or_create(user_id=me, name=name, defaults={"chosen": kept})
        _note("view.save", row.id)
    return SavedViewDTO(id=row.id, name=row.name, chosen=row.chosen)


def rename_view(*, principal: Principal, view_id: UUID, name: str) -> SavedViewDTO:
    """Another name for one of the caller's views; ``Conflict`` when they have one of this name."""
    name = _name(name)
    with atomic():
        row = _mine(principal, view_id)
        if SavedView.objects.filter(user_id=row.user_id, name=name).exclude(id=row.id).exists():
            raise Conflict("You have a view of this name.", code="view_name_taken")
        row.name = name
        row.save(update_fields=["name"])
        _note("view.rename", row.id)
    return SavedViewDTO(id=row.id, name=row.name, chosen=row.chosen)


def delete_view(*, principal: Principal, view_id: UUID) -> None:
    """Forget one of the caller's views."""
    with atomic():
        row = _mine(principal, view_id)
        _note("view.delete", row.id)
        row.delete()


def _mine(principal: Principal, view_id: UUID) -> SavedView:
    row = SavedView.objects.select_for_update().filter(id=view_id, user_id=principal.require_user_id()).first()
    if row is None:
        raise NotFound("There is no such view of yours.")
    return row


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > MAX_NAME_LENGTH:
        advice = f"Give a name of at most {MAX_NAME_LENGTH} characters."
        raise Invalid(advice, errors=[FieldError("#/name", "invalid", advice)])
    return name


def _note(action: str, view_id: UUID) -> None:
    record(context="professionals", action=action, object_type="view", object_id=view_id)
