"""Nothing of a sealed report can be changed unseen, and an old version is not taken for the newest."""

from __future__ import annotations

import base64
import json
import os
import random
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pytest

from cases.domain.report.proof import Unsigned, keys_of, public_jwk, read_manifest, read_status, signed_status, verify
from cases.domain.report.proof.jws import read
from tests.cases.report.proofs import KEYS, SIGNER, manifest_for, sealed_pair, signer_of
from tests.cases.report.samples import full_report, uid

# Every byte of both files: SOP_EVERY_BYTE=1 (a few minutes); else a sample that differs at no run.
EVERY_BYTE = os.environ.get("SOP_EVERY_BYTE") == "1"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def standing(file: bytes, **more: Any) -> str:
    return verify(file, KEYS, **more).standing


def places(file: bytes, sample: int) -> list[int]:
    """All of the proof's own bytes, and of the content as many as asked for."""
    if EVERY_BYTE:
        return list(range(len(file)))
    return [*random.Random(1).sample(range(len(file) - 1600), sample), *range(len(file) - 1600, len(file))]


class TestEveryByte:
    def test_both_files_are_valid_as_they_were_sealed(self) -> None:
        manifest, pdf, fhir = sealed_pair()
        for file in (pdf, fhir):
            verdict = verify(file, KEYS)
            assert verdict.standing == "valid"
            assert verdict.manifest == read_manifest(manifest, KEYS)
            assert "Newer version unknown" in verdict.newer

    @pytest.mark.parametrize("which", ["pdf", "fhir"])
    def test_a_flipped_bit_anywhere_is_seen(self, which: str) -> None:
        file = sealed_pair()[1 if which == "pdf" else 2]
        bits = random.Random(2)
        for place in places(file, 400):
            bit, changed = bits.randrange(8), bytearray(file)
            changed[place] ^= 1 << bit
            assert standing(bytes(changed)) == "changed", (place, bit)

    @pytest.mark.parametrize("which", [1, 2])
    def test_bytes_added_taken_away_or_doubled_are_seen(self, which: int) -> None:
        file = sealed_pair()[which]
        for other in (file + b"\n", file + b" ", file[:-1], b" " + file, file[1:], file + file, b"", file[:2000]):
            assert standing(other) == "changed"

    def test_a_second_update_behind_the_seal_is_seen(self) -> None:
        pdf = sealed_pair()[1]
        writer = pypdf.PdfWriter(BytesIO(pdf), incremental=True)
        writer.add_metadata({"/Title": "another"})
        out = BytesIO()
        writer.write(out)
        assert out.getvalue().startswith(pdf[:1000])
        assert standing(out.getvalue()) == "changed"

    def test_the_proof_of_one_file_does_not_fit_another(self) -> None:
        _, pdf, fhir = sealed_pair()
        update = pdf.rindex(b"0 obj\n<< /Type /SecondOpinionProof")
        assert standing(pdf[: update // 2] + pdf[update:]) == "changed"
        bundle = json.loads(fhir)
        bundle["entry"][0]["resource"]["title"] = "Another"
        assert standing(json.dumps(bundle, ensure_ascii=False).encode()) == "changed"

    def test_another_white_space_of_the_same_bundle_is_a_change(self) -> None:
        assert standing(json.dumps(json.loads(sealed_pair()[2]), ensure_ascii=False, indent=1).encode()) == "changed"

    def test_a_key_that_was_not_published_proves_nothing(self) -> None:
        _, others = signer_of(2)
        assert verify(sealed_pair()[1], others).standing == "changed"
        assert "not among the published keys" in verify(sealed_pair()[1], others).reason

    @pytest.mark.parametrize("file", [b"%PDF-1.4\n%%EOF", b"{}", b"[]", b"null", b"{" * 100_000, b"\xff" * 100])
    def test_what_was_never_sealed_is_refused_and_nothing_breaks(self, file: bytes) -> None:
        assert standing(file) == "changed"


class TestStatements:
    def test_each_spelling_but_one_of_a_signature_is_refused(self) -> None:
        manifest = sealed_pair()[0]
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        twin = manifest[:-1] + alphabet[alphabet.index(manifest[-1]) ^ 1]
        raw = [base64.urlsafe_b64decode(text.rpartition(".")[2] + "==") for text in (manifest, twin)]
        assert raw[0] == raw[1]
        for other in (twin, manifest + "=", manifest + "\n", manifest.replace("-", "+"), manifest + ".x", "é.é.é"):
            if other != manifest:
                with pytest.raises(Unsigned):
                    read_manifest(other, KEYS)

    def test_a_statement_of_another_kind_is_no_manifest(self) -> None:
        listed = signed_status(SIGNER, issuer="x", at=NOW, superseded=[], withdrawn=[])
        with pytest.raises(Unsigned):
            read_manifest(listed, KEYS)
        with pytest.raises(Unsigned):
            read_status(sealed_pair()[0], KEYS)
        whole = read("report", sealed_pair()[0], KEYS)
        assert read_manifest(SIGNER.sign("report", whole), KEYS)
        with pytest.raises(Unsigned, match="kind"):
            read_manifest(SIGNER.sign("report-status", whole), KEYS)

    def test_a_key_set_cannot_give_a_key_another_ones_name(self) -> None:
        _, others = signer_of(2)
        (mine,), (theirs,) = KEYS.values(), others.values()
        lying = {"keys": [public_jwk(theirs) | {"kid": SIGNER.kid}]}
        assert set(keys_of(json.dumps(lying))) == set(others)
        assert keys_of(json.dumps({"keys": [public_jwk(mine), public_jwk(theirs)]})) == {**KEYS, **others}

    def test_the_manifest_says_what_was_signed_and_not_whose_it_is(self) -> None:
        manifest, report = sealed_pair()[0], full_report()
        said = base64.urlsafe_b64decode(manifest.split(".")[1] + "==").decode()
        for private in (
            report.patient.name,
            "Müller",
            str(report.patient.id),
            str(report.case_id),
            report.case_reference,
        ):
            assert private not in said
        one = read_manifest(manifest, KEYS)
        assert (one.report_id, one.version, one.content_hash) == (report.report_id, 2, report.content_hash)
        assert (one.signer, one.signed_at) == (report.author.name, report.signed_at)


class TestNewerVersions:
    def test_a_newer_report_at_hand_supersedes_an_older_one_and_not_the_other_way(self) -> None:
        newer = manifest_for(full_report(report_id=uid(77), version=3), "x")
        foreign = manifest_for(full_report(report_id=uid(77), version=9, case_id=uid(78)), "x")
        older = manifest_for(full_report(report_id=uid(77), version=1), "x")
        pdf = sealed_pair()[1]
        assert standing(pdf, others=[newer]) == "superseded"
        assert standing(pdf, others=[foreign, older]) == "valid"

    def test_a_status_list_says_superseded_withdrawn_or_neither(self) -> None:
        pdf, mine, other = sealed_pair()[1], full_report().report_id, uid(66)
        for superseded, withdrawn, expected in (
            ([mine], [], "superseded"),
            ([other], [mine], "withdrawn"),
            ([other], [other], "valid"),
        ):
            signed = signed_status(SIGNER, issuer="x", at=NOW, superseded=superseded, withdrawn=withdrawn)
            assert str(mine) not in signed
            verdict = verify(pdf, KEYS, status=read_status(signed, KEYS))
            assert verdict.standing == expected
            assert "2026-12-01 00:00 UTC" in verdict.newer

    def test_a_list_older_than_the_report_knows_nothing_of_it(self) -> None:
        before = full_report().signed_at - timedelta(days=1)
        signed = signed_status(SIGNER, issuer="x", at=before, superseded=[], withdrawn=[])
        assert "Newer version unknown" in verify(sealed_pair()[1], KEYS, status=read_status(signed, KEYS)).newer

    def test_a_list_signed_by_somebody_else_is_refused(self) -> None:
        stranger, _ = signer_of(2)
        with pytest.raises(Unsigned):
            read_status(signed_status(stranger, issuer="x", at=NOW, superseded=[], withdrawn=[]), KEYS)


class TestTheFile:
    def test_readers_open_the_sealed_pdf_and_the_code_on_it_holds_the_manifest(self) -> None:
        import cv2
        import numpy as np

        manifest, pdf, _ = sealed_pair()
        assert len(pypdf.PdfReader(BytesIO(pdf), strict=True).pages) == len(pypdfium2.PdfDocument(pdf))
        page = next(
            page for page in pypdfium2.PdfDocument(pdf) if "How to check" in page.get_textpage().get_text_bounded()
        )
        picture = np.array(page.render(scale=3).to_pil().convert("L"))
        read, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
        assert read == f"https://second-opinion.example/verify#{manifest}"
