"""Random people read, decide and withdraw: nobody reads without a relation, and no reading goes unrecorded."""

from __future__ import annotations

import os
from typing import Any
from uuid import uuid4

import pytest

from analysis import services as analysis
from analysis.models import AnalysisRun, Finding
from analysis.queries.findings import RELEASED
from cases.domain.casefile.access_rules import CLINICAL_DUTIES
from cases.domain.workflow.states import State
from cases.models import AuditEntry, Offer, Opinion, PeerReview, StatusHistory
from cases.services import casefile, opinion
from cases.services.workflow import Transition
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from config.kernel.errors import DomainError
from identity import services as identity
from tests.analysis.pages import LAB, MEDICATION
from tests.analysis.world import World
from tests.cases.support import by, profile_id
from tests.cases.workflow.test_random_walks import STEPS, Walk, check

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WALKS = int(os.environ.get("SOP_WALKS", "4"))


class Watched(Walk):
    """A walk whose people also read, judge what the program found, and take consents back."""

    def __init__(self, seed: int, *, withdraws: bool) -> None:
        super().__init__(seed)
        self.acts += [self.read, self.read, self.findings, self.decide, self.decide, self.peer_names, *[self.usual] * 8]
        self.withdrawn = False
        self.withdraws = withdraws
        self.analysed = False

    def analyse(self) -> None:
        """One accepted document, read by the program: what it found waits for a person."""
        world = World(self.story.patient, self.one, self.story.id, uuid4())
        document = world.add_document(LAB, MEDICATION)
        with by(self.story.patient):
            analysis.request_analysis(principal=self.story.patient, document_id=document)
        drain("analysis")
        drain("cases")
        assert Finding.objects.filter(case_id=self.story.id).exists()
        self.analysed = True

    def read(self, who: Principal) -> None:
        row, before = self.story.row, self.readings(who)
        try:
            page = casefile.case_page(principal=who, case_id=row.id)
        except DomainError:
            return
        assert self.readings(who) == before + 1, "a reading without its row in the patient's ledger"
        text_shown = bool(page["intake"])
        offered = Offer.objects.filter(case=row, user_id=who.user_id, state="OFFERED").exists()
        related = who.user_id in {row.patient_id, row.assigned_user_id, row.peer_user_id} or offered
        staff = {role for role in who.roles if role in {"coordinator", "nurse", "medical_director", "privacy_officer"}}
        assert related or staff, "a stranger read the case"
        full = any(role in staff and row.state in states for role, states in CLINICAL_DUTIES.items())
        whole = who.user_id in {row.patient_id, row.assigned_user_id, row.peer_user_id}
        assert not text_shown or whole or full, "clinical text for somebody who must not have it"
        if self.withdrawn:
            assert who.user_id == row.patient_id or staff, "a reading after the consent was withdrawn"

    def readings(self, who: Principal) -> int:
        rows = AuditEntry.objects.filter(patient_id=self.story.patient.user_id, actor_id=who.user_id)
        return rows.filter(action="case.read", object_id=self.story.id, outcome="success").count()

    def findings(self, who: Principal) -> None:
        seen = analysis.findings_for_case(principal=who, case_id=self.story.id)
        if who.user_id == self.story.patient.user_id:
            released = Finding.objects.filter(case_id=self.story.id, decision__in=RELEASED)
            assert {one.id for one in seen} <= set(released.values_list("id", flat=True)), (
                "the patient saw what nobody accepted"
            )
        else:
            assert who.user_id in {self.story.row.assigned_user_id, self.story.row.peer_user_id}

    def decide(self, who: Principal) -> None:
        waiting = list(Finding.objects.filter(case_id=self.story.id, decision="PROPOSED")[:8])
        by_whom = next((p for p in (self.one, self.two) if p.user_id == self.story.row.assigned_user_id), who)
        chosen = by_whom if self.dice.random() < 0.8 else who
        with by(chosen):
            for row in waiting:
                decision = self.dice.choice(["accept", "reject"])
                analysis.decide_finding(principal=chosen, finding_id=row.id, decision=decision, reason="seen")
                assert chosen.user_id == self.story.row.assigned_user_id, "somebody else decided"
        drain("analysis")

    def peer_names(self, who: Principal) -> None:
        opinion.assign_peer(principal=who, case_id=self.story.id, professional_id=self.profile_of_peer())

    def profile_of_peer(self) -> Any:
        return profile_id(self.dice.choice([self.peer, self.one, self.two]))

    def withdraw(self) -> None:
        patient = self.story.patient
        with by(patient):
            identity.withdraw_consent(patient_id=patient.user_id, purpose="sharing")
            identity.withdraw_consent(patient_id=patient.user_id, purpose="ai_processing")
        drain()
        self.withdrawn = True
        self.offers = Offer.objects.filter(case=self.story.id).count()
        self.runs = AnalysisRun.objects.filter(case_id=self.story.id).count()


def look(walk: Watched) -> None:
    """What holds after every step, whoever did what."""
    case = walk.story.row
    authors = set(Opinion.objects.filter(case=case).values_list("author_id", flat=True))
    reviewers = set(PeerReview.objects.filter(opinion__case=case).values_list("user_id", flat=True))
    reviews = PeerReview.objects.filter(opinion__case=case).select_related("opinion")
    assert all(one.user_id != one.opinion.author_id for one in reviews), "somebody reviewed their own opinion"
    decided = StatusHistory.objects.filter(case=case, transition__in=(Transition.SEND_BACK, Transition.UPHOLD_OPINION))
    assert not set(decided.values_list("actor_id", flat=True)) & (authors | reviewers)
    assert not (authors | reviewers) & {case.patient_id}
    assert all(not any(one.coi_attestation.values()) for one in reviews), "a conflicted reviewer gave a verdict"
    if walk.withdrawn:
        assert Offer.objects.filter(case=case).count() == walk.offers, "an offer after the withdrawal"
        assert not Offer.objects.filter(case=case, state="OFFERED").exists()
        assert AnalysisRun.objects.filter(case_id=case.id).count() == walk.runs, "a run after the withdrawal"
        assert case.assigned_user_id is None
        assert case.peer_user_id is None


def test_random_readers_and_withdrawals_keep_the_invariants() -> None:
    reached: set[str] = set()
    for seed in range(WALKS):
        walk = Watched(seed, withdraws=seed % 2 == 1)
        signed: dict[Any, bytes] = {}
        try:
            for number in range(STEPS):
                if not walk.analysed and State(walk.story.state) is State.IN_REVIEW:
                    walk.analyse()
                if walk.withdraws and number == STEPS * 2 // 3:
                    walk.withdraw()
                walk.step()
                look(walk)
            check(walk.story, signed)
        except AssertionError as broken:
            raise AssertionError(f"walk {seed}: {broken}") from broken
        reached |= set(StatusHistory.objects.filter(case=walk.story.id).values_list("transition", flat=True))
    assert {Transition.ACCEPT_OFFER, Transition.FINISH_OPINION, Transition.SIGN} <= reached
