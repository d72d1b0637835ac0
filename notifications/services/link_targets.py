"""Where the link of a mail leads: to the thing itself for who works here, to the way there for everybody else."""

from typing import Protocol
from uuid import UUID

from cases.services import casefile
from config.kernel.auth import STAFF_ROLES, SYSTEM
from config.kernel.errors import NotFound
from notifications.domain.kinds import ACCOUNT, CASE_DESK, FRONT, INBOX, Kind, place_of


class Addressee(Protocol):
    """To whom a link is sent."""

    @property
    def id(self) -> UUID: ...

    @property
    def roles(self) -> frozenset[str]: ...


def works_here(account: Addressee) -> bool:
    """Whether somebody has pages of the workplace: staff, and specialists."""
    return bool(account.roles & (STAFF_ROLES | {"professional"}))


def is_workplace(path: str) -> bool:
    """Whether a link leads to a page of the workplace, so that its mail may say what kind of work waits."""
    return path.startswith(("/dashboard/", "/admin/"))


def path_for(*, account: Addressee, kind: Kind, subject_id: UUID | None) -> str:
    """The address, below ours, that a mail of this kind names to this person."""
    if kind.link != FRONT:
        return kind.link
    if not works_here(account):
        return INBOX
    if kind.security:
        return ACCOUNT
    if "{id}" not in kind.place and not kind.at_desk:
        return place_of(kind.name, subject_id) or INBOX
    return _of_case(account, kind, subject_id)


def _of_case(account: Addressee, kind: Kind, subject_id: UUID | None) -> str:
    """Patients and their specialists get the same news: who somebody is to this case says where they read it."""
    if kind.desk:
        return kind.desk
    if subject_id is None:
        return INBOX
    if kind.theirs:
        return place_of(kind.name, subject_id)
    try:
        access = casefile.case_access(principal=SYSTEM, case_id=subject_id)
    except NotFound:
        return INBOX
    if account.id == access.patient_id:
        return INBOX
    if kind.place and account.id == access.assigned_user_id:
        return place_of(kind.name, subject_id)
    return CASE_DESK.format(id=subject_id) if account.roles & STAFF_ROLES else INBOX
