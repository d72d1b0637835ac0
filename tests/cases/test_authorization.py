"""The rows C1–C22 of the authorization matrix: every role against every route of a case and its documents."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.models import Case
from config.kernel.auth import Principal
from tests.cases.support import CLEAR, INTAKE, OPINION, Story, make_specialist
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
ROLES = ("AN", "PO", "OP", "PU", "PA", "PR", "SS", "SA", "SV")

# row → method, path, body, then the expected status of each role in ROLES ("-": not asked)
MATRIX: dict[str, tuple[str, str, Any, str]] = {
    "C1 open": ("POST", "/cases", INTAKE, "401 201 201 403 403 403 403 403 403"),
    "C3 read": ("GET", "/cases/{c}", None, "401 200 404 404 200 200 200 200 404"),
    "C4 edit a draft": ("PUT", "/cases/{draft}", {"title": "x"}, "401 200 404 404 404 404 404 404 404"),
    "C5 edit after submission": ("PUT", "/cases/{c}", {"title": "x"}, "401 409 404 404 403 403 403 403 404"),
    "C6 withdraw": (
        "PATCH", "/cases/{c}/status", {"to": "CANCELLED", "reason": "x"}, "401 200 404 404 403 403 200 403 404",
    ),
    "C7 assign": ("POST", "/cases/{c}/assign", {"professional_id": "{pu}"}, "401 403 404 404 403 403 409 409 404"),
    "C7 candidates": ("GET", "/cases/{c}/candidates", None, "401 403 404 404 403 403 200 200 404"),
    "C8 accept": ("POST", "/cases/{c}/accept", {"coi_attestation": CLEAR}, "401 409 404 404 409 409 409 409 404"),
    "C9 ask": ("POST", "/cases/{c}/questions", {"question": "When?"}, "401 403 404 404 201 403 403 403 404"),
    "C10 answer": (
        "POST", "/cases/{c}/answers", {"clarification_id": "{c}", "answer": "Now."},
        "401 404 404 404 403 403 403 403 404",
    ),
    "C11 write": ("PUT", "/cases/{c}/opinion/draft", OPINION, "401 403 404 404 200 403 403 403 404"),
    "C11 finish": ("POST", "/cases/{c}/opinion", {"action": "submit"}, "401 403 404 404 200 403 403 403 404"),
    "C12 read the opinion": ("GET", "/cases/{signed}/opinion", None, "401 200 404 404 200 200 403 403 404"),
    "C13 read the draft": ("GET", "/cases/{c}/opinion/draft", None, "401 404 404 404 200 404 404 404 404"),
    "C14 change a signed one": ("PUT", "/cases/{signed}/opinion", {}, "401 403 404 404 409 403 403 403 404"),
    "C17 upload": ("UPLOAD", "/documents/upload", None, "401 201 404 404 201 403 403 403 404"),
    "C18 metadata": ("GET", "/documents/{doc}", None, "401 200 404 404 200 200 200 200 404"),
    "C20 original": ("GET", "/documents/{doc}/original", None, "401 503 404 404 403 403 403 403 404"),
    "C21 quarantine": ("GET", "/documents/{qdoc}/content", None, "401 409 404 404 409 409 403 403 404"),
    "C22 delete": ("DELETE", "/documents/{doc}", None, "401 409 404 404 403 403 403 403 404"),
    "P8 peer review": ("POST", "/cases/{c}/peer-review", {"verdict": "agree"}, "401 403 404 404 403 409 403 403 404"),
    "hold": ("POST", "/cases/{c}/hold", {"reason": "x"}, "401 403 404 404 403 403 200 403 404"),
    "history": ("GET", "/cases/{c}/history", None, "401 200 404 404 200 200 200 200 404"),
    "transitions": ("GET", "/cases/{c}/transitions", None, "401 200 404 404 200 200 200 200 404"),
    "report": ("GET", "/cases/{signed}/report.pdf", None, "401 200 404 404 200 403 403 403 404"),
    "first read": (
        "POST", "/cases/{c}/first-read", {"impression": "x", "confidence": 1}, "401 403 404 404 409 403 403 403 404",
    ),
    "waive": (
        "POST", "/cases/{c}/checklist/waive", {"code": "none", "reason": "x"}, "401 403 404 404 403 403 404 403 404",
    ),
}  # fmt: skip


@pytest.fixture
def world() -> Any:
    """A case in review, a delivered one, a draft, two documents, and one person of each role."""
    from cases import services
    from tests.cases.support import by

    case = Story().written()
    peer = make_specialist()
    signed = Story(case.patient).in_review(case.author)
    with by(case.author):
        services.seal_first_read(principal=case.author, case_id=signed.id, impression="x", confidence=1)
        services.save_draft(principal=case.author, case_id=signed.id, content=OPINION)
    signed.sign(signed.submit().content_hash)
    from config.kernel.testing import drain

    drain("cases")
    Case.objects.filter(id__in=(case.id, signed.id)).update(peer_user_id=peer.user_id)
    outsider = make_specialist()
    people = {
        "AN": None,
        "PO": case.patient,
        "OP": make_patient(),
        "PU": outsider,
        "PA": case.author,
        "PR": peer,
        "SS": make_person("coordinator"),
        "SA": make_person("administrator"),
        "SV": Principal(user_id=None, roles=frozenset(), kind="service"),
    }
    documents = {"doc": case.put_document().id, "qdoc": case.put_document("QUARANTINED").id}
    ids = {"c": case.id, "signed": signed.id, "draft": Story(case.patient).id, "pu": outsider.user_id, **documents}
    return SimpleNamespace(people=people, ids=ids)


@pytest.mark.parametrize("name", MATRIX)
def test_each_row_of_the_matrix(api, world, name: str) -> None:
    method, path, body, expected = MATRIX[name]
    found = {}
    for role, who in world.people.items():
        client = as_service(api, who) if role == "SV" else api.as_(who) if who else api
        with undone():
            if method == "UPLOAD":
                file = SimpleUploadedFile("a.txt", b"Some text.", content_type="text/plain")
                response = client.upload(path, {"case_id": str(world.ids["c"]), "file": file})
            else:
                response = client.send(method, path.format(**world.ids), filled(body, world.ids))
        found[role] = str(response.status_code)
    assert found == dict(zip(ROLES, expected.split(), strict=True))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards, so that each role meets the same world."""
    with ExitStack() as stack:
        for alias in ("default", "professionals", "cases"):
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, True, using=alias)
        yield


def filled(body: Any, ids: dict[str, Any]) -> Any:
    if not isinstance(body, dict):
        return body
    return {key: value.format(**ids) if isinstance(value, str) else value for key, value in body.items()}


def as_service(api, who):
    """A key has no bearer token of a person: it is let in as its own kind."""
    client = api.as_(make_person("support"))
    patch = mock.patch("config.kernel.api.authentication.decode_access", return_value=who)

    class Client:
        def send(self, *args: Any, **options: Any) -> Any:
            with patch:
                return client.send(*args, **options)

        def upload(self, *args: Any, **options: Any) -> Any:
            with patch:
                return client.upload(*args, **options)

    return Client()
