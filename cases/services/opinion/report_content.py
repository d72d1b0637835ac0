"""From rows to a ``SignedReport``: what is printed is what was signed, and is checked before it can be signed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from cases.db import now
from cases.domain.report.signed_report import (
    AiItem,
    Allergy,
    Alternative,
    Diagnosis,
    DocumentNotSeen,
    DocumentReliedOn,
    FirstRead,
    LabValue,
    MalformedReport,
    Medicine,
    NotTakenOver,
    PeerReview,
    PlainLanguage,
    QuestionAnswer,
    ReadingCounts,
    ReportClinician,
    ReportPatient,
    SignedReport,
)
from cases.domain.workflow.states import State
from cases.models import Case, ChecklistItem, Document, Opinion, Report
from cases.models import FirstRead as FirstReadRow
from cases.models import PeerReview as PeerReviewRow
from cases.queries.sealed_contents import intake_of, place, questions_of
from cases.services.eligibility import place_of
from config.kernel.crypto import DataKey, open_json, open_text
from config.kernel.errors import Conflict
from identity import services as identity
from professionals import services as professionals

_KINDS = {
    "laboratory": "laboratory value",
    "medicine": "medicine",
    "interaction": "drug interaction",
    "red_flag": "warning sign",
    "not_checked": "not checked",
    "not_read": "not read",
}


def require_deliverable(case: Case, opinion: Opinion, content: Mapping[str, Any]) -> None:
    """Refuse an opinion from which no report could be built, naming everything that is wrong with it."""
    try:
        report_of(case, opinion, content, licence_place=case.country)
    except MalformedReport as malformed:
        raise Conflict(
            " ".join(malformed.problems),
            code="case_guard_failed",
            extra={"guard": "agreement_coded", "satisfied_by": " ".join(malformed.problems)},
        ) from malformed


def report_of(
    case: Case, opinion: Opinion, content: Mapping[str, Any], *, report_id: UUID | None = None, licence_place: str = ""
) -> SignedReport:
    """The report of one opinion version. Raises ``MalformedReport``."""
    key = identity.data_key(subject_id=case.patient_id)
    intake = intake_of(case, key)
    owner = identity.get_account(user_id=case.patient_id)
    items = _ai_items(content)
    supersedes, amendment_reason = _supersedes(case, opinion, key)
    treatment = intake.get("proposed_treatment") or {}
    return SignedReport(
        report_id=report_id or opinion.id,
        case_id=case.id,
        case_reference=case.reference,
        patient=ReportPatient(id=owner.id, name=owner.full_name, birth_date=owner.date_of_birth, sex=_sex(owner.sex)),
        author=_author(opinion, licence_place or opinion.licence_place, case.language),
        signed_at=opinion.signed_at or now(),
        content_hash=opinion.content_hash,
        version=opinion.number,
        questions=_questions(case, key, content),
        summary=_text(content, "summary"),
        history=str(intake.get("history") or ""),
        diagnosis_agreement=content.get("diagnosis_agreement", ""),
        treatment_agreement=content.get("treatment_agreement", ""),
        clinical_impact=content.get("clinical_impact", ""),
        confidence=int(content.get("confidence") or 0),
        would_change_confidence=_text(content, "confidence_would_change"),
        proposed_plan=_text(content, "plan"),
        plain_language=PlainLanguage(text=_text(content, "plain_language"), language=case.language),
        alternatives=_alternatives(content),
        first_opinion_diagnosis=_diagnosis(intake.get("diagnosis")),
        first_opinion_treatment=str(treatment.get("text") or ""),
        restated_diagnosis=_diagnosis(content.get("restated_diagnosis")),
        diagnosis_reason=_text(content, "diagnosis_reason"),
        diagnosis_settled_by=_text(content, "diagnosis_settled_by"),
        treatment_reason=_text(content, "treatment_reason"),
        treatment_settled_by=_text(content, "treatment_settled_by"),
        first_read=_first_read(case, key),
        peer_review=_peer_review(opinion, key),
        supersedes=supersedes,
        amendment_reason=amendment_reason,
        red_flags=_lines(content, "red_flags"),
        further_tests=_lines(content, "further_tests"),
        limitations=_lines(content, "limitations"),
        references=_lines(content, "references"),
        medicines=tuple(_medicine(m) for m in intake.get("medicines") or ()),
        allergies=tuple(
            Allergy(substance=str(a.get("substance", "")), reaction=str(a.get("reaction", "")))
            for a in intake.get("allergies") or ()
        ),
        laboratory=_laboratory(content),
        documents_relied_on=_documents(case, key, content),
        documents_not_seen=_not_seen(case, key, content),
        reading=_reading(content),
        not_taken_over=tuple(NotTakenOver(**one) for one in _coverage(content).get("not_taken", ())),
        files_not_taken_over=int(_coverage(content).get("files_not_taken", 0)),
        ai_items=items,
        legal_basis=professionals.legal_rule_name(rule_id=opinion.legal_rule or case.legal_basis),
        language=case.language,
    )


def _author(opinion: Opinion, licence_place: str, language: str) -> ReportClinician:
    professional = professionals.get_professional(professional_id=opinion.professional_id)
    return ReportClinician(
        id=opinion.author_id,
        name=professional.display_name,
        specialty=_specialty(professional.specialty, language),
        organisation=professional.organisation,
        licence_place=licence_place,
    )


def _specialty(key: str, language: str) -> str:
    """As people say it; a key of an older list in words."""
    return professionals.specialty_names(language=language).get(key) or key.replace("_", " ").capitalize()


def _questions(case: Case, key: DataKey, content: Mapping[str, Any]) -> tuple[QuestionAnswer, ...]:
    answers = {a["question"]: a for a in content.get("answers", ())}
    found = []
    for number, text in questions_of(case, key):
        given = answers.get(number, {})
        refused = bool(given.get("cannot_answer"))
        found.append(
            QuestionAnswer(
                number=number,
                question=text,
                answer="" if refused else str(given.get("answer") or ""),
                cannot_answer_reason=str(given.get("cannot_answer_reason") or "") if refused else "",
            )
        )
    return tuple(found)


def _ai_items(content: Mapping[str, Any]) -> tuple[AiItem, ...]:
    return tuple(
        AiItem(
            id=UUID(str(item["id"])),
            kind=_KINDS.get(item["kind"], item["kind"]),
            engine=item["engine"],
            decision=item["decision"],
            proposed_text=_proposed(item),
            final_text=item["final_text"],
            reason=item["reason"],
        )
        for item in content.get("ai_items", ())
    )


def _proposed(item: Mapping[str, Any]) -> str:
    """The finding in one line, as an accepting specialist lets it stand."""
    return item["final_text"] if item["decision"] == "accepted" else f"{item['title']}: {item['detail']}"


def _laboratory(content: Mapping[str, Any]) -> tuple[LabValue, ...]:
    """Laboratory values that the specialist accepted, and no others; a model's claim has words and no value."""
    return tuple(
        _lab_value(item)
        for item in content.get("ai_items", ())
        if item["kind"] == "laboratory"
        and item["decision"] == "accepted"
        and (item.get("data") or {}).get("value_text")
    )


