"""The professionals end points, for every role."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from professionals import services
from professionals.models import Professional
from tests.client import ApiClient, make_principal
from tests.factories import PASSWORD, make_account, make_person
from tests.professionals.conftest import licence, register

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
PUBLIC = {
    "id",
    "display_name",
    "specialty",
    "languages",
    "organisation",
    "biography",
    "sub_specialties",
    "procedures",
    "accepting",
    "licence_places",
}
REGISTRATION = {
    "email": "new@example.org",
    "password": PASSWORD,
    "full_name": "Dr. Neu",
    "specialty": "cardiology",
    "languages": ["de"],
}


def _licence_body(**changes: Any) -> dict[str, Any]:
    given = licence(**changes)
    return {"licences": [{k: str(v) for k, v in vars(given).items()}]}


def test_anybody_registers_and_gets_a_pending_profile(api: ApiClient) -> None:
    answer = api.post("/professionals/register", REGISTRATION)
    assert answer.status_code == 201
    assert answer.json()["state"] == "PENDING"
    assert answer["Location"].endswith(answer.json()["id"])


def test_nobody_learns_whether_an_address_has_an_account(api: ApiClient) -> None:
    make_account(email="known@example.org")
    answers = [
        api.post("/professionals/register", REGISTRATION | {"email": email})
        for email in ("known@example.org", "unknown@example.org")
    ]
    told = [{**answer.json(), "id": "", "user_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert told[0] == told[1]
    assert set(answers[0].headers) == set(answers[1].headers)


def test_sending_it_again_gives_the_same_profile_and_another_password_another(api: ApiClient) -> None:
    first, again, other = (
        api.post("/professionals/register", REGISTRATION | changes)
        for changes in ({}, {}, {"password": "another long password here"})
    )
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]


@pytest.mark.parametrize(
    "changes",
    [{"email": "no"}, {"password": "short"}, {"specialty": "astrology"}, {"languages": ["german"]}, {"full_name": ""}],
)
def test_a_wrong_registration_names_the_field(api: ApiClient, changes: dict[str, Any]) -> None:
    answer = api.post("/professionals/register", REGISTRATION | changes)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith(f"#/{next(iter(changes))}")


def test_a_specialist_submits_licences_and_others_do_not(api: ApiClient) -> None:
    _, principal = register()
    assert api.post("/professionals/verify", _licence_body()).status_code == 401
    for role in ("patient", "coordinator", "administrator"):
        assert api.as_(make_person(role)).post("/professionals/verify", _licence_body()).status_code == 403
    assert api.as_(principal).post("/professionals/verify", {"licences": []}).status_code == 400
    assert api.as_(principal).post("/professionals/verify", _licence_body()).status_code == 200


def test_two_administrators_decide_over_http(api: ApiClient) -> None:
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence()])
    path = f"/professionals/{profile.id}/decision"
    first, second = (api.as_(make_person("administrator")) for _ in range(2))
    for role in ("patient", "professional", "coordinator"):
        assert api.as_(make_person(role)).post(path, {"step": "approve"}).status_code == 403
    assert first.post(path, {"step": "approve"}).status_code == 409
    assert first.post(path, {"step": "prepare"}).status_code == 400
    assert first.post(path, {"step": "prepare", "evidence": "register"}).status_code == 200
    assert first.post(path, {"step": "approve"}).status_code == 403
    assert second.post(path, {"step": "approve"}).json()["state"] == "VERIFIED"


def test_the_list_shows_verified_specialists_and_allowed_fields_only(api: ApiClient, verified: Make) -> None:
    profile, _ = verified()
    register()
    for reader in (api, api.as_(make_principal("patient"))):
        body = reader.get("/professionals").json()
        assert [row["id"] for row in body["results"]] == [str(profile.id)]
        assert set(body["results"][0]) == PUBLIC


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("specialty=cardiology", 1),
        ("specialty=oncology", 0),
        ("language=de", 1),
        ("language=fr", 0),
        ("place=DE", 1),
        ("place=US-CA", 0),
    ],
)
def test_the_list_is_filtered(api: ApiClient, verified: Make, query: str, found: int) -> None:
    verified()
    assert len(api.as_(make_principal("patient")).get(f"/professionals?{query}").json()["results"]) == found


@pytest.mark.parametrize("query", ["specialty=%00", "limit=-1", "cursor=zzz", "language=" + "x" * 50])
def test_a_wrong_filter_is_a_400(api: ApiClient, query: str) -> None:
    assert api.as_(make_principal("patient")).get(f"/professionals?{query}").status_code == 400


def test_the_list_costs_one_query_however_long_it_is(
    api: ApiClient, verified: Make, django_assert_num_queries: Any
) -> None:
    caller = api.as_(make_principal("patient"))
    for _ in range(3):
        verified()
    with django_assert_num_queries(1, using="professionals"):
        body = caller.get("/professionals?limit=2").json()
    assert len(body["results"]) == 2
    rest = caller.get(body["next"]).json()
    assert len(rest["results"]) == 1
    assert rest["next"] is None


def test_a_profile_shows_each_reader_what_is_theirs(api: ApiClient, verified: Make) -> None:
    profile, principal = verified()
    path = f"/professionals/{profile.id}"
    assert set(api.get(path).json()) == PUBLIC
    assert set(api.as_(make_principal("patient")).get(path).json()) == PUBLIC
    assert set(api.as_(make_person("coordinator")).get(path).json()) == PUBLIC
    assert "state" in api.as_(principal).get(path).json()
    assert "state" in api.as_(make_person("administrator")).get(path).json()
    assert api.as_(principal).get(f"/professionals/{uuid4()}").status_code == 404


def test_an_unverified_profile_exists_for_its_owner_and_administrators_only(api: ApiClient) -> None:
    profile, principal = register()
    path = f"/professionals/{profile.id}"
    assert api.as_(principal).get(path).status_code == 200
    assert api.as_(make_person("administrator")).get(path).status_code == 200
    for role in ("patient", "coordinator", "professional"):
        assert api.as_(make_person(role)).get(path).status_code == 404


def test_a_specialist_changes_public_fields_and_no_others(api: ApiClient, verified: Make) -> None:
    profile, principal = verified()
    path, caller = f"/professionals/{profile.id}", api.as_(principal)
    read = caller.get(path)
    changed = caller.put(path, {"biography": "Twenty years."}, headers={"If-Match": read["ETag"]})
    assert changed.json()["biography"] == "Twenty years."
    assert caller.put(path, {"biography": "Late."}, headers={"If-Match": read["ETag"]}).status_code == 412
    for field in ("state", "licence_places", "capacity", "rating", "user_id", "version"):
        refused = caller.put(path, {field: "VERIFIED"})
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["pointer"] == f"#/{field}"
    _, other = verified()
    assert api.as_(other).put(path, {"biography": "x"}).status_code == 404
    assert api.as_(make_person("administrator")).put(path, {"biography": "x"}).status_code == 403
    assert Professional.objects.get(id=profile.id).biography == "Twenty years."


def test_licences_are_shown_to_their_holder_and_administrators(api: ApiClient, verified: Make) -> None:
    profile, principal = verified()
    path = f"/professionals/{profile.id}/credentials"
    assert api.get(path).status_code == 401
    (shown,) = api.as_(principal).get(path).json()
    assert shown["number_ending"].startswith("…")
    assert "number" not in shown
    assert api.as_(make_person("administrator")).get(path).status_code == 200
    assert api.as_(make_person("patient")).get(path).status_code == 403
    _, other = verified()
    assert api.as_(other).get(path).status_code == 404


def test_availability_belongs_to_the_caller(api: ApiClient, verified: Make) -> None:
    profile, principal = verified()
    hours = {"weekly_hours": [{"weekday": 0, "start": "09:00", "end": "12:30"}], "capacity": 3}
    assert api.post("/availability", hours).status_code == 401
    assert api.as_(make_person("patient")).post("/availability", hours).status_code == 403
    assert api.as_(principal).post("/availability", hours).json()["capacity"] == 3
    wrong = {"weekly_hours": [{"weekday": 0, "start": "12:00", "end": "09:00"}]}
    assert api.as_(principal).post("/availability", wrong).status_code == 400
    assert api.as_(principal).post("/availability", {"capacity": 0}).status_code == 400
    row = Professional.objects.get(id=profile.id)
    assert row.weekly_hours == [{"weekday": 0, "start": "09:00", "end": "12:30"}]
