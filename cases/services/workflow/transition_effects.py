"""What a transition changes beside the state, in the same transaction."""

from collections.abc import Callable
from datetime import timedelta

from cases.db import now
from cases.domain.eligibility import conflict_of_interest
from cases.domain.intake import checklist
from cases.domain.workflow.state_machines import AssignmentState, ClarificationState, OfferState, OpinionState
from cases.domain.workflow.transitions import Transition
from cases.events import AssignmentEnded, OpinionSigned, ReportReady, ReviewAwaited
from cases.models import Assignment, Case, ChecklistItem, Clarification, Offer, Opinion, Report
from cases.queries.access import person_id
from cases.queries.sealed_contents import place
from cases.services.followup.outcomes import plan_outcomes
from cases.services.intake.answers import close_intake
from cases.services.intake.checklists import write_checklist
from cases.services.intake.triage_choices import require_choices
from cases.services.workflow.guard_facts import CaseFacts
from config.kernel.auth import Principal
from config.kernel.crypto import seal_text
from config.kernel.db import uuid7
from config.kernel.db.states import advance, advance_all
from config.kernel.jobs import enqueue
from config.kernel.outbox import publish
from identity import services as identity

Effect = Callable[[Case, Principal, CaseFacts], None]


def apply_effects(case: Case, transition: Transition, principal: Principal, facts: CaseFacts) -> None:
    """Apply what the transition brings beside the state."""
    effect = _EFFECTS.get(transition)
    if effect is not None:
        effect(case, principal, facts)
    if transition.stops_the_case:
        _stop_everything(case, principal, facts)


def _submit(case: Case, principal: Principal, facts: CaseFacts) -> None:
    case.submitted_at = now()
    key = identity.data_key(subject_id=case.patient_id)
    write_checklist(case, key, present=facts.circumstances.record_there)
    if facts.circumstances.answers_begun:
        close_intake(case)
    enqueue(context="cases", kind="cases.advance", subject_id=case.id)


def _name_missing(case: Case, principal: Principal, facts: CaseFacts) -> None:
    key = identity.data_key(subject_id=case.patient_id)
    row_id = uuid7()
    title, effect = str(facts.data["missing_item"])[:300], str(facts.data.get("could_change") or "")[:1000]
    ChecklistItem.objects.create(
        id=row_id,
        case=case,
        code=f"{checklist.ASKED}{row_id.hex[-12:]}",
        importance=checklist.ASKED_IMPORTANCE,
        title_sealed=seal_text(key, place("checklistitem", "title", row_id), title),
        could_change_sealed=seal_text(key, place("checklistitem", "could_change", row_id), effect) if effect else None,
    )
    if case.assigned_user_id:
        _end_assignment(case, AssignmentState.RELEASED, "a record is missing", principal)


def _triage(case: Case, principal: Principal, facts: CaseFacts) -> None:
    require_choices(facts.triage)
    for name, value in facts.triage.items():
        setattr(case, name, value)


def _accept(case: Case, principal: Principal, facts: CaseFacts) -> None:
    offers = Offer.objects.filter(case=case)
    mine = offers.get(user_id=person_id(principal), state=OfferState.OFFERED)
    Assignment.objects.create(
        case=case,
        professional_id=mine.professional_id,
        user_id=mine.user_id,
        coi_attestation={name: facts.data["coi_attestation"][name] for name in conflict_of_interest.QUESTIONS},
        legal_rule=facts.fitness.rule_id,
    )
    advance(mine, OfferState.ACCEPTED, answered_at=now())
    advance_all(offers.exclude(id=mine.id), OfferState.WITHDRAWN, answered_at=now())
    case.assigned_user_id = mine.user_id


def _release(case: Case, principal: Principal, facts: CaseFacts) -> None:
    own = principal.user_id == case.assigned_user_id
    _end_assignment(case, AssignmentState.RELEASED if own else AssignmentState.REVOKED, facts.reason, principal)


def _settle_clarifications(case: Case, principal: Principal, facts: CaseFacts) -> None:
    advance_all(Clarification.objects.filter(case=case), ClarificationState.EXPIRED)


def _approve(case: Case, principal: Principal, facts: CaseFacts) -> None:
    advance(_newest_opinion(case), OpinionState.APPROVED)