def _lab_value(item: Mapping[str, Any]) -> LabValue:
    data = item.get("data") or {}
    flag = str(data.get("flag") or "unknown")
    return LabValue(
        name=str(data.get("name") or item["title"]),
        value_text=str(data.get("value_text") or ""),
        value=_decimal(data.get("value")),
        unit=str(data.get("unit") or ""),
        ucum=str(data.get("ucum") or ""),
        reference_low=_decimal(data.get("reference_low")),
        reference_high=_decimal(data.get("reference_high")),
        reference_text=str(data.get("reference_printed") or ""),
        flag=flag if flag in ("critical_low", "low", "normal", "high", "critical_high") else "unknown",  # type: ignore[arg-type]  # one of the literals
        loinc=str(data.get("loinc") or ""),
        observed_on=_day(data.get("observed_on")),
        date_printed=str(data.get("date_printed") or ""),
        date_means=str(data.get("date_means") or ""),
        document_id=UUID(str(item["document_id"])) if item.get("document_id") else None,
        page=item.get("page"),
        ai_item_id=UUID(str(item["id"])),
        doubt=str(data.get("doubt") or ""),
    )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


def _documents(case: Case, key: DataKey, content: Mapping[str, Any]) -> tuple[DocumentReliedOn, ...]:
    """Those that were there when the opinion was finished; what came later was not relied on."""
    ids = [entry["id"] for entry in content.get("documents_relied_on", ())]
    return tuple(
        DocumentReliedOn(
            id=row.id,
            name=open_text(key, place("document", "name", row.id), row.name_sealed),
            sha256=row.sha256,
            media_type=row.media_type,
        )
        for row in Document.objects.filter(case=case, id__in=ids).order_by("id")
    )


