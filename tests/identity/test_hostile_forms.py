"""Forms of the pages that no browser sends are refused with what to change; none of them is a fault of ours."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from tests.client import ApiClient

pytestmark = pytest.mark.django_db
PAGES = ("/dashboard/sign-in", "/account/sign-in/passkey", "/admin/login/")


def send(path: str, form: dict[str, Any]) -> Any:
    return Client(raise_request_exception=False).post(path, form, headers={"Accept": "text/html"})


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("form", [{"email": "a\0@example.org", "password": "x"}, {"e\0": "x"}, {"username": "\0"}])
def test_a_nul_in_a_form_is_refused_on_every_page(path: str, form: dict[str, str]) -> None:
    answer = send(path, form)
    assert answer.status_code == 400
    assert "NUL" in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_form_of_too_many_fields_is_told_how_many_it_may_have(path: str) -> None:
    answer = send(path, {f"field{number}": "x" for number in range(900)})
    assert answer.status_code == 400
    assert "more than 500 fields" in answer.content.decode()


@pytest.mark.parametrize("credential", ["[" * 5_000, '{"a":' * 5_000, '{"id": "\\u0000"}', "[]", "{", ""])
def test_a_passkey_that_is_no_passkey_is_refused(credential: str) -> None:
    challenge = "00000000-0000-4000-8000-000000000000"
    answer = send("/account/sign-in/passkey", {"credential": credential, "challenge_id": challenge})
    assert answer.status_code == 400
    assert "Your browser gave no passkey" in answer.content.decode()


@pytest.mark.parametrize("text", ["[" * 5_000, '{"a":' * 5_000])
def test_a_token_whose_head_is_nested_deeply_is_no_token(api: ApiClient, text: str) -> None:
    head = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    answer = api.get("/notifications", headers={"Authorization": f"Bearer {head}.e30.AAAA"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
