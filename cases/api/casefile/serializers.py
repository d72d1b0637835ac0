"""What the case end points take and give."""

from typing import Any

from rest_framework import serializers

from cases.api.intake.serializers_draft import DiagnosisIn
from cases.domain.eligibility.conflict_of_interest import QUESTIONS
from cases.domain.opinion.opinion_content import CLINICAL_IMPACT, DIAGNOSIS_AGREEMENT, TREATMENT_AGREEMENT

Data = serializers.Serializer[Any]
LONG = 20_000


class QuestionOut(Data):
    number = serializers.IntegerField()
    text = serializers.CharField()


class CaseRowOut(Data):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    relation = serializers.ChoiceField(["owner", "assigned", "peer", "offered", "staff"])
    state = serializers.CharField()
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


class TransitionOut(Data):
    id = serializers.CharField()
    to = serializers.CharField()
    unmet_guard = serializers.CharField(allow_null=True)
    satisfied_by = serializers.CharField(allow_null=True)


class ChecklistOut(Data):
    code = serializers.CharField()
    present = serializers.BooleanField()
    waived = serializers.BooleanField()


class CaseDocumentOut(Data):
    id = serializers.UUIDField()
    state = serializers.CharField()
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
    state = serializers.CharField()
    version = serializers.IntegerField()
    transitions = TransitionOut(many=True)


class StatusIn(Data):
    to = serializers.CharField(max_length=24, help_text="a state, or a transition's id as GET …/transitions lists them")
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    data = serializers.DictField(required=False, default=dict)  # type: ignore[assignment]  # a field named data, which DRF keeps apart


class HistoryOut(Data):
    transition = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field named source, which DRF keeps apart
    target = serializers.CharField()
    actor_role = serializers.CharField()
    at = serializers.DateTimeField()


class UploadIn(Data):
    case_id = serializers.UUIDField()
    file = serializers.FileField(allow_empty_file=True)


class DocumentOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    state = serializers.CharField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    page_count = serializers.IntegerField()
    verdict = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    identity_match = serializers.CharField()
    doubts = serializers.ListField(child=serializers.CharField())
    releases = serializers.IntegerField()
    kind = serializers.CharField()
    kind_confidence = serializers.FloatField(allow_null=True)
    scanner = serializers.CharField()
    advice = serializers.CharField()
    metadata = serializers.DictField()
    uploaded_at = serializers.DateTimeField()
    version = serializers.IntegerField()
    step = serializers.CharField()
    step_done = serializers.IntegerField()
    step_total = serializers.IntegerField()


class LineOut(Data):
    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    box = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    confidence = serializers.FloatField(allow_null=True)


class PageOut(Data):
    number = serializers.IntegerField()
    width_pt = serializers.FloatField()
    height_pt = serializers.FloatField()
    text = serializers.CharField()
    lines = LineOut(many=True)
    engine = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)


class ContentPageOut(PageOut):
    image = serializers.CharField()
    thumbnail = serializers.CharField()


class ContentOut(Data):
    document = DocumentOut()
    pages = ContentPageOut(many=True)


class ConfirmIn(Data):
    belongs = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class WaiveIn(Data):
    code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=300)


class OfferIn(Data):
    professional_id = serializers.UUIDField()


class OfferOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    state = serializers.CharField()
    expires_at = serializers.DateTimeField()


class AttestationIn(Data):
    knows_patient = serializers.BooleanField(help_text=QUESTIONS["knows_patient"])
    treated_patient = serializers.BooleanField(help_text=QUESTIONS["treated_patient"])
    relation_to_clinician = serializers.BooleanField(help_text=QUESTIONS["relation_to_clinician"])
    referrer_or_payer = serializers.BooleanField(help_text=QUESTIONS["referrer_or_payer"])
    therapy_maker = serializers.BooleanField(help_text=QUESTIONS["therapy_maker"])


class AcceptIn(Data):
    coi_attestation = AttestationIn()


class StateOut(Data):
    state = serializers.CharField()


class CandidateOut(Data):
    professional_id = serializers.UUIDField()
    display_name = serializers.CharField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())


class ExclusionOut(Data):
    professional_id = serializers.UUIDField()
    reason = serializers.CharField()


class ObstacleOut(Data):
    kind = serializers.CharField()
    count = serializers.IntegerField(help_text="specialists of the field whom it keeps away")
    reason = serializers.CharField()
    help = serializers.CharField()


class MatchingOut(Data):
    candidates = CandidateOut(many=True)
    excluded = ExclusionOut(many=True)
    obstacles = ObstacleOut(many=True, help_text="why there is no candidate; empty where there is one")


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
    action = serializers.ChoiceField(["submit", "sign"])
    content_hash = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)


class PeerIn(Data):
    professional_id = serializers.UUIDField()


class PeerReviewIn(Data):
    verdict = serializers.ChoiceField(["changes", "agree", "minor_remarks", "major_disagreement"])
    remarks = serializers.CharField(max_length=LONG, required=False, default="", allow_blank=True)
    coi_attestation = AttestationIn(required=False)


class IncidentIn(Data):
    reason = serializers.CharField(max_length=4000)


class OpinionOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    content = serializers.DictField()
    content_hash = serializers.CharField()
    author_id = serializers.UUIDField()
    signed_at = serializers.DateTimeField(allow_null=True)


class QuestionIn(Data):
    question = serializers.CharField(max_length=4000)
    document_ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)
    due_days = serializers.IntegerField(min_value=1, max_value=30, default=14)


class ReplyIn(Data):
    clarification_id = serializers.UUIDField()
    answer = serializers.CharField(max_length=LONG)
    document_ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)


class ClarificationOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    question = serializers.CharField()
    answer = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    due_at = serializers.DateTimeField()
    question_seen_at = serializers.DateTimeField(allow_null=True)
    answer_seen_at = serializers.DateTimeField(allow_null=True)
    question_documents = serializers.ListField(child=serializers.UUIDField())
    answer_documents = serializers.ListField(child=serializers.UUIDField())


class CaseMessageIn(Data):
    text = serializers.CharField(max_length=10_000)
    document_ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)


class CaseMessageOut(Data):
    id = serializers.UUIDField()
    side = serializers.ChoiceField(["patient", "specialist"])
    mine = serializers.BooleanField()
    text = serializers.CharField()
    document_ids = serializers.ListField(child=serializers.UUIDField())
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class CaseMessagesOut(Data):
    unread = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = CaseMessageOut(many=True)


class CaseNoteIn(Data):
    text = serializers.CharField(max_length=10_000)


class CaseNoteOut(Data):
    id = serializers.UUIDField()
    author_role = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class HoldIn(Data):
    reason = serializers.CharField(max_length=200)
    until = serializers.DateTimeField(required=False, allow_null=True)
