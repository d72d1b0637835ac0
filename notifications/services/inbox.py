"""The list of what somebody was told, as their pages show it: category, text, the case by its name, and where to go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases.services import casefile
from config.kernel.auth import STAFF_ROLES, Principal
from notifications.domain.kinds import ACCOUNT, CASE_DESK, KINDS, place_of
from notifications.domain.mail_texts import language_of
from notifications.domain.notice_texts import category_name
from notifications.services.notices import get_notice, mark_read, notice_page

OFFER = "offer_made"


@dataclass(frozen=True, kw_only=True)
class InboxItem:
    """One notice. ``reference`` and ``title`` are of the case, where the reader may know of it; ``over``: it asks for
    something that was done, or cannot be done any more.
    """

    notice: Mapping[str, Any]
    category: str
    reference: str
    title: str
    place: str
    over: bool = False


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
    over = _offers_over(principal, found.results)
    items = tuple(
        InboxItem(
            notice=row,
            category=category_name(row["category"], language),
            reference=names[row["subject_id"]].reference if row["subject_id"] in names else "",
            title=names[row["subject_id"]].title if row["subject_id"] in names else "",
            place=_place(principal, row, opens=row["subject_id"] in names),
            over=row["id"] in over,
        )
        for row in found.results
    )
    return InboxPage(items=items, unread=found.unread, next_after=found.next_after)


def open_notice(*, principal: Principal, notice_id: UUID) -> str:
    """Mark one of the caller's notices read; where it is opened, empty where there is no page of it."""
    notice = get_notice(principal=principal, notice_id=notice_id)
    mark_read(principal=principal, notice_id=notice_id)
    subject = notice.subject_id
    opens = False
    if subject is not None and principal.has("professional"):
        opens = bool(casefile.case_names(principal=principal, case_ids={subject}))
    return _place(principal, {"kind": notice.kind, "subject_id": subject}, opens=opens)


def _offers_over(principal: Principal, rows: Iterable[Mapping[str, Any]]) -> frozenset[UUID]:
    """The notices of offers that were answered or ran out: nothing is to be accepted or declined there."""
    offers = {row["id"]: row["subject_id"] for row in rows if row["kind"] == OFFER}
    if not offers:
        return frozenset()
    waiting = {item.case_id for item in casefile.worklist(principal=principal) if item.kind == "offer"}
    return frozenset(notice_id for notice_id, case_id in offers.items() if case_id not in waiting)


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
