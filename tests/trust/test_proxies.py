"""A caregiver does what the patient let them do, in the patient's cases, until it ends; and then nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import AuditEntry
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from identity import services as identity
from identity.models import AuditEntry as IdentityAudit
from identity.models import Proxy
from identity.services.privacy import proxies
from notifications.models import Notice
from tests.authorization.rows import AREAS, ROWS
from tests.authorization.test_matrix import ask
from tests.authorization.world import World, filled, undone
from tests.cases.support import Story, by, make_specialist
from tests.client import ApiClient
from tests.factories import make_account, make_patient, make_person, principal_for

pytestmark = pytest.mark.django_db
ALL = ("read", "upload", "message", "manage")


def _email(who: Principal) -> str:
    return identity.get_account(user_id=who.require_user_id()).email


def name(patient: Principal, caregiver: Principal, *scopes: str, case_id: UUID | None = None, **changes: Any) -> UUID:
    """The patient names the caregiver, who accepts; returns the permission's id."""
    given = {"ends_at": clock.now() + timedelta(days=30), "case_id": case_id} | changes
    with by(patient):
        made = identity.offer_proxy(principal=patient, email=_email(caregiver), scopes=scopes or ALL, **given)
    with by(caregiver):
        identity.answer_proxy(principal=caregiver, proxy_id=made.id, accept=True)
    return made.id


def _offer(api: ApiClient, patient: Principal, address: str, **changes: Any) -> Any:
    body = {"email": address, "scopes": ["read"], "ends_at": clock.now() + timedelta(days=9)}
    return api.as_(patient).post("/proxies", body | changes)


# Which scope opens a delegate's cells; those of the design that say D.
SCOPES = {
    "I12 who read my data": "read",
    "I12 as FHIR": "read",
    "C2 list": "read",
    "C3 read": "read",
    "C4 edit a draft": "manage",
    "C6 withdraw": "manage",
    "C10 answer": "message",
    "C12 read a signed opinion": "read",
    "C16 messages": "message",
    "C16 write a message": "message",
    "C17 upload": "upload",
    "C18 metadata": "read",
    "C19 content": "read",
    "picture of a page": "read",
    "thumbnail of a page": "read",
    "text of a page": "read",
    "history": "read",
    "what may happen": "read",
    "documents of a case": "read",
    "questions of a case": "read",
    "report": "read",
    "report as PDF": "read",
    "report as FHIR": "read",
    "A1 start": "manage",
} | {row: scope for area in AREAS for row, scope in getattr(area, "SCOPES", {}).items()}


@pytest.mark.parametrize("row", [row for row in ROWS if row.name in SCOPES], ids=lambda row: row.name)
def test_a_delegates_cell_opens_by_its_scope_alone(row: Any) -> None:
    world, needed = World(), SCOPES[row.name]
    path, body, listed = filled(row.path, world), filled(row.body, world), filled(row.absent, world)
    for scope in ALL:
        with undone():
            caregiver = make_patient()
            name(world.owner, caregiver, scope)
            response = ask(ApiClient(caregiver), row.method, path, body)
            opens = needed == scope or (needed, scope) == ("read", "manage")
            if listed:
                assert (listed in response.content.decode()) is opens
            elif opens:
                assert response.status_code in (200, 201, 202, 204), response.content
            else:
                assert response.status_code == 404, (scope, response.content)


def test_every_d_cell_of_the_matrix_is_asked_here() -> None:
    pending = {"C1 open", "accept or decline a proxy"}
    assert {row.name for row in ROWS if row.cell("DE") == "D"} - pending == set(SCOPES)


@pytest.mark.parametrize("row", [row for row in ROWS if row.cell("DE") in "39"], ids=lambda row: row.name)
def test_what_no_delegate_may_is_refused_with_all_scopes(row: Any) -> None:
    world = World()
    path, body = filled(row.path, world), filled(row.body, world)
    caregiver = make_patient()
    name(world.owner, caregiver)
    response = ask(ApiClient(caregiver), row.method, path, body)
    assert response.status_code == {"3": 403, "9": 409}[row.cell("DE")], response.content


@pytest.mark.parametrize("attempt", range(20))
def test_after_revocation_nothing_opens_at_the_next_request(api: ApiClient, attempt: int) -> None:
    story, caregiver = Story(), make_patient()
    permission = name(story.patient, caregiver)
    document = story.put_document()
    asked = (f"/cases/{story.id}", f"/documents/{document.id}/content", f"/documents/{document.id}")
    reader = api.as_(caregiver)
    assert [reader.get(path).status_code for path in asked] == [200, 200, 200]
    ended = api.as_(story.patient if attempt % 2 else caregiver).delete(f"/proxies/{permission}")
    assert ended.status_code == 204
    assert [reader.get(path).status_code for path in asked] == [404, 404, 404]
    assert str(story.id) not in reader.get("/cases").content.decode()


