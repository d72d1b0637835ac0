"""What a context says of one kind of content: who writes it, what is right, what it looks like, what it does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from config.kernel.labels import NONE, Names, label

Body = dict[str, Any]
STAFF_WRITERS = frozenset({"administrator", "medical_director"})


@dataclass(frozen=True)
class Problem:
    """What is wrong, where (``item[2].type``; empty: the whole), and what to change."""

    where: str
    advice: str


@dataclass(frozen=True)
class Shown:
    """A part of a preview: a heading and its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class EditionField:
    """One field of a form. ``choices``: the only values; ``rows``: height of a text area, 1 for a line."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    rows: int = 1
    longest: int = 1000
    help: str = ""


def _no_fields(_: str) -> tuple[EditionField, ...]:
    return ()


def _empty(_: str) -> Body:
    return {}


def _never(_: str) -> bool:
    return False


def _no_others(_: Body) -> None:
    """Whoever may write a version may publish another's."""


def _nothing(code: str, number: int, body: Body, by: UUID) -> None:
    """Nothing follows: readers ask for what is in force."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind. A kind without fields is written as JSON.

    ``codes`` are those that the release brings, ``shipped`` the release's body of one (``None``: it has none). A code
    that the release does not bring is new where ``fits_code`` says so; ``blank`` is what its first draft holds.
    ``check`` names every problem, ``preview`` shows what readers will see. ``publishers``: of the writers, those alone
    who may put such a body in force. ``published`` and ``retired`` are called in the transaction.
    """

    context: str
    name: str
    title: str
    codes: Callable[[], Sequence[str]]
    shipped: Callable[[str], Body | None]
    check: Callable[[str, Body], Iterable[Problem]]
    preview: Callable[[str, Body], Iterable[Shown]]
    fields: Callable[[str], tuple[EditionField, ...]] = _no_fields
    blank: Callable[[str], Body] = _empty
    fits_code: Callable[[str], bool] = _never
    code_help: str = ""
    writers: frozenset[str] = STAFF_WRITERS
    publishers: Callable[[Body], frozenset[str] | None] = _no_others
    published: Callable[[str, int, Body, UUID], None] = _nothing
    retired: Callable[[str, int, Body, UUID], None] = _nothing


def choices_of(values: Iterable[str], names: Names = NONE) -> tuple[tuple[str, str], ...]:
    """Choices that are shown by their names, or spelled out."""
    return tuple((value, label(value, names)) for value in values)
