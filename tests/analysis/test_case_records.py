"""The one module that asks cases, against the real cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analysis.services import case_records
from analysis.services.registry import configured_model, list_models
from cases.services import intake
from config.kernel import clock
from config.kernel.auth import acting_as
from config.kernel.errors import NotFound
from tests.analysis.pages import LAB, LETTER
from tests.analysis.stub import configure
from tests.analysis.world import World, make_world
from tests.factories import make_patient, make_person
from tests.factories.analysis import ModelRecordFactory

pytestmark = pytest.mark.django_db


def test_the_source_carries_the_pages_as_they_were_read(world: World) -> None:
    document = world.add_document(LAB, LETTER)
    source = case_records.source_of(document_id=document)
    assert [(page.number, page.text) for page in source.pages] == [(1, LAB), (2, LETTER)]
    assert (source.case_id, source.patient_id, source.readable) == (world.case_id, world.patient.user_id, True)
    assert {page.document_id for page in source.pages} == {document}


def test_a_failed_reading_is_not_readable(world: World) -> None:
    assert case_records.source_of(document_id=world.add_document("x", verdict="failed")).readable is False


def test_relations_are_those_of_cases(world: World) -> None:
    relation = {
        who: case_records.access(principal=principal, case_id=world.case_id).relation
        for who, principal in {"patient": world.patient, "specialist": world.specialist}.items()
    }
    assert relation == {"patient": "owner", "specialist": "assigned"}
    with pytest.raises(NotFound):
        case_records.access(principal=make_patient(), case_id=world.case_id)


def test_the_first_read_is_known(db: Any) -> None:
    world = make_world(first_read=False)
    assert case_records.access(principal=world.specialist, case_id=world.case_id).first_read_sealed is False
    world.seal_first_read()
    assert case_records.access(principal=world.specialist, case_id=world.case_id).first_read_sealed is True


def test_age_counts_whole_years_and_unknown_stays_unknown(db: Any) -> None:
    patient = make_patient(date_of_birth=date(2000, 6, 15), sex="female")
    with clock.frozen(clock.now().replace(year=2026, month=6, day=14)):
        assert case_records.subject_of(patient_id=patient.user_id).age_years == 25
    with clock.frozen(clock.now().replace(year=2026, month=6, day=15)):
        assert case_records.subject_of(patient_id=patient.user_id).age_years == 26
    unknown = make_patient(date_of_birth=None, sex="")
    subject = case_records.subject_of(patient_id=unknown.user_id)
    assert (subject.sex, subject.age_years) == (None, None)


def test_identifiers_are_those_of_account_case_and_specialist(db: Any) -> None:
    patient = make_patient(full_name="Ewa Nowak", date_of_birth=date(1970, 1, 2))
    specialist = make_person("professional", full_name="Dr. Ada Berg")
    treating = {
        "name": "Dr. Jan Kowal",
        "organisation": "Praxis Nord",
        "email": "jan@nord.example",
        "phone": "+49 30 12",
    }
    with acting_as(patient):
        case_id = intake.open_case(principal=patient, fields={"title": "t", "treating_clinician": treating})
    from cases.models import Case

    Case.objects.filter(id=case_id).update(assigned_user_id=specialist.user_id, state="IN_REVIEW")
    known = case_records.identifiers_of(case_id=case_id)
    assert set(known.names) == {"Ewa Nowak", "Dr. Jan Kowal", "Praxis Nord", "Dr. Ada Berg"}
    assert known.dates == (date(1970, 1, 2),)
    assert {"jan@nord.example", "+49 30 12"} <= set(known.codes)


def test_consent_is_read_fresh(world: World) -> None:
    assert case_records.ai_allowed(patient_id=world.patient.user_id) is True
    world.withdraw_ai_consent()
    assert case_records.ai_allowed(patient_id=world.patient.user_id) is False


def test_a_row_of_the_registry_goes_before_the_releases_list(db: Any) -> None:
    ModelRecordFactory(name="medlm-large", state="candidate", note="Under test.")
    found = [model for model in list_models() if model.name == "medlm-large"]
    assert [(model.state, model.note) for model in found] == [("candidate", "Under test.")]


@pytest.mark.parametrize(
    ("providers", "key", "model", "expected"),
    [
        (["local"], "k", "m", ""),
        (["openai"], "", "m", ""),
        (["openai"], "k", "", ""),
        (["openai"], "k", "m", "m"),
    ],
)
def test_a_model_is_configured_when_named_with_key_and_model(
    settings: Any, providers: list[str], key: str, model: str, expected: str
) -> None:
    settings.ANALYSIS_PROVIDERS = providers
    configure(settings, "openai", key=key, model=model)
    assert configured_model("openai") == expected
    assert configured_model("local") == ""
