"""In which language, and by which clock, somebody reads what they are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

import structlog

from config.kernel import clock
from config.kernel.errors import Invalid
from identity import services as identity
from notifications.domain.categories import ChannelName
from notifications.domain.kinds import category_of
from notifications.domain.mail_texts import language_of
from notifications.domain.notice_texts import notice_text
from notifications.domain.wall_times import zone_of
from notifications.services.templates import Template, render, template_version

log = structlog.get_logger(__name__)
# What somebody changes in their account counts here a minute later: lists are read far more often.
_KEPT_FOR, _MAX_KEPT = timedelta(minutes=1), 20_000
# An account that has named no zone is at "UTC" too, and is told the hour by UTC, which is written there.
_kept: dict[UUID, tuple[datetime, "Reader"]] = {}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whoever reads."""

    language: str = "en"
    zone: tzinfo = UTC


def readers_of(user_ids: Iterable[UUID]) -> Mapping[UUID, Reader]:
    """Several readers; an account that is gone reads English."""
    instant, wanted = clock.now(), set(user_ids)
    fresh = {one: _kept[one][1] for one in wanted if one in _kept and abs(instant - _kept[one][0]) < _KEPT_FOR}
    if missing := wanted - fresh.keys():
        contacts = identity.contacts(user_ids=missing)
        found = {one: _reader(contacts[one]) if one in contacts else Reader() for one in missing}
        if len(_kept) + len(found) > _MAX_KEPT:
            _kept.clear()
        _kept.update({one: (instant, reader) for one, reader in found.items()})
        fresh |= found
    return fresh


def reader_of(user_id: UUID, language: str = "") -> Reader:
    """One reader; ``language`` is what the page or the request asks for, in place of the account's."""
    reader = readers_of([user_id])[user_id]
    return Reader(language=language_of(language), zone=reader.zone) if language else reader


class NoticeWords:
    """Says notices to their readers; a template's version is looked up once, however many notices have it."""

    def __init__(self) -> None:
        self._templates: dict[tuple[str, int], Template | None] = {}

    def of(
        self, reader: Reader, *, kind: str, category: str, values: Mapping[str, Any], template: str, version: int | None
    ) -> dict[str, str]:
        """The text and the category of a notice: of its kind, or of the template that staff wrote."""
        text = self._of_template(reader, template, version, values) if template and version is not None else ""
        text = text or notice_text(kind, reader.language, values, reader.zone)
        return {"text": text, "category": category_of(kind, category)}

    def _of_template(self, reader: Reader, code: str, version: int, values: Mapping[str, Any]) -> str:
        """Empty where it has nothing to say here: then it reads as plain news."""
        place = code, version
        if place not in self._templates:
            self._templates[place] = template_version(code=code, version=version, drafts=True)
        template = self._templates[place]
        if template is None or ChannelName.IN_APP not in template.channels:
            return ""
        try:
            return render(template=template, channel=ChannelName.IN_APP, language=reader.language, values=values).text
        except Invalid as refusal:
            log.error("notice_not_rendered", code=code, reason=refusal.code)
            return ""


def _reader(contact: identity.ContactDTO) -> Reader:
    return Reader(language=language_of(contact.locale), zone=zone_of(contact.zone) or UTC)
