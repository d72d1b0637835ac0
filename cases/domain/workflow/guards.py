"""The guards of the transition table: small named policies over the facts of one case.

Each returns ``None`` when it holds, else a sentence that says what would satisfy it. Facts are read when a
guard asks for them, so that a transition costs only the queries of its own guards.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cases.domain.workflow.facts import Facts
from config.kernel.labels import lowered

MAX_QUESTIONS = 10
# What triage records, as its form says it.
_TRIAGE = {
    "urgency": "urgency",
    "specialty": "specialty",
    "service_type": "service type",
    "red_flag_check": "red-flag check",
}
MAX_CLARIFICATION_ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """A guard that does not hold, and what would satisfy it."""

    guard: str
    satisfied_by: str


Guard = Callable[[Facts], str | None]


def unmet(guards: Iterable[Guard], facts: Facts) -> Iterator[Unmet]:
    """Those of ``guards`` that do not hold, each asked when its turn comes."""
    for guard in guards:
        advice = guard(facts)
        if advice is not None:
            yield Unmet(guard=guard.__name__, satisfied_by=advice)


def holds(guards: Iterable[Guard], facts: Facts) -> bool:
    """Whether all do; none is asked after one that does not."""
    return next(unmet(guards, facts), None) is None


def _unless(holds: bool, advice: str) -> str | None:
    return None if holds else advice


def email_verified(facts: Facts) -> str | None:
    """The patient's address is confirmed."""
    return _unless(facts.email_verified, "Confirm your e-mail address by the link that was mailed to you.")


def intake_consents(facts: Facts) -> str | None:
    """The patient agreed to the service, and to sharing the case."""
    missing = sorted({"service", "sharing"} - facts.consents)
    return _unless(not missing, f"Agree to: {', '.join(missing)}.")


def questions_asked(facts: Facts) -> str | None:
    """At least one question, and no more than a specialist can answer."""
    return _unless(1 <= facts.question_count <= MAX_QUESTIONS, f"Ask 1 to {MAX_QUESTIONS} questions.")


def diagnosis_given(facts: Facts) -> str | None:
    """A diagnosis, or the statement that there is none yet."""
    return _unless(facts.diagnosis_given, "Give the original diagnosis, or say that there is none yet.")


def treating_contact(facts: Facts) -> str | None:
    """A treating clinician, or the refusal to name one."""
    return _unless(facts.treating_contact, "Name your treating clinician, or say that you do not want to.")


def location_known(facts: Facts) -> str | None:
    """Licences are asked about where the patient is."""
    return _unless(
        facts.location_known, "Say in which country you are now (and in which state, for the US and Canada)."
    )


def intake_answered(facts: Facts) -> str | None:
    """Of a questionnaire that was begun, every required question; without one, nothing."""
    texts = facts.intake_unanswered
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return _unless(not texts, f"Answer: {' · '.join(texts[:3])}{more}.")


def red_flags_acknowledged(facts: Facts) -> str | None:
    """Who may need help at once has read how to get it."""
    return _unless(facts.red_flags_open == 0, "Read the emergency advice first, and say that you have read it.")


def red_flags_looked_at(facts: Facts) -> str | None:
    """What the intake raised is not passed over."""
    return _unless(
        facts.red_flags_raised == 0 or facts.triage.get("red_flag_check") in ("red_flag", "cleared"),
        "The intake raised a red flag: look at it, and record as the red-flag check what you found.",
    )


def records_missing(facts: Facts) -> str | None:
    """There is something to collect."""
    return _unless(bool(facts.missing_items), "Nothing is missing; move the case to triage.")


def checklist_complete(facts: Facts) -> str | None:
    """Every required record is there, or waived."""
    return _unless(not facts.missing_items, f"Add or waive: {', '.join(map(lowered, facts.missing_items))}.")


def documents_cleared(facts: Facts) -> str | None:
    """Every document scanned clean and matched to the patient."""
    waiting = facts.uncleared_documents
    return _unless(
        not waiting, f"{waiting} document(s) are still being read, or a coordinator must confirm whose they are."
    )


def missing_item_named(facts: Facts) -> str | None:
    """Whoever sends a case back says for which record."""
    return _unless(bool(facts.data.get("missing_item")), "Name the record that is missing.")