def test_at_its_end_a_permission_ends_by_itself(api: ApiClient) -> None:
    story, caregiver = Story(), make_patient()
    name(story.patient, caregiver, ends_at=clock.now() + timedelta(days=2))
    with clock.frozen(clock.now() + timedelta(days=2, seconds=1)):
        assert api.as_(caregiver).get(f"/cases/{story.id}").status_code == 404
        assert [one["state"] for one in api.as_(story.patient).get("/proxies").json()] == ["ENDED"]


def test_a_permission_for_one_case_opens_that_one(api: ApiClient) -> None:
    story = Story()
    other, caregiver = Story(story.patient), make_patient()
    name(story.patient, caregiver, case_id=story.id)
    reader = api.as_(caregiver)
    assert [reader.get(f"/cases/{one.id}").status_code for one in (story, other)] == [200, 404]
    listed = [one["id"] for one in reader.get("/cases").json()["results"]]
    assert listed == [str(story.id)]
    assert reader.get("/audit", query={"patient": story.patient.user_id}).status_code == 404


def test_what_a_delegate_does_is_recorded_on_behalf_of_the_patient(api: ApiClient) -> None:
    story, caregiver = Story(), make_patient()
    permission = str(name(story.patient, caregiver))
    reader = api.as_(caregiver)
    document = story.put_document()
    reader.get("/cases")
    reader.get(f"/cases/{story.id}")
    reader.get(f"/documents/{document.id}")
    rows = AuditEntry.objects.filter(actor_id=caregiver.user_id, patient_id=story.patient.user_id)
    assert {row.action for row in rows} == {"case.list", "case.read", "document.read"}
    assert {row.detail["on_behalf_of"] for row in rows} == {permission}
    ledger = api.as_(story.patient).get("/audit", query={"patient": story.patient.user_id}).json()["results"]
    told = [one for one in ledger if one["action"] == "case.read" and one["kind"] == "delegate"]
    assert [one["on_behalf"] for one in told] == [True]


def test_a_delegates_own_cases_are_not_recorded_on_behalf_of_anybody(api: ApiClient) -> None:
    story, caregiver = Story(), make_patient()
    name(story.patient, caregiver)
    own = Story(caregiver)
    api.as_(caregiver).get("/cases")
    api.as_(caregiver).get(f"/cases/{own.id}")
    rows = AuditEntry.objects.filter(actor_id=caregiver.user_id, patient_id=caregiver.user_id)
    assert not [row for row in rows if "on_behalf_of" in row.detail]


def test_the_answer_does_not_tell_whether_the_address_has_an_account(api: ApiClient) -> None:
    patient, known = make_patient(), make_account()
    answers = [_offer(api, patient, email) for email in (known.email, f"{uuid4().hex}@example.org")]
    assert [one.status_code for one in answers] == [201, 201]
    differing = {"id", "ends_at"}
    first, second = ({k: v for k, v in one.json().items() if k not in differing} for one in answers)
    assert first == second


def test_the_person_named_is_told_and_sees_the_offer_and_the_patient_hears_of_the_answer(api: ApiClient) -> None:
    patient, caregiver = make_patient(), make_patient()
    offered = _offer(api, patient, _email(caregiver).upper()).json()
    drain()
    assert Notice.objects.filter(user_id=caregiver.user_id, kind="proxy_offered").count() == 1
    assert [one["id"] for one in api.as_(caregiver).get("/proxies").json()] == [offered["id"]]
    answered = api.as_(caregiver).post(f"/proxies/{offered['id']}/answer", {"accept": True})
    assert answered.json()["state"] == "ACTIVE"
    api.as_(patient).delete(f"/proxies/{offered['id']}")
    drain()
    assert Notice.objects.filter(user_id=patient.user_id, kind="proxy_accepted").count() == 1
    assert Notice.objects.filter(user_id=caregiver.user_id, kind="proxy_ended").count() == 1


def test_only_the_account_that_holds_the_address_accepts(api: ApiClient) -> None:
    patient, caregiver = make_patient(), make_patient()
    offered = _offer(api, patient, _email(caregiver)).json()["id"]
    for stranger in (make_patient(), patient, make_person("administrator")):
        assert api.as_(stranger).post(f"/proxies/{offered}/answer", {"accept": True}).status_code == 404
    assert Proxy.objects.get(id=offered).state == "OFFERED"


