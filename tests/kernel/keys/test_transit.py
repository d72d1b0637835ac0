"""A key management service wraps, opens, rotates and retires over HTTP; when it is down, nothing is taken for wrong."""

from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from pytest_httpserver import HTTPServer

from config.kernel.crypto import Place, UnreadableSecret, master_open, master_seal
from config.kernel.crypto.master import master_keys, master_version
from config.kernel.crypto.providers import RotatedElsewhere
from config.kernel.crypto.providers.vault_transit import _transit
from config.kernel.errors import Unavailable
from tests.kernel.keys.transit_server import TOKEN, TransitServer

PLACE = Place("identity_datakeyrecord", "wrapped", UUID(int=2))


@pytest.fixture
def kms(settings, httpserver: HTTPServer) -> TransitServer:
    settings.MASTER_KEY_PROVIDER, settings.MASTER_KMS_KEY = "kms", "sop"
    settings.MASTER_KMS_URL, settings.MASTER_KMS_TOKEN = httpserver.url_for("").rstrip("/"), TOKEN
    return TransitServer(httpserver)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    _transit.cache_clear()


def test_what_the_service_wraps_it_opens_again(kms: TransitServer) -> None:
    sealed = master_seal(PLACE, b"data key \x00\xff")
    assert b"data key" not in sealed
    assert master_version(sealed) == 1
    assert master_open(PLACE, sealed) == b"data key \x00\xff"


def test_a_wrapping_opens_at_its_place_only(kms: TransitServer) -> None:
    with pytest.raises(UnreadableSecret):
        master_open(Place(PLACE.table, PLACE.column, UUID(int=9)), master_seal(PLACE, b"x"))


def test_a_wrapping_by_a_ring_is_not_sent_to_the_service(kms: TransitServer) -> None:
    with pytest.raises(UnreadableSecret):
        master_open(PLACE, b"\x00\x01" + bytes(40))
    assert kms.requests == []


def test_rotation_and_retirement_follow_the_service(kms: TransitServer) -> None:
    old = master_seal(PLACE, b"x")
    assert master_keys().rotate() == 2
    fresh = master_seal(PLACE, b"y")
    assert (master_version(fresh), master_open(PLACE, old)) == (2, b"x")
    with pytest.raises(RotatedElsewhere, match="oldest"):
        master_keys().retire(2)
    master_keys().retire(1)
    assert master_keys().versions() == (2,)
    assert master_open(PLACE, fresh) == b"y"
    with pytest.raises(UnreadableSecret):
        master_open(PLACE, old)


def test_the_latest_version_is_not_asked_for_each_time(kms: TransitServer) -> None:
    for _ in range(5):
        master_seal(PLACE, b"x")
    assert kms.requests.count("keys/sop") == 1


@pytest.mark.parametrize("status", [500, 503, 429, 302])
def test_a_failing_service_is_unavailable(kms: TransitServer, status: int) -> None:
    sealed = master_seal(PLACE, b"x")
    kms.fail_with = status
    with pytest.raises(Unavailable):
        master_open(PLACE, sealed)


def test_a_wrong_token_is_named_and_not_shown(kms: TransitServer, settings) -> None:
    settings.MASTER_KMS_TOKEN = "s.wrong-one"
    with pytest.raises(Unavailable, match="MASTER_KMS_TOKEN") as caught:
        master_seal(PLACE, b"x")
    assert "s.wrong-one" not in str(caught.value)


def test_a_service_that_is_not_there_is_unavailable(kms: TransitServer, settings) -> None:
    settings.MASTER_KMS_URL = "http://127.0.0.1:1"
    with pytest.raises(Unavailable, match="does not answer"):
        master_seal(PLACE, b"x")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (override_settings(MASTER_KMS_URL=""), "MASTER_KMS_URL"),
        (override_settings(MASTER_KMS_URL="ftp://vault.example"), "MASTER_KMS_URL"),
        (override_settings(MASTER_KMS_URL="http://vault.example"), "https"),
        (override_settings(MASTER_KMS_TOKEN=""), "MASTER_KMS_TOKEN"),
        (override_settings(MASTER_KMS_KEY=""), "MASTER_KMS_KEY"),
    ],
)
def test_wrong_settings_end_the_start_by_name(kms: TransitServer, changed: override_settings, named: str) -> None:
    with changed, pytest.raises(ImproperlyConfigured, match=named):
        master_keys()
    assert kms.requests == []
