"""Random reports that hold together: any text, any codes, some parts missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

from hypothesis import strategies as st

from cases.domain.report.signed_report import (
    AiItem,
    Allergy,
    Alternative,
    ClinicalImpact,
    Diagnosis,
    DiagnosisAgreement,
    DocumentNotSeen,
    DocumentReliedOn,
    LabFlag,
    LabValue,
    Medicine,
    PeerOutcome,
    PeerReview,
    PlainLanguage,
    QuestionAnswer,
    ReportClinician,
    ReportPatient,
    Sex,
    SignedReport,
    TreatmentAgreement,
)

_AWKWARD = st.sampled_from(
    ["<b>x</b>", "a & b", "]]>", "שלום", "🙂", "\x00", "\ud800", "\u202e", "</div>", "\n\n", "&#0;"]
)
_SPICE = st.lists(_AWKWARD | st.text(max_size=30), max_size=4).map(" ".join)
texts = st.tuples(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), _SPICE).map(" ".join)
maybe = st.just("") | texts
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
codes = st.sampled_from(["", "N18.9", "E11.22", "I10", "S72.001A"])
numbers = st.decimals(min_value=0, max_value=100000, places=3).map(Decimal.normalize)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 1))
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants naive limits

clinicians = st.builds(
    ReportClinician, id=st.uuids(version=4), name=texts, specialty=texts, organisation=maybe, licence_place=texts
)
patients = st.builds(
    ReportPatient,
    id=st.uuids(version=4),
    name=texts,
    birth_date=st.none() | days,
    sex=st.sampled_from(get_args(Sex)),
)
medicines = st.builds(Medicine, name=texts, dosage=maybe, ai_item_id=st.none())
allergies = st.builds(Allergy, substance=texts, reaction=maybe, ai_item_id=st.none())
labs = st.builds(
    LabValue,
    name=texts,
    value_text=st.sampled_from(["5.6", "<0.01", ">= 90", "positive"]),
    value=st.none() | numbers,
    unit=st.sampled_from(["", "mg/dL", "µmol/L", "10*9/L"]),
    ucum=st.sampled_from(["", "mg/dL"]),
    reference_low=st.none() | numbers,
    reference_high=st.none() | numbers,
    flag=st.sampled_from(get_args(LabFlag)),
    loinc=st.sampled_from(["", "2160-0"]),
    observed_on=st.none() | days,
    document_id=st.none(),
    page=st.none(),
    ai_item_id=st.none(),
)
relied_on = st.builds(
    DocumentReliedOn,
    id=st.uuids(version=4),
    name=texts,
    sha256=hashes,
    media_type=st.sampled_from(["application/pdf", "image/jpeg", "application/dicom"]),
)
ai_items = st.builds(
    lambda item_id, text, decision, reason: AiItem(
        id=item_id,
        kind="laboratory value",
        engine="local engine 1.0",
        decision=decision,
        # Short on purpose: words too common to say where they come from.
        proposed_text=text[:20],
        final_text={"accepted": text[:20], "edited": f"edited {text}", "rejected": ""}[decision],
        reason=reason,
    ),
    st.uuids(version=4),
    texts,
    st.sampled_from(["accepted", "edited", "rejected"]),
    maybe,
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[QuestionAnswer, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 10)) + 1):
        key = draw(st.sampled_from(["answer", "cannot_answer_reason"]))
        found.append(QuestionAnswer(number=number, question=draw(texts), **{key: draw(texts)}))
    return tuple(found)


def rows(of: st.SearchStrategy, size: int = 3) -> st.SearchStrategy:
    return st.lists(of, max_size=size).map(tuple)


@st.composite
def reports(draw: st.DrawFn) -> SignedReport:
    author, other = draw(clinicians), draw(clinicians)
    review = PeerReview(
        reviewer=other, outcome=draw(st.sampled_from(get_args(PeerOutcome))), remarks=draw(maybe), dissent=draw(maybe)
    )
    nothing = Alternative(title=draw(texts), description=draw(maybe), is_doing_nothing=True)
    supersedes = draw(st.none() | st.uuids(version=4))
    return SignedReport(
        report_id=draw(st.uuids(version=4)),
        case_id=draw(st.uuids(version=4)),
        case_reference=draw(texts),
        patient=draw(patients),
        author=author,
        signed_at=draw(moments),
        content_hash=draw(hashes),
        version=draw(st.integers(1, 9)),
        questions=draw(questions()),
        summary=draw(texts),
        history=draw(maybe),
        diagnosis_agreement=draw(st.sampled_from(get_args(DiagnosisAgreement))),
        treatment_agreement=draw(st.sampled_from(get_args(TreatmentAgreement))),
        clinical_impact=draw(st.sampled_from(get_args(ClinicalImpact))),
        confidence=draw(st.integers(0, 100)),
        would_change_confidence=draw(texts),
        proposed_plan=draw(texts),
        plain_language=PlainLanguage(text=draw(texts), language=draw(st.sampled_from(["en", "de"]))),
        alternatives=(nothing, *draw(rows(st.builds(Alternative, title=texts, description=maybe)))),
        first_opinion_diagnosis=draw(st.none() | st.builds(Diagnosis, text=texts, icd10=codes)),
        first_opinion_treatment=draw(maybe),
        restated_diagnosis=draw(st.builds(Diagnosis, text=texts, icd10=codes)),
        peer_review=draw(st.sampled_from([None, review])),
        red_flags=draw(rows(texts)),
        further_tests=draw(rows(texts)),
        limitations=draw(rows(texts)),
        references=draw(rows(texts)),
        medicines=draw(rows(medicines)),
        allergies=draw(rows(allergies)),
        laboratory=draw(rows(labs)),
        documents_relied_on=draw(rows(relied_on)),
        documents_not_seen=draw(rows(st.builds(DocumentNotSeen, name=texts, could_change=texts))),
        ai_items=draw(rows(ai_items)),
        supersedes=supersedes,
        amendment_reason=draw(texts) if supersedes else "",
    )
