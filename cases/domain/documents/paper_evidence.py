"""What the lines of a paper say of one person: the name as the patient's, the birth, the sex, or somebody else's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from cases.domain.documents import paper_roles as roles
from cases.domain.documents.birth_dates import WrittenDate, dates_in, year_only
from cases.domain.documents.name_spelling import composed
from cases.domain.documents.own_names import Mention, OwnName, may_be_name, words_in
from cases.domain.documents.sheet_dates import written_in
from cases.domain.documents.written_dates import Order, order_shown

_MAX_LETTERS: Final = 400
"""A longer line is read in pieces."""
_NEAR: Final = 3
_AFTER_CLOSING: Final = 5
_CELLS: Final = re.compile(r"\s\s+|[\t|;,()•·]")
_VALUE: Final = re.compile(r"\s*[:=：]\s*([^\n|;\t]{2,80}?)(?=\s\s|\s?[|;\t(*]|$)")
_SAID: Final = re.compile(r"\s+(?=[^\W\d_])([^\n|;\t:]{2,80}?)(?=\s\s|\s?[|;\t(*,.]|$)")
_SAYING: Final = re.compile(r"(?:we )?report on|wir berichten uber|berichten wir uber")
_TELLING: Final = re.compile("[:=：]|report on|wir berichten|berichten wir")
_YEAR: Final = re.compile(r"\d{4}")
_BEHIND_BIRTH: Final = re.compile(r"[\s,]*(?:生|출생|г\. ?р|г\.р|года рожд|born|\(?жыл)")
_SPELT_OUT: Final = re.compile(r"\b([a-z])\(([a-z]{2,9})\)")
_HAN_SEX: Final = re.compile("(?<![\u3400-\u9fff])[男女](?=児|性)?(?![\u3400-\u9fff])|(?<![\u3400-\u9fff])[男女][児性]")
_SEX_LABEL: Final = re.compile(
    r"^(?:sex|gender|geschlecht|sexo|sexe|genero|genre|sesso|пол|성별|性别|性別|jk)\s*[:=：]?\s*"
)
_ON: Final = frozenset({"le", "am", "el", "il", "on"})
_BORN_AS: Final = re.compile(
    r"(?<![^\W\d_])(?:nee?|geb\.?|geborene?|nacid[oa]|nat[oa]|born)\s[^\W\d_][^\s\d:,;]{1,30}\s*$"
)
_END: Final = re.compile(r",?\s(?:born|geb|nee|ne|nacid[oa]|dob|d\.o\.b|aged?|ur|nata|nato)\b|\d")


@dataclass
class Evidence:
    """What was found: the name as the patient's, beside it the day of birth; ``doubts`` are what speaks against."""

    named: bool = False
    born: bool = False
    doubts: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Label:
    start: int
    end: int
    patient: bool


@dataclass(frozen=True)
class _Line:
    text: str
    plain: str
    labels: tuple[_Label, ...]
    dates: tuple[WrittenDate, ...]
    mentions: tuple[Mention, ...]
    closes: bool
    signing: bool = False


_Dated = tuple[WrittenDate, str]


