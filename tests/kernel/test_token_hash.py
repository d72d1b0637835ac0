"""What is stored of a secret: these digests stand in rows, so they never change."""

from __future__ import annotations

import pytest

from config.kernel.crypto import token_hash


@pytest.mark.parametrize(
    ("token", "digest"),
    [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("ü", "607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f"),
    ],
)
def test_the_digest_of_a_secret(token: str, digest: str) -> None:
    assert token_hash(token).hex() == digest
