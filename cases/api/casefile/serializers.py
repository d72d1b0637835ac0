"""What the case end points take and give."""

from collections.abc import Iterable
from typing import ClassVar

from rest_framework import serializers

from cases.api.assignment.serializers_assignment import AttestationIn
from cases.api.casefile.serializers_coverage import ReadingCoverageOut
from cases.domain.casefile.access_rules import Relation
from cases.domain.documents.document_text import Doubt, PageText, UnreadPlace, UnreadReason
from cases.domain.intake.triage import RED_FLAG_CHECKS, SERVICE_TYPES, URGENCIES
from cases.domain.workflow.state_machines import DocumentState
from cases.domain.workflow.states import State
from cases.services.documents import DocumentDTO
from cases.services.workflow import AllowedTransition, HistoryEntry
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class QuestionOut(Data):
    number = serializers.IntegerField()
    text = serializers.CharField()


class CaseRowOut(Data):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    relation = serializers.ChoiceField([one.value for one in Relation if one is not Relation.SYSTEM])
    state = serializers.ChoiceField([state.value for state in State])
    state_since = serializers.DateTimeField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    language = serializers.CharField()
    specialty = serializers.CharField()
    urgency = serializers.CharField()
    service_type = serializers.CharField()
    condition = serializers.CharField()
    on_hold = serializers.BooleanField()
    turn = serializers.CharField(allow_null=True)
    clock_running = serializers.BooleanField()
    clock_stopped_by = serializers.CharField(allow_null=True)
    promised_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)


class CasePageOut(Data):
    next = serializers.CharField(allow_null=True)
    results = CaseRowOut(many=True)


class TransitionOut(DTOSerializer[AllowedTransition]):
    to = serializers.ChoiceField([state.value for state in State])


class ChecklistOut(Data):
    code = serializers.CharField()
    present = serializers.BooleanField()
    waived = serializers.BooleanField()


class CaseDocumentOut(Data):
    id = serializers.UUIDField()
    state = serializers.ChoiceField([state.value for state in DocumentState])
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    page_count = serializers.IntegerField()
    verdict = serializers.CharField()
    identity_match = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class CaseOut(CaseRowOut):
    patient_id = serializers.UUIDField(allow_null=True)
    assigned_user_id = serializers.UUIDField(allow_null=True)
    questions = QuestionOut(many=True)
    question_count = serializers.IntegerField()
    locked = serializers.ListField(child=serializers.CharField(), help_text="what opens after the own first read")
    intake = serializers.DictField()
    country = serializers.CharField()
    region = serializers.CharField()
    red_flag_check = serializers.CharField()
    legal_basis = serializers.CharField()
    hold_reason = serializers.CharField()
    hold_until = serializers.DateTimeField(allow_null=True)
    clock_seconds = serializers.FloatField()
    open_questions = serializers.IntegerField()
    checklist = ChecklistOut(many=True)
    documents = CaseDocumentOut(many=True)
    report_ready = serializers.BooleanField()


class StatusOut(Data):
    id = serializers.UUIDField()
    state = serializers.ChoiceField([state.value for state in State])
    version = serializers.IntegerField()
    transitions = TransitionOut(many=True)


def _one_of(choices: Iterable[str]) -> serializers.CharField:
    # Which there are, is asked where they are recorded: the refusal (422) brings the lists with their words.
    return serializers.CharField(max_length=60, required=False, help_text=f"one of {', '.join(choices)}")


class StepDataIn(Data):
    """What some steps need to be told; the others take nothing."""

    urgency = _one_of(URGENCIES)
    specialty = serializers.CharField(max_length=60, required=False, help_text="a code of GET /taxonomy")
    service_type = _one_of(SERVICE_TYPES)
    red_flag_check = _one_of(RED_FLAG_CHECKS)
    legal_basis = serializers.CharField(
        max_length=60, required=False, help_text="licence, or what the legal rules name"
    )
    emergency_advice_delivered = serializers.BooleanField(required=False)
    missing_item = serializers.CharField(max_length=300, required=False, help_text="the record that is asked for")
    could_change = serializers.CharField(max_length=1000, required=False, help_text="what it could change")
    coi_attestation = AttestationIn(required=False)
    peer_verdict = serializers.ChoiceField(["changes", "agree", "minor_remarks", "major_disagreement"], required=False)
    decision = serializers.CharField(max_length=4000, required=False, help_text="the medical director's")
    content_hash = serializers.RegexField(r"^[0-9a-f]{64}$", required=False, help_text="of the version that was read")


class StatusIn(Data):
    to = serializers.CharField(max_length=24, help_text="a state, or a transition's id as GET …/transitions lists them")
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    data = StepDataIn(required=False, default=dict)  # type: ignore[assignment]  # a field named data, which DRF keeps apart


class HistoryOut(DTOSerializer[HistoryEntry]):
    source = serializers.ChoiceField([state.value for state in State])  # type: ignore[assignment]  # a field named source, which DRF keeps apart
    target = serializers.ChoiceField([state.value for state in State])


class UploadIn(Data):
    case_id = serializers.UUIDField()
    file = serializers.FileField(allow_empty_file=True)


class DocumentOut(DTOSerializer[DocumentDTO]):
    state = serializers.ChoiceField([state.value for state in DocumentState])
    coverage = ReadingCoverageOut(allow_null=True, help_text="To whoever may open the document, once it was read.")


class LineOut(Data):
    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    box = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    confidence = serializers.FloatField(allow_null=True)
    cells = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4),
        help_text="Columns from left to right: start and end in the page's text, left and right as fractions of it.",
    )


class DoubtOut(DTOSerializer[Doubt]):
    class Meta:
        help_texts: ClassVar[dict[str, str]] = {"other": "What a second reading says here."}


class UnreadPlaceOut(DTOSerializer[UnreadPlace]):
    reason = serializers.ChoiceField(choices=[reason.value for reason in UnreadReason])
    words = serializers.CharField(help_text="The reason in words.")
    box = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)


class PageOut(DTOSerializer[PageText]):
    lines = LineOut(many=True)
    engine = serializers.CharField()
    doubts = DoubtOut(many=True)
    unread = UnreadPlaceOut(many=True)

    class Meta:
        exclude = ("hidden", "coded")


class ContentPageOut(PageOut):
    image = serializers.CharField()
    thumbnail = serializers.CharField()


class ContentOut(Data):
    document = DocumentOut()
    pages = ContentPageOut(many=True)


class ConfirmIn(Data):
    belongs = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class StateOut(Data):
    state = serializers.CharField()


class HoldIn(Data):
    reason = serializers.CharField(max_length=200)
    until = serializers.DateTimeField(required=False, allow_null=True)
