"""Keys of tokens change without a restart and without a token that stops counting before its end."""

import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from config.kernel import clock
from config.kernel.auth import signing_keys, tokens
from config.kernel.auth.signing_keys import SIGNS_AFTER, jwks, signing_key
from config.kernel.auth.signing_rotation import retire, rotate
from config.kernel.errors import Conflict, Unauthenticated
from tests.client import ApiClient, make_principal


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.SIGNING_KEYS_DIR = str(tmp_path)
    rotate()
    _age(tmp_path, 3600)
    yield tmp_path
    signing_keys.look_again()


def _age(folder: Path, seconds: float) -> None:
    """All keys have lain there for so long."""
    for path in folder.glob("*.pem"):
        at = clock.now().timestamp() - seconds
        os.utime(path, (at, at))
    signing_keys.look_again()


def _token() -> str:
    return tokens.encode_access(make_principal("patient"))[0]


def _kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def test_a_new_key_is_published_before_it_signs() -> None:
    old = signing_key().kid
    rotate()
    assert len(jwks()["keys"]) == 2
    assert signing_key().kid == old
    with clock.shifted(timedelta(seconds=SIGNS_AFTER + 1)):
        assert signing_key().kid != old
        assert signing_key().kid in {key["kid"] for key in jwks()["keys"]}


def test_tokens_of_the_old_key_count_until_they_end() -> None:
    old = _token()
    rotate()
    with clock.shifted(timedelta(seconds=SIGNS_AFTER + 1)):
        new = _token()
        assert _kid(new) != _kid(old)
        assert tokens.decode_access(old).has("patient")
        assert tokens.decode_access(new).has("patient")
    with clock.shifted(timedelta(minutes=5, seconds=1)), pytest.raises(Unauthenticated):
        tokens.decode_access(old)


def test_a_running_process_takes_a_key_that_another_one_made(monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(signing_keys.verification_keys())
    monkeypatch.setattr("config.kernel.auth.signing_rotation.look_again", lambda: None)
    rotate()
    assert set(signing_keys.verification_keys()) == known
    ring = signing_keys._ring
    assert ring is not None
    later = ring.looked_at + signing_keys.LOOK_AGAIN + 1
    monkeypatch.setattr("config.kernel.auth.signing_keys.time.monotonic", lambda: later)
    assert len(signing_keys.verification_keys()) == 2


def test_nothing_is_removed_while_a_token_may_need_it(folder: Path) -> None:
    rotate()
    assert retire() == ()
    with clock.shifted(timedelta(minutes=5)):
        assert retire() == ()
    assert len(list(folder.glob("*.pem"))) == 2


def test_a_superseded_key_is_removed_when_its_last_token_has_ended(folder: Path) -> None:
    old = _token()
    rotate()
    with clock.shifted(timedelta(minutes=7)):
        (gone,) = retire()
        assert gone.startswith("0001")
        assert len(jwks()["keys"]) == 1
        assert retire() == ()
        assert tokens.decode_access(_token()).has("patient")
    with pytest.raises(Unauthenticated):
        tokens.decode_access(old)


def test_a_remembered_token_is_refused_when_its_key_is_taken_away(folder: Path) -> None:
    token = _token()
    tokens.decode_access(token)
    rotate()
    min(folder.glob("*.pem")).unlink()
    signing_keys.look_again()
    with pytest.raises(Unauthenticated):
        tokens.decode_access(token)


def test_the_file_is_its_owners_alone(folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.pem")} == {0o600}
    assert not list(folder.glob(".*"))


def test_a_key_that_would_never_sign_is_not_made(folder: Path) -> None:
    min(folder.glob("*.pem")).rename(folder / "zzz.pem")
    with pytest.raises(Conflict):
        rotate()


def test_a_folder_without_a_key_is_told(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS_DIR = str(tmp_path / "empty")
    with pytest.raises(ImproperlyConfigured):
        signing_key()


def test_the_command_rotates_and_retires(folder: Path, api: ApiClient) -> None:
    out = StringIO()
    call_command("rotate_signing_key", stdout=out)
    assert len(api.get("/.well-known/jwks.json").json()["keys"]) == 2
    call_command("rotate_signing_key", "--retire", stdout=out)
    assert "Nothing to remove" in out.getvalue()
    _age(folder, 3600)
    call_command("rotate_signing_key", "--retire", stdout=out)
    assert "Removed: 0001" in out.getvalue()
    assert len(api.get("/.well-known/jwks.json").json()["keys"]) == 1
