"""Reading profiles and licences."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from config.kernel.crypto import Place
from professionals.db import now
from professionals.domain.legal_rules import REVERIFIED_WITHIN, LicenceFact
from professionals.models import Licence, Professional


def number_place(licence_id: UUID) -> Place:
    """Where a sealed licence number lives."""
    return Place("professionals_licence", "number", licence_id)


def licence_facts(rows: Iterable[Licence]) -> list[LicenceFact]:
    """Licences as the legal rules see them: verified by two people within three years, and in force."""
    oldest = now() - REVERIFIED_WITHIN
    return [
        LicenceFact(
            row.place,
            row.valid_from,
            row.valid_to,
            row.verified_at is not None and row.verified_at > oldest and row.status in ("active", "restricted"),
        )
        for row in rows
    ]


def licences_of(professional_ids: Iterable[UUID]) -> dict[UUID, list[LicenceFact]]:
    """The licences of many, as the legal rules see them, in one statement."""
    oldest, found = now() - REVERIFIED_WITHIN, defaultdict(list)
    rows = Licence.objects.filter(professional__in=list(professional_ids)).order_by()
    for owner, place, start, end, verified, status in rows.values_list(
        "professional_id", "place", "valid_from", "valid_to", "verified_at", "status"
    ):
        counts = verified is not None and verified > oldest and status in ("active", "restricted")
        found[owner].append(LicenceFact(place, start, end, counts))
    return found


def valid_places(professional: Professional, today: date) -> tuple[str, ...]:
    """Places with a verified licence that is valid on ``today``."""
    facts = licence_facts(professional.licences.all())
    return tuple(sorted({f.place for f in facts if f.verified and f.valid_from <= today <= f.valid_to}))


def names_of(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The public names of those of the users who are specialists."""
    wanted = list(user_ids)
    if not wanted:
        return {}
    return dict(Professional.objects.filter(user_id__in=wanted).values_list("user_id", "display_name"))
