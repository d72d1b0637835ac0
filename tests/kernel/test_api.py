"""Errors are problem documents, policies are kept, hostile bodies are 400s."""

import json
from typing import Any

import pytest

from tests.client import ApiClient, access_token, make_principal

pytestmark = [pytest.mark.urls("tests.kernel.sample_urls")]


def _problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert body["type"] == f"urn:sop:problem:{body['code']}"
    assert body["detail"]
    return body


def test_an_anonymous_caller_of_an_open_end_point_is_served(api: ApiClient) -> None:
    assert api.get("/open").json() == {"kind": "anonymous"}


def test_an_anonymous_caller_of_a_closed_end_point_is_told_to_sign_in(api: ApiClient) -> None:
    response = api.get("/nurses")
    assert _problem(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer rubbish", "Basic dXNlcjpwYXNz", "Bearer", "bearer  "])
@pytest.mark.parametrize("path", ["/open", "/hot"])
def test_a_bad_token_is_refused_even_where_none_is_needed(api: ApiClient, header: str, path: str) -> None:
    assert _problem(api.get(path, headers={"Authorization": header}), 401)["code"] == "token_invalid"


def test_another_role_is_forbidden_and_told_so(api: ApiClient) -> None:
    response = api.as_(make_principal("patient", mfa=True)).post("/nurses", {})
    assert _problem(response, 403)["code"] == "role_forbidden"


def test_a_stale_second_factor_is_told_to_step_up(api: ApiClient) -> None:
    assert _problem(api.as_(make_principal("nurse")).post("/nurses", {}), 403)["code"] == "step_up_required"
    assert api.as_(make_principal("nurse", mfa=True)).post("/nurses", {}).status_code == 200


@pytest.mark.parametrize("base", ["/failing", "/hot"])
@pytest.mark.parametrize(
    ("which", "status", "retry_after"),
    [
        ("conflict", 409, None),
        ("notfound", 404, None),
        ("locked", 423, None),
        ("toomany", 429, "7"),
        ("unavailable", 503, "9"),
    ],
)
def test_a_domain_error_becomes_its_status(
    api: ApiClient, base: str, which: str, status: int, retry_after: str | None
) -> None:
    response = api.as_(make_principal("patient")).get(f"{base}/{which}")
    body = _problem(response, status)
    assert response.headers.get("Retry-After") == retry_after
    if which == "conflict":
        assert body["guard"] == "submitted"


@pytest.mark.parametrize("base", ["/failing", "/hot"])
def test_a_fault_of_ours_tells_nothing_of_itself(api: ApiClient, base: str) -> None:
    response = api.as_(make_principal("patient")).get(f"{base}/bug")
    _problem(response, 500)
    assert b"Keller" not in response.content


def test_every_wrong_field_is_pointed_to(api: ApiClient) -> None:
    body = _problem(api.post("/open", {"amounts": [1, "two"]}), 400)
    assert {error["pointer"] for error in body["errors"]} == {"#/name", "#/amounts/1"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"name": ' + b'{"a":' * 50 + b"1" + b"}" * 51,
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
        b"\xff\xfe",
        b"nothing",
        b'"text"',
        b"[]",
    ],
)
def test_a_hostile_body_is_a_400(api: ApiClient, body: bytes) -> None:
    _problem(api.post("/open", body), 400)


@pytest.mark.parametrize("body", [b'{"name":"x","name":"y"}', b'{"name":"x","amounts":[{"a":1,"\\u0061":2}]}'])
def test_a_name_that_stands_twice_is_named_and_refused(api: ApiClient, body: bytes) -> None:
    said = _problem(api.post("/open", body), 400)
    assert said["errors"][0]["code"] == "repeated_name"
    assert "'name'" in said["detail"] or "'a'" in said["detail"]


def test_a_body_of_more_values_than_anybody_sends_is_refused_before_they_are_looked_at(api: ApiClient) -> None:
    body = b'{"name": "x", "amounts": [' + b"{}," * 330_000 + b"{}]}"
    answer = api.post("/open", body)
    assert _problem(answer, 413)["code"] == "too_large"
    assert len(answer.content) < 1_000
    assert api.post("/open", {"name": ",[{" * 100_000, "amounts": [1] * 9_000}).status_code == 201


def test_of_many_wrong_fields_the_first_are_named_and_all_are_counted(api: ApiClient) -> None:
    body = _problem(api.post("/open", {"name": "x", "amounts": ["two"] * 9_000}), 400)
    assert (len(body["errors"]), body["error_count"]) == (50, 9_000)


def test_a_body_over_one_megabyte_is_refused(api: ApiClient) -> None:
    assert _problem(api.post("/open", b'{"name": "' + b"x" * 1_100_000 + b'"}'), 413)["code"] == "too_large"


def test_a_form_is_not_taken_where_json_is_wanted(api: ApiClient) -> None:
    _problem(api.upload("/open", {"name": "x"}), 415)


def test_an_unknown_method_or_address_is_a_problem_document(api: ApiClient) -> None:
    _problem(api.delete("/open"), 405)
    _problem(api.post("/bytes", {}), 405)
    _problem(api.get("/nowhere"), 404)


def test_a_page_of_a_hot_list_links_to_the_next(api: ApiClient) -> None:
    caller = api.as_(make_principal("patient"))
    first = caller.get("/hot?limit=3").json()
    assert len(first["results"]) == 3
    assert first["next"].startswith("/api/v1/hot?limit=3&cursor=")
    assert len(caller.get("/hot?limit=100").json()["results"]) == 100


@pytest.mark.parametrize(
    "query",
    ["limit=101", "limit=999999999", "limit=0", "limit=-1", "limit=x", "cursor=%21", "cursor=AAAA", "cursor=ü"],
)
def test_a_wrong_page_parameter_is_a_400(api: ApiClient, query: str) -> None:
    assert _problem(api.as_(make_principal("patient")).get(f"/hot?{query}"), 400)["errors"]


def test_a_nul_in_the_address_is_a_400_that_says_so(api: ApiClient) -> None:
    assert "NUL" in _problem(api.as_(make_principal("patient")).get("/hot?limit=%00"), 400)["detail"]


@pytest.mark.parametrize(("header", "version"), [('"3"', 3), ('W/"12"', 12), ("*", None)])
def test_if_match_names_a_version(api: ApiClient, header: str, version: int | None) -> None:
    answer = api.as_(make_principal("patient")).get("/nurses", headers={"If-Match": header})
    assert answer.json() == {"version": version}
    assert answer["ETag"] == '"3"'


def test_an_unreadable_if_match_is_a_400(api: ApiClient) -> None:
    _problem(api.as_(make_principal("patient")).get("/nurses", headers={"If-Match": "three"}), 400)


def test_a_harmless_request_id_is_kept_and_any_other_replaced(api: ApiClient) -> None:
    assert api.get("/open", headers={"X-Request-ID": "abc-1234567890abc"})["X-Request-ID"] == "abc-1234567890abc"
    replaced = api.get("/open", headers={"X-Request-ID": "x\r\ny"})["X-Request-ID"]
    assert len(replaced) == 32


def test_an_api_answer_is_never_cached_by_others_and_never_sniffed(api: ApiClient) -> None:
    answer = api.get("/bytes")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.json() == {"ready": True}


def test_an_api_call_needs_no_query_and_sets_no_cookie(api: ApiClient) -> None:
    token = access_token(make_principal("patient"))
    answer = api.get("/hot", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert not answer.cookies


def test_the_key_set_is_public(api: ApiClient) -> None:
    assert api.get("/.well-known/jwks.json").json()["keys"][0]["alg"] == "ES256"
