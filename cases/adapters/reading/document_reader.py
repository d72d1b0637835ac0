"""Reads a document: parsing in one limited child, text recognition in another, the result checked by the parent."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from cases.adapters.reading import media_types, results
from cases.adapters.reading.inspection import inspect_upload
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import ReadingFailed
from cases.adapters.reading.progress import Progress, Told, watch_reading, watch_recognising
from cases.adapters.reading.sandbox import SCRATCH, Unavailable, clear_scratch, run_child
from cases.adapters.reading.second_reading import doubted_by, turned_page, with_second_reading
from cases.domain.documents.document_text import UNREAD_WORDS, PageText, Reading, UnreadPlace, UnreadReason

LOW_CONFIDENCE: Final = 0.6
NOT_INSTALLED: Final = "no text recognition is installed"


def read_in_child(
    *,
    source: Path,
    workdir: Path,
    name: str,
    declared_type: str,
    limits: Limits | None = None,
    told: Told | None = None,
) -> Reading:
    """Read `source` and leave reading.json, page-0001.webp … and thumb-0001.webp … in `workdir`.

    While that goes on, `told` hears every half second how far it is.
    Pages that the time of one child did not suffice for are read by the next, as long as each gets further. When that
    ends, or memory runs out, after something was read, the verdict is `partial` and says what is missing. Raises
    Refused, or ReadingFailed if nothing was read.
    """
    limits = limits or Limits()
    media_type = inspect_upload(source=source, name=name, declared_type=declared_type, limits=limits)
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        draft = _parsed(source, workdir, media_type, limits, told)
        draft, stopped = _read_on(draft, source, workdir, limits, told)
        reading = _with_recognised(draft, stopped, workdir)
    finally:
        clear_scratch(workdir)
    results.save_reading(workdir, reading)
    return reading


def glance_in_child(*, source: Path, workdir: Path, name: str, declared_type: str) -> Reading | None:
    """As `read_in_child`, if the whole document is read in three seconds without text recognition; else None.

    Raises Refused. After None, `workdir` holds nothing of worth.
    """
    limits = Limits.of_a_glance()
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        media_type = inspect_upload(source=source, name=name, declared_type=declared_type, limits=limits)
        draft = _parsed(source, workdir, media_type, limits, None)
    except ReadingFailed:
        return None
    finally:
        clear_scratch(workdir)
    # What is missing may be missing for want of time.
    if draft.pending or draft.missed or draft.reading.verdict != "complete":
        return None
    results.save_reading(workdir, draft.reading)
    return draft.reading


def draw_in_child(*, source: Path, workdir: Path, pages: tuple[int, ...], limits: Limits | None = None) -> None:
    """Draw pages of a PDF that the reading had no time for. Raises Refused or ReadingFailed."""
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        run_child(
            task="draw",
            source=source,
            media_type=media_types.PDF,
            limits=limits or Limits(),
            workdir=workdir,
            pages=pages,
        )
    finally:
        clear_scratch(workdir)


def _parsed(source: Path, workdir: Path, media_type: str, limits: Limits, told: Told | None) -> results.Draft:
    scratch = workdir / SCRATCH
    watch = watch_reading(workdir, told) if told else None
    try:
        run_child(task="read", source=source, media_type=media_type, limits=limits, workdir=workdir, watch=watch)
    except ReadingFailed as failure:
        draft = results.load_draft(scratch)
        if draft is None:
            raise
        return replace(draft, reading=_partial(draft.reading, f"drawing the pages stopped: {failure.reason}"))
    draft = results.load_draft(scratch)
    if draft is None:
        raise ReadingFailed("malformed_output")
    return draft


def _read_on(
    draft: results.Draft, source: Path, workdir: Path, limits: Limits, told: Told | None
) -> tuple[results.Draft, str]:
    """Draw and recognise what is left, child after child while each gets further; the last word on what is missing."""
    stopped, before = "", -1
    for _ in range(limits.rounds):
        if before >= 0 and draft.missed:
            draft = _drawn_further(draft, source, workdir, limits)
        stopped = _recognise(draft, source, workdir, limits, told)
        left = len(draft.missed) + sum(not _recognised(workdir, number) for number in draft.pending)
        if not left or left == before or stopped == NOT_INSTALLED:
            break
        before = left
    return draft, stopped


def _drawn_further(draft: results.Draft, source: Path, workdir: Path, limits: Limits) -> results.Draft:
    # What was drawn before the child ended is whole, and what is left has its place in the next one.
    with suppress(ReadingFailed):
        run_child(
            task="draw_scanned",
            source=source,
            media_type=draft.reading.media_type,
            limits=limits,
            workdir=workdir,
            pages=draft.missed,
        )
    drawn = {number for number in draft.missed if (workdir / results.page_name(number)).exists()}
    waiting = {number for number in drawn if (workdir / SCRATCH / results.waiting_name(number)).exists()}
    return replace(
        draft,
        pending=tuple(sorted({*draft.pending, *waiting})),
        missed=tuple(number for number in draft.missed if number not in drawn),
    )


def _recognised(workdir: Path, number: int) -> bool:
    return (workdir / SCRATCH / results.recognised_name(number)).exists()


def _recognise(draft: results.Draft, source: Path, workdir: Path, limits: Limits, told: Told | None) -> str:
    """Run the recogniser over the waiting pictures; why it ended early, or nothing."""
    if not draft.pending:
        return ""
    media_type = draft.reading.media_type
    watch = None
    if told:
        told(Progress("recognising", 0, len(draft.pending)))
        watch = watch_recognising(workdir, len(draft.pending), told)
    try:
        run_child(task="recognise", source=source, media_type=media_type, limits=limits, workdir=workdir, watch=watch)
    except Unavailable:
        return NOT_INSTALLED
    except ReadingFailed as failure:
        return "time ran out" if failure.reason == "timeout" else f"text recognition stopped ({failure.reason})"
    return ""


def _with_recognised(draft: results.Draft, stopped: str, workdir: Path) -> Reading:
    reading = draft.reading
    reasons = list(reading.reasons)
    # Over a scanner's picture there may be words, and need not be any.
    expected = reading.media_type != media_types.DICOM
    pages: list[PageText] = []
    for page in reading.pages:
        if page.number in draft.pending:
            page, reason = _merged(page, results.load_recognised(workdir / SCRATCH, page.number), stopped, expected)
            reasons += [reason] if reason else []
        pages.append(page)
    if draft.missed:
        named = ", ".join(map(str, draft.missed[:20])) + (" and more" if len(draft.missed) > 20 else "")
        reasons.append(f"time ran out before these scanned pages were drawn and read: {named}")
    return _judged(replace(reading, pages=tuple(pages), reasons=tuple(reasons)), draft.pending)


def _merged(
    page: PageText, recognised: results.Recognised | None, stopped: str, expected: bool
) -> tuple[PageText, str]:
    if recognised is None:
        why = stopped or "text recognition gave no answer"
        return page, f"page {page.number}: {'not read' if not page.text else _unread_words(page)}, {why}"
    seen = recognised.page
    if page.text:
        page = with_second_reading(turned_page(page, recognised.turned), seen)
        return page, f"page {page.number}: {_unread_words(page)}" if page.unread else ""
    if not seen.text:
        reason = f"page {page.number}: no text could be recognised" if expected else ""
        return replace(page, unread=_still_unread(page)), reason
    merged = replace(seen, width_pt=page.width_pt, height_pt=page.height_pt)
    if (seen.width_pt > seen.height_pt) != (page.width_pt > page.height_pt):
        merged = replace(seen, width_pt=page.height_pt, height_pt=page.width_pt)
    doubts = doubted_by(merged, page.hidden)
    merged = replace(merged, hidden=page.hidden, unread=_still_unread(page), doubts=doubts)
    if expected and seen.confidence is not None and seen.confidence < LOW_CONFIDENCE:
        return merged, f"page {page.number}: recognised with low confidence"
    return merged, ""


def _still_unread(page: PageText) -> tuple[UnreadPlace, ...]:
    """What no recognition settles."""
    return tuple(place for place in page.unread if place.reason == UnreadReason.FORM_NOT_READABLE)


def _unread_words(page: PageText) -> str:
    reasons = dict.fromkeys(UNREAD_WORDS[place.reason] for place in page.unread)
    return "; ".join(reasons)


def _judged(reading: Reading, pending: tuple[int, ...]) -> Reading:
    if not reading.reasons:
        return replace(reading, verdict="complete")
    nothing = reading.media_type != media_types.DICOM and not any(page.text for page in reading.pages)
    return replace(reading, verdict="failed" if nothing and pending else "partial")


def _partial(reading: Reading, reason: str) -> Reading:
    return replace(reading, verdict="partial", reasons=(*reading.reasons, reason))