def triage_recorded(facts: Facts) -> str | None:
    """Urgency, specialty, service and the look for red flags."""
    missing = [words for name, words in _TRIAGE.items() if not facts.triage.get(name)]
    return _unless(not missing, f"Record {', '.join(missing)}.")


def legal_basis_chosen(facts: Facts) -> str | None:
    """Why a specialist may advise this patient."""
    return _unless(bool(facts.triage.get("legal_basis")), "Choose the legal basis.")


def reason_given(facts: Facts) -> str | None:
    """Wherever somebody stops or sends back."""
    return _unless(bool(facts.reason.strip()), "Give a reason.")


def emergency_advice_delivered(facts: Facts) -> str | None:
    """Only where a red flag was found."""
    return _unless(
        facts.triage.get("red_flag_check") != "red_flag"
        or facts.emergency_advice_read
        or bool(facts.data.get("emergency_advice_delivered")),
        "A red flag was found: give the emergency advice first, and say that it was given.",
    )


def offer_open(facts: Facts) -> str | None:
    """The case is on offer to the caller."""
    return _unless(facts.offer_open, "There is no open offer of this case to you; it may have ended or been taken.")


def licence_covers_place(facts: Facts) -> str | None:
    """The specialist may advise where the patient is, now."""
    return _unless(facts.fitness.allowed, f"{'; '.join(facts.fitness.reasons)} (rule {facts.fitness.rule_id}).")


def coi_clear(facts: Facts) -> str | None:
    """The attestation is complete and declares no conflict."""
    return _unless(not facts.coi_faults, f"Conflicts of interest: {'; '.join(facts.coi_faults)}.")


def caseload_below_cap(facts: Facts) -> str | None:
    """The specialist has room for one more case."""
    return _unless(facts.caseload < facts.capacity, f"You have {facts.caseload} open cases of {facts.capacity}.")


def not_treating(facts: Facts) -> str | None:
    """A second opinion comes from somebody else."""
    return _unless(not facts.is_treating, "A treating clinician, or somebody of their organisation, cannot review.")


def sharing_consent(facts: Facts) -> str | None:
    """The consent to share the case stands now."""
    return _unless("sharing" in facts.consents, "The patient has withdrawn the consent to share the case.")


def clarification_open(facts: Facts) -> str | None:
    """There is a question to wait for."""
    return _unless(facts.open_clarifications > 0, "Ask a question first.")


def clarification_rounds_left(facts: Facts) -> str | None:
    """The patient is not asked for ever."""
    return _unless(
        facts.clarification_rounds < MAX_CLARIFICATION_ROUNDS,
        f"{MAX_CLARIFICATION_ROUNDS} rounds were used; answer with what is known, and say what is not.",
    )


def clarification_settled(facts: Facts) -> str | None:
    """Answered, overdue, or the specialist goes on without."""
    return _unless(
        facts.open_clarifications == 0 or facts.clarification_overdue or facts.actor_is_specialist,
        "Answer the open question first.",
    )


def first_read_sealed(facts: Facts) -> str | None:
    """The own impression was stored before machine output was seen."""
    return _unless(facts.first_read_sealed, "Seal your first read.")


def questions_answered(facts: Facts) -> str | None:
    """Each question, or the reason why there is no answer."""
    numbers = ", ".join(str(n) for n in facts.unanswered_questions)
    return _unless(not numbers, f"Answer, or refuse with a reason, question {numbers}.")


def agreement_coded(facts: Facts) -> str | None:
    """The opinion is complete."""
    return _unless(not facts.opinion_faults, f"Complete the opinion: {'; '.join(facts.opinion_faults)}.")


def ai_items_decided(facts: Facts) -> str | None:
    """Nothing of a machine reaches the report undecided.

    Before the first read is sealed it is not told whether there is anything: ``first_read_sealed`` stops the step then.
    """
    return _unless(
        not facts.first_read_sealed or facts.undecided_findings == 0,
        f"Accept, edit or reject {facts.undecided_findings} machine finding(s).",
    )