class PaperReading:
    """One page, read for one person."""

    def __init__(self, page: str, own: OwnName, born: date | None, sex: str | None) -> None:
        self._own, self._born, self._sex = own, born, sex
        self._order = _order_of(page)
        # What stands on a line is found once, however often the page repeats it.
        self._of_pieces: dict[str, _Line] = {}
        self._of_signers: dict[str, _Line] = {}
        self._lines = tuple(self._read(composed(page)))
        self.evidence = Evidence()
        # The lines with the own day of birth, and whether a word there says that it is one.
        self._own_days: dict[int, bool] = {}
        self._born_said = False
        self._other_number = False
        for line in {id(line): line for line in self._lines}.values():
            self._judge_labels(line)
        kinds: dict[tuple[int, int], list[_Dated]] = {}
        for at, line in enumerate(self._lines):
            if line.dates or _YEAR.search(line.plain):
                place = (id(self._lines[at - 1]) if at else 0, id(line))
                if place not in kinds:
                    kinds[place] = [(found, self._kind(at, line, found)) for found in line.dates]
                self._judge_dates(at, line, kinds[place])
        self._judge_mentions()
        # A day that a number only bears weighs less than one that is printed as the birth.
        if self._other_number and not self._born_said:
            self.evidence.doubts.add("birth_date")

    def _read(self, text: str) -> Iterator[_Line]:
        closing = 0
        for piece in _pieces(text):
            line = self._of_pieces.get(piece) or self._of_pieces.setdefault(piece, self._read_piece(piece))
            closing = _AFTER_CLOSING if line.closes else max(0, closing - 1)
            if closing:
                line = self._of_signers.get(piece) or self._of_signers.setdefault(piece, replace(line, signing=True))
            yield line

    def _read_piece(self, piece: str) -> _Line:
        plain = roles.folded(piece)
        mentions = tuple(self._own.mentions(piece))
        dates = dates_in(piece, order=self._order)
        # Of the other lines no word says whose anything is.
        telling = mentions or dates or _TELLING.search(plain)
        labels = tuple(_labels(plain, mentions)) if telling else ()
        return _Line(piece, plain, labels, dates, mentions, closes=bool(roles.CLOSING.match(plain)))

    # -- names ---------------------------------------------------------------------------------------------------
    def _judge_labels(self, line: _Line) -> None:
        """Another name behind a label for the patient's is a doubt."""
        for label in line.labels:
            if not label.patient:
                continue
            saying = _SAYING.fullmatch(line.plain[label.start : label.end])
            value = (_SAID if saying else _VALUE).match(line.text, label.end)
            if value is None:
                continue
            others = [one.start for one in line.labels if one.start > value.start(1) and not one.patient]
            written = line.text[value.start(1) : min([value.end(1), *others])]
            # What a paper says once needs no second look.
            if "name" not in self.evidence.doubts and self._is_other(written):
                self.evidence.doubts.add("name")
            if (
                self._sex
                and "sex" not in self.evidence.doubts
                and self._other_title(line.plain, value.start(1), written)
            ):
                self.evidence.doubts.add("sex")

    def _is_other(self, written: str) -> bool:
        return self._own.compared(written) != "own" and self._own.compared(_cut(written)) == "other"

    def _other_title(self, plain: str, start: int, written: str) -> bool:
        if not self._other_sex_before(plain[start : start + 8].split(" ")[0] + " "):
            return False
        return any(True for _ in self._own.mentions(written))

    def _other_sex_before(self, before: str) -> bool:
        told = "male" if roles.MISTER.search(before) else "female" if roles.MISSES.search(before) else ""
        return bool(self._sex in ("male", "female") and told and told != self._sex)

    def _judge_mentions(self) -> None:
        judged = set()
        for at, line in enumerate(self._lines):
            # All that is weighed of a place: the same again says the same.
            around = tuple(id(one) for one in self._lines[max(0, at - 1) : at + 2])
            place = (at > 0, around, tuple(self._own_days.get(at + step) for step in range(_NEAR + 1)))
            if place in judged or not (line.mentions or self._own_birth_on(at)):
                continue
            judged.add(place)
            for mention in line.mentions:
                if self._is_patient(at, line, mention):
                    self._judge_mention(at, line, mention)
            if not line.mentions and (self._is_own_newborn(at, line) or self._is_titled(at, line)):
                self.evidence.named = self.evidence.born = True

    def _judge_mention(self, at: int, line: _Line, mention: Mention) -> None:
        self.evidence.named = True
        if mention.generation:
            self.evidence.doubts.add("name")
        if self._other_sex_before(line.plain[max(0, mention.start - 12) : mention.start]):
            self.evidence.doubts.add("sex")
        if self._sex in ("male", "female") and _sexes(line.plain) - {self._sex, ""}:
            self.evidence.doubts.add("sex")
        labelled = self._label_before(at, line, mention.start)
        if self._own.of_newborn and roles.TWIN.search(line.plain):
            return
        if labelled and labelled.patient:
            self.evidence.born |= self._born_said or at in self._own_days
        near = (at + step in self._own_days and (step < 2 or self._own_days[at + step]) for step in range(_NEAR + 1))
        self.evidence.born |= any(near)

    def _label_before(self, at: int, line: _Line, start: int) -> _Label | None:
        before = [label for label in line.labels if label.end <= start]
        while (
            before
            and roles.TITLE.search(line.plain[before[-1].start : start])
            and before[-1].end - before[-1].start < 6
        ):
            title = before.pop()
            if not before:
                return self._heading(at) or title
        return before[-1] if before else self._heading(at)

    def _heading(self, at: int) -> _Label | None:
        """The label that stands alone on the line before."""
        if not at or not self._lines[at - 1].plain.rstrip().endswith((":", "：")):
            return None
        above = self._lines[at - 1].labels
        return above[-1] if above else None

    def _is_patient(self, at: int, line: _Line, mention: Mention) -> bool:
        label = self._label_before(at, line, mention.start)
        if self._is_baby(line, mention) and not self._own_birth_on(at):
            return False
        if label is not None and label.patient:
            return not _relation_between(line.plain, label.end, mention.start)
        own_day = any(self._born in one.days for one in line.dates)
        if label is not None:
            told = own_day or (self._is_addressed(line, label) and self._own_days.get(at + 1, False))
            return bool(roles.TITLE.search(line.plain[label.start : mention.start]) and told)
        if roles.BEHIND.match(line.plain, mention.end) and not own_day:
            return False
        if roles.PLACE.search(line.plain[max(0, mention.start - 30) : mention.start]):
            return False
        following = self._lines[at + 1].plain if at + 1 < len(self._lines) else ""
        signs = line.plain[mention.end :].strip(" ,.") == "" and bool(roles.SIGNS.match(following))
        return own_day or not (line.signing or signs)

    def _is_addressed(self, line: _Line, label: _Label) -> bool:
        """Whether Mr or Mrs stands before the title of a patient who is a doctor, and nothing else does."""
        first = next((one for one in line.labels if one.end <= label.end), label)
        before = line.plain[: first.start].strip(" .:")
        return bool(roles.MISTER.fullmatch(before) or roles.MISSES.fullmatch(before))

    def _goes_on(self, at: int, before: str) -> bool:
        """``née Martin`` at the end of a line and ``le 02.10.1983`` on the next."""
        return before.strip() in _ON and bool(_BORN_AS.search(self._lines[at - 1].plain))

    def _is_baby(self, line: _Line, mention: Mention) -> bool:
        before, behind = line.plain[: mention.start], line.plain[mention.end :]
        return any(roles.BABY.search(part) for part in (before, behind)) or bool(roles.CHILD_OF.search(before))

    def _own_birth_on(self, at: int) -> bool:
        return any(place in self._own_days for place in range(at, at + _NEAR))

    @cached_property
    def _is_of_child(self) -> bool:
        """Whether the page speaks of a newborn, or of somebody as a child."""
        plain = {line.plain for line in self._lines}
        return any(roles.BABY.search(one) or roles.CHILD_OF.search(one) for one in plain)

    def _is_own_newborn(self, at: int, line: _Line) -> bool:
        """A newborn's paper before it had a name: family name, day of birth, sex, and no twin."""
        if not self._own_birth_on(at) or not self._own.has_family(line.text):
            return False
        if not roles.BABY.search(line.plain) or roles.TWIN.search(line.plain):
            return False
        # Beside a mother's name the day may be hers.
        if any(not one.patient for near in self._lines[at : at + _NEAR] for one in near.labels):
            return False
        told = _sexes(line.plain) | (_sexes(self._lines[at + 1].plain) if at + 1 < len(self._lines) else set())
        return not self._sex or told <= {self._sex, ""}

    def _is_titled(self, at: int, line: _Line) -> bool:
        """Mrs Keller, born on the day: the family name behind a title, and no other name beside it."""
        if not self._own_birth_on(at):
            return False
        words = words_in(line.text)
        for place, word in enumerate(words):
            title = line.plain[max(0, word.start - 12) : word.start]
            if not (roles.MISTER.search(title) or roles.MISSES.search(title)) or self._other_sex_before(title):
                continue
            following = [one for one in words[place + 1 : place + 2] if one.start - word.end <= 1]
            alone = not any(may_be_name(one.text) for one in following)
            theirs = any(not one.patient and one.end <= word.start for one in line.labels)
            if alone and not theirs and self._own.ends_with(word.text):
                return True
        return False

    # -- dates ---------------------------------------------------------------------------------------------------
    def _judge_dates(self, at: int, line: _Line, kinds: Sequence[_Dated]) -> None:
        for found, kind in kinds:
            if self._born in found.days and kind not in ("theirs", "visit"):
                self._own_days[at] = self._own_days.get(at, False) or kind in ("birth", "number")
                self._born_said |= kind in ("birth", "number")
        if self._born is None or any(self._born in found.days and kind != "theirs" for found, kind in kinds):
            return
        patient = any(self._is_patient(at, line, one) for one in line.mentions)
        for found, kind in kinds:
            self._other_number |= kind == "number"
            if kind == "birth" or (kind == "" and patient and found.start > line.mentions[0].start):
                self.evidence.doubts.add("birth_date")
        if not kinds and _YEAR.search(line.plain) and not any(not one.patient for one in line.labels):
            for m in roles.BIRTH.finditer(line.plain):
                years = year_only(line.text[m.end() : m.end() + 8])
                if years and self._born.year not in years:
                    self.evidence.doubts.add("birth_date")

    def _kind(self, at: int, line: _Line, found: WrittenDate) -> str:
        """``birth``, ``number``, ``visit``, ``theirs`` (somebody else's), or nothing where nothing tells."""
        label = next((one for one in reversed(line.labels) if one.end <= found.start), None) or self._heading(at)
        if label is not None and not label.patient:
            between = line.plain[label.end : found.start]
            title = roles.TITLE.search(line.plain[label.start : label.end] + " ")
            if not title and (between.lstrip().startswith((":", "：")) or not re.search(r"\s\s", between)):
                return "theirs"
        if found.in_number:
            # On a newborn's or a child's paper it is the mother's.
            return "theirs" if self._is_of_child else "number"
        earlier = max((one.end for one in line.dates if one.end <= found.start), default=0)
        before = line.plain[max(earlier, found.start - 40) : found.start]
        if _BEHIND_BIRTH.match(line.plain, found.end) or (at and self._goes_on(at, before)):
            return "birth"
        birth = max((m.end() for m in roles.BIRTH.finditer(before)), default=-1)
        visit = max((m.end() for m in roles.VISIT.finditer(before)), default=-1)
        if birth < 0 and visit < 0 and not before.strip(" ,.") and at and not line.mentions:
            above = self._lines[at - 1].plain.rstrip(" :：")[-24:]
            return "birth" if any(m.end() == len(above) for m in roles.BIRTH.finditer(above)) else ""
        return "" if birth == visit == -1 else "birth" if birth >= visit else "visit"


