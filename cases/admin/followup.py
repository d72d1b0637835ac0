"""What follows a delivery, and who was told that a promise runs out: dates and counts, no words."""

from django.contrib import admin

from cases.models import Escalation, FollowUpQuestion, Outcome, ServiceRating
from config.kernel.admin import PlatformModelAdmin

_DESK = frozenset({"coordinator", "medical_director", "administrator"})


@admin.register(FollowUpQuestion)
class FollowUpQuestionAdmin(PlatformModelAdmin):
    """Filter by no answer for those that wait."""

    view_roles = _DESK
    id_search = ("id", "case_id")
    list_display = ("id", "created_at", "answered_at")
    list_filter = (("answered_at", admin.EmptyFieldListFilter),)
    fields = readonly_fields = ("id", "case_id", "created_at", "asked_by", "answered_by", "answered_at")


@admin.register(Outcome)
class OutcomeAdmin(PlatformModelAdmin):
    """When each date is due, was asked for and was answered."""

    view_roles = _DESK
    id_search = ("id", "case_id")
    list_display = ("id", "day", "due_at", "reminded_at", "answered_at")
    list_filter = ("day", ("answered_at", admin.EmptyFieldListFilter))
    fields = readonly_fields = ("id", "case_id", "day", "due_at", "reminded_at", "answered_at")


@admin.register(ServiceRating)
class ServiceRatingAdmin(PlatformModelAdmin):
    """Scores, without the comments."""

    view_roles = _DESK
    id_search = ("id", "case_id")
    list_display = ("id", "score", "created_at")
    list_filter = ("score",)
    fields = readonly_fields = ("id", "case_id", "score", "created_at")


@admin.register(Escalation)
class EscalationAdmin(PlatformModelAdmin):
    """Of which cases so many percent of the promise were used."""

    view_roles = _DESK
    id_search = ("id", "case_id")
    list_display = ("id", "percent", "created_at")
    list_filter = ("percent",)
    fields = readonly_fields = ("id", "case_id", "percent", "created_at")
