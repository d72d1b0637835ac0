"""Writing and reading notices. The row comes first; mails and sockets are told of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from notifications.db import atomic
from notifications.models import Notice
from notifications.queries import latest_of, notices_after_each, page_of_notices
from notifications.services.dto import NoticeDTO, NoticePage
from notifications.services.readers import NoticeWords, Reader, reader_of, readers_of


def notice_page(
    *, user_id: UUID, limit: int, after: UUID | None = None, unread_only: bool = False, language: str = ""
) -> NoticePage:
    """One page of a user's notices and the number of unread ones, in one statement.

    ``language``: what the page or the request asks for, in place of the account's.
    """
    reader, words = reader_of(user_id, language), NoticeWords()
    unread, rows = page_of_notices(user_id, after=after, limit=limit + 1, unread_only=unread_only)
    results = tuple(
        {
            "id": row[0],
            "sequence": row[1],
            "kind": row[2],
            **words.of(reader, kind=row[2], category=row[6], template=row[7], version=row[8], values=row[9]),
            "subject_id": row[3],
            "created_at": row[4],
            "read_at": row[5],
        }
        for row in rows[:limit]
    )
    return NoticePage(results=results, unread=unread, next_after=results[-1]["id"] if len(rows) > limit else None)


def list_notices(
    *, user_id: UUID, limit: int, after: UUID | None = None, unread_only: bool = False, language: str = ""
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """The rows of ``notice_page``, and the id to continue after."""
    page = notice_page(user_id=user_id, limit=limit, after=after, unread_only=unread_only, language=language)
    return page.results, page.next_after


def notices_after(
    *, seen: Collection[tuple[UUID, int]], limit: int = 200
) -> dict[tuple[UUID, int], tuple[NoticeDTO, ...]]:
    """What each user was told after the sequence that they have, oldest first, for all of ``seen`` in one statement.

    Those for whom there is nothing are absent.
    """
    rows, words = list(notices_after_each(seen, limit)), NoticeWords()
    readers = readers_of({row.user_id for row in rows})
    found = defaultdict(list)
    for row in rows:
        since: int = row.since  # type: ignore[attr-defined]  # a column beside the row's
        found[row.user_id, since].append(_dto(row, readers[row.user_id], words))
    return {reader: tuple(notices) for reader, notices in found.items()}


def latest_sequences(*, user_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The last sequence number of each user; those without any notice are absent."""
    return latest_of(user_ids)


def unread_count(*, user_id: UUID) -> int:
    """How many notices the user has not read."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def get_notice(*, principal: Principal, notice_id: UUID, language: str = "") -> NoticeDTO:
    """One of the caller's notices."""
    row = Notice.objects.filter(id=notice_id, user_id=principal.require_user_id()).first()
    if row is None:
        raise NotFound("There is no such notice for you.")
    return notice_dto(row, language)


def mark_read(*, principal: Principal, notice_id: UUID | None = None) -> int:
    """Mark one of the caller's notices read, or all of them; returns how many were unread."""
    rows = Notice.objects.filter(user_id=principal.require_user_id(), read_at=None)
    with atomic():
        if notice_id is None:
            return int(rows.update(read_at=clock.now()))
        get_notice(principal=principal, notice_id=notice_id)
        return int(rows.filter(id=notice_id).update(read_at=clock.now()))


def notice_dto(row: Notice, language: str = "") -> NoticeDTO:
    """A notice as plain data, in its reader's language or in the one that is asked for."""
    return _dto(row, reader_of(row.user_id, language), NoticeWords())


def _dto(row: Notice, reader: Reader, words: NoticeWords) -> NoticeDTO:
    said = words.of(
        reader,
        kind=row.kind,
        category=row.category,
        values=row.values,
        template=row.template,
        version=row.template_version,
    )
    return NoticeDTO(
        id=row.id,
        sequence=row.sequence,
        kind=row.kind,
        **said,
        subject_id=row.subject_id,
        created_at=row.created_at,
        read_at=row.read_at,
    )
