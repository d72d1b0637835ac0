"""Offers, assignments, first reads, opinions, clarifications, reports."""

from typing import ClassVar

from django.db import models

from cases.domain.workflow.state_machines import (
    ASSIGNMENT,
    CLARIFICATION,
    OFFER,
    OPINION,
    AssignmentState,
    ClarificationState,
    OfferState,
)
from cases.models.case import Case
from config.kernel import clock
from config.kernel.db import Entity, VersionedEntity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered

# Plain words, so that no migration names a module of ours.
_OFFERED = models.Q(state=OfferState.OFFERED.value)
_ACTIVE = models.Q(state=AssignmentState.ACTIVE.value)


class Offer(Entity):
    """A case offered to one specialist with a time limit."""

    on_erasure: ClassVar[str] = "tombstone"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    professional_id = models.UUIDField()
    user_id = models.UUIDField()
    offered_by = models.UUIDField()
    state = StateField(OFFER, max_length=10)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "user_id"],
                condition=_OFFERED,
                name="cases_offer_one_open",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id"], condition=_OFFERED, name="cases_offer_open_to"),
            models.Index(fields=["state", "-id"], name="cases_offer_state"),
        ]

    def __str__(self) -> str:
        return f"offer {lowered(self.state)}"


class Assignment(Entity):
    """The specialist who works on the case, with the conflict-of-interest attestation and the legal basis.

    ``seen_at`` is when they last opened its workspace.
    """

    on_erasure: ClassVar[str] = "tombstone"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    professional_id = models.UUIDField()
    user_id = models.UUIDField()
    state = StateField(ASSIGNMENT, max_length=10)
    coi_attestation = models.JSONField()
    legal_rule = models.CharField(max_length=80)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case"], condition=_ACTIVE, name="cases_one_assignment")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id"], condition=_ACTIVE, name="cases_assignment_user"),
            models.Index(fields=["professional_id"], condition=_ACTIVE, name="cases_assignment_load"),
        ]

    def __str__(self) -> str:
        return f"assignment {lowered(self.state)}"


class FirstRead(Entity):
    """The specialist's own impression, stored before machine output is shown; never changed."""

    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="first_reads")
    user_id = models.UUIDField()
    content_sealed = models.BinaryField()

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "user_id"], name="cases_first_read_once")
        ]

    def __str__(self) -> str:
        return f"first read {self.id}"


class Opinion(VersionedEntity):
    """One version of the opinion. ``content_hash`` is set on submission; a signed row never changes again."""

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField(default=1)
    state = StateField(OPINION, max_length=18)
    author_id = models.UUIDField()
    professional_id = models.UUIDField()
    content_sealed = models.BinaryField()
    content_hash = models.CharField(max_length=64, blank=True)
    peer_user_id = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    licence_place = models.CharField(max_length=8, blank=True)
    legal_rule = models.CharField(max_length=80, blank=True)

    class Meta(VersionedEntity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_opinion_number")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-id"], name="cases_opinion_state"),
            models.Index(fields=["case"], condition=models.Q(number__gt=1), name="cases_opinion_amended"),
        ]

    def __str__(self) -> str:
        return f"opinion version {self.number}"


class Clarification(Entity):
    """A question from the specialist to the patient; it stops the clock.

    ``question_seen_at`` and ``answer_seen_at`` are when the other side first read each. The documents are ids.
    """

    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clarifications")
    asked_by = models.UUIDField()
    question_sealed = models.BinaryField()
    answer_sealed = models.BinaryField(null=True)
    state = StateField(CLARIFICATION, max_length=10)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    question_seen_at = models.DateTimeField(null=True)
    answer_seen_at = models.DateTimeField(null=True)
    question_documents = models.JSONField(default=list)
    answer_documents = models.JSONField(default=list)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-id"], name="cases_clarification_state"),
            models.Index(
                fields=["case"],
                condition=models.Q(state=ClarificationState.ANSWERED.value, answer_seen_at=None),
                name="cases_answer_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"clarification {lowered(self.state)}"


class Report(Entity):
    """What the patient receives, built once from one signed version. ``manifest`` is its signed core manifest."""

    on_erasure: ClassVar[str] = "tombstone"
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="report")
    pdf_key = models.CharField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64, db_index=True)
    fhir_key = models.CharField(max_length=200)
    fhir_sha256 = models.CharField(max_length=64, db_index=True)
    manifest = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"report {self.id}"


class FindingProjection(models.Model):
    """What analysis' events say of each finding: enough to know whether all were decided.

    ``asked_again``: what was decided before is read otherwise now.
    """

    not_personal: ClassVar[str] = "a copy of states that analysis owns and exports"
    finding_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    decision = models.CharField(max_length=10, blank=True)
    asked_again = models.BooleanField(default=False, db_default=False)
    updated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"finding {lowered(self.decision or 'undecided')}"


class PeerReview(Entity):
    """A second specialist's check of one opinion version; a dissent stays when somebody else decided."""

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "opinion__case__patient_id"
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="peer_reviews")
    user_id = models.UUIDField()
    professional_id = models.UUIDField()
    verdict = models.CharField(max_length=20)
    remarks_sealed = models.BinaryField()
    coi_attestation = models.JSONField()
    legal_rule = models.CharField(max_length=80)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["verdict", "-id"], name="cases_peer_verdict")]

    def __str__(self) -> str:
        return f"peer review {lowered(self.verdict)}"


class Incident(Entity):
    """Why a case was entered in error: recorded by one officer, confirmed by the other."""

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="incident")
    reason_sealed = models.BinaryField()
    opened_by = models.UUIDField()
    opened_as = models.CharField(max_length=20)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"incident {self.id}"
