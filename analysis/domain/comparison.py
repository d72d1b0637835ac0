"""Two readings of one document compared by what they say, not by where in the text and in which words.

The text of a newer reader has other places, and its findings have more particulars. A statement is the same when it
is about the same thing and says the same of it; then the decision on it stands. It is changed when it is about the
same thing and says otherwise: then whoever decided is asked anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from analysis.domain.findings import Kind, Severity

K = TypeVar("K", bound=Hashable)
_BLOOD = frozenset({"blood", "serum", "plasma"})
#: Of what is known on one side only, nothing is said to have changed.
_ONCE_KNOWN = ("specimen", "observed_on", "date_printed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement(Generic[K]):
    """One finding of either reading, under a ``key`` of its own."""

    key: K
    kind: str
    engine: str
    severity: str
    content: Mapping[str, Any]

    @property
    def data(self) -> Mapping[str, Any]:
        """The particulars of the finding."""
        found: Mapping[str, Any] = self.content["data"]
        return found

    @property
    def page(self) -> int:
        """Where it stands first."""
        return int(self.content["spans"][0]["page"])

    @property
    def critical(self) -> bool:
        """Whether it is a matter of life and death."""
        return self.severity == Severity.CRITICAL or bool(self.data.get("critical"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison(Generic[K]):
    """Pairs of former and new keys that say the same, or not; what is new; what has vanished."""

    same: tuple[tuple[K, K], ...]
    changed: tuple[tuple[K, K], ...]
    new: tuple[K, ...]
    vanished: tuple[K, ...]


def compare(former: Sequence[Statement[K]], new: Sequence[Statement[K]]) -> Comparison[K]:
    """Pair the statements of two readings: what says the same first, then what is about the same thing."""
    left, right = list(former), list(new)
    same = [pair for about in _EQUAL for pair in _matched(left, right, about, _says_the_same)]
    changed = [pair for about in _AKIN for pair in _matched(left, right, about, _always)]
    return Comparison(
        same=tuple((one.key, other.key) for one, other in same),
        changed=tuple((one.key, other.key) for one, other in changed),
        new=tuple(one.key for one in right),
        vanished=tuple(one.key for one in left),
    )


_Said = Statement[Any]
_About = Callable[[_Said], Hashable]
_Alike = Callable[[_Said, _Said], bool]


def _matched(
    left: list[Statement[K]], right: list[Statement[K]], about: _About, alike: _Alike
) -> list[tuple[Statement[K], Statement[K]]]:
    """Take pairs out of both lists: of what is about the same, each with the first on the right that is alike."""
    waiting: dict[Hashable, list[Statement[K]]] = defaultdict(list)
    for other in right:
        if (topic := about(other)) is not None:
            waiting[topic].append(other)
    pairs = []
    for one in left:
        topic = about(one)
        found = next((other for other in waiting[topic] if alike(one, other)), None) if topic is not None else None
        if found is not None:
            waiting[topic].remove(found)
            pairs.append((one, found))
    gone, taken = {id(one) for one, _ in pairs}, {id(other) for _, other in pairs}
    left[:] = [one for one in left if id(one) not in gone]
    right[:] = [other for other in right if id(other) not in taken]
    return pairs


def _subject(one: _Said) -> Hashable:
    """What a statement is about, as a catalogue knows it."""
    told = _TOLD.get(one.kind)
    if one.engine != "local" or told is None:
        return (one.kind, one.engine, _plain(one.content["title"]), tuple(_quotes(one)))
    topic = told(one.data)
    return (one.kind, topic) if topic else None


def _name(one: _Said) -> Hashable:
    """A result by the name that is printed."""
    return ("named", _plain(one.data["name"])) if one.kind == Kind.LABORATORY and one.data.get("name") else None


def _line(one: _Said) -> Hashable:
    """By what stands at its place: the same words may be read as something else now."""
    return (one.kind, tuple(_quotes(one)))


def _on_page(about: _About) -> _About:
    def topic(one: _Said) -> Hashable:
        found = about(one)
        return None if found is None else (one.page, found)

    return topic


def _but_results(about: _About) -> _About:
    """Of results, two on different pages are two, unless they say the same."""
    return lambda one: None if one.kind == Kind.LABORATORY else about(one)


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], Hashable]] = {
    Kind.LABORATORY: lambda data: data.get("loinc") or None,
    Kind.MEDICINE: lambda data: _plain(data["generic"]),
    Kind.INTERACTION: lambda data: (data["rule"], *sorted(data["medicines"])),
    Kind.RED_FLAG: lambda data: data["rule"],
    Kind.NOT_CHECKED: lambda data: _plain(data["printed"]),
    Kind.NOT_READ: lambda data: _plain(data["printed"]),
}
_EQUAL: tuple[_About, ...] = (_on_page(_subject), _on_page(_name), _subject, _name)
_AKIN: tuple[_About, ...] = (_on_page(_subject), _on_page(_name), _on_page(_line), _but_results(_subject))


def _always(one: _Said, other: _Said) -> bool:
    return True


def _says_the_same(one: _Said, other: _Said) -> bool:
    if one.kind == Kind.LABORATORY and "value" in one.data and "value" in other.data:
        return (
            _result(one) == _result(other)
            and _unit(one) in ("", _unit(other))
            and _same_analyte(one.data, other.data)
            and not _worse_known(one, other)
        )
    if one.kind == Kind.MEDICINE and one.engine == "local":
        return _dose(one) == _dose(other)
    return one.severity == other.severity


def _result(one: _Said) -> tuple[Hashable, ...]:
    """What a result says: its size and flag; printed in other signs it is the same."""
    data = one.data
    return (
        data.get("comparator") or "",
        _number(data.get("number")) or _plain(data["value"]),
        (data.get("flag") or "N").replace("A", "*"),
        data.get("critical") or "",
    )


def _unit(one: _Said) -> str:
    """As UCUM has it, else as printed; nothing where the reader found none."""
    return _plain(one.data.get("unit_ucum") or one.data.get("unit") or "")


def _same_analyte(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both are measured in the same specimen: of two codes by these, else the former took all for blood."""
    if one.get("loinc") and other.get("loinc"):
        return bool(one["loinc"] == other["loinc"])
    return bool(one.get("specimen")) or (other.get("specimen") or "blood") in _BLOOD


def _worse_known(one: _Said, other: _Said) -> bool:
    """Whether the newer reading doubts or restricts what the former took for certain, or contradicts it."""
    told = any(other.data.get(name) and not one.data.get(name) for name in ("doubt", "note"))
    against = any(
        one.data.get(name) and other.data.get(name) and one.data[name] != other.data[name] for name in _ONCE_KNOWN
    )
    return told or against


def _dose(one: _Said) -> tuple[str, ...]:
    return tuple(_plain(one.data.get(name) or "") for name in ("strength", "frequency", "route"))


def _number(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text)).normalize() if text not in (None, "") else None
    except InvalidOperation:
        return None


def _quotes(one: _Said) -> Iterable[str]:
    return (_plain(span["quote"]) for span in one.content["spans"])


def _plain(text: Any) -> str:
    return " ".join(str(text).split()).casefold()
