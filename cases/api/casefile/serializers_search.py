"""What a search in documents takes and gives."""

from rest_framework import serializers

from cases.services.casefile import Found, PageHit
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class FindIn(Data):
    words = serializers.CharField(max_length=200, help_text='words, "phrases" and beginnings*')


class HitOut(DTOSerializer[PageHit]):
    pass


class FoundOut(DTOSerializer[Found]):
    hits = HitOut(many=True)
