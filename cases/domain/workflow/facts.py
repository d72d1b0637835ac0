"""What the guards of a step ask about a case; ``CaseFacts`` answers from the tables, each fact when first asked."""

from collections.abc import Mapping, Set
from typing import Any, Protocol


class Fitness(Protocol):
    """Whether a specialist may advise here and now, by which rule, and why not."""

    @property
    def allowed(self) -> bool:
        """They may."""

    @property
    def rule_id(self) -> str:
        """Which rule answered."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What stands against them."""


class Facts(Protocol):
    """The facts of one case, as one caller would move it."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What the request sent with the step."""

    @property
    def reason(self) -> str:
        """Why the step is taken, in the caller's words."""

    @property
    def email_verified(self) -> bool:
        """The patient's address is confirmed (fresh from the account, not from the token)."""

    @property
    def consents(self) -> Set[str]:
        """The patient's active consents."""

    @property
    def question_count(self) -> int:
        """How many questions are asked."""

    @property
    def diagnosis_given(self) -> bool:
        """A diagnosis in words, or the statement that there is none yet."""

    @property
    def treating_contact(self) -> bool:
        """A treating clinician's name, or the refusal to give one."""

    @property
    def location_known(self) -> bool:
        """Country, and region where licences are regional."""

    @property
    def missing_items(self) -> tuple[str, ...]:
        """Titles of checklist items neither present nor waived."""

    @property
    def intake_unanswered(self) -> tuple[str, ...]:
        """Texts of required questions of the intake without an answer."""

    @property
    def red_flags_raised(self) -> int:
        """Red flags that the intake raised."""

    @property
    def red_flags_open(self) -> int:
        """Those whose advice the patient has not acknowledged."""

    @property
    def emergency_advice_read(self) -> bool:
        """The patient acknowledged the advice to each red flag of the intake, and there was one."""

    @property
    def uncleared_documents(self) -> int:
        """Documents whose reading or matching is not finished."""

    @property
    def triage(self) -> Mapping[str, str]:
        """What triage recorded, with what this request adds."""

    @property
    def fitness(self) -> Fitness:
        """Whether the caller's licence covers the patient's place now, and no link leads to a party."""

    @property
    def capacity(self) -> int:
        """How many open cases the specialist takes."""

    @property
    def caseload(self) -> int:
        """How many the specialist has."""

    @property
    def offer_open(self) -> bool:
        """The case is on offer to the caller; the row is locked until the transaction ends."""

    @property
    def coi_faults(self) -> tuple[str, ...]:
        """What the conflict-of-interest attestation leaves open or declares."""

    @property
    def is_treating(self) -> bool:
        """The caller, or their organisation, treats the patient."""

    @property
    def open_clarifications(self) -> int:
        """Questions to the patient that wait for an answer."""

    @property
    def clarification_rounds(self) -> int:
        """Rounds that were begun before this one."""

    @property
    def clarification_overdue(self) -> bool:
        """Every open question is past its reply window."""

    @property
    def actor_is_specialist(self) -> bool:
        """The assigned specialist goes on without the answer."""

    @property
    def first_read_sealed(self) -> bool:
        """The assigned specialist stored a first read."""

    @property
    def unanswered_questions(self) -> tuple[int, ...]:
        """Numbers of questions with neither answer nor reason."""

    @property
    def opinion_faults(self) -> tuple[str, ...]:
        """What the opinion still lacks."""

    @property
    def undecided_findings(self) -> int:
        """Machine findings that nobody accepted, edited or rejected."""

    @property
    def findings_asked_again(self) -> int:
        """Those of them that were decided before, and are read otherwise now."""

    @property
    def peer_review_required(self) -> bool:
        """The policy: service types that the setting names."""

    @property
    def peer_is_independent(self) -> bool:
        """The peer is not the author."""

    @property
    def change_rounds(self) -> int:
        """How often the peer asked for changes."""

    @property
    def adjudicator_is_independent(self) -> bool:
        """The caller neither wrote nor reviewed the opinion."""

    @property
    def stepped_up(self) -> bool:
        """A second factor within five minutes."""

    @property
    def approved_hash(self) -> str | None:
        """Hash of the approved version, recomputed from its sealed content."""

    @property
    def report_built(self) -> bool:
        """A report of the newest signed version lies in the storage."""

    @property
    def report_opened(self) -> bool:
        """The patient opened the report of the newest version."""

    @property
    def days_since_delivery(self) -> int:
        """Whole days since delivery; 0 before it."""

    @property
    def open_follow_ups(self) -> int:
        """Follow-up questions without an addendum."""

    @property
    def days_idle(self) -> int:
        """Whole days since anything happened to the case."""

    @property
    def idle_reminders_sent(self) -> bool:
        """The patient was told twice that the case waits, and had time to answer."""

    @property
    def amended_version_ready(self) -> bool:
        """A newer version than the signed one is submitted."""

    @property
    def incident_confirmed(self) -> bool:
        """An officer recorded what went wrong, and another one of the other office confirmed it."""
