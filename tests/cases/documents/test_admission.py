"""Large bodies are refused before they come, when the caller may not send them; the answer is the view's own."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from config.kernel.api.admission import Admission
from config.kernel.api.views import REFUSAL
from config.runtime.http.spool import Unread
from tests.cases.support import Story
from tests.client import access_token
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
MB = 1_000_000
DOC = "0190a000-0000-7000-8000-000000000000"
FORM = "multipart/form-data; boundary=b"


@contextmanager
def one_transaction() -> Iterator[None]:
    """A request looks after its connections; a test's transaction must outlive them, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def story() -> Story:
    return Story()


def head(path: str, *, by: Any = None, method: str = "POST", length: int = 10 * MB, kind: str = FORM, **more: str):
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(length),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **more,
    }
    if by is not None:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {access_token(by)}"
    return environ


def form(case_id: Any) -> bytes:
    return (
        b'--b\r\nContent-Disposition: form-data; name="case_id"\r\n\r\n' + str(case_id).encode() + b"\r\n"
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.7 " + b"x" * 50_000
    )


def answered(environ: dict[str, Any], beginning: bytes = b"") -> int:
    """0 when the body is wanted; else the status with which the product answers without it."""
    from config.wsgi import application

    said: list[str] = []
    with one_transaction():
        if Admission().wants_body(environ, beginning):
            return 0
        environ["wsgi.input"] = Unread()
        application(environ, lambda status, headers, exc_info=None: said.append(status) or print).close()
    return int(said[0][:3])


class TestUploads:
    @pytest.mark.parametrize("path", ["/api/v1/documents/upload", "/api/v1/archives"])
    def test_whoever_may_is_let_in(self, story, path) -> None:
        assert answered(head(path, by=story.patient)) == 0
        assert answered(head(path, by=story.patient), form(story.id)) == 0

    @pytest.mark.parametrize("path", ["/api/v1/documents/upload", "/api/v1/archives"])
    def test_nobody_and_those_who_may_not_are_refused(self, story, path) -> None:
        assert answered(head(path)) == 401
        assert answered(head(path, HTTP_AUTHORIZATION="Bearer no.such.token")) == 401
        assert answered(head(path, by=make_patient()), form(story.id)) == 404
        assert answered(head(path, by=story.patient), form(uuid4())) == 404
        assert answered(head(path, by=story.patient, length=27 * MB)) == 413
        assert answered(head(path, by=story.patient, kind="application/pdf")) == 415

    def test_addresses_and_methods_that_there_are_not(self, story) -> None:
        assert answered(head("/api/v1/nothing", by=story.patient)) == 404
        assert answered(head("/nothing", by=story.patient)) == 404
        assert answered(head("/api/v1/documents/upload", by=story.patient, method="PUT")) == 405
        assert answered(head("/api/v1/documents/upload", by=story.patient, method="GET")) == 405

    def test_json_of_more_than_a_megabyte(self, story) -> None:
        there = f"/api/v1/cases/{story.id}"
        assert answered(head(there, by=story.patient, method="PUT", kind="application/json", length=2 * MB)) == 413
        assert answered(head(there, by=story.patient, method="PUT", kind="application/json", length=MB)) == 0

    @pytest.mark.parametrize("what", ["imports/fhir", "imports/ccda", "dicomweb/studies"])
    def test_other_ways_into_a_case(self, story, what) -> None:
        kind = {"imports/fhir": "application/fhir+json", "imports/ccda": "application/xml"}.get(what, FORM)
        assert answered(head(f"/api/v1/cases/{story.id}/{what}", by=story.patient, kind=kind)) == 0
        assert answered(head(f"/api/v1/cases/{uuid4()}/{what}", by=story.patient, kind=kind)) == 404
        assert answered(head(f"/api/v1/cases/{story.id}/{what}", kind=kind)) == 401

    def test_links_and_secrets_of_strangers(self) -> None:
        assert answered(head("/api/v1/record-uploads", HTTP_UPLOAD_TOKEN="x" * 43)) == 404
        assert answered(head(f"/api/v1/submissions/{uuid4()}/documents", HTTP_SUBMISSION_SECRET="x")) == 404

    def test_the_next_part_of_an_upload(self, api, story) -> None:
        from tests.cases.documents.test_tus import Tus

        tus = Tus(api, story.patient)
        tus.begin(story, 3 * MB)
        sent = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_OFFSET": "0"}
        kind = "application/offset+octet-stream"
        assert answered(head(tus.url, by=story.patient, method="PATCH", kind=kind, **sent)) == 0
        assert Admission().keeps_parts(head(tus.url, method="PATCH"))
        later = sent | {"HTTP_UPLOAD_OFFSET": "5"}
        assert answered(head(tus.url, by=story.patient, method="PATCH", kind=kind, **later)) == 409
        assert answered(head(tus.url, by=make_person("coordinator"), method="PATCH", kind=kind, **sent)) == 404

    def test_pages_take_small_forms_only(self) -> None:
        kind = "application/x-www-form-urlencoded"
        assert answered(head("/dashboard/sign-in", length=100_000, kind=kind)) == 0
        assert answered(head("/dashboard/sign-in", length=2 * MB, kind=kind)) in (400, 403, 413)


def test_a_header_cannot_pass_for_a_refusal(api, story) -> None:
    answer = api.as_(story.patient).get("/cases", headers={REFUSAL: "x", "Sop-Refusal": "x"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "file"),
    [
        ("GET", f"documents/{DOC}/original", True),
        ("GET", "document-links/abc", True),
        ("GET", "exports/abc", True),
        ("GET", f"cases/{DOC}/dicomweb/studies/1.2/series/1.3/instances/1.4", True),
        ("GET", f"documents/{DOC}", False),
        ("GET", "cases", False),
        ("POST", f"cases/{DOC}/dicomweb/studies", False),
    ],
)
def test_answers_that_are_files_are_known_by_their_path(method: str, path: str, file: bool) -> None:
    assert Admission().opens_file({"REQUEST_METHOD": method, "PATH_INFO": f"/api/v1/{path}"}) is file
