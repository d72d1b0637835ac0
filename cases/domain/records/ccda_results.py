"""Results and vital signs of a C-CDA document in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from cases.domain.records.ccda_narrative import Narrative
from cases.domain.records.ccda_reader import Found, Reader, Told, nested
from cases.domain.records.ccda_values import (
    NO_VALUE,
    attribute,
    bare,
    coded,
    first,
    path,
    range_words,
    time_words,
    value_words,
)
from cases.domain.records.health_record import listed
from cases.domain.records.result_lines import ResultWords, result_statement

COMMENT: Final = "48767-8"
COLLECTION: Final = "17636008"


def result(found: Found, reader: Reader) -> Told:
    one, narrative = found.element, reader.narrative
    status = attribute(first(one, "statusCode"), "code")
    if status in ("aborted", "cancelled", "held", "suspended"):
        return Told(why_not=f"result {status}")
    if attribute(one, "moodCode") not in ("", "EVN"):
        return Told(why_not="planned, no finding")
    name = coded(first(one, "code"), narrative)
    values = [value_words(value, narrative) for value in one.findall(path("value"))]
    lost = tuple("a value that cannot be read" for value in values if not value)
    value = listed(values) or (NO_VALUE if lost else "")
    if not name and not value:
        return Told(why_not="without a name and a value")
    own_time = first(one, "effectiveTime")
    told = result_statement(
        ResultWords(
            name=name or "a measurement without a name",
            value=value,
            specimen=specimen_of(one, narrative) or found.specimen,
            reference=_reference(one, reader),
            flag=listed(attribute(each, "code") for each in one.findall(path("interpretationCode"))),
            when=time_words(own_time if own_time is not None else found.time),
            status=status,
            note=_comments(one, narrative),
        )
    )
    return Told(statement=replace(told, lead="NOT") if found.negated else told, lost=lost)


def _comments(one: Element, narrative: Narrative) -> str:
    acts = [child for _, child in nested(one) if attribute(first(child, "code"), "code") == COMMENT]
    return listed(narrative.words_in(first(act, "text")) for act in acts)


def specimen_of(one: Element, narrative: Narrative) -> str:
    """Of what it was measured: of the entry itself, or of the collection that its organizer tells."""
    for role in (
        first(one, "specimen/specimenRole/specimenPlayingEntity"),
        *(
            first(each, "participant/participantRole/playingEntity")
            for each in one.findall(path("component/procedure"))
            if attribute(first(each, "code"), "code") == COLLECTION
        ),
    ):
        told = bare(first(role, "code"), narrative) or narrative.words_in(first(role, "name"))
        if told:
            return told
    return ""


def _reference(one: Element, reader: Reader) -> str:
    """The one range that applies; where that is open, all of them."""
    told: list[tuple[bool, bool, str]] = []
    for each in one.findall(path("referenceRange/observationRange")):
        words = range_words(first(each, "value")) or reader.narrative.words_in(first(each, "text"))
        criteria = [first(criterion, "value") for criterion in each.findall(path("precondition/criterion"))]
        whom = listed(bare(criterion, reader.narrative) for criterion in criteria)
        fits = all(attribute(criterion, "code").upper() == reader.sex.upper() for criterion in criteria)
        # A range may be that of high results.
        usual = attribute(first(each, "interpretationCode"), "code") in ("", "N")
        if words:
            told.append((fits, usual, f"{words} ({whom})" if whom else words))
    fitting = [words for fits, usual, words in told if fits and usual]
    if len(fitting) == 1:
        return f"reference {fitting[0]}"
    return f"several references: {listed(words for _, _, words in told)}" if told else ""
