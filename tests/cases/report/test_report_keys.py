from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from cases.adapters.report_keys import report_keys, report_signer, rotate_report_key
from cases.domain.report.proof import Unsigned, keys_of, read_status, signed_status
from tests.cases.report.test_proof import NOW


def statement() -> str:
    return signed_status(report_signer(), issuer="x", at=NOW, superseded=[], withdrawn=[])


def test_the_first_key_is_made_once_and_only_its_owner_reads_it(settings) -> None:
    assert not report_keys()
    assert report_signer().kid == report_signer().kid
    (file,) = Path(settings.REPORT_KEYS_DIR).glob("*.pem")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_rotation_keeps_what_checks_and_removes_what_signs(settings) -> None:
    before, first = statement(), report_signer().kid
    second = rotate_report_key()
    assert list(report_keys()) == [first, second]
    assert report_signer().kid == second
    assert read_status(before, report_keys()).at == read_status(statement(), report_keys()).at
    folder = Path(settings.REPORT_KEYS_DIR)
    assert sorted(file.name for file in folder.glob("0*")) == ["0001.pub", "0002.pem"]
    assert b"PRIVATE" not in (folder / "0001.pub").read_bytes()
    assert rotate_report_key() not in (first, second)
    assert len(report_keys()) == 3


def test_the_command_writes_the_keys_for_use_without_a_network(tmp_path, capsys) -> None:
    before = statement()
    call_command("report_keys", "--rotate", "--write", str(tmp_path / "keys.json"))
    keys = keys_of((tmp_path / "keys.json").read_bytes())
    assert capsys.readouterr().out.split() == list(keys) == list(report_keys())
    read_status(before, keys)
    assert "d" not in json.loads((tmp_path / "keys.json").read_text())["keys"][0]


def test_a_key_of_another_kind_is_refused_by_name(settings) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    report_signer()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    wrong = ec.generate_private_key(ec.SECP256R1()).private_bytes(pem, pkcs8, serialization.NoEncryption())
    (Path(settings.REPORT_KEYS_DIR) / "0002.pem").write_bytes(wrong)
    with pytest.raises(ImproperlyConfigured, match=r"0002\.pem"):
        report_signer()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": []}', '{"keys": [{"kty": "OKP"}]}', "x" * 99])
def test_a_file_without_keys_is_refused(text: str) -> None:
    with pytest.raises(Unsigned):
        keys_of(text)
