"""What figures and their publication take and give."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from professionals.domain.publication_machines import PublicationState
from professionals.services import PublicationDTO, PublicFigures

Data = StrictSerializer


class MonthOut(Data):
    month = serializers.CharField(help_text="2027-01")
    signed = serializers.IntegerField()
    turnaround_days = serializers.FloatField(allow_null=True)


class CalibrationOut(Data):
    stated = serializers.FloatField(help_text="mean of the confidences that were stated, 0 to 1")
    held = serializers.FloatField(help_text="share of these opinions that later findings confirmed, 0 to 1")
    count = serializers.IntegerField()


class StatisticsOut(Data):
    computed_at = serializers.DateTimeField(allow_null=True)
    signed = serializers.IntegerField()
    turnaround_days = serializers.FloatField(allow_null=True, help_text="median")
    turnaround_slow_days = serializers.FloatField(allow_null=True, help_text="nine of ten are not slower")
    months = MonthOut(many=True)
    agreements = serializers.IntegerField(help_text="opinions that judge the diagnosis")
    agreement_rate = serializers.FloatField(allow_null=True, help_text="share of them that agree with it")
    diagnosis_agreement = serializers.DictField(child=serializers.IntegerField())
    treatment_agreement = serializers.DictField(child=serializers.IntegerField())
    peer_agreement = serializers.FloatField(allow_null=True)
    amendments = serializers.IntegerField()
    amendment_rate = serializers.FloatField(allow_null=True)
    service_score = serializers.FloatField(allow_null=True)
    service_scores = serializers.IntegerField()
    outcomes = serializers.IntegerField(help_text="opinions of which later findings are known")
    brier = serializers.FloatField(allow_null=True, help_text="mean squared error of the confidence: 0 is best")
    calibration = CalibrationOut(many=True)


class PublicFiguresOut(DTOSerializer[PublicFigures]):
    figures = serializers.DictField(child=serializers.FloatField(), help_text="each made from enough cases")


class PublicationOut(DTOSerializer[PublicationDTO]):
    state = serializers.ChoiceField(["NONE", *(state.value for state in PublicationState)])
    figures = serializers.DictField(child=serializers.FloatField())

    class Meta:
        help_texts = {"least": "cases that must stand behind a figure"}


class FiguresDecisionIn(Data):
    publish = serializers.BooleanField()
