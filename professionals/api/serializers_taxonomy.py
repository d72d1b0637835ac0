"""What the taxonomy gives."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from professionals.domain.taxonomy import Term

Data = StrictSerializer


class TermOut(DTOSerializer[Term]):
    class Meta:
        help_texts = {
            "kind": "specialties, sub_specialties or procedures",
            "code": "NUCC Health Care Provider Taxonomy; empty where it has none",
            "names": "by language",
        }


class TaxonomyOut(Data):
    version = serializers.CharField()
    codes_from = serializers.CharField()
    terms = TermOut(many=True)
