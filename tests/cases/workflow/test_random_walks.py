"""Random people do random things to one case; whatever happens, the invariants hold."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from cases.domain.workflow.service_clock import Interval, elapsed, runs_in
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import TABLE, between
from cases.models import Assignment, AuditEntry, ClockInterval, Opinion, OutboxEntry, StatusHistory
from cases.services import assignment, documents, workflow
from cases.services import opinion as opinion_service
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from tests.cases.support import CLEAR, OPINION, TRIAGE, Story, by, make_specialist, profile_id
from tests.factories import make_patient, make_person
from tests.observations import report_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DATA = {**TRIAGE, "missing_item": "a letter", "coi_attestation": CLEAR, "decision": "so be it", "peer_verdict": "agree"}
TARGETS = [*State, *(row.transition for row in TABLE)]
# SOP_WALKS=134 takes the 20,000 steps that the design asks for (134 walks of 150).
WALKS, STEPS = int(os.environ.get("SOP_WALKS", "12")), 150
# Ways out of the machine are taken rarely: a walk that ends at once shows little.
_ENDS = ("CANCELLED", "DECLINED", "C-", *(row.transition for row in TABLE if row.target is State.DECLINED))


class Walk:
    """One case, everybody who may touch it, and what they may try."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.story = Story()
        self.one, self.two, self.peer = make_specialist(), make_specialist(), make_specialist()
        staff = ("coordinator", "nurse", "medical_director", "privacy_officer")
        self.staff = {role: make_person(role) for role in staff}
        self.people: list[Principal] = [
            self.story.patient, self.one, self.two, self.peer, make_patient(), *self.staff.values(),
        ]  # fmt: skip
        self.acts: list[Callable[[Principal], Any]] = [
            self.move, self.move, self.move, self.usual, self.usual, self.usual, self.usual, self.drain, self.hold,
        ]  # fmt: skip

    def step(self) -> None:
        who = self.dice.choice(self.people)
        try:
            with by(who):
                self.dice.choice(self.acts)(who)
        except DomainError:
            return

    def move(self, who: Principal) -> None:
        target = self.dice.choice(TARGETS)
        if self.dice.random() < 0.95 and str(target).startswith(_ENDS):
            return
        before = self.mark()
        try:
            workflow.move(principal=who, case_id=self.story.id, to=str(target), reason="because", data=DATA)
            return
        except DomainError as raised:
            refused = raised
        # 400, 403, 404 and 409.
        assert isinstance(refused, Invalid | Forbidden | NotFound | Conflict), f"{target}: {refused!r}"
        assert self.mark() == before, f"the refused step {target} left something behind"

    def mark(self) -> tuple[Any, ...]:
        """What no refused step may change."""
        row = self.story.row
        history = StatusHistory.objects.filter(case=row).count()
        events = OutboxEntry.objects.filter(aggregate_id=row.id).count()
        return row.state, row.version, row.updated_at, history, events, Assignment.objects.filter(case=row).count()

    def hold(self, who: Principal) -> None:
        workflow.hold_case(principal=who, case_id=self.story.id, reason="wait")
        workflow.resume_case(principal=who, case_id=self.story.id)

    def drain(self, who: Principal) -> None:
        drain("cases")

    def usual(self, who: Principal) -> None:
        """What would bring the case further, done by the right person or by whomever the dice chose."""
        state = State(self.story.state)
        right = self.dice.random() < 0.8
        coordinator, nurse = self.staff["coordinator"], self.staff["nurse"]
        author = next((p for p in (self.one, self.two) if p.user_id == self.story.row.assigned_user_id), self.one)
        ways: dict[State, tuple[Principal, Callable[[Principal], Any]]] = {
            State.DRAFT: (self.story.patient, lambda p: self.to(p, "SUBMITTED")),
            State.SUBMITTED: (coordinator, self.waive),
            State.COLLECTING_RECORDS: (coordinator, self.waive),
            State.TRIAGE: (nurse, lambda p: self.to(p, Transition.FINISH_TRIAGE)),
            State.MATCHING: (self.dice.choice([coordinator, self.one, self.two]), self.match),
            State.IN_REVIEW: (author, self.review),
            State.CLARIFICATION: (author, lambda p: self.to(p, "IN_REVIEW")),
            State.READY_TO_SIGN: (author, self.sign),
            State.DELIVERED: (self.story.patient, lambda p: report_pdf(principal=p, case_id=self.story.id)),
        }
        owner, act = ways.get(state, (who, self.move))
        chosen = owner if right else who
        with by(chosen):
            act(chosen)

    def to(self, who: Principal, target: str) -> None:
        workflow.move(principal=who, case_id=self.story.id, to=target, reason="because", data=DATA)

    def waive(self, who: Principal) -> None:
        for item in self.story.row.checklist.filter(present=False, waived_by=None):
            documents.waive_item(principal=who, case_id=self.story.id, code=item.code, reason="none exists")
        drain("cases")

    def match(self, who: Principal) -> None:
        if who.has("professional"):
            assignment.accept_offer(principal=who, case_id=self.story.id, coi_attestation=CLEAR)
        else:
            to = profile_id(self.dice.choice([self.one, self.two]))
            assignment.offer_case(principal=who, case_id=self.story.id, professional_id=to)

    def review(self, who: Principal) -> None:
        act = self.dice.randrange(4)
        if act == 0:
            opinion_service.seal_first_read(principal=who, case_id=self.story.id, impression="x", confidence=5)
        elif act == 1:
            opinion_service.save_draft(principal=who, case_id=self.story.id, content=OPINION)
        elif act == 2:
            opinion_service.ask(principal=who, case_id=self.story.id, question="When?")
        else:
            opinion_service.submit_opinion(principal=who, case_id=self.story.id)

    def sign(self, who: Principal) -> None:
        approved = Opinion.objects.filter(case=self.story.id).order_by("-number")[0]
        opinion_service.sign_opinion(principal=who, case_id=self.story.id, content_hash=approved.content_hash)