def test_an_unconfirmed_address_accepts_nothing(api: ApiClient) -> None:
    patient, account = make_patient(), make_account(email_verified=False)
    offered = _offer(api, patient, account.email).json()["id"]
    assert api.as_(principal_for(account)).post(f"/proxies/{offered}/answer").status_code == 401


@pytest.mark.parametrize("role", ["professional", "coordinator", "administrator"])
def test_who_works_here_acts_for_nobody(api: ApiClient, role: str) -> None:
    patient, worker = make_patient(), make_person(role, "patient")
    offered = _offer(api, patient, _email(worker)).json()["id"]
    assert api.as_(worker).post(f"/proxies/{offered}/answer").status_code == 403


def test_who_gains_a_role_later_loses_the_sight_of_a_second_one(api: ApiClient) -> None:
    story, caregiver = Story(), make_patient()
    name(story.patient, caregiver)
    worker = replace(caregiver, roles=frozenset({"patient", "professional"}))
    assert api.as_(worker).get(f"/cases/{story.id}").status_code == 404


def test_naming_somebody_needs_a_fresh_proof_and_revoking_none(api: ApiClient) -> None:
    account = make_account()
    stale = principal_for(account, mfa=False)
    refused = _offer(api, stale, "a@example.org")
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    made = _offer(api, principal_for(account), "a@example.org").json()["id"]
    assert api.as_(stale).delete(f"/proxies/{made}").status_code == 204


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"ends_at": "2020-01-01T00:00:00Z"},
        {"ends_at": "2999-01-01T00:00:00Z"},
        {"relationship": "boss"},
        {"email": "nobody"},
    ],
)
def test_a_permission_without_bounds_is_refused(api: ApiClient, wrong: dict[str, Any]) -> None:
    response = _offer(api, make_patient(), "a@example.org", **wrong)
    assert response.status_code == 400
    assert not Proxy.objects.exists()


def test_nobody_names_themselves(api: ApiClient) -> None:
    patient = make_patient()
    assert _offer(api, patient, _email(patient)).status_code == 400


class TestGuardians:
    @pytest.fixture
    def child(self) -> Principal:
        return make_patient(date_of_birth=clock.now().date() - timedelta(days=365 * 10))

    def test_a_guardian_acts_after_staff_confirmed_and_they_accepted(self, api: ApiClient, child: Principal) -> None:
        story, parent = Story(child), make_patient()
        made = _offer(api, child, _email(parent), guardian=True, relationship="parent", scopes=list(ALL)).json()
        assert made["state"] == "ATTESTED"
        assert api.as_(parent).get("/proxies").json() == []
        assert api.as_(parent).post(f"/proxies/{made['id']}/answer").status_code == 404
        confirmed = api.as_(make_person("coordinator")).post(f"/proxies/{made['id']}/confirm", {"approve": True})
        assert confirmed.json()["state"] == "OFFERED"
        assert api.as_(parent).post(f"/proxies/{made['id']}/answer").status_code == 200
        assert api.as_(parent).put(f"/cases/{story.id}", {"title": "New"}).status_code == 200
        actions = IdentityAudit.objects.filter(object_id=made["id"]).order_by("at").values_list("action", flat=True)
        assert list(actions) == ["proxy.grant", "proxy.confirm", "proxy.accept"]

    def test_a_guardian_ends_with_the_eighteenth_birthday_at_the_latest(self, api: ApiClient) -> None:
        born = date(clock.now().year - 17, 1, 1)
        youth = make_patient(date_of_birth=born)
        of_age = f"{born.year + 18}-01-01T00:00:00Z"
        late = _offer(api, youth, "a@example.org", guardian=True, ends_at=f"{born.year + 18}-01-01T00:00:01Z")
        assert late.status_code == 400
        assert _offer(api, youth, "a@example.org", guardian=True, ends_at=of_age).status_code == 201

    def test_adults_have_no_guardian(self, api: ApiClient) -> None:
        assert _offer(api, make_patient(), "a@example.org", guardian=True).status_code == 409

    def test_what_staff_did_not_find_true_opens_nothing(self, api: ApiClient, child: Principal) -> None:
        parent = make_patient()
        made = _offer(api, child, _email(parent), guardian=True).json()["id"]
        coordinator = api.as_(make_person("coordinator"))
        assert coordinator.post(f"/proxies/{made}/confirm", {"approve": False}).json()["state"] == "DECLINED"
        assert coordinator.post(f"/proxies/{made}/confirm", {"approve": True}).status_code == 409
        assert api.as_(parent).post(f"/proxies/{made}/answer").status_code == 409


