"""Key rings: the newest version seals, every version on the ring opens, and a wrong ring says what is wrong."""

import base64
import json
import threading
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.kernel.crypto import Place, UnreadableSecret, master_open, master_seal
from config.kernel.crypto.master import master_keys, master_version
from config.kernel.crypto.providers import RotatedElsewhere
from config.kernel.crypto.providers.local_key_rings import file_ring

PLACE = Place("identity_datakeyrecord", "wrapped", UUID(int=2))
ONE = base64.b64encode(b"1" * 32).decode()
TWO = base64.b64encode(b"2" * 32).decode()


@pytest.fixture
def environment(settings):
    settings.MASTER_KEY_PROVIDER = "environment"
    settings.MASTER_KEYS = {"1": ONE}
    return settings


@pytest.fixture
def ring(settings, tmp_path: Path) -> Path:
    path = tmp_path / "ring"
    path.write_text(json.dumps({"1": ONE}))
    path.chmod(0o600)
    settings.MASTER_KEY_PROVIDER, settings.MASTER_KEY_RING = "file", str(path)
    return path


def test_old_versions_open_and_the_newest_seals(environment) -> None:
    sealed = master_seal(PLACE, b"data key")
    environment.MASTER_KEYS = {"1": ONE, "2": TWO}
    assert master_open(PLACE, sealed) == b"data key"
    assert master_version(master_seal(PLACE, b"x")) == 2
    environment.MASTER_KEYS = {"2": TWO}
    with pytest.raises(UnreadableSecret, match="version 1"):
        master_open(PLACE, sealed)


def test_version_ten_is_newer_than_version_nine(environment) -> None:
    environment.MASTER_KEYS = {"9": ONE, "10": TWO}
    assert master_version(master_seal(PLACE, b"x")) == 10


def test_a_wrapping_opens_at_its_place_only(environment) -> None:
    with pytest.raises(UnreadableSecret):
        master_open(Place(PLACE.table, PLACE.column, UUID(int=3)), master_seal(PLACE, b"x"))


def test_a_wrapping_does_not_open_under_another_versions_number(environment) -> None:
    environment.MASTER_KEYS = {"1": ONE, "2": ONE}
    sealed = master_seal(PLACE, b"x")
    with pytest.raises(UnreadableSecret):
        master_open(PLACE, b"\x00\x01" + sealed[2:])


@pytest.mark.parametrize("cut", [0, 1, 2, 10, 20])
def test_a_cut_off_wrapping_is_unreadable(environment, cut: int) -> None:
    with pytest.raises(UnreadableSecret):
        master_open(PLACE, master_seal(PLACE, b"data key")[:cut])


@pytest.mark.parametrize("wrong", [{}, {"1": "c2hvcnQ="}, {"1": "not base64!"}, {"one": ONE}, {"1": 5}, {"0": ONE}, []])
def test_a_wrong_ring_names_the_setting_and_not_its_value(environment, wrong: object) -> None:
    environment.MASTER_KEYS = wrong
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEYS") as caught:
        master_keys()
    assert ONE not in str(caught.value)


def test_an_unknown_provider_is_refused_by_name(settings) -> None:
    settings.MASTER_KEY_PROVIDER = "pocket"
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEY_PROVIDER must be environment, file, kms"):
        master_keys()


def test_the_environment_is_not_rotated_by_us(environment) -> None:
    for act in (master_keys().rotate, lambda: master_keys().retire(1)):
        with pytest.raises(RotatedElsewhere, match="MASTER_KEYS"):
            act()


def test_a_file_that_others_may_read_is_refused(ring: Path) -> None:
    for mode in (0o640, 0o604, 0o660):
        ring.chmod(mode)
        with pytest.raises(ImproperlyConfigured, match="chmod 600"):
            master_keys()


def test_a_missing_file_is_refused(ring: Path) -> None:
    ring.unlink()
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEY_RING"):
        master_keys()


def test_a_rotated_file_is_used_at_once_and_stays_private(ring: Path) -> None:
    before = master_seal(PLACE, b"x")
    assert master_keys().rotate() == 2
    assert master_version(master_seal(PLACE, b"x")) == 2
    assert master_open(PLACE, before) == b"x"
    assert ring.stat().st_mode & 0o777 == 0o600
    assert master_keys().versions() == (1, 2)


def test_what_another_process_added_is_seen_without_a_restart(ring: Path) -> None:
    assert master_keys().newest() == 1
    fresh = ring.with_name("fresh")
    fresh.write_text(json.dumps({"1": ONE, "7": TWO}))
    fresh.chmod(0o600)
    fresh.replace(ring)
    assert master_keys().newest() == 7


def test_rotations_at_once_lose_no_version(ring: Path) -> None:
    threads = [threading.Thread(target=file_ring().rotate) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert master_keys().versions() == tuple(range(1, 10))


def test_a_retired_version_opens_nothing(ring: Path) -> None:
    sealed = master_seal(PLACE, b"x")
    master_keys().rotate()
    master_keys().retire(1)
    with pytest.raises(UnreadableSecret, match="version 1"):
        master_open(PLACE, sealed)


def test_the_last_version_cannot_be_taken_off(ring: Path) -> None:
    with pytest.raises(ImproperlyConfigured):
        master_keys().retire(1)
    assert master_keys().versions() == (1,)
