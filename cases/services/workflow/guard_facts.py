"""The facts of one case that guards ask for, read when they are first asked: what the case's tables say, together."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from cases.domain.eligibility import conflict_of_interest
from cases.domain.opinion import opinion_content
from cases.domain.workflow.reminders import reminded_enough
from cases.domain.workflow.state_machines import OfferState, OpinionState
from cases.models import Case, Offer, Opinion, Report
from cases.queries.access import caseload_of, person_id
from cases.queries.guard_facts import Circumstances, circumstances_of
from cases.queries.idle_cases import reminders_of, still_since
from cases.queries.sealed_contents import intake_of, place
from cases.services.eligibility import fitness_for, place_of
from cases.services.intake.answers import unanswered
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import open_json, open_text
from config.kernel.errors import Forbidden
from identity import services as identity
from professionals import services as professionals


class CaseFacts:
    """Facts about ``case`` as ``principal`` would move it, with the ``data`` and ``reason`` they sent."""

    def __init__(self, case: Case, principal: Principal, data: Mapping[str, Any], reason: str) -> None:
        self.case, self.principal, self.data, self.reason = case, principal, data, reason

    @cached_property
    def _key(self) -> Any:
        return identity.data_key(subject_id=self.case.patient_id)

    @cached_property
    def _intake(self) -> dict[str, Any]:
        return intake_of(self.case, self._key)

    @cached_property
    def circumstances(self) -> Circumstances:
        """What the case's tables say together."""
        return circumstances_of(self.case)

    @cached_property
    def _standing(self) -> identity.PatientStanding:
        return identity.patient_standing(patient_id=self.case.patient_id)

    @property
    def email_verified(self) -> bool:
        """The patient's address is confirmed (fresh from the account, not from the token)."""
        return self._standing.email_verified

    @property
    def consents(self) -> frozenset[str]:
        """The patient's active consents."""
        return self._standing.consents

    @property
    def question_count(self) -> int:
        """How many questions are asked."""
        return len(self.circumstances.questions)

    @cached_property
    def diagnosis_given(self) -> bool:
        """A diagnosis in words, or the statement that there is none yet."""
        diagnosis = self._intake.get("diagnosis") or {}
        return bool(diagnosis.get("none_yet") or str(diagnosis.get("text", "")).strip())

    @cached_property
    def treating_contact(self) -> bool:
        """A treating clinician's name, or the refusal to give one."""
        treating = self._intake.get("treating_clinician") or {}
        return bool(treating.get("refused") or str(treating.get("name", "")).strip())

    @cached_property
    def location_known(self) -> bool:
        """Country, and region where licences are regional."""
        return bool(self.case.country) and (self.case.country not in ("US", "CA") or bool(self.case.region))

    @cached_property
    def missing_items(self) -> tuple[str, ...]:
        """Titles of checklist items neither present nor waived."""
        found = zip(self.circumstances.missing_ids, self.circumstances.missing_titles, strict=True)
        return tuple(open_text(self._key, place("checklistitem", "title", row_id), cell) for row_id, cell in found)

    @cached_property
    def intake_unanswered(self) -> tuple[str, ...]:
        """Texts of required questions of the intake without an answer."""
        return unanswered(self.case, self._key) if self.circumstances.answers_begun else ()

    @property
    def red_flags_raised(self) -> int:
        """Red flags that the intake raised."""
        return self.circumstances.red_flags

    @property
    def red_flags_open(self) -> int:
        """Those whose advice the patient has not acknowledged."""
        return self.circumstances.red_flags_open

    @cached_property
    def emergency_advice_read(self) -> bool:
        """The patient acknowledged the advice to each red flag of the intake, and there was one."""
        return self.red_flags_raised > 0 and self.red_flags_open == 0

    @property
    def uncleared_documents(self) -> int:
        """Documents whose reading or matching is not finished."""
        return self.circumstances.documents_uncleared

    @cached_property
    def triage(self) -> dict[str, str]:
        """What triage recorded, with what this request adds."""
        fields = ("urgency", "specialty", "service_type", "red_flag_check", "legal_basis")
        return {name: str(self.data.get(name) or getattr(self.case, name)) for name in fields}

    @cached_property
    def _professional(self) -> professionals.ProfessionalDTO:
        found = professionals.get_by_user(user_id=person_id(self.principal))
        if found is None:
            raise Forbidden("Only a registered specialist does this.", code="role_forbidden")
        return found

    @cached_property
    def place(self) -> str:
        """The patient's place as licences name it: US-CA, DE."""
        return place_of(self.case)

    @cached_property
    def fitness(self) -> professionals.Fitness:
        """Whether the caller's licence covers the patient's place now, and no link leads to a party."""
        as_peer = self.principal.user_id == self.case.peer_user_id
        return fitness_for(self.case, self._professional.id, as_peer=as_peer)

    @cached_property
    def capacity(self) -> int:
        """How many open cases the specialist takes."""
        return int(self._professional.capacity)

    @cached_property
    def caseload(self) -> int:
        """How many the specialist has."""
        return caseload_of(person_id(self.principal))

    @cached_property
    def offer_open(self) -> bool:
        """The case is on offer to the caller; the row is locked until the transaction ends."""
        offers = Offer.objects.select_for_update().filter(
            case=self.case, user_id=person_id(self.principal), state=OfferState.OFFERED, expires_at__gt=clock.now()
        )
        return offers.first() is not None

    @cached_property
    def coi_faults(self) -> tuple[str, ...]:
        """What the conflict-of-interest attestation leaves open or declares."""
        return conflict_of_interest.faults(self.data.get("coi_attestation"))

    @cached_property
    def is_treating(self) -> bool:
        """The caller, or their organisation, treats the patient."""
        return treats(self.case, person_id(self.principal))

    @property
    def open_clarifications(self) -> int:
        """Questions to the patient that wait for an answer."""
        return self.circumstances.clarifications_open

    @property
    def clarification_rounds(self) -> int:
        """Rounds that were begun before this one."""
        return self.circumstances.rounds_of_clarification

    @property
    def clarification_overdue(self) -> bool:
        """Every open question is past its reply window."""
        return self.circumstances.clarifications_in_time == 0

    @cached_property
    def actor_is_specialist(self) -> bool:
        """The assigned specialist goes on without the answer."""
        return self.principal.user_id is not None and self.principal.user_id == self.case.assigned_user_id

    @property
    def first_read_sealed(self) -> bool:
        """The assigned specialist stored a first read."""
        return self.circumstances.first_read_sealed

    @cached_property
    def _opinion(self) -> Opinion | None:
        return Opinion.objects.filter(case=self.case).order_by("-number").first()

    @cached_property
    def opinion_content(self) -> dict[str, Any]:
        """The newest version's content, opened; empty without one."""
        row = self._opinion
        return open_json(self._key, place("opinion", "content", row.id), row.content_sealed) if row else {}

    @cached_property
    def unanswered_questions(self) -> tuple[int, ...]:
        """Numbers of questions with neither answer nor reason."""
        return opinion_content.unanswered(self.opinion_content, tuple(self.circumstances.questions))

    @cached_property
    def opinion_faults(self) -> tuple[str, ...]:
        """What the opinion still lacks."""
        return opinion_content.faults(self.opinion_content)

    @property
    def undecided_findings(self) -> int:
        """Machine findings that nobody accepted, edited or rejected."""
        return self.circumstances.findings_undecided

    @property
    def findings_asked_again(self) -> int:
        """Those of them that were decided before, and are read otherwise now."""
        return self.circumstances.findings_asked_again

    @cached_property
    def peer_review_required(self) -> bool:
        """The policy: service types that the setting names."""
        return self.case.service_type in setting("PEER_REVIEWED_SERVICES")

    @cached_property
    def peer_is_independent(self) -> bool:
        """The peer is not the author."""
        row = self._opinion
        return row is not None and self.principal.user_id not in (None, row.author_id)

    @property
    def change_rounds(self) -> int:
        """How often the peer asked for changes."""
        return self.circumstances.rounds_of_change

    @cached_property
    def adjudicator_is_independent(self) -> bool:
        """The caller neither wrote nor reviewed the opinion."""
        row = self._opinion
        return row is not None and self.principal.user_id not in (None, row.author_id, self.case.peer_user_id)

    @cached_property
    def stepped_up(self) -> bool:
        """A second factor within five minutes."""
        return self.principal.stepped_up()

    @cached_property
    def approved_hash(self) -> str | None:
        """Hash of the approved version, recomputed from its sealed content."""
        row = self._opinion
        if row is None or row.state != OpinionState.APPROVED:
            return None
        actual = opinion_content.content_hash(self.opinion_content)
        return actual if actual == row.content_hash else None

    @cached_property
    def report_built(self) -> bool:
        """A report of the newest signed version lies in the storage."""
        return self._opinion is not None and Report.objects.filter(opinion=self._opinion).exists()

    @cached_property
    def report_opened(self) -> bool:
        """The patient opened the report of the newest version."""
        return Report.objects.filter(opinion=self._opinion).exclude(opened_at=None).exists()

    @cached_property
    def days_since_delivery(self) -> int:
        """Whole days since delivery; 0 before it."""
        return (clock.now() - self.case.delivered_at).days if self.case.delivered_at else 0

    @property
    def open_follow_ups(self) -> int:
        """Follow-up questions without an addendum."""
        return self.circumstances.follow_ups_open

    @cached_property
    def _still_since(self) -> datetime:
        return still_since(self.case)

    @cached_property
    def days_idle(self) -> int:
        """Whole days since anything happened to the case."""
        return (clock.now() - self._still_since).days

    @cached_property
    def idle_reminders_sent(self) -> bool:
        """The patient was told twice that the case waits, and had time to answer."""
        return reminded_enough(reminders_of(self.case, self._still_since), clock.now())

    @cached_property
    def amended_version_ready(self) -> bool:
        """A newer version than the signed one is submitted."""
        return self._opinion is not None and self._opinion.state == OpinionState.SUBMITTED

    @property
    def incident_confirmed(self) -> bool:
        """An officer recorded what went wrong, and another one of the other office confirmed it."""
        return self.circumstances.incident_confirmed


def treats(case: Case, user_id: UUID) -> bool:
    """Whether a specialist, or their organisation, is named as treating the patient."""
    intake = intake_of(case, identity.data_key(subject_id=case.patient_id))
    treating = intake.get("treating_clinician") or {}
    account = identity.get_account(user_id=user_id)
    professional = professionals.get_by_user(user_id=user_id)
    same_person = _same(treating.get("email"), account.email) or _same(treating.get("name"), account.full_name)
    organisation = professional.organisation if professional else ""
    return same_person or _same(treating.get("organisation"), organisation)


def _same(one: object, other: object) -> bool:
    return bool(one) and str(one).strip().casefold() == str(other).strip().casefold()