def _submit_to_peer(case: Case, principal: Principal, facts: CaseFacts) -> None:
    advance(_newest_opinion(case), OpinionState.SUBMITTED)
    _ask_reviewer(case, principal, facts)


def _ask_reviewer(case: Case, principal: Principal, facts: CaseFacts) -> None:
    # Whoever looked at the version before looks at this one too; the first time, a coordinator names somebody.
    if case.peer_user_id is not None:
        publish(ReviewAwaited(aggregate_id=case.id, user_id=case.peer_user_id))


def _reopen(case: Case, principal: Principal, facts: CaseFacts) -> None:
    advance(_newest_opinion(case), OpinionState.CHANGES_REQUESTED)


def _sign(case: Case, principal: Principal, facts: CaseFacts) -> None:
    row = _newest_opinion(case)
    told = {"signed_at": now(), "licence_place": facts.place, "legal_rule": facts.fitness.rule_id}
    advance(row, OpinionState.SIGNED, **told)
    advance_all(Opinion.objects.filter(case=case).exclude(id=row.id), OpinionState.SUPERSEDED)
    advance_all(Assignment.objects.filter(case=case), AssignmentState.COMPLETED, ended_at=now())
    enqueue(context="cases", kind="cases.build_report", subject_id=row.id, key=f"report:{row.id}")
    said = facts.opinion_content
    publish(
        OpinionSigned(
            aggregate_id=case.id, opinion_id=row.id, patient_id=case.patient_id, author_id=row.author_id,
            diagnosis_agreement=said["diagnosis_agreement"], treatment_agreement=said["treatment_agreement"],
            confidence=said["confidence"],
        )
    )  # fmt: skip


def _deliver(case: Case, principal: Principal, facts: CaseFacts) -> None:
    case.delivered_at = now()
    plan_outcomes(case)
    report = Report.objects.filter(case=case).order_by("-opinion__number")[0]
    Report.objects.filter(id=report.id).update(delivered_at=now())
    publish(ReportReady(aggregate_id=case.id, report_id=report.id, patient_id=case.patient_id))
    enqueue(
        context="cases",
        kind="cases.advance",
        subject_id=case.id,
        run_after=now() + timedelta(days=3),
        key=f"follow-up:{report.id}",
    )


def _stop_everything(case: Case, principal: Principal, facts: CaseFacts) -> None:
    advance_all(Offer.objects.filter(case=case), OfferState.WITHDRAWN, answered_at=now())
    advance_all(Clarification.objects.filter(case=case), ClarificationState.EXPIRED)
    _end_assignment(case, AssignmentState.REVOKED, facts.reason, principal, stopped=True)
    case.peer_user_id = None


def _end_assignment(
    case: Case, state: AssignmentState, reason: str, principal: Principal, *, stopped: bool = False
) -> None:
    ended = advance_all(Assignment.objects.filter(case=case), state, ended_at=now(), end_reason=reason[:200])
    if ended and case.assigned_user_id is not None:
        held_by, actor_id = case.assigned_user_id, principal.user_id
        publish(AssignmentEnded(aggregate_id=case.id, user_id=held_by, actor_id=actor_id, stopped=stopped))
    case.assigned_user_id = None


def _newest_opinion(case: Case) -> Opinion:
    return Opinion.objects.select_for_update().filter(case=case).order_by("-number")[0]


_EFFECTS: dict[Transition, Effect] = {
    Transition.SUBMIT: _submit,
    Transition.RETURN_FOR_RECORD: _name_missing,
    Transition.FINISH_TRIAGE: _triage,
    Transition.ACCEPT_OFFER: _accept,
    Transition.END_ASSIGNMENT: _release,
    Transition.SETTLE_CLARIFICATION: _settle_clarifications,
    Transition.REPORT_MISSING_RECORD: _name_missing,
    Transition.SUBMIT_TO_PEER: _submit_to_peer,
    Transition.FINISH_OPINION: _approve,
    Transition.REQUEST_CHANGES: _reopen,
    Transition.APPROVE_OPINION: _approve,
    Transition.SEND_BACK: _reopen,
    Transition.UPHOLD_OPINION: _approve,
    Transition.SIGN: _sign,
    Transition.SUBMIT_AMENDMENT: _ask_reviewer,
    Transition.VOID_APPROVAL: _reopen,
    Transition.DELIVER: _deliver,
}