class TestDelegatesOfACase:
    def test_the_patient_adds_lists_and_removes_one(self, api: ApiClient) -> None:
        story, caregiver = Story(), make_patient()
        body = {"email": _email(caregiver), "scopes": ["read"], "ends_at": clock.now() + timedelta(days=9)}
        made = api.as_(story.patient).post(f"/cases/{story.id}/delegates", body)
        assert made.status_code == 201
        assert made.json()["case_id"] == str(story.id)
        api.as_(caregiver).post(f"/proxies/{made.json()['id']}/answer")
        assert api.as_(caregiver).get(f"/cases/{story.id}").status_code == 200
        assert len(api.as_(story.patient).get(f"/cases/{story.id}/delegates").json()) == 1
        address = f"/cases/{story.id}/delegates/{made.json()['id']}"
        assert api.as_(story.patient).delete(address).status_code == 204
        assert api.as_(caregiver).get(f"/cases/{story.id}").status_code == 404

    def test_another_cases_permission_is_not_found_under_this_one(self, api: ApiClient) -> None:
        story = Story()
        other = Story(story.patient)
        permission = name(story.patient, make_patient(), case_id=other.id)
        assert api.as_(story.patient).delete(f"/cases/{story.id}/delegates/{permission}").status_code == 404

    def test_a_delegate_names_no_further_one(self, api: ApiClient) -> None:
        story, caregiver = Story(), make_patient()
        name(story.patient, caregiver)
        body = {"email": "b@example.org", "scopes": ["read"], "ends_at": clock.now() + timedelta(days=9)}
        assert api.as_(caregiver).post(f"/cases/{story.id}/delegates", body).status_code == 403


def test_a_delegate_uploads_for_the_patient_whose_document_it_then_is(api: ApiClient) -> None:
    story, caregiver = Story().in_review(make_specialist()), make_patient()
    name(story.patient, caregiver, "upload")
    file = SimpleUploadedFile("a.txt", b"Some text.", content_type="text/plain")
    response = api.as_(caregiver).upload("/documents/upload", {"case_id": str(story.id), "file": file})
    assert response.status_code == 201
    row = AuditEntry.objects.get(action="document.upload", actor_id=caregiver.user_id)
    assert row.patient_id == story.patient.user_id
    assert "on_behalf_of" in row.detail


class TestWhatIsKnownForASecond:
    """That somebody acts for nobody may be known from a moment ago; a grant never is."""

    def _listed(self, api: ApiClient, who: Principal) -> int:
        return len(api.as_(who).get("/cases").json()["results"])

    def test_a_grant_opens_the_list_at_once_in_the_process_that_took_it_and_ends_at_once_in_every(
        self, api: ApiClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("identity.services.privacy.proxies.MAX_AGE", 1000.0)
        story, caregiver = Story(), make_patient()
        assert self._listed(api, caregiver) == 0
        proxy_id = name(story.patient, caregiver)
        assert self._listed(api, caregiver) == 1
        # As another process would end it: without a word to this one.
        Proxy.objects.filter(id=proxy_id).update(state="REVOKED")
        assert self._listed(api, caregiver) == 0

    def test_whoever_asked_before_the_commit_does_not_hide_the_grant_after_it(
        self, api: ApiClient, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        monkeypatch.setattr("identity.services.privacy.proxies.MAX_AGE", 1000.0)
        story, caregiver = Story(), make_patient()
        with django_capture_on_commit_callbacks(using="default", execute=True):
            name(story.patient, caregiver)
            # Another thread, to which the grant is not committed yet.
            proxies._alone[caregiver.require_user_id()] = float("inf")
        assert self._listed(api, caregiver) == 1

    def test_a_grant_that_another_process_took_opens_the_list_when_the_moment_is_over(
        self, api: ApiClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("identity.services.privacy.proxies.MAX_AGE", 0.0)
        story, caregiver = Story(), make_patient()
        proxy_id = name(story.patient, caregiver)
        Proxy.objects.filter(id=proxy_id).update(state="OFFERED")
        assert self._listed(api, caregiver) == 0
        Proxy.objects.filter(id=proxy_id).update(state="ACTIVE")
        assert self._listed(api, caregiver) == 1
