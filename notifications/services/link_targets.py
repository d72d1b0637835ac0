"""Where the link of a mail leads: to the thing itself for who works here, to the way there for everybody else."""

from uuid import UUID

from cases.services import casefile
from config.kernel.auth import STAFF_ROLES, SYSTEM
from config.kernel.errors import NotFound
from identity import services as identity
from notifications.domain.kinds import ACCOUNT, FRONT, Kind, place_of

#: Where staff read what a notice is about.
_STAFF = {"break_glass_review": "/admin/cases/breakglass/"}


def path_for(*, account: identity.AccountDTO, kind: Kind, subject_id: UUID | None) -> str:
    """The address, below ours, that a mail of this kind names to this person."""
    if kind.link != FRONT:
        return kind.link
    if not account.roles & (STAFF_ROLES | {"professional"}):
        return FRONT
    if kind.security:
        return ACCOUNT
    place = place_of(kind.name, subject_id)
    if "{id}" not in kind.place:
        return place or _STAFF.get(kind.name, FRONT)
    return _of_case(account, kind, place, subject_id)


def _of_case(account: identity.AccountDTO, kind: Kind, place: str, subject_id: UUID | None) -> str:
    """Patients and their specialists get the same news: who somebody is to this case says where they read it."""
    if subject_id is None:
        return FRONT
    try:
        access = casefile.case_access(principal=SYSTEM, case_id=subject_id)
    except NotFound:
        return FRONT
    if account.id == access.patient_id:
        return FRONT
    if account.id == access.assigned_user_id or kind.name == "offer_made":
        return place
    return f"/admin/cases/case/{subject_id}/change/" if account.roles & STAFF_ROLES else FRONT


def notice_place(*, kind: str, subject_id: UUID | None) -> str:
    """The page on which a specialist finds what a notice of theirs is about; empty where there is none."""
    return place_of(kind, subject_id)
