"""What the archive end points take and give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class ArchiveIn(Data):
    case_id = serializers.UUIDField()
    file = serializers.FileField()


class ArchiveEntryOut(Data):
    path = serializers.CharField()
    outcome = serializers.ChoiceField(["TAKEN", "DUPLICATE", "REFUSED", "SKIPPED"])
    document_id = serializers.UUIDField(allow_null=True)
    advice = serializers.CharField(allow_blank=True)


class ImportedOut(Data):
    read = serializers.DictField(child=serializers.IntegerField())
    left_out = serializers.DictField(child=serializers.IntegerField())


class ArchiveOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    state = serializers.ChoiceField(["RECEIVED", "UNPACKED", "REFUSED"])
    size = serializers.IntegerField()
    files = serializers.IntegerField()
    done = serializers.IntegerField()
    taken = serializers.IntegerField()
    advice = serializers.CharField(allow_blank=True)
    entries = ArchiveEntryOut(many=True)
    imported = ImportedOut(allow_null=True)


class ImportOut(ImportedOut):
    archive = ArchiveOut()


class LinkOut(Data):
    path = serializers.CharField()
    expires_at = serializers.DateTimeField()
