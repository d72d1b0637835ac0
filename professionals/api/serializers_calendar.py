"""What calendars take and give."""

from rest_framework import serializers

from config.kernel.api.strict_bodies import StrictSerializer
from professionals.services.calendar import KINDS as TIMES

Data = StrictSerializer


class EntryIn(Data):
    kind = serializers.ChoiceField(TIMES)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class EntryOut(EntryIn):
    id = serializers.UUIDField()


class FreeOut(Data):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class CalendarOut(Data):
    taken = EntryOut(many=True)
    free = FreeOut(many=True)


class FeedOut(Data):
    path = serializers.CharField(help_text="shown once; whoever has it reads the calendar")
