"""What the end points of opinions, their review and talk take and give."""

from rest_framework import serializers

from cases.api.assignment.serializers_assignment import AttestationIn
from cases.api.intake.serializers_draft import DiagnosisIn
from cases.domain.opinion.opinion_content import CLINICAL_IMPACT, DIAGNOSIS_AGREEMENT, TREATMENT_AGREEMENT
from cases.domain.workflow.state_machines import ClarificationState, OpinionState
from cases.services.opinion import ClarificationDTO, MessageDTO, NoteDTO, OpinionDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer, when

Data = StrictSerializer
LONG = 20_000


class FirstReadIn(Data):
    impression = serializers.CharField(max_length=LONG)
    confidence = serializers.IntegerField(min_value=0, max_value=100)


class AnswerIn(Data):
    question = serializers.IntegerField(min_value=1, max_value=10)
    answer = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    cannot_answer = serializers.BooleanField(required=False)
    cannot_answer_reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class NotSeenIn(Data):
    name = serializers.CharField(max_length=200)
    could_change = serializers.CharField(max_length=1000)


class AlternativeIn(Data):
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=4000)


class OpinionIn(Data):
    summary = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    answers = AnswerIn(many=True, required=False)
    diagnosis_agreement = serializers.ChoiceField(DIAGNOSIS_AGREEMENT, required=False)
    restated_diagnosis = DiagnosisIn(required=False, allow_null=True)
    diagnosis_reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    diagnosis_settled_by = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    treatment_agreement = serializers.ChoiceField(TREATMENT_AGREEMENT, required=False)
    treatment_reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    treatment_settled_by = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    plan = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    do_nothing = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    alternatives = AlternativeIn(many=True, required=False)
    clinical_impact = serializers.ChoiceField(CLINICAL_IMPACT, required=False)
    confidence = serializers.IntegerField(min_value=0, max_value=100, required=False)
    confidence_would_change = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    red_flags = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    further_tests = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    limitations = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    references = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    plain_language = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    documents_not_seen = NotSeenIn(many=True, required=False)


class SubmitIn(Data):
    rule = {
        "if": {"properties": {"action": {"const": "sign"}}, "required": ["action"]},
        "then": {"required": ["content_hash"]},
    }
    action = serializers.ChoiceField(["submit", "sign"])
    content_hash = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)


class PeerIn(Data):
    professional_id = serializers.UUIDField()


class PeerReviewIn(Data):
    rule = when("verdict", ("changes", "minor_remarks", "major_disagreement"), "remarks")
    verdict = serializers.ChoiceField(["changes", "agree", "minor_remarks", "major_disagreement"])
    remarks = serializers.CharField(max_length=LONG, required=False, default="", allow_blank=True)
    coi_attestation = AttestationIn(required=False)


class IncidentIn(Data):
    reason = serializers.CharField(max_length=4000)


class OpinionOut(DTOSerializer[OpinionDTO]):
    state = serializers.ChoiceField([state.value for state in OpinionState])


class QuestionIn(Data):
    question = serializers.CharField(max_length=4000)
    document_ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)
    due_days = serializers.IntegerField(min_value=1, max_value=30, default=14)


class ReplyIn(Data):
    clarification_id = serializers.UUIDField()
    answer = serializers.CharField(max_length=LONG)
    document_ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)


class ClarificationOut(DTOSerializer[ClarificationDTO]):
    state = serializers.ChoiceField([state.value for state in ClarificationState])


class CaseMessageIn(Data):
    text = serializers.CharField(max_length=10_000)
    document_ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)


class CaseMessageOut(DTOSerializer[MessageDTO]):
    side = serializers.ChoiceField(["patient", "specialist"])


class CaseMessagesOut(Data):
    unread = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = CaseMessageOut(many=True)


class CaseNoteIn(Data):
    text = serializers.CharField(max_length=10_000)


class CaseNoteOut(DTOSerializer[NoteDTO]):
    pass
