"""What the taxonomy gives."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class TermOut(Data):
    key = serializers.CharField()
    kind = serializers.CharField(help_text="specialties, sub_specialties or procedures")
    code = serializers.CharField(help_text="NUCC Health Care Provider Taxonomy; empty where it has none")
    specialties = serializers.ListField(child=serializers.CharField())
    names = serializers.DictField(child=serializers.CharField(), help_text="by language")


class TaxonomyOut(Data):
    version = serializers.CharField()
    codes_from = serializers.CharField()
    terms = TermOut(many=True)
