"""Questionnaires in the versions that answers were given for, and how far the answers are; never the answers."""

from django.contrib import admin

from cases.models import Intake, Questionnaire, RedFlag
from config.kernel.admin import PlatformModelAdmin
from config.kernel.auth import STAFF_ROLES

_CLINICAL = frozenset({"nurse", "medical_director", "privacy_officer", "administrator"})


@admin.register(Questionnaire)
class QuestionnaireAdmin(PlatformModelAdmin):
    """Loaded by ``manage.py load_questionnaires``; a row never changes."""

    view_roles = STAFF_ROLES
    list_display = ("code", "revision", "sha256", "created_at")
    as_written = frozenset({"revision", "sha256", "definition"})
    list_filter = ("code",)


@admin.register(Intake)
class IntakeAdmin(PlatformModelAdmin):
    """Of whose case, for which versions, finished or not."""

    view_roles = STAFF_ROLES
    id_search = ("id", "case_id")
    list_display = ("id", "general", "specific", "version", "completed_at", "updated_at")
    fields = readonly_fields = ("id", "case_id", "general", "specific", "version", "completed_at", "updated_at")


@admin.register(RedFlag)
class RedFlagAdmin(PlatformModelAdmin):
    """Filter by no acknowledgement for those who may not have read the advice."""

    view_roles = _CLINICAL
    id_search = ("id", "case_id")
    list_display = ("created_at", "advice", "advice_version", "acknowledged_at")
    as_written = frozenset({"advice_version", "advice_sha256", "language"})
    list_filter = ("advice", ("acknowledged_at", admin.EmptyFieldListFilter))
    fields = readonly_fields = (
        "id", "case_id", "created_at", "advice", "advice_version", "advice_sha256", "language", "acknowledged_at",
        "acknowledged_by",
    )  # fmt: skip