def _not_seen(case: Case, key: DataKey, content: Mapping[str, Any]) -> tuple[DocumentNotSeen, ...]:
    """What was frozen with the opinion; for older opinions what the specialist named, and every waived record."""
    if "not_seen" in content:
        return tuple(DocumentNotSeen(name=d["label"], could_change=d["could_change"]) for d in content["not_seen"])
    named = [
        DocumentNotSeen(name=str(d.get("name", "")), could_change=str(d.get("could_change", "")))
        for d in content.get("documents_not_seen", ())
    ]
    waived = ChecklistItem.objects.filter(case=case, present=False).exclude(waived_by=None)
    named += [
        DocumentNotSeen(
            name=open_text(key, place("checklistitem", "title", row.id), row.title_sealed),
            could_change=f"Not assessed; the case went on without it: {row.waiver_reason}",
        )
        for row in waived
    ]
    return tuple(named)


def _coverage(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """As it was frozen with the opinion; older opinions have none."""
    return content.get("coverage") or {}


def _reading(content: Mapping[str, Any]) -> tuple[ReadingCounts, ...]:
    """Counts of what stands, by document: a finding that nobody decided on is in none of them."""
    stand: Counter[tuple[str, str]] = Counter()
    for item in content.get("ai_items", ()):
        if item["decision"] in ("accepted", "edited"):
            stand[str(item.get("document_id")), item["kind"]] += int((item.get("data") or {}).get("further") or 1)
    return tuple(
        ReadingCounts(
            **{**told, "document_id": UUID(told["document_id"])},
            values=stand[told["document_id"], "laboratory"],
            medicines=stand[told["document_id"], "medicine"],
            lines_not_read=stand[told["document_id"], "not_read"],
        )
        for told in _coverage(content).get("documents", ())
    )


def _peer_review(opinion: Opinion, key: DataKey) -> PeerReview | None:
    """The last verdict on this version; the words of a major disagreement stay as a dissent."""
    row = PeerReviewRow.objects.filter(opinion=opinion).exclude(verdict="changes").order_by("-id").first()
    if row is None:
        return None
    professional = professionals.get_professional(professional_id=row.professional_id)
    remarks = open_text(key, place("peerreview", "remarks", row.id), row.remarks_sealed)
    disagrees = row.verdict == "major_disagreement"
    reviewer = ReportClinician(
        id=row.user_id,
        name=professional.display_name,
        specialty=_specialty(professional.specialty, opinion.case.language),
        organisation=professional.organisation,
        licence_place=place_of(opinion.case),
    )
    outcome = "agrees" if row.verdict == "agree" else row.verdict
    return PeerReview(
        reviewer=reviewer,
        outcome=outcome,  # type: ignore[arg-type]  # checked by the report
        remarks="" if disagrees else remarks,
        dissent=remarks if disagrees else "",
    )


def _supersedes(case: Case, opinion: Opinion, key: DataKey) -> tuple[UUID | None, str]:
    """The report that this version replaces, and why it was amended."""
    earlier = Report.objects.filter(case=case, opinion__number__lt=opinion.number).order_by("-opinion__number").first()
    if earlier is None:
        return None, ""
    step = case.history.filter(target=State.AMENDING).order_by("-id").first()
    if step is None or step.reason_sealed is None:
        return earlier.id, ""
    return earlier.id, open_text(key, place("statushistory", "reason", step.id), step.reason_sealed)


def _first_read(case: Case, key: DataKey) -> FirstRead | None:
    row = FirstReadRow.objects.filter(case=case).order_by("-id").first()
    if row is None:
        return None
    content = open_json(key, place("firstread", "content", row.id), row.content_sealed)
    return FirstRead(impression=content["impression"], confidence=content["confidence"], sealed_at=row.created_at)


def _alternatives(content: Mapping[str, Any]) -> tuple[Alternative, ...]:
    options = [
        Alternative(title=str(a.get("title", "")), description=str(a.get("description", "")))
        for a in content.get("alternatives", ())
    ]
    if nothing := _text(content, "do_nothing"):
        options.append(Alternative(title="Doing nothing for now", description=nothing, is_doing_nothing=True))
    return tuple(options)


def _medicine(entry: Mapping[str, Any]) -> Medicine:
    dosage = " ".join(str(entry.get(part) or "") for part in ("dose", "frequency")).strip()
    return Medicine(name=str(entry.get("name", "")), dosage=dosage)


def _diagnosis(value: Any) -> Diagnosis | None:
    if not isinstance(value, Mapping) or not str(value.get("text") or "").strip():
        return None
    return Diagnosis(text=str(value["text"]), icd10=str(value.get("icd10") or "").strip().upper())


def _lines(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = content.get(name) or ()
    parts: Sequence[Any] = value.splitlines() if isinstance(value, str) else value
    return tuple(text for part in parts if (text := str(part).strip()))


def _text(content: Mapping[str, Any], name: str) -> str:
    return str(content.get(name) or "").strip()


def _sex(value: str | None) -> Any:
    return value if value in ("female", "male", "other") else "unknown"