def _pieces(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield from (line[at : at + _MAX_LETTERS] for at in range(0, len(line), _MAX_LETTERS))


def _labels(plain: str, mentions: Sequence[Mention]) -> Iterable[_Label]:
    """Words that say whose name follows; not those that are the name."""
    found = [_Label(m.start(), m.end(), True) for m in roles.PATIENT.finditer(plain)]
    found += [_Label(m.start(), m.end(), False) for m in roles.OTHER.finditer(plain)]
    outside = [one for one in found if not any(m.start <= one.start < m.end for m in mentions)]
    # Of "patient's mother" and "mother's name" it is the mother.
    theirs = [one for one in outside if not one.patient]
    kept = [one for one in outside if not one.patient or not any(0 <= one.start - t.end <= 3 for t in theirs)]
    return sorted(kept, key=lambda one: one.start)


def _relation_between(plain: str, start: int, end: int) -> bool:
    return bool(roles.CHILD_OF.search(plain, start, end))


def _cut(written: str) -> str:
    """A written name without what tells of the birth and of the place behind it."""
    end = found.start() if (found := _END.search(roles.folded(written))) else len(written)
    return ",".join(written[:end].split(",")[:2])


def _sexes(plain: str) -> set[str]:
    """The sexes that stand in cells of their own."""
    found = {"male" if one[0] == "男" else "female" for one in _HAN_SEX.findall(plain)}
    for cell in _CELLS.split(_SPELT_OUT.sub(r"\1\2", plain)):
        word = _SEX_LABEL.sub("", cell.strip()).strip(" .")
        spanish = cell.strip().startswith("sexo")
        if word and not (spanish and word == "m"):
            found.add("male" if roles.MALE.fullmatch(word) else "female" if roles.FEMALE.fullmatch(word) else "")
    return found


def _order_of(page: str) -> Order | None:
    """Whether the page's dates with strokes show that day or month comes first."""
    if "/" not in page:
        return None
    return order_shown(one for one in written_in(page) if "/" in one)
