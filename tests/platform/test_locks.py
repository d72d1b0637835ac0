"""The locks are whole for every Python and machine that we serve; planted gaps are found."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from deploy.locks.__main__ import TOGETHER, every_fault
from deploy.locks.closure import faults
from deploy.locks.environment import ALL, tags
from deploy.locks.pins import Pin, read_lock, wanted
from deploy.locks.record import NAMES, REQUIREMENTS, Distribution, StaleRecord, read_record

ONE = "a" * 64
TWO = "b" * 64


def pin(name: str, version: str = "1.0", *hashes: str) -> Pin:
    return Pin(name=name, version=version, hashes=frozenset(hashes or (ONE,)))


def said(*requires: str, extras: tuple[str, ...] = (), python: str = "", **wheels: str) -> Distribution:
    return Distribution(
        requires=requires, extras=extras, python=python, wheels=wheels or {"it-1.0-py3-none-any.whl": ONE}
    )


def small(**changes: Distribution) -> dict[str, Distribution]:
    """Storage asks for auth[requests]; auth needs requests under that extra only."""
    return {
        "storage 1.0": said("auth[requests]>=1"),
        "auth 1.0": said('requests>=2; extra == "requests"', extras=("requests",)),
        "requests 2.1": said(),
    } | {f"{name} {'2.1' if name == 'requests' else '1.0'}": one for name, one in changes.items()}


PINS = [pin("storage"), pin("auth"), pin("requests", "2.1")]
ROOTS = [Requirement("storage")]


def test_the_locks_are_whole_for_every_python_and_machine() -> None:
    assert every_fault() == []


def test_every_lock_is_asked_for_its_closure() -> None:
    assert {name for names in TOGETHER for name in names} == set(NAMES)
    assert {where.machine for where in ALL} == {"x86_64", "aarch64"}
    assert {".".join(where.python.split(".")[:2]) for where in ALL} == {"3.11", "3.12", "3.13"}


def test_a_whole_lock_has_no_faults() -> None:
    assert faults(PINS, ROOTS, small()) == []


def test_what_only_an_extra_needs_is_missed() -> None:
    found = faults([pin("storage"), pin("auth")], ROOTS, small())
    assert found[0].endswith("auth needs requests>=2, and no pin gives requests")
    assert len(found) == len(ALL)


def test_an_extra_of_a_requirement_that_a_person_wrote_counts() -> None:
    assert not faults([pin("auth")], [Requirement("auth")], small())
    assert faults([pin("auth")], [Requirement("auth[requests]")], small())


def test_an_extra_that_the_pinned_release_does_not_have_is_named() -> None:
    found = faults(PINS, ROOTS, small(auth=said()))
    assert found[0].endswith("storage needs auth[requests]>=1, and auth 1.0 has no extra requests")


def test_a_pin_of_the_wrong_version_is_named() -> None:
    found = faults([pin("storage"), pin("auth"), pin("requests", "1.9")], ROOTS, small() | {"requests 1.9": said()})
    assert found[0].endswith("auth needs requests>=2, and requests 1.9 is pinned")


def test_two_locks_that_pin_differently_are_refused() -> None:
    assert faults([*PINS, pin("auth", "2.0")], ROOTS, small() | {"auth 2.0": said()}) == [
        "auth is pinned to 1.0 and to 2.0"
    ]


@pytest.mark.parametrize(
    ("wheel", "lacking"),
    [
        ("auth-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "Python 3.11.2 on aarch64"),
        ("auth-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "Python 3.12.0 on x86_64"),
        ("auth-1.0-cp311-abi3-manylinux_2_38_x86_64.whl", "Python 3.11.2 on x86_64"),
        ("auth-1.0-cp313-cp313t-manylinux_2_17_x86_64.whl", "Python 3.13.0 on x86_64"),
        ("auth-1.0-py3-none-musllinux_1_2_x86_64.whl", "Python 3.13.0 on x86_64"),
    ],
)
def test_a_machine_without_a_wheel_is_named(wheel: str, lacking: str) -> None:
    record = small(auth=said('requests>=2; extra == "requests"', extras=("requests",), **{wheel: ONE}))
    assert f"{lacking}: auth 1.0 has no wheel that fits" in faults(PINS, ROOTS, record)


def test_a_wheel_whose_hash_the_lock_does_not_name_is_none() -> None:
    assert faults(PINS, ROOTS, small(requests=said(**{"requests-2.1-py3-none-any.whl": TWO})))


def test_a_release_that_wants_another_python_is_named() -> None:
    found = faults(PINS, ROOTS, small(requests=said(python=">=3.12")))
    assert all("requests 2.1 wants Python >=3.12" in one for one in found)
    assert {one.partition(" on ")[0] for one in found} == {"Python 3.11.2", "Python 3.11.14"}


def test_markers_are_judged_for_each_python() -> None:
    record = small(requests=said('tomli; python_version < "3.12"', 'winreg; sys_platform == "win32"'))
    found = faults(PINS, ROOTS, record)
    assert {one.split(": ")[0] for one in found} == {str(where) for where in ALL if where.python.startswith("3.11")}
    assert all("needs tomli" in one for one in found)


def test_a_lock_without_hashes_or_versions_is_refused() -> None:
    bare = dataclasses.replace(PINS[0], hashes=frozenset())
    open_ended = dataclasses.replace(PINS[1], version="")
    found = faults([bare, open_ended, PINS[2]], ROOTS, small())
    assert "storage 1.0 has no hash" in found
    assert "auth is not pinned by ==" in found


def test_a_real_lock_without_one_of_its_pins_is_found_out() -> None:
    pins, record = read_lock(REQUIREMENTS / "base.txt"), read_record()
    roots = wanted(REQUIREMENTS / "base.in")
    for gone in ("requests", "psycopg-binary", "async-timeout", "drf-spectacular-sidecar", "azure-core"):
        assert faults([one for one in pins if one.name != gone], roots, record, ALL[:1]), gone


@pytest.mark.parametrize("name", ["base.txt", "dev.in"])
def test_a_record_of_other_locks_is_stale(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "requirements"
    shutil.copytree(REQUIREMENTS, folder)
    read_record(folder)
    with (folder / name).open("a") as file:
        file.write("# changed by hand\n")
    with pytest.raises(StaleRecord, match="make lock"):
        read_record(folder)


def test_debians_c_library_bounds_the_wheels() -> None:
    names = {tag.platform for tag in tags("3.11.2", "x86_64")}
    assert "manylinux_2_36_x86_64" in names
    assert "manylinux_2_37_x86_64" not in names
