"""Records of seven kinds in four languages as lines of text and as PDF files, by a seed; wrong ones to order."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tests.tooling.facts import Person
from tests.tooling.record_words import BODIES, EXAMINED, FACILITIES, FIRST, HEADINGS, LABELS, LAST, PARTS, SEXES

LANGUAGES = ("en", "de", "fr", "es")
KINDS = ("lab_report", "pathology", "radiology", "discharge_letter", "prescription", "other")
SIDED = ("pathology", "radiology", "discharge_letter")


@dataclass(frozen=True)
class Record:
    """One record: what it is, about whom, which side of which part it speaks of (or nothing)."""

    kind: str
    language: str
    person: Person
    facility: str
    part: str
    side: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def person(chance: Random) -> Person:
    """Somebody; the sex goes with the first name."""
    sex = chance.choice("FM")
    born = date(1935, 1, 1) + timedelta(days=chance.randrange(26000))
    name = f"{chance.choice(FIRST[sex])} {chance.choice(LAST)}"
    return Person(full_name=name, date_of_birth=born, sex=sex, record_number=f"{chance.randrange(10**6, 10**7)}")


def record(
    chance: Random, kind: str, language: str, about: Person, *, part: str = "knee", side: str = "left"
) -> Record:
    """A record of ``about``; of the kinds in ``SIDED`` each names ``side`` of ``part``."""
    facility = chance.choice(FACILITIES[language])
    lines = [facility, "", chance.choice(HEADINGS[kind][language]), "", *_head(chance, language, about)]
    if kind in SIDED:
        where = chance.choice(PARTS[part][language][0 if side == "left" else 1])
        lines += ["", chance.choice(EXAMINED[kind][language]).format(where=where)]
    body = list(BODIES[kind][language])
    lines += ["", *(line for line in body if len(body) < 6 or chance.random() > 0.12)]
    return Record(kind, language, about, facility, part, side if kind in SIDED else "", tuple(lines))


def strangers(chance: Random, about: Person) -> dict[str, Person]:
    """People of whom one thing differs from ``about``."""
    other = person(chance)
    while set(other.full_name.split()) & set(about.full_name.split()):
        other = person(chance)
    first, last = about.full_name.split(" ", 1)
    sibling = next(name for name in FIRST[about.sex] if name != first)
    return {
        "another": other,
        "sibling": replace(about, full_name=f"{sibling} {last}"),
        "namesake": replace(about, date_of_birth=about.date_of_birth + timedelta(days=chance.randrange(1, 4000))),
        "sex": replace(about, sex="M" if about.sex == "F" else "F"),
        "number": replace(about, record_number=f"{chance.randrange(10**7, 10**8)}"),
    }


def pdf_of(found: Record) -> bytes:
    """The record on A4 with a text layer."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595.28, 841.89), invariant=1)
    y = 785.0
    for number, line in enumerate(found.lines):
        canvas.setFont("Helvetica-Bold" if number in (0, 2) else "Helvetica", 15 if number == 0 else 11)
        canvas.drawString(56, y, line)
        y -= 18 if line else 9
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _head(chance: Random, language: str, about: Person) -> list[str]:
    words = LABELS[language]
    first, last = about.full_name.split(" ", 1)
    name = chance.choice((about.full_name, f"{last}, {first}", f"{last.upper()}, {first}"))
    born = about.date_of_birth
    local = f"{born:%d.%m.%Y}" if language == "de" else f"{born:%d/%m/%Y}"
    day = chance.choice((local, born.isoformat()))
    written = date(2026, 1, 1) + timedelta(days=chance.randrange(250))
    sex = chance.choice(SEXES[language][about.sex])
    rows = [
        f"{chance.choice(words['name'])}: {name}",
        f"{chance.choice(words['born'])}: {day}    {words['sex'][0]}: {sex}",
        f"{chance.choice(words['number'])}: {about.record_number}",
        f"{words['date'][0]}: {written:%d.%m.%Y}" if language == "de" else f"{words['date'][0]}: {written.isoformat()}",
    ]
    if chance.random() < 0.3:
        rows[:2] = [f"{rows[0]}   {rows[1]}"]
    return rows
