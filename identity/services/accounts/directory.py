"""Who holds a role, and who is who by the plain attributes of an account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from identity.domain.state_machines import MergeState
from identity.models import PatientMerge, RoleGrant
from identity.queries import PeopleFilter, matching_rows


def people_with_role(*, role: str) -> tuple[UUID, ...]:
    """The active accounts that hold ``role``, in the order in which they got it."""
    found = RoleGrant.objects.filter(role=role, user__is_active=True).order_by("created_at")
    return tuple(found.values_list("user_id", flat=True))


@dataclass(frozen=True, kw_only=True)
class PersonMatch:
    """Somebody who is of an audience; ``zone`` is ``None`` for whoever has not named theirs."""

    user_id: UUID
    locale: str
    zone: str | None


def people_matching(*, attributes: PeopleFilter, after: UUID | None, limit: int) -> tuple[PersonMatch, ...]:
    """The people of these attributes whose ids follow ``after``, in the order of their ids, at most ``limit``.

    Only active accounts with a confirmed address, of people who were not erased and have not asked for it. Of two
    accounts that were joined, the one that remains. Nothing that is sealed is opened.
    """
    rows = matching_rows(attributes, after=after, limit=limit)
    return tuple(
        PersonMatch(user_id=user_id, locale=locale, zone=zone if zone != "UTC" else None)
        for user_id, locale, zone in rows
    )


def people_now(*, user_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Those of the accounts that were joined with another one, each with the account that remains (``person_now``)."""
    rows = PatientMerge.objects.filter(alias_id__in=list(user_ids), state=MergeState.MERGED)
    return dict(rows.order_by().values_list("alias_id", "survivor_id"))