def decisions_stand(facts: Facts) -> str | None:
    """Nothing that was decided is read otherwise now."""
    return _unless(
        facts.findings_asked_again == 0,
        f"A newer reading changed {facts.findings_asked_again} value(s) that you had decided on:"
        " take the approval back, and decide on them again.",
    )


def peer_review_asked(facts: Facts) -> str | None:
    """The policy asks for a second specialist."""
    return _unless(facts.peer_review_required, "The policy asks for no peer review; go on to signing.")


def peer_review_not_asked(facts: Facts) -> str | None:
    """The policy asks for none."""
    return _unless(not facts.peer_review_required, "The policy asks for a peer review first.")


def peer_is_independent(facts: Facts) -> str | None:
    """The reviewer is not the author."""
    return _unless(facts.peer_is_independent, "The author cannot review their own opinion.")


def peer_agrees(facts: Facts) -> str | None:
    """The reviewer approves, with minor remarks at most."""
    return _unless(
        facts.data.get("peer_verdict") in ("agree", "minor_remarks"),
        "Only a review that agrees, or has minor remarks, lets the opinion be signed.",
    )


def major_disagreement(facts: Facts) -> str | None:
    """After one round of changes."""
    return _unless(
        facts.data.get("peer_verdict") == "major_disagreement" and facts.change_rounds > 0,
        "A major disagreement is decided by the director after the author was asked for changes once.",
    )


def adjudicator_is_independent(facts: Facts) -> str | None:
    """Neither author nor reviewer decides about their dissent."""
    return _unless(
        facts.adjudicator_is_independent, "Neither the author nor the reviewer of the opinion decides about it."
    )


def decision_recorded(facts: Facts) -> str | None:
    """The director says what was decided."""
    return _unless(bool(facts.data.get("decision")), "Record the decision.")


def fresh_second_factor(facts: Facts) -> str | None:
    """Signing asks for the second factor anew."""
    return _unless(facts.stepped_up, "Give your second factor again; it must be at most five minutes old.")


def approved_content_unchanged(facts: Facts) -> str | None:
    """What is signed is what was approved and read."""
    return _unless(
        facts.approved_hash is not None and facts.data.get("content_hash") == facts.approved_hash,
        "What you sign must be what was approved: read the newest version, and sign that one.",
    )


def report_built(facts: Facts) -> str | None:
    """There is a report of the signed version."""
    return _unless(facts.report_built, "The report is still being built from the signed version.")


def release_consent(facts: Facts) -> str | None:
    """The patient agreed to electronic delivery."""
    return _unless("release" in facts.consents, "The patient has not agreed to electronic delivery.")


def report_opened_or_three_days(facts: Facts) -> str | None:
    """The patient read it, or had time to."""
    return _unless(facts.report_opened or facts.days_since_delivery >= 3, "Open the report first.")


def no_open_follow_up(facts: Facts) -> str | None:
    """Every follow-up question is answered."""
    return _unless(
        facts.open_follow_ups == 0, f"{facts.open_follow_ups} follow-up question(s) wait for the specialist's answer."
    )


def new_version_written(facts: Facts) -> str | None:
    """The amended version is finished."""
    return _unless(facts.amended_version_ready, "Write the new version first; the signed one is kept.")


def within_follow_up_window(facts: Facts) -> str | None:
    """Closed cases reopen for ninety days."""
    return _unless(facts.days_since_delivery <= 90, "The 90 days for follow-up questions are over; open a new case.")


def idle_for_thirty_days(facts: Facts) -> str | None:
    """Nothing happened to the case."""
    return _unless(facts.days_idle >= 30, "Only a case that lay still for 30 days ends by itself.")


def idle_reminders_sent(facts: Facts) -> str | None:
    """The patient knows that the case waits."""
    return _unless(facts.idle_reminders_sent, "The patient is reminded twice before a case ends by itself.")


def expired_within_ninety_days(facts: Facts) -> str | None:
    """An expired case is revived while its records are recent."""
    return _unless(facts.days_idle <= 90, "The case ended more than 90 days ago; open a new one.")


def two_person_incident_record(facts: Facts) -> str | None:
    """Two officers of different offices confirmed the error."""
    return _unless(
        facts.incident_confirmed, "A privacy officer and a medical director must both confirm the incident record."
    )
