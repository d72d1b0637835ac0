"""What the end points of temporary submissions take and give."""

from rest_framework import serializers

from cases.api.intake.serializers_draft import Data, DraftIn
from cases.services.intake import OpenedSubmission, SubmissionDTO, SubmissionFileDTO
from cases.services.intake.submission_dto import Advised
from config.kernel.api.dto_serializers import DTOSerializer


class SubmissionIn(DraftIn):
    answers = serializers.DictField(required=False, default=dict, help_text="{linkId: value}; null takes one back")


class SubmissionUploadIn(Data):
    file = serializers.FileField(allow_empty_file=True)


class OpenedSubmissionOut(DTOSerializer[OpenedSubmission]):
    class Meta:
        help_texts = {"secret": "told this once; send it in the header Submission-Secret"}


class SubmissionFileOut(DTOSerializer[SubmissionFileDTO]):
    pass


class AdvisedOut(DTOSerializer[Advised]):
    pass


class SubmissionOut(DTOSerializer[SubmissionDTO]):
    files = SubmissionFileOut(many=True)
    red_flags = AdvisedOut(many=True)


class ClaimedOut(Data):
    case_id = serializers.UUIDField()
