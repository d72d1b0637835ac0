"""Reading accounts, with their profiles opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from config.kernel.auth.sessions import SessionState
from config.kernel.crypto import DataKey, Place, open_json, seal_json
from identity.db import database
from identity.domain.proxies import MERGED, SCOPES
from identity.domain.session_limits import limits_for
from identity.domain.state_machines import MergeState, ProxyState
from identity.models import Passkey, PatientMerge, RoleGrant, TotpSecret, User


def profile_place(user_id: UUID) -> Place:
    """Where a sealed profile lives."""
    return Place("identity_user", "profile", user_id)


def open_profile(user: User, key: DataKey) -> dict[str, Any]:
    """The profile's fields: full_name, date_of_birth (date or None), sex, phone."""
    profile: dict[str, Any] = open_json(key, profile_place(user.id), user.profile_sealed)
    born = profile.get("date_of_birth")
    return profile | {"date_of_birth": date.fromisoformat(born) if born else None}


def seal_profile(user_id: UUID, key: DataKey, profile: dict[str, Any]) -> bytes:
    """Seal what ``open_profile`` opens."""
    born = profile.get("date_of_birth")
    return seal_json(key, profile_place(user_id), profile | {"date_of_birth": born.isoformat() if born else None})


def roles_of(user_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """The roles of each user."""
    found: dict[UUID, set[str]] = {user_id: set() for user_id in user_ids}
    for user_id, role in RoleGrant.objects.filter(user_id__in=list(found)).values_list("user_id", "role"):
        found[user_id].add(role)
    return {user_id: frozenset(roles) for user_id, roles in found.items()}


def users_with_second_factor(user_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the users who have a confirmed authenticator app, or a passkey."""
    ids = list(user_ids)
    apps = TotpSecret.objects.filter(user_id__in=ids, confirmed=True).order_by().values_list("user_id")
    keys = Passkey.objects.filter(user_id__in=ids).order_by().values_list("user_id")
    return frozenset(user_id for (user_id,) in apps.union(keys))


_STATE = (
    "SELECT s.version, s.created_at, s.last_used_at,"
    " ARRAY(SELECT g.role FROM identity_rolegrant g WHERE g.user_id = s.user_id)"
    " FROM identity_session s JOIN identity_user u ON u.id = s.user_id"
    " WHERE s.id = %s AND s.ended_at IS NULL AND u.is_active AND u.email_verified_at IS NOT NULL"
    " AND u.session_version = s.version"
)


def session_state(session_id: UUID) -> SessionState | None:
    """What the guard of every request asks: the state of an open session, in one statement; ``None`` when it ended."""
    with database.prepared() as cursor:
        row = cursor.execute(_STATE, [session_id]).fetchone()
    if row is None:
        return None
    version, opened, last_used, roles = row
    limits = limits_for(frozenset(roles))
    return SessionState(version, min(opened + limits.absolute, last_used + limits.idle).timestamp())


def active_proxies(delegate_id: UUID, at: datetime) -> list[tuple[UUID, UUID, UUID | None, str, str]]:
    """(id, patient, case, scopes, relationship) of what somebody may do for others, or in an account of theirs."""
    with database.prepared() as cursor:
        cursor.execute(
            "SELECT id, patient_id, case_id, scopes, relationship FROM identity_proxy"
            f" WHERE delegate_id = %(me)s AND state = '{ProxyState.ACTIVE}' AND ends_at > %(at)s"
            " UNION ALL SELECT id, alias_id, NULL, %(all)s, %(merged)s FROM identity_patientmerge"
            f" WHERE survivor_id = %(me)s AND state = '{MergeState.MERGED}' ORDER BY 1",
            {"me": delegate_id, "at": at, "all": ",".join(SCOPES), "merged": MERGED},
            prepare=True,
        )
        return cursor.fetchall()


def merged_aliases(survivor_id: UUID) -> list[UUID]:
    """The accounts that were joined with this one."""
    return list(
        PatientMerge.objects.filter(survivor_id=survivor_id, state=MergeState.MERGED).values_list("alias_id", flat=True)
    )


def merged_survivor(alias_id: UUID) -> UUID | None:
    """The account with which this one was joined."""
    rows = PatientMerge.objects.filter(alias_id=alias_id, state=MergeState.MERGED)
    return rows.values_list("survivor_id", flat=True).first()


def patient_standing_row(patient_id: UUID) -> tuple[bool, list[str]] | None:
    """(address confirmed, purposes agreed to) of one account; ``None`` for an unknown id."""
    with database.prepared() as cursor:
        cursor.execute(
            "SELECT u.email_verified_at IS NOT NULL, ARRAY(SELECT c.purpose FROM identity_consent c"
            " WHERE c.patient_id = u.id AND c.withdrawn_at IS NULL) FROM identity_user u WHERE u.id = %s",
            [patient_id],
            prepare=True,
        )
        found: tuple[bool, list[str]] | None = cursor.fetchone()
    return found


def contact_rows(user_ids: Iterable[UUID]) -> list[tuple[UUID, str, str, str, bool, bool, bool]]:
    """(id, address, locale, zone, address confirmed, active, number proved) of those whose keys were not destroyed."""
    with database.prepared() as cursor:
        cursor.execute(
            "SELECT u.id, u.email, u.locale, u.time_zone, u.email_verified_at IS NOT NULL, u.is_active,"
            " EXISTS (SELECT 1 FROM identity_phoneverification p WHERE p.active_for = u.id)"
            " FROM identity_user u WHERE u.id = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM identity_destroyedkey d WHERE d.subject_id = u.id)",
            [list(user_ids)],
            prepare=True,
        )
        return cursor.fetchall()


@dataclass(frozen=True, kw_only=True)
class PeopleFilter:
    """Attributes of accounts by which many are found: one of the values of each that is named; empty: any."""

    roles: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


_MATCHING = (
    "SELECT u.id, u.locale, u.time_zone FROM identity_user u WHERE u.is_active AND u.email_verified_at IS NOT NULL"
    " AND (%(after)s::uuid IS NULL OR u.id > %(after)s)"
    " AND (%(locales)s::text[] = '{}' OR u.locale = ANY(%(locales)s))"
    " AND (%(countries)s::text[] = '{}' OR u.country = ANY(%(countries)s))"
    " AND (%(zones)s::text[] = '{}' OR u.time_zone = ANY(%(zones)s))"
    " AND (%(roles)s::text[] = '{}' OR EXISTS"
    " (SELECT 1 FROM identity_rolegrant g WHERE g.user_id = u.id AND g.role = ANY(%(roles)s)))"
    " AND NOT EXISTS (SELECT 1 FROM identity_erasure e WHERE e.user_id = u.id)"
    " AND NOT EXISTS (SELECT 1 FROM identity_destroyedkey d WHERE d.subject_id = u.id)"
    " AND NOT EXISTS (SELECT 1 FROM identity_patientmerge m WHERE m.alias_id = u.id"
    f" AND m.state = '{MergeState.MERGED}')"
    " ORDER BY u.id LIMIT %(limit)s"
)


def matching_rows(attributes: PeopleFilter, *, after: UUID | None, limit: int) -> list[tuple[UUID, str, str]]:
    """(id, language, zone) of the people who may be written to and have the attributes, in the order of their ids."""
    wanted: dict[str, Any] = {name: list(values) for name, values in vars(attributes).items()}
    with database.connection.cursor() as cursor:
        cursor.execute(_MATCHING, {**wanted, "after": after, "limit": limit})
        found: list[tuple[UUID, str, str]] = cursor.fetchall()
    return found
