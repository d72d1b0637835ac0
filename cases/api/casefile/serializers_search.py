"""What a search in documents takes and gives."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class FindIn(Data):
    words = serializers.CharField(max_length=200, help_text='words, "phrases" and beginnings*')


class HitOut(Data):
    document_id = serializers.UUIDField()
    name = serializers.CharField()
    page = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    before = serializers.CharField(allow_blank=True)
    match = serializers.CharField()
    after = serializers.CharField(allow_blank=True)


class FoundOut(Data):
    hits = HitOut(many=True)
    more = serializers.BooleanField()
    not_searched = serializers.ListField(child=serializers.CharField())
