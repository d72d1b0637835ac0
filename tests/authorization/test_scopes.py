"""What stands beside the matrix: ids in bodies, fields nobody may set, lists and counts, headers of pages."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pkgutil import walk_packages
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from rest_framework import serializers

from tests.authorization.row import Row
from tests.authorization.rows import AREAS, ROWS
from tests.authorization.test_matrix import ask, client_of
from tests.authorization.world import World, filled, undone
from tests.cases.support import Story
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
CONTEXTS = ("identity", "professionals", "cases", "analysis", "notifications")


def inputs() -> Iterator[tuple[str, type[serializers.Serializer[Any]]]]:
    """Every serializer that reads a body."""
    for context in CONTEXTS:
        package = importlib.import_module(f"{context}.api")
        for found in walk_packages(package.__path__, f"{context}.api."):
            module = importlib.import_module(found.name)
            for name, kind in inspect.getmembers(module, inspect.isclass):
                own = kind.__module__ == found.name
                if own and name.endswith("In") and issubclass(kind, serializers.BaseSerializer):
                    yield f"{context}.{name}", kind


def relations() -> set[str]:
    """(serializer, field) of every id that a body may hold."""
    return {
        f"{name}.{field}"
        for name, serializer in inputs()
        for field, kind in serializer().get_fields().items()
        if isinstance(kind, serializers.UUIDField)
    }


# serializer.field → who asks, method, path, the body around the id, and the name of somebody else's thing
FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "cases.UploadIn.case_id": ("OP", "UPLOAD", "/documents/upload", {}, "c"),
    "cases.OfferIn.professional_id": ("SS", "POST", "/cases/{matching}/assign", {}, "waiting"),
    "cases.PeerIn.professional_id": ("SS", "POST", "/cases/{submitted}/peer", {}, "waiting"),
    "cases.ReplyIn.clarification_id": ("OP", "POST", "/cases/{own}/answers", {"answer": "x"}, "question"),
    "identity.PasskeyIn.challenge_id": ("OP", "POST", "/auth/passkeys", {"credential": {}}, "challenge"),
    "identity.PasskeyAnswerIn.challenge_id": ("OP", "POST", "/auth/passkeys/step-up", {"credential": {}}, "challenge"),
    "identity.PasskeySignInIn.challenge_id": ("OP", "POST", "/auth/passkeys/sign-in", {"credential": {}}, "challenge"),
    "identity.ServiceKeyIn.owner_id": (
        "SA",
        "POST",
        "/service-keys",
        next(row.body for row in ROWS if row.name == "make a service key"),
        "po",
    ),
    "analysis.RequestIn.document_id": ("OP", "POST", "/analysis/document", {}, "adoc"),
}
FOREIGN |= {field: asked for area in AREAS for field, asked in getattr(area, "FOREIGN", {}).items()}


class TestIdsInBodies:
    def test_every_writable_id_is_asked_below(self) -> None:
        assert relations() == set(FOREIGN)

    @pytest.mark.parametrize("field", FOREIGN)
    def test_somebody_elses_id_and_one_that_never_was_look_the_same(self, field: str) -> None:
        role, method, path, around, theirs = FOREIGN[field]
        world = World()
        stranger = make_patient()
        path = path.replace("{own}", str(Story(stranger).id))
        client = ApiClient(stranger) if role == "OP" else client_of(world, role)
        told = set()
        for value in (str(world[theirs]), str(uuid4())):
            with undone():
                response = ask(client, method, filled(path, world), {**around, field.rpartition(".")[2]: value})
            told.add((response.status_code, response.json()["code"]))
        # Staff may know of a specialist who is not verified yet; a patient learns nothing of others' things.
        assert len(told) == 1 or role == "SS"
        assert {status for status, _ in told} <= {400, 404, 409}


PRIVILEGED = {
    "id": str(uuid4()),
    "role": "administrator",
    "roles": ["administrator"],
    "is_staff": True,
    "is_active": False,
    "email_verified": False,
    "mfa_enabled": False,
    "patient_id": str(uuid4()),
    "user_id": str(uuid4()),
    "assigned_user_id": str(uuid4()),
    "state": "CLOSED",
    "status": "CLOSED",
    "version": 99,
    "verified": True,
    "created_at": "2001-01-01T00:00:00Z",
}
# As malformed, or as holding fields that nobody knows.
REFUSALS = (400, 422)
WRITES = [row for row in ROWS if row.method in ("POST", "PUT", "PATCH") and isinstance(row.body, dict)]


class TestFieldsNobodyMaySet:
    @pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
    def test_privileged_fields_of_a_body_change_nothing(self, row: Row) -> None:
        """The body with fifteen of them is refused, or leaves the same rows as the body without."""
        role = next((r for r in ("PO", "PA", "PR", "SS", "SA", "AN") if row.cell(r) in "YS1"), None)
        assert role is not None
        world = World()
        path, body = filled(row.path, world), filled(row.body, world)
        client = client_of(world, role)
        before = _settings_of_rows()
        with undone():
            plain = ask(client, row.method, path, body)
            expected = _settings_of_rows()
        with undone():
            tried = ask(client, row.method, path, PRIVILEGED | body)
            found = _settings_of_rows()
        assert tried.status_code in (plain.status_code, *REFUSALS)
        assert found == (expected if tried.status_code == plain.status_code else before)

    def test_the_list_of_privileged_fields_is_long(self) -> None:
        assert len(PRIVILEGED) == 15


def _settings_of_rows() -> dict[str, Any]:
    """How often each value of a privileged column stands in each table: ids differ from try to try, these do not."""
    watched = {"state", "status", "version", "is_staff", "is_active", "role", "verified"}
    counted: dict[str, Any] = {}
    for model in apps.get_models():
        fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.JSONField)]
        columns = sorted({f.name for f in fields} & watched)
        if model._meta.app_label in CONTEXTS and columns:
            rows = model._default_manager.values_list(*columns)
            counted[model._meta.label] = sorted(map(repr, rows))
    return counted


class TestLists:
    def test_no_list_shows_or_counts_what_is_somebody_elses(self) -> None:
        world = World()
        mine = {str(world[name]) for name in ("c", "draft", "signed", "doc", "n", "session", "f", "po")}
        stranger = client_of(world, "OP")
        own = Story(stranger.principal)
        for path in ("/cases", "/notifications", "/sessions", "/consents", "/professionals", "/models"):
            for query in ({}, {"limit": "100"}, {"state": "IN_REVIEW"}):
                told = stranger.get(path, query=query).content.decode()
                assert not [one for one in mine if one in told], path
        rows = stranger.get("/cases").json()["results"]
        assert [row["id"] for row in rows] == [str(own.id)]

    def test_a_page_is_never_longer_than_a_hundred(self) -> None:
        patient = make_patient()
        Story(patient)
        api = ApiClient(patient)
        for wish in ("1000000000", "101"):
            answer = api.get("/cases", query={"limit": wish})
            assert answer.status_code == 400 or len(answer.json()["results"]) <= 100


PAGES = ("/dashboard/sign-in", "/admin/login/", "/api/docs", "/api/redoc")
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_every_page_carries_its_protection(self, path: str, settings: Any) -> None:
        settings.API_DOCUMENTATION_OPEN = True
        answer = Client().get(path)
        assert answer.status_code == 200
        for name, value in HEADERS.items():
            assert value in answer[name], name
        assert "object-src 'none'" in answer["Content-Security-Policy"]
        assert "base-uri 'self'" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/professionals", "/dashboard/sign-in"])
    def test_no_foreign_origin_is_given_credentials(self, path: str) -> None:
        answer = Client().get(path, headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers

    def test_an_answer_of_the_api_is_nobodys_to_keep(self) -> None:
        world = World()
        api = client_of(world, "PO")
        for path in ("/cases", f"/cases/{world['c']}", "/profile/me"):
            assert "no-store" in api.get(path)["Cache-Control"], path

    def test_staff_without_a_second_factor_see_no_page_of_the_admin(self) -> None:
        client = Client()
        account = make_person("administrator")
        from identity import services as identity
        from tests.factories import PASSWORD

        email = identity.get_account(user_id=account.require_user_id()).email
        for _ in range(20):
            client.post("/admin/login/", {"email": email, "password": PASSWORD, "code": "000000"})
            assert client.get("/admin/").status_code == 302
