"""Two accounts of one patient: joined by two people, each record read with the key it was sealed with, separable."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction

from cases.models import AuditEntry as CaseAudit
from cases.models import Case
from cases.services import casefile, intake, workflow
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from identity import services as identity
from identity.domain.account_match import Told, likeness
from identity.models import AuditEntry, PatientMerge, User
from notifications.models import Notice
from tests.cases.support import INTAKE, Story, by
from tests.client import ApiClient
from tests.factories import make_patient, make_person
from tests.observations import keys_are_destroyed, session_is_open
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db
WHY = "Both gave the same passport at the desk."
BORN = date(1961, 4, 17)


def user(patient: Principal) -> UUID:
    return patient.require_user_id()


def propose(survivor: Principal, alias: Principal, by_role: str = "coordinator") -> identity.MergeDTO:
    return identity.propose_merge(
        principal=make_person(by_role), survivor_id=user(survivor), alias_id=user(alias), reason=WHY
    )


def joined(survivor: Principal, alias: Principal) -> UUID:
    merge = propose(survivor, alias)
    identity.decide_merge(principal=make_person("privacy_officer"), merge_id=merge.id, approve=True)
    return merge.id


def separate(merge_id: UUID) -> None:
    identity.separate_patients(principal=make_person("administrator"), merge_id=merge_id, reason="They are twins.")


def listed(patient: Principal) -> set[UUID]:
    with by(patient):
        return {row["id"] for row in casefile.list_cases(principal=patient, limit=50)[0]}


class TestWhoMay:
    def test_one_proposes_and_another_decides(self) -> None:
        keeps, gives = make_patient(), make_patient()
        asker = make_person("administrator")
        merge = identity.propose_merge(principal=asker, survivor_id=user(keeps), alias_id=user(gives), reason=WHY)
        with pytest.raises(Forbidden, match="second person"):
            identity.decide_merge(principal=asker, merge_id=merge.id, approve=True)
        with pytest.raises(Forbidden):
            identity.decide_merge(principal=make_person("coordinator"), merge_id=merge.id, approve=True)
        assert identity.own_ids(user_id=user(keeps)) == (user(keeps),)
        identity.decide_merge(principal=make_person("administrator"), merge_id=merge.id, approve=True)
        assert identity.own_ids(user_id=user(keeps)) == (user(keeps), user(gives))
        for patient in (keeps, gives):
            actions = AuditEntry.objects.filter(patient_id=user(patient), object_id=merge.id).values_list("action")
            assert {one for (one,) in actions} == {"patient_merge.propose", "patient_merge.approve"}

    def test_neither_of_the_two_decides_on_their_own_accounts(self) -> None:
        keeps, gives = make_patient(), make_patient()
        merge = propose(keeps, gives)
        for concerned in (keeps, gives):
            promoted = replace(concerned, roles=frozenset({"administrator"}))
            for approve in (True, False):
                with pytest.raises(Forbidden, match="second person"):
                    identity.decide_merge(principal=promoted, merge_id=merge.id, approve=approve)

    def test_the_database_refuses_a_single_person_and_a_second_merge_of_an_alias(self) -> None:
        keeps, gives = make_patient(), make_patient()
        row = PatientMerge.objects.get(id=propose(keeps, gives).id)
        with pytest.raises(IntegrityError), transaction.atomic(using="default"):
            PatientMerge.objects.filter(id=row.id).update(state="MERGED", decided_by=row.proposed_by)
        with pytest.raises(IntegrityError), transaction.atomic(using="default"):
            PatientMerge.objects.filter(id=row.id).update(state="MERGED")
        with pytest.raises(Conflict, match="another merge"):
            propose(make_patient(), gives)

    @pytest.mark.parametrize("role", ["patient", "professional", "nurse", "medical_director"])
    def test_others_propose_nothing(self, role: str) -> None:
        with pytest.raises(Forbidden):
            propose(make_patient(), make_patient(), role)

    def test_a_stale_proof_or_a_short_reason_is_not_enough(self) -> None:
        keeps, gives = make_patient(), make_patient()
        who = make_person("administrator")
        with pytest.raises(Invalid):
            identity.propose_merge(principal=who, survivor_id=user(keeps), alias_id=user(gives), reason="same")
        with clock.shifted(timedelta(minutes=6)), pytest.raises(Forbidden, match="Prove again"):
            identity.propose_merge(principal=who, survivor_id=user(keeps), alias_id=user(gives), reason=WHY)

    def test_a_proposal_can_be_withdrawn_refused_or_grow_old_and_changes_nothing(self) -> None:
        keeps, gives = make_patient(), make_patient()
        case = Story(gives).id
        identity.withdraw_merge(principal=make_person("support"), merge_id=propose(keeps, gives).id)
        refused = propose(keeps, gives)
        identity.decide_merge(principal=make_person("administrator"), merge_id=refused.id, approve=False)
        late = propose(keeps, gives)
        with clock.shifted(timedelta(days=15)):
            with pytest.raises(Conflict):
                identity.decide_merge(principal=make_person("administrator"), merge_id=late.id, approve=True)
            propose(keeps, gives)
        assert case not in listed(keeps)
        assert User.objects.get(id=user(gives)).is_active


class TestWrongPatients:
    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ({"date_of_birth": date(1961, 4, 18)}, "different days"),
            ({"date_of_birth": None}, "completed first"),
            ({"full_name": "Zelda Quint"}, "different names"),
            ({"sex": "male"}, "different sexes"),
        ],
    )
    def test_people_who_differ_are_not_joined(self, other: dict[str, Any], told: str) -> None:
        with pytest.raises(Conflict, match=told) as refusal:
            propose(make_patient(), make_patient(**other))
        assert "1961" not in refusal.value.detail and "Quint" not in refusal.value.detail

    def test_what_changed_between_proposal_and_decision_counts(self) -> None:
        keeps, gives = make_patient(), make_patient()
        merge = propose(keeps, gives)
        identity.update_profile(user_id=user(gives), changes={"full_name": "Zelda Quint"})
        with pytest.raises(Conflict, match="different names"):
            identity.decide_merge(principal=make_person("administrator"), merge_id=merge.id, approve=True)
        assert PatientMerge.objects.get().state == "PROPOSED"

    def test_only_patients_are_joined_and_never_in_chains(self) -> None:
        a, b, c = make_patient(), make_patient(), make_patient()
        with pytest.raises(Conflict, match="another role"):
            propose(a, make_person("professional"))
        joined(a, b)
        for keeps, gives in ((b, c), (c, a), (c, b)):
            with pytest.raises(Conflict, match=r"another merge|closed"):
                propose(keeps, gives)
        joined(a, c)
        assert set(identity.own_ids(user_id=user(a))) == {user(a), user(b), user(c)}

    @pytest.mark.parametrize(
        ("one", "other", "name"),
        [
            ("Maria Keller", "KELLER, Maria", "equal"),
            ("José Álvarez", "Jose Alvarez", "equal"),
            ("Maria Anna Keller", "Maria Keller", "similar"),
            ("Maria Keller", "Maria Kellner", "similar"),
            ("Maria Keller", "Maria Brandt", "different"),
            ("Keller", "Maria Keller", "different"),
            ("Li", "Liu Wei", "different"),
        ],
    )
    def test_names_are_compared_without_case_accents_and_order(self, one: str, other: str, name: str) -> None:
        assert likeness(Told(one, BORN, None, ""), Told(other, BORN, None, "")).name == name


class TestJoined:
    def test_the_survivor_reads_and_goes_on_with_both_cases_each_under_its_own_key(self) -> None:
        keeps, gives = make_patient(), make_patient()
        mine, other = Story(keeps), Story(gives).submitted()
        sealed = bytes(Case.objects.values_list("title_sealed", flat=True).get(id=other.id))
        stranger = make_patient()
        joined(keeps, gives)
        assert listed(keeps) == {mine.id, other.id}
        with by(keeps):
            page = casefile.case_page(principal=keeps, case_id=other.id)
            assert page["title"] == INTAKE["title"]
            workflow.move(principal=keeps, case_id=other.id, to="CANCELLED", reason="Not needed any more.")
        assert bytes(Case.objects.values_list("title_sealed", flat=True).get(id=other.id)) == sealed
        assert Case.objects.get(id=other.id).patient_id == user(gives)
        assert listed(stranger) == set()
        row = CaseAudit.objects.filter(action="case.read", actor_id=user(keeps), object_id=other.id).latest("at")
        assert row.patient_id == user(gives)
        assert row.detail["on_behalf_of"] == str(PatientMerge.objects.get().id)

    def test_the_alias_signs_in_no_more_and_is_not_switched_on_by_hand(self) -> None:
        keeps, gives = make_patient(), make_patient()
        session = identity.open_session(user_id=user(gives))
        joined(keeps, gives)
        assert not session_is_open(session_id=session.session_id)
        assert not User.objects.get(id=user(gives)).is_active
        with pytest.raises(Conflict, match="separate the two"):
            identity.reactivate_account(principal=make_person("administrator"), user_id=user(gives))

    def test_news_of_either_case_reaches_the_survivor_and_both_hear_of_the_proposal(self) -> None:
        keeps, gives = make_patient(), make_patient()
        other = Story(gives)
        merge = propose(keeps, gives)
        drain()
        told = set(Notice.objects.filter(kind="merge_proposed").values_list("user_id", flat=True))
        assert told == {user(keeps), user(gives)}
        identity.decide_merge(principal=make_person("administrator"), merge_id=merge.id, approve=True)
        with by(keeps):
            workflow.move(principal=keeps, case_id=other.id, to="SUBMITTED")
        drain()
        assert Notice.objects.get(kind="case_received").user_id == user(keeps)
        assert Notice.objects.filter(kind="accounts_joined").values_list("user_id", flat=True).get() == user(keeps)

    def test_originals_and_the_opened_report_are_the_patients_own(self, tmp_path: Path) -> None:
        keeps, gives = make_patient(), make_patient()
        other = Story(gives)
        document = other.add_document("A letter.", tmp_path)
        drain()
        joined(keeps, gives)
        api = ApiClient()
        assert api.as_(keeps).get(f"/documents/{document.id}/original").status_code == 200
        assert api.as_(make_patient()).get(f"/documents/{document.id}/original").status_code == 404

    def test_the_ledger_of_the_alias_is_open_to_the_survivor(self) -> None:
        keeps, gives = make_patient(), make_patient()
        with pytest.raises(NotFound):
            identity.access_ledger(principal=keeps, patient_id=user(gives))
        joined(keeps, gives)
        assert identity.access_ledger(principal=keeps, patient_id=user(gives)).entries

    def test_a_second_role_closes_the_alias_again(self) -> None:
        keeps, gives = make_patient(), make_patient()
        case = Story(gives).id
        joined(keeps, gives)
        both = Principal(
            user_id=keeps.user_id, roles=frozenset({"patient", "professional"}), mfa_at=clock.now(), email_verified=True
        )
        with pytest.raises(NotFound):
            casefile.case_page(principal=both, case_id=case)


class TestRights:
    def test_a_withdrawn_consent_counts_for_both_and_a_given_one_for_its_own(self) -> None:
        keeps, gives = make_patient(), make_patient(consents=("service", "sharing"))
        joined(keeps, gives)
        with by(keeps):
            identity.withdraw_consent(patient_id=user(keeps), purpose="sharing")
        for patient in (keeps, gives):
            assert "sharing" not in identity.active_consents(patient_id=user(patient))
        assert "ai_processing" not in identity.active_consents(patient_id=user(gives))

    def test_erasure_takes_both_and_a_hold_on_one_keeps_both(self) -> None:
        keeps, gives = make_patient(), make_patient()
        Story(gives)
        joined(keeps, gives)
        officer = make_person("privacy_officer")
        identity.place_legal_hold(principal=officer, user_id=user(gives), reason="A court asks.")
        assert identity.held_people() >= {user(keeps), user(gives)}
        with pytest.raises(Conflict, match="legal hold"):
            identity.request_erasure(principal=keeps, user_id=user(keeps))
        identity.end_legal_hold(principal=officer, user_id=user(gives))
        identity.request_erasure(principal=keeps, user_id=user(keeps))
        drain()
        for patient in (keeps, gives):
            assert keys_are_destroyed(subject_id=user(patient))

    def test_a_copy_of_the_data_holds_both_each_in_its_folder(self, settings: Any, tmp_path: Path) -> None:
        settings.EXPORTS_DIR = str(tmp_path / "exports")
        keeps, gives = make_patient(), make_patient()
        other = Story(gives)
        joined(keeps, gives)
        with by(keeps):
            made = identity.request_export(principal=keeps, user_id=user(keeps))
            drain()
            secret = identity.export_link(principal=keeps, user_id=user(keeps), export_id=made.id)
            _, chunks = identity.fetch_export(principal=keeps, secret=secret)
            archive = zipfile.ZipFile(io.BytesIO(b"".join(chunks)))
        whole = [name for name in archive.namelist() if str(other.id).encode() in archive.read(name)]
        assert whole
        assert all(name.startswith(f"joined/{user(gives)}/") or name == "manifest.json" for name in whole)


class TestSeparated:
    def test_everything_is_as_it_was_before(self) -> None:
        keeps, gives = make_patient(), make_patient()
        mine, other = Story(keeps), Story(gives)
        merge = joined(keeps, gives)
        with by(keeps):
            fresh = intake.open_case(principal=keeps, fields=INTAKE)
        separate(merge)
        assert listed(keeps) == {mine.id, fresh}
        assert listed(gives) == {other.id}
        assert User.objects.get(id=user(gives)).is_active
        with pytest.raises(NotFound):
            casefile.case_page(principal=keeps, case_id=other.id)
        drain()
        told = Notice.objects.filter(kind="accounts_separated").values_list("user_id", flat=True)
        assert set(told) == {user(keeps), user(gives)}
        with pytest.raises(Conflict):
            separate(merge)

    def test_an_account_that_was_closed_before_stays_closed(self) -> None:
        keeps, gives = make_patient(), make_patient()
        identity.deactivate_account(principal=make_person("administrator"), user_id=user(gives))
        separate(joined(keeps, gives))
        assert not User.objects.get(id=user(gives)).is_active


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_two_proposals_in_opposite_directions_at_once_one_stands() -> None:
    one, other = make_patient(), make_patient()
    people = [make_person("coordinator"), make_person("coordinator")]
    barrier, refused = Barrier(2), []

    def ask(who: Principal, keeps: Principal, gives: Principal) -> None:
        barrier.wait()
        try:
            identity.propose_merge(principal=who, survivor_id=user(keeps), alias_id=user(gives), reason=WHY)
        except Conflict as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    threads = [
        Thread(target=ask, args=(people[0], one, other)),
        Thread(target=ask, args=(people[1], other, one)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PatientMerge.objects.count() == 1
    assert refused == ["not_joinable"]


class TestPages:
    def test_two_people_join_and_separate_on_the_pages_and_no_name_is_shown(self) -> None:
        keeps, gives = make_patient(full_name="Zelda Quint"), make_patient(full_name="Zelda Quint")
        desk, officer = signed_in("coordinator"), signed_in("privacy_officer")
        form = {"survivor_id": user(keeps), "alias_id": user(gives), "reason": WHY}
        assert desk.post("/admin/identity/patientmerge/propose/", form).status_code == 302
        row = PatientMerge.objects.get()
        path = f"/admin/identity/patientmerge/{row.id}/decide/"
        told = desk.get(path).content.decode()
        assert 'value="withdraw"' in told and 'value="join"' not in told
        desk.post(path, {"form": "join"})
        assert PatientMerge.objects.get().state == "PROPOSED"
        officer.post(path, {"form": "join"})
        assert PatientMerge.objects.get().state == "MERGED"
        for page in (path, f"/admin/identity/patientmerge/{row.id}/change/", "/admin/identity/patientmerge/"):
            told = officer.get(page).content.decode()
            assert "Quint" not in told and "1961" not in told
        officer.post(path, {"form": "separate", "reason": "They are twins."})
        assert PatientMerge.objects.get().state == "SEPARATED"

    def test_what_stands_against_it_is_said_on_the_page(self) -> None:
        form = {
            "survivor_id": user(make_patient()),
            "alias_id": user(make_patient(date_of_birth=date(1970, 1, 1))),
            "reason": WHY,
        }
        told = signed_in("support").post("/admin/identity/patientmerge/propose/", form).content.decode()
        assert "They were born on different days." in told

    @pytest.mark.parametrize("role", ["nurse", "medical_director"])
    def test_clinical_staff_has_no_such_page(self, role: str) -> None:
        client = signed_in(role)
        assert client.get("/admin/identity/patientmerge/").status_code == 403
        assert client.get("/admin/identity/patientmerge/propose/").status_code == 403
