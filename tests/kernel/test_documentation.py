"""The API's documentation: open in trial; in production for staff and service keys."""

from pathlib import Path
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from config.kernel.api import documentation
from config.kernel.conf import setting
from tests.client import ApiClient

ADDRESSES = ("/api/schema", "/api/docs", "/api/redoc")


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_production_strangers_and_patients_do_not_read_it(address: str, principal) -> None:
    assert setting("API_DOCUMENTATION_OPEN") is False
    assert Client().get(address).status_code == 401
    assert ApiClient(principal("patient")).get(address).status_code == 403
    refused = Client().get(address, headers={"Authorization": "Bearer rubbish"})
    assert refused.status_code == 401
    assert refused["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ADDRESSES)
def test_staff_read_it_with_their_token(address: str, principal) -> None:
    assert ApiClient(principal("support")).get(address).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_trial_everybody_reads_it(address: str, settings) -> None:
    settings.API_DOCUMENTATION_OPEN = True
    assert Client().get(address).status_code == 200


def test_a_process_makes_the_document_once(principal) -> None:
    documentation._written.cache_clear()
    reader = ApiClient(principal("support"))
    with mock.patch.object(
        SchemaGenerator, "get_schema", autospec=True, side_effect=SchemaGenerator.get_schema
    ) as made:
        answers = [reader.get("/api/schema", headers={"Accept": "application/json"}) for _ in range(3)]
        assert made.call_count == 1
        written = reader.get("/api/schema")
    assert answers[0].content == answers[2].content
    assert answers[0].json()["info"]["version"] == "1.0.0 (v1)"
    assert written["Content-Type"] == "application/vnd.oai.openapi"
    assert written.content.startswith(b"openapi: 3.1")


def test_every_operation_and_shape_is_described_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", file=str(tmp_path / "openapi.yaml"), validate=True, fail_on_warn=True)
    assert "openapi: 3.1" in (tmp_path / "openapi.yaml").read_text()[:100]
