"""A repeated POST has one effect and the same answer."""

import threading
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections

from cases.models import IdempotencyKey, Job
from config.kernel.auth import Principal
from tests.client import ApiClient, make_principal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.kernel.sample_urls")]


@pytest.fixture
def patient(api: ApiClient) -> ApiClient:
    return api.as_(make_principal("patient"))


def _post(caller: ApiClient, key: str, name: str = "a") -> tuple[int, bytes, str]:
    response = caller.post("/counted", {"name": name}, headers={"Idempotency-Key": key})
    return response.status_code, response.content, response.headers.get("Location", "")


def test_the_second_post_gets_the_first_answer(patient: ApiClient) -> None:
    first = _post(patient, "key-1")
    assert first[0] == 201
    assert _post(patient, "key-1") == first
    assert Job.objects.count() == 1


def test_without_a_key_every_post_counts(patient: ApiClient) -> None:
    patient.post("/counted", {"name": "a"})
    patient.post("/counted", {"name": "a"})
    assert Job.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(patient: ApiClient) -> None:
    _post(patient, "key-1")
    response = patient.post("/counted", {"name": "b"}, headers={"Idempotency-Key": "key-1"})
    assert response.status_code == 422
    assert response.json()["code"] == "key_reused"


def test_keys_of_two_people_do_not_meet(api: ApiClient, patient: ApiClient) -> None:
    other: Principal = make_principal("patient")
    assert _post(patient, "key-1") != _post(api.as_(other), "key-1")
    assert Job.objects.count() == 2


@pytest.mark.parametrize("name", ["refused", "crash"])
def test_a_post_that_failed_leaves_neither_effect_nor_key(patient: ApiClient, name: str) -> None:
    _post(patient, "key-1", name)
    assert (Job.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "ümlaut"])
def test_an_unusable_key_is_a_400(patient: ApiClient, key: str) -> None:
    assert _post(patient, key)[0] == 400


def test_the_stored_answer_cannot_be_read_from_the_row(patient: ApiClient) -> None:
    body = _post(patient, "key-1")[1]
    assert body not in bytes(IdempotencyKey.objects.get().answer_sealed)


def test_sixteen_equal_posts_at_once_have_one_effect(patient: ApiClient) -> None:
    answers: list[int] = []

    def post() -> None:
        try:
            answers.append(_post(ApiClient(patient.principal), "key-1")[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Job.objects.count() == 1
    assert set(answers) <= {201, 409}
    assert 201 in answers


def test_keys_of_two_services_do_not_meet(api: ApiClient) -> None:
    answers = set()
    for _ in range(2):
        service = Principal(kind="service", key_id=uuid4(), roles=frozenset({"patient"}))
        with mock.patch("config.kernel.api.authentication.decode_access", return_value=service):
            answers.add(_post(api.as_(make_principal("patient")), "key-1"))
    assert len(answers) == 2
    assert Job.objects.count() == 2


def test_a_caller_who_is_nobody_shares_no_key_with_others(api: ApiClient) -> None:
    with mock.patch("config.kernel.api.authentication.decode_access", return_value=Principal(kind="service")):
        assert _post(api.as_(make_principal("patient")), "key-1")[0] == 401
    assert Job.objects.count() == 0
