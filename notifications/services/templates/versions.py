"""The template that is in force, and what it says to somebody with values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson

from config.kernel.editions import Body, in_force
from config.kernel.errors import FieldError, Invalid
from notifications.domain.handlebars import RenderingRefused, TemplateRefused
from notifications.domain.handlebars import render as rendered
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.template_bodies import (
    LANGUAGE,
    MARK,
    READ_HERE,
    WITH_SUBJECT,
    Texts,
    Words,
    outward_faults,
    size_faults,
    texts_of,
    tree_of,
    variables_of,
)
from notifications.domain.template_values import Shape, ValuesRefused, filled, shape_of
from notifications.models import Edition
from notifications.services.templates.editions import TEMPLATES, clinical_vocabulary, surroundings


@dataclass(frozen=True, kw_only=True)
class Template:
    """A published template: ``variables`` by their path, ``texts`` by channel and language."""

    code: str
    version: int
    category: str
    variables: Mapping[str, str]
    texts: Texts

    @property
    def channels(self) -> tuple[str, ...]:
        """Those that it has a text for."""
        return tuple(self.texts)


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What one person gets on one channel, as plain text; ``subject`` is empty where the channel has none."""

    subject: str
    text: str
    language: str


def template_in_force(*, code: str) -> Template | None:
    """The published version; one query."""
    found = in_force(context="notifications", kind=TEMPLATES.name, code=code)
    return template_of(code, found[0], found[2]) if found else None


def template_version(*, code: str, version: int, drafts: bool = False) -> Template | None:
    """A version that is or was published: campaigns and notices keep the one that they began with.

    ``drafts``: one that was never published too, for the notice of whoever tries it.
    """
    rows = Edition.objects.filter(kind=TEMPLATES.name, code=code, number=version)
    if not drafts:
        rows = rows.filter(published_at__isnull=False)
    body = rows.values_list("body", flat=True).first()
    return None if body is None else template_of(code, version, body)


class TemplateVersions:
    """Versions that the messages of a batch need, each read once, and what they say: what was published stays."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], Template | None] = {}
        self._said: dict[tuple[Any, ...], Rendered] = {}

    def get(self, *, code: str, version: int) -> Template | None:
        """As ``template_version``, drafts too."""
        place = (code, version)
        if place not in self._read:
            self._read[place] = template_version(code=code, version=version, drafts=True)
        return self._read[place]

    def render(self, *, template: Template, channel: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """As ``render``: the same words with the same values go to many people."""
        given = orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS)
        place = (template.code, template.version, channel, language, given, surroundings())
        if place not in self._said:
            self._said[place] = render(template=template, channel=channel, language=language, values=values)
        return self._said[place]


def template_of(code: str, version: int, body: Body) -> Template:
    """A body as a template."""
    variables, _ = variables_of(str(body.get("variables") or ""))
    return Template(
        code=code,
        version=version,
        category=str(body.get("category") or ""),
        variables=variables,
        texts=texts_of(body),
    )


def render(*, template: Template, channel: str, language: str, values: Mapping[str, Any]) -> Rendered:
    """The text in ``language``, English where it has none; raises ``Invalid`` with everything that is wrong."""
    by_language = template.texts.get(channel)
    if not by_language:
        raise Invalid(f"The template {template.code} has no text for {channel}.", code="channel_missing")
    spoken = language if language in by_language and language in LANGUAGES else LANGUAGE
    # The days of what is read here were looked at when it was sent, perhaps long ago.
    words, around = by_language[spoken], replace(surroundings(), today=None) if channel == READ_HERE else surroundings()
    shape = _shape(tuple(template.variables.items()))
    try:
        shown = filled(shape, values, spoken, around)
        text = rendered(tree_of(words.text), shown, html=False)
        subject = rendered(tree_of(words.subject), shown, html=False) if channel in WITH_SUBJECT else ""
        faults = list(_faults(channel, words, shown, subject, text))
    except TemplateRefused as refusal:
        # Only a draft that somebody tries can be broken.
        wrong = [FieldError(f"#/texts/{channel}/{spoken}", "invalid", str(fault)) for fault in refusal.faults]
        raise Invalid("The template cannot be read.", errors=wrong) from None
    except ValuesRefused as refusal:
        raise Invalid("These values do not fit the template.", errors=_errors(refusal)) from None
    except RenderingRefused as refusal:
        raise Invalid(str(refusal), errors=[FieldError("#/values", "invalid", str(refusal))]) from None
    if faults:
        raise Invalid(faults[0], errors=[FieldError("#/values", "invalid", fault) for fault in faults])
    return Rendered(subject=subject, text=text, language=spoken)


def value_faults(*, template: Template, values: Mapping[str, Any]) -> tuple[FieldError, ...]:
    """Everything that is wrong with the values, before anybody is written to."""
    found: dict[FieldError, None] = {}
    try:
        filled(_shape(tuple(template.variables.items())), values, LANGUAGE, surroundings())
    except ValuesRefused as refusal:
        return tuple(_errors(refusal))
    for channel, by_language in template.texts.items():
        for language in by_language:
            try:
                render(template=template, channel=channel, language=language, values=values)
            except Invalid as refusal:
                found |= dict.fromkeys(refusal.errors)
    return tuple(found)


def _errors(refusal: ValuesRefused) -> list[FieldError]:
    return [FieldError(f"#/values/{where.replace('.', '/')}", "invalid", advice) for where, advice in refusal.faults]


def _faults(channel: str, words: Words, shown: Any, subject: str, text: str) -> Iterator[str]:
    yield from size_faults(text, channel, "text")
    if channel in WITH_SUBJECT:
        yield from size_faults(subject, channel, "subject")
    if channel == READ_HERE:
        return
    # The words as these values put them together: not every combination was looked at when they were published.
    for source in (words.subject, words.text):
        yield from _said(rendered(tree_of(source), shown, html=False, instead=MARK))


@lru_cache(maxsize=1024)
def _said(words: str) -> tuple[str, ...]:
    """Looked at once; the same words go to many people."""
    return tuple(outward_faults(words, clinical_vocabulary()))


@lru_cache(maxsize=256)
def _shape(variables: tuple[tuple[str, str], ...]) -> dict[str, Shape]:
    return shape_of(dict(variables))[0]
