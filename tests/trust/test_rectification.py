"""A person says what is wrong; somebody else answers once; the person is told, and nothing is overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, NotFound
from identity import services as identity
from identity.models import AuditEntry, Rectification
from notifications.models import Notice
from tests.cases.support import by
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
CLAIM = {"about": "document", "wrong": "Knee, left: canarywrong", "right": "Knee, right: canaryright"}


def test_a_claim_is_made_answered_once_and_told() -> None:
    patient, officer = make_patient(), make_person("privacy_officer")
    who = patient.require_user_id()
    made = ApiClient(patient).post(f"/users/{who}/rectifications", CLAIM)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["answer"]) == ("OPEN", "")
    decided = ApiClient(officer).post(
        f"/rectifications/{made.json()['id']}/decision", {"accept": True, "answer": "A note stands beside it."}
    )
    assert decided.status_code == 200
    again = ApiClient(officer).post(f"/rectifications/{made.json()['id']}/decision", {"accept": False, "answer": "No."})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    (listed,) = ApiClient(patient).get(f"/users/{who}/rectifications").json()
    assert (listed["state"], listed["answer"]) == ("ACCEPTED", "A note stands beside it.")
    drain()
    assert Notice.objects.filter(user_id=who, kind="rectification_answered").count() == 1
    actions = AuditEntry.objects.filter(patient_id=who, action__startswith="rectification.")
    assert sorted(actions.values_list("action", flat=True)) == [
        "rectification.decide", "rectification.list", "rectification.request",
    ]  # fmt: skip


def test_what_is_claimed_is_sealed_and_in_the_persons_export_list() -> None:
    patient = make_patient()
    with by(patient):
        identity.request_rectification(principal=patient, user_id=patient.require_user_id(), **CLAIM)
    row = Rectification.objects.get()
    assert b"canary" not in bytes(row.claim_sealed)
    assert row.due_at - row.created_at <= timedelta(days=30, seconds=5)


def test_nobody_answers_their_own_claim_nor_claims_for_others() -> None:
    officer, other = make_person("privacy_officer"), make_patient()
    who = officer.require_user_id()
    with by(officer):
        claim = identity.request_rectification(principal=officer, user_id=who, **CLAIM)
        with pytest.raises(Forbidden):
            identity.decide_rectification(principal=officer, claim_id=claim.id, accept=True, answer="Yes.")
    with by(other), pytest.raises(NotFound):
        identity.list_rectifications(principal=other, user_id=who)
    with by(other), pytest.raises(NotFound):
        identity.request_rectification(principal=other, user_id=who, **CLAIM)


def test_the_eleventh_open_claim_waits() -> None:
    patient = make_patient()
    who = patient.require_user_id()
    with by(patient):
        for _ in range(10):
            identity.request_rectification(principal=patient, user_id=who, **CLAIM)
        with pytest.raises(Conflict):
            identity.request_rectification(principal=patient, user_id=who, **CLAIM)


def test_the_staffs_queue_says_what_is_late_and_never_what_is_claimed() -> None:
    from django.contrib.admin.sites import site

    patient = make_patient()
    with by(patient):
        identity.request_rectification(principal=patient, user_id=patient.require_user_id(), **CLAIM)
    page = site.get_model_admin(Rectification)
    row = Rectification.objects.get()
    assert page.late(row) is False
    with clock.shifted(timedelta(days=31)):
        assert page.late(row) is True
    assert {"claim_sealed", "answer_sealed"} <= set(page.exclude)
