"""Whether the locks hold everything: installed without resolving, nothing may be missing and nothing compiled.

Asked for every interpreter and machine that we serve: each requirement of each locked distribution, with the extras
that somebody asks for and the markers judged, is met by a pin; and for each pin there is a wheel that fits.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.locks.environment import ALL, Surroundings, tags
from deploy.locks.pins import Pin
from deploy.locks.record import Distribution


def faults(
    pins: Sequence[Pin],
    roots: Sequence[Requirement],
    record: Mapping[str, Distribution],
    everywhere: Sequence[Surroundings] = ALL,
) -> list[str]:
    """What is wrong with these pins taken together; ``roots`` are the requirements that people wrote."""
    found = [*_contradictions(pins), *_unknown(pins, record)]
    if not found:
        for where in everywhere:
            found += [f"{where}: {fault}" for fault in _faults_at(where, pins, roots, record)]
    return list(dict.fromkeys(found))


def _contradictions(pins: Sequence[Pin]) -> Iterator[str]:
    versions: dict[str, set[str]] = {}
    for pin in pins:
        if not pin.version:
            yield f"{pin.name} is not pinned by =="
        if not pin.hashes:
            yield f"{pin.name} {pin.version} has no hash"
        versions.setdefault(pin.name, set()).add(pin.version)
    for name, several in versions.items():
        if len(several) > 1:
            yield f"{name} is pinned to {' and to '.join(sorted(several))}"


def _unknown(pins: Sequence[Pin], record: Mapping[str, Distribution]) -> Iterator[str]:
    for pin in pins:
        installed = any(pin.marker is None or pin.marker.evaluate(where.markers("")) for where in ALL)
        if installed and pin.key not in record:
            yield f"{pin.key} is not in the record: run `make lock`"


def _faults_at(
    where: Surroundings, pins: Sequence[Pin], roots: Sequence[Requirement], record: Mapping[str, Distribution]
) -> Iterator[str]:
    here = {pin.name: pin for pin in pins if pin.marker is None or pin.marker.evaluate(where.markers(""))}
    for pin in here.values():
        yield from _unfit(where, pin, record[pin.key])
    # Every pin with no extra, and with each extra that somebody asks for.
    waiting: list[tuple[str, str]] = [(name, "") for name in here]
    asked = [("requirements", one) for one in roots]
    seen: set[tuple[str, str]] = set()
    while waiting or asked:
        for asker, requirement in asked:
            yield from _unmet(where, asker, requirement, here, record)
            met = canonicalize_name(requirement.name)
            if met in here and _applies(requirement, where, ""):
                waiting += [(met, extra) for extra in requirement.extras]
        asked = []
        for name, extra in waiting:
            if (name, extra) not in seen:
                seen.add((name, extra))
                asked += [(name, one) for one in _requirements(record[here[name].key], where, extra)]
        waiting = []


def _requirements(of: Distribution, where: Surroundings, extra: str) -> Iterator[Requirement]:
    """What it requires, stripped of the marker that was just judged."""
    for text in of.requires:
        requirement = _parsed(text)
        if _applies(requirement, where, extra) and (not extra or not _applies(requirement, where, "")):
            yield _parsed(text.partition(";")[0].strip())


def _unmet(
    where: Surroundings,
    asker: str,
    requirement: Requirement,
    here: Mapping[str, Pin],
    record: Mapping[str, Distribution],
) -> Iterator[str]:
    if not _applies(requirement, where, ""):
        return
    name = canonicalize_name(requirement.name)
    if name not in here:
        yield f"{asker} needs {requirement}, and no pin gives {name}"
        return
    pin = here[name]
    if not requirement.specifier.contains(pin.version, prereleases=True):
        yield f"{asker} needs {requirement}, and {pin.key} is pinned"
    offered = {canonicalize_name(extra) for extra in record[pin.key].extras}
    for extra in requirement.extras:
        if canonicalize_name(extra) not in offered:
            yield f"{asker} needs {requirement}, and {pin.key} has no extra {extra}"


def _unfit(where: Surroundings, pin: Pin, known: Distribution) -> Iterator[str]:
    if known.python and not SpecifierSet(known.python).contains(where.python):
        yield f"{pin.key} wants Python {known.python}"
    fitting = [
        name
        for name, digest in known.wheels.items()
        if digest in pin.hashes and not parse_wheel_filename(name)[3].isdisjoint(tags(where.python, where.machine))
    ]
    if not fitting:
        yield f"{pin.key} has no wheel that fits"


def _applies(requirement: Requirement, where: Surroundings, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(where.markers(extra))


@cache
def _parsed(text: str) -> Requirement:
    return Requirement(text)
