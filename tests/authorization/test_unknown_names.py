"""Whatever an operation takes, what it does not know is refused by its name: nobody's wish is dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.kernel.api import Policy
from config.kernel.api.declarations import declaration_of, schema_of
from config.kernel.api.schema import Endpoints, Generator
from config.kernel.auth.principal import ROLES
from tests.client import ApiClient, make_principal

pytestmark = pytest.mark.django_db
UNKNOWN = "unheard_of"
# What a body is by another's standard, or bytes; every other body is closed.
OPEN_BODIES = {
    "POST /api/v1/cases/{case_id}/imports/fhir": "FHIR R4: extensions come as they are",
    "POST /api/v1/cases/{case_id}/imports/ccda": "an XML document of HL7's",
    "POST /api/v1/cases/{case_id}/dicomweb/studies": "DICOM files in multipart/related (PS3.18, 10.5)",
    "PATCH /api/v1/documents/tus/{upload_id}": "the bytes of a file (tus 1.0)",
}
# Providers shape what they send, and sign it as it was.
OF_PROVIDERS = {
    "POST /api/v1/callbacks/email/{provider}",
    "POST /api/v1/callbacks/twilio",
    "POST /api/v1/callbacks/twilio/inbound",
}


class Operation:
    """One method of one address."""

    def __init__(self, path: str, method: str, view: type[Any]) -> None:
        self.name, self.method, self.view = f"{method} {path}", method, view
        schema = schema_of(view, method)
        self.request = schema.get_request_serializer()
        self.address = re.sub(r"\{(\w+)\}", lambda found: _part(found[1]), path)

    @property
    def is_form(self) -> bool:
        return isinstance(self.request, dict) and "multipart/form-data" in self.request


def _part(name: str) -> str:
    if name.endswith("_id"):
        return str(uuid4())
    return "1" if name in ("number", "numbers", "other", "day") else "Patient" if name == "kind" else "x"


def operations() -> Iterator[Operation]:
    for path, _, method, callback in Endpoints().get_api_endpoints():
        if path.startswith("/api/v1/"):
            yield Operation(path, method, callback.cls)


EVERY = list(operations())


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    """Who may call everything: the names are looked at after the rights."""
    monkeypatch.setattr(Policy, "check", lambda self, principal: None)
    return ApiClient(make_principal(*ROLES, mfa=True))


def _named(answer: Any) -> set[str]:
    if answer.status_code not in (400, 422) or answer["Content-Type"] != "application/problem+json":
        return {f"{answer.status_code}"}
    return {one["pointer"] for one in answer.json().get("errors", ())}


def _sent(client: ApiClient, one: Operation, body: Any, query: str = "") -> Any:
    headers = {"Idempotency-Key": "1", "If-Match": '"1"', "Tus-Resumable": "1.0.0"}
    return client.send(one.method, one.address + query, body, headers=headers)


def test_every_operation_names_a_query_parameter_that_there_is_not(client: ApiClient) -> None:
    silent = {
        one.name: found
        for one in EVERY
        if f"?{UNKNOWN}" not in (found := _named(_sent(client, one, None, f"?{UNKNOWN}=1")))
    }
    assert set(silent) == OF_PROVIDERS, silent


def test_every_operation_with_a_body_names_a_field_that_there_is_not(client: ApiClient) -> None:
    silent = {
        one.name: found
        for one in EVERY
        if one.request is not None and not one.is_form and one.name not in OPEN_BODIES
        if f"#/{UNKNOWN}" not in (found := _named(_sent(client, one, {UNKNOWN: 1})))
    }
    assert not silent


def test_every_form_names_a_field_that_there_is_not(client: ApiClient) -> None:
    forms = [one for one in EVERY if one.is_form]
    assert len(forms) > 3
    for one in forms:
        file = SimpleUploadedFile("a.txt", b"a", "text/plain")
        answer = client.upload(one.address, {"file": file, UNKNOWN: "1"}, headers={"Upload-Token": "x"})
        assert f"#/{UNKNOWN}" in _named(answer) or answer.status_code in (401, 404), (one.name, answer.content)


def test_every_operation_without_a_body_refuses_one(client: ApiClient) -> None:
    bodiless = [one for one in EVERY if declaration_of(one.view, one.method).bodiless]
    assert len(bodiless) > 50
    silent = {
        one.name: answer.status_code
        for one in bodiless
        if f"#/{UNKNOWN}" not in _named(answer := _sent(client, one, {UNKNOWN: 1})) and answer.status_code != 415
    }
    assert set(silent) == OF_PROVIDERS, silent


def test_the_documentation_closes_every_body() -> None:
    document = Generator().get_schema(request=None, public=True)
    asked = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                if f"{method.upper()} {path}" not in OPEN_BODIES:
                    asked |= set(_shapes(media["schema"], document["components"]["schemas"]))
    assert len(asked) > 80
    closed = {name for name in asked if document["components"]["schemas"][name].get("additionalProperties") is False}
    assert asked == closed


def _shapes(schema: Any, every: dict[str, Any]) -> Iterator[str]:
    for found in re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(schema)):
        if "properties" in every[found]:
            yield found
        yield from _shapes(every[found], every)


def test_the_exceptions_are_operations() -> None:
    assert {*OPEN_BODIES, *OF_PROVIDERS} <= {one.name for one in EVERY}
    assert {one.name for one in EVERY if one.view.shaped_by} == OF_PROVIDERS


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/cases?limt=5", "There is no query parameter 'limt' (is 'limit' meant?); there are"),
        ("/cases?limit=101", "limit must be a whole number from 1 to 100."),
        ("/cases?limit=5&limit=9", "Give limit once."),
        ("/cases?on_hold=yes", "on_hold must be true or false."),
        ("/cases?due_before=2026-12-01T09:00:00", "due_before must be an instant with its zone"),
        ("/notifications?unread=1", "unread must be true or false."),
        ("/break-glass?state=opened", "state must be one of open."),
        ("/audit?patient=", "patient must be an id such as"),
        ("/sessions?limit=5", "There is no query parameter 'limit'; none is taken here."),
    ],
)
def test_the_refusal_says_what_to_change(client: ApiClient, address: str, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"].startswith(said)