def check(story: Story, signed: dict[Any, bytes]) -> None:
    row = story.row
    history = list(StatusHistory.objects.filter(case=row).order_by("created_at", "id"))
    at = "DRAFT"
    for entry in history:
        assert entry.source == at, "the history is one unbroken line"
        assert between(State(entry.source), State(entry.target)) is not None
        at = entry.target
    assert at == row.state
    events = OutboxEntry.objects.filter(aggregate_id=row.id, name="cases.case.status_changed.v1").count()
    assert events == len(history) == AuditEntry.objects.filter(object_id=row.id, action="case.move").count()
    running = ClockInterval.objects.filter(case=row, ended_at=None).count()
    assert running == int(runs_in(State(row.state), on_hold=row.on_hold))
    stored = [Interval(i.started_at, i.ended_at) for i in ClockInterval.objects.filter(case=row)]
    assert elapsed(stored, clock.now()).total_seconds() >= 0
    assert Assignment.objects.filter(case=row, state="ACTIVE").count() <= 1
    for opinion in Opinion.objects.filter(case=row, state__in=("SIGNED", "SUPERSEDED")):
        assert opinion.signed_at is not None
        assert opinion.legal_rule
        assert signed.setdefault(opinion.id, bytes(opinion.content_sealed)) == bytes(opinion.content_sealed)
    if row.delivered_at is not None:
        assert Opinion.objects.filter(case=row, signed_at__lte=row.delivered_at).exists()


def walked(seed: int) -> set[str]:
    """One walk, checked on its way; the transitions that it took."""
    walk = Walk(seed)
    signed: dict[Any, bytes] = {}
    for number in range(STEPS):
        walk.step()
        if number % 5 == 0:
            check(walk.story, signed)
    check(walk.story, signed)
    return set(StatusHistory.objects.filter(case=walk.story.id).values_list("transition", flat=True))


def test_random_walks_keep_the_invariants_and_go_a_long_way() -> None:
    seen: set[str] = set()
    for seed in range(WALKS):
        try:
            seen |= walked(seed)
        except AssertionError as broken:
            raise AssertionError(f"walk {seed}: {broken}") from broken
    assert {
        Transition.SUBMIT,
        Transition.FINISH_TRIAGE,
        Transition.ACCEPT_OFFER,
        Transition.END_ASSIGNMENT,
        Transition.ASK_CLARIFICATION,
        Transition.SETTLE_CLARIFICATION,
        Transition.FINISH_OPINION,
        Transition.SIGN,
        Transition.DELIVER,
    } <= seen
