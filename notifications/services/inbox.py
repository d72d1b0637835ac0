"""The list of what somebody was told, as their pages show it: category, text, the case by its name, and where to go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases.services import casefile
from config.kernel.auth import STAFF_ROLES, Principal
from notifications.domain.kinds import ACCOUNT, CASE_DESK, KINDS, place_of
from notifications.domain.mail_texts import language_of
from notifications.domain.notice_texts import category_name
from notifications.services.notices import notice_page


@dataclass(frozen=True, kw_only=True)
class InboxItem:
    """One notice. ``reference`` and ``title`` are of the case, where the reader may know of it."""

    notice: Mapping[str, Any]
    category: str
    reference: str
    title: str
    place: str


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """One page, newest first."""

    items: tuple[InboxItem, ...]
    unread: int
    next_after: UUID | None


def inbox(
    *, principal: Principal, language: str, unread_only: bool = False, after: UUID | None = None, limit: int = 50
) -> InboxPage:
    """What the caller was told, in the language of the page that shows it."""
    language = language_of(language)
    found = notice_page(
        user_id=principal.require_user_id(), limit=limit, after=after, unread_only=unread_only, language=language
    )
    about = {row["subject_id"] for row in found.results if row["subject_id"] is not None}
    works = principal.has("professional")
    names = casefile.case_names(principal=principal, case_ids=about) if works else {}
    items = tuple(
        InboxItem(
            notice=row,
            category=category_name(row["category"], language),
            reference=names[row["subject_id"]].reference if row["subject_id"] in names else "",
            title=names[row["subject_id"]].title if row["subject_id"] in names else "",
            place=_place(principal, row, opens=row["subject_id"] in names),
        )
        for row in found.results
    )
    return InboxPage(items=items, unread=found.unread, next_after=found.next_after)


def _place(principal: Principal, row: Mapping[str, Any], *, opens: bool) -> str:
    """Where the reader opens what it is about; empty where they have no page for it."""
    kind, subject_id, staff = KINDS.get(row["kind"]), row["subject_id"], principal.has(*STAFF_ROLES)
    if kind is None or not (staff or principal.has("professional")):
        return ""
    if kind.security:
        return ACCOUNT
    if kind.desk and staff:
        return kind.desk
    of_case = "{id}" in kind.place
    if kind.place and principal.has("professional") and (opens or not of_case):
        return place_of(kind.name, subject_id)
    return CASE_DESK.format(id=subject_id) if staff and subject_id and (of_case or kind.at_desk) else ""
