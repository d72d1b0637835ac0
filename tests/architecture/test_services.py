"""The doors have one shape: plain data in, plain data out."""

import tomllib
from dataclasses import dataclass
from importlib import import_module

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from tests.architecture.shape import problems
from tests.architecture.tree import CONTEXTS, ROOT

# What other contexts may import: one door a context, and in cases one a subject.
CONTRACT = next(
    one
    for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if one["id"] == "doors"
)
SUBJECTS = [name.split()[-1] for name in CONTRACT["ignore_imports"] if "cases.services." in name]
DOORS = [f"{label}.services" for label in CONTEXTS if label != "cases"] + SUBJECTS


@pytest.mark.parametrize("door", DOORS)
def test_services_offer_plain_data_only(door: str) -> None:
    services = import_module(door)
    found = [text for name in services.__all__ for text in problems(f"{door}.{name}", getattr(services, name))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("door", DOORS)
def test_services_list_what_they_offer(door: str) -> None:
    offered = import_module(door).__all__
    assert offered
    assert len(offered) == len(set(offered))


@dataclass
class Changeable:
    number: int


@dataclass(frozen=True)
class Leaking:
    kind: ContentType


@dataclass(frozen=True)
class Good:
    number: int


class Loose:
    pass


def by_position(number: int) -> int:
    return number


def untyped(*, number) -> int:
    return number


def silent(*, number: int):
    return number


def leaking(*, number: int) -> list[ContentType]:
    return []


def lazy(*, number: int) -> QuerySet[ContentType] | None:
    return None


def good(*, number: int) -> tuple[Good, ...]:
    return ()


@pytest.mark.parametrize("thing", [Changeable, Leaking, Loose, by_position, untyped, silent, leaking, lazy, object()])
def test_a_planted_service_is_refused(thing: object) -> None:
    assert list(problems("planted", thing))


@pytest.mark.parametrize("thing", [Good, good, ValueError])
def test_the_right_shape_passes(thing: object) -> None:
    assert not list(problems("planted", thing))
