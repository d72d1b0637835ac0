"""What the end points of temporary submissions take and give."""

from rest_framework import serializers

from cases.api.intake.serializers_draft import Data, DraftIn


class SubmissionIn(DraftIn):
    answers = serializers.DictField(required=False, default=dict, help_text="{linkId: value}; null takes one back")


class SubmissionUploadIn(Data):
    file = serializers.FileField(allow_empty_file=True)


class OpenedSubmissionOut(Data):
    id = serializers.UUIDField()
    secret = serializers.CharField(help_text="told this once; send it in the header Submission-Secret")
    expires_at = serializers.DateTimeField()


class SubmissionFileOut(Data):
    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class AdvisedOut(Data):
    rule = serializers.CharField()
    advice = serializers.CharField()
    advice_version = serializers.CharField()
    text = serializers.CharField()


class SubmissionOut(Data):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    expires_at = serializers.DateTimeField()
    fields = serializers.DictField()  # type: ignore[assignment]  # a field named fields, which DRF keeps apart
    answers = serializers.DictField()
    files = SubmissionFileOut(many=True)
    red_flags = AdvisedOut(many=True)


class ClaimedOut(Data):
    case_id = serializers.UUIDField()
