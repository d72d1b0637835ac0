"""What the archive end points take and give."""

from typing import ClassVar

from rest_framework import serializers

from cases.domain.workflow.state_machines import ArchiveState
from cases.services.casefile import NotTaken
from cases.services.documents import ArchiveDTO, ArchiveEntry
from cases.services.records import ImportDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class ArchiveIn(Data):
    case_id = serializers.UUIDField()
    file = serializers.FileField()


class ArchiveEntryOut(DTOSerializer[ArchiveEntry]):
    outcome = serializers.ChoiceField(["TAKEN", "DUPLICATE", "REFUSED", "SKIPPED"])


class NotTakenOut(DTOSerializer[NotTaken]):
    class Meta:
        help_texts: ClassVar[dict[str, str]] = {"places": "The first twenty."}


class ImportedOut(Data):
    read = serializers.DictField(child=serializers.IntegerField())
    left_out = serializers.DictField(child=serializers.IntegerField())
    not_taken = NotTakenOut(many=True)


class ArchiveOut(DTOSerializer[ArchiveDTO]):
    state = serializers.ChoiceField([state.value for state in ArchiveState])
    entries = ArchiveEntryOut(many=True)
    imported = ImportedOut(allow_null=True)


class ImportOut(DTOSerializer[ImportDTO]):
    archive = ArchiveOut()
    not_taken = NotTakenOut(many=True)


class LinkOut(Data):
    path = serializers.CharField()
    expires_at = serializers.DateTimeField()
