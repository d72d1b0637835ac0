"""Documents of credentials: sealed, read before anybody sees them, confirmed by two people."""

from pathlib import Path
from typing import Any

import pytest

from config.kernel import ports
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, Unavailable
from config.kernel.jobs.registry import failure_hook
from professionals import services
from professionals.models import AuditEntry, Credential, Evidence
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TEXT = "Board certificate of Dr. Brandt, valid until 2030."


@pytest.fixture
def owned(verified: Any) -> tuple[Any, Any, Any]:
    profile, principal = verified()
    credential = services.add_credential(
        principal=principal, professional_id=profile.id, kind="board_certification", title="Cardiology", body="Board"
    )
    return profile, principal, credential


def put(owned: Any, folder: Path, content: str | bytes = TEXT, name: str = "proof.txt", **changes: Any) -> Any:
    profile, principal, credential = owned
    source = folder / "given"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    fields = {
        "principal": principal, "professional_id": profile.id, "credential_id": credential.id, "name": name,
        "declared_type": "text/plain", "source": source,
    }  # fmt: skip
    return services.add_evidence(**(fields | changes))


def test_a_document_is_sealed_and_seen_by_nobody_before_it_was_read(owned: Any, tmp_path: Path) -> None:
    profile, principal, _ = owned
    held = put(owned, tmp_path)
    row = Evidence.objects.get()
    assert (held.state, row.size) == ("QUARANTINED", len(TEXT))
    assert b"Brandt" not in bytes(row.content_sealed)
    assert b"proof" not in bytes(row.name_sealed)
    asked = {"professional_id": profile.id, "evidence_id": held.id}
    with pytest.raises(Conflict, match="still being checked"):
        services.evidence_file(principal=principal, **asked)
    drain("professionals")
    shown, content = services.evidence_file(principal=principal, **asked)
    assert (shown.state, shown.pages, shown.name, content) == ("CLEARED", 1, "proof.txt", TEXT.encode())
    assert services.evidence_file(principal=make_person("administrator"), **asked)[1] == content
    for stranger in (make_person("coordinator"), make_person("patient")):
        with pytest.raises(NotFound):
            services.evidence_file(principal=stranger, **asked)
    assert AuditEntry.objects.filter(action="evidence.read", object_id=held.id).count() == 2


def test_what_the_safety_steps_of_documents_refuse_is_not_kept(owned: Any, tmp_path: Path, settings: Any) -> None:
    hidden = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
    with pytest.raises(Invalid):
        put(owned, tmp_path, b"\x7fELF" + bytes(200), "proof.pdf", declared_type="application/pdf")
    with pytest.raises(Invalid):
        put(owned, tmp_path, hidden, "proof.txt", declared_type="text/plain")
    settings.CREDENTIAL_FILE_MAX_BYTES = 10
    with pytest.raises(TooLarge):
        put(owned, tmp_path)
    assert not Evidence.objects.exists()


def test_a_file_that_cannot_be_read_is_rejected_with_advice(owned: Any, tmp_path: Path) -> None:
    profile, principal, _ = owned
    held = put(owned, tmp_path)
    hook = failure_hook("professionals.read_evidence")
    assert hook is not None
    hook(held.id)
    with pytest.raises(Conflict, match="Scan it again"):
        services.evidence_file(principal=principal, professional_id=profile.id, evidence_id=held.id)
    assert put(owned, tmp_path).id != held.id


def test_without_a_place_that_checks_documents_none_is_taken(
    owned: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports.INSPECT_FILE, "_offers", ports._Offers("inspect_file"))
    with pytest.raises(Unavailable):
        put(owned, tmp_path)


def test_one_document_belongs_to_one_thing_of_ones_own_and_is_there_once(
    owned: Any, verified: Any, tmp_path: Path
) -> None:
    profile, principal, _ = owned
    other, _ = verified()
    theirs = services.list_licences(principal=make_person("administrator"), professional_id=other.id)[0].id
    with pytest.raises(NotFound):
        put(owned, tmp_path, credential_id=None, licence_id=theirs)
    for wrong in ({"credential_id": None}, {"licence_id": theirs}):
        with pytest.raises(Invalid):
            put(owned, tmp_path, **wrong)
    put(owned, tmp_path)
    with pytest.raises(Conflict, match="already"):
        put(owned, tmp_path)
    assert len(services.list_evidence(principal=principal, professional_id=profile.id)) == 1


def test_two_administrators_confirm_it_and_the_credential_counts_as_checked(owned: Any, tmp_path: Path) -> None:
    profile, principal, credential = owned
    held = put(owned, tmp_path)
    asked = {"professional_id": profile.id, "evidence_id": held.id}
    first, second = make_person("administrator"), make_person("administrator")
    with pytest.raises(Conflict):
        services.prepare_evidence(principal=first, says="board's seal, 2030", **asked)
    Evidence.objects.update(state="CLEARED")
    with pytest.raises(Forbidden):
        services.prepare_evidence(principal=principal, says="mine", **asked)
    with pytest.raises(Conflict):
        services.decide_evidence(principal=first, confirm=True, **asked)
    services.prepare_evidence(principal=first, says="board's seal, 2030", **asked)
    with pytest.raises(Forbidden, match="Another person"):
        services.decide_evidence(principal=first, confirm=True, **asked)
    assert Credential.objects.get(id=credential.id).checked_on is None
    services.decide_evidence(principal=second, confirm=True, **asked)
    checked = Credential.objects.get(id=credential.id)
    assert checked.checked_on is not None
    assert "board's seal, 2030" in checked.evidence
    assert Evidence.objects.get().state == "CONFIRMED"
    with pytest.raises(Conflict):
        services.decide_evidence(principal=second, confirm=False, **asked)
