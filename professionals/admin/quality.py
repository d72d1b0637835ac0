"""Staff pages of quality: reviews, decided on here, and the copies that events made."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin import PlatformModelAdmin
from config.kernel.auth import current_principal
from professionals import services
from professionals.models import CaseWork, Review, Statistics

CHECKERS = frozenset({"administrator", "medical_director"})


@admin.register(Review)
class ReviewAdmin(PlatformModelAdmin):
    """What patients say of the service, shown or not."""

    view_roles = act_roles = CHECKERS
    id_search = ("id", "professional_id")
    list_display = ("created_at", "professional", "score", "state")
    list_filter = ("state",)
    list_select_related = ("professional",)
    actions: ClassVar[list[str]] = ["show_selected", "hide_selected"]

    @action(description="Show", permissions=["act"])
    def show_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Without the patient's name."""
        self._decide(request, queryset, publish=True)

    @action(description="Do not show", permissions=["act"])
    def hide_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """It counts in no figure either."""
        self._decide(request, queryset, publish=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Any], *, publish: bool) -> None:
        for review_id in list(queryset.values_list("id", flat=True)):
            services.moderate_review(principal=current_principal(), review_id=review_id, publish=publish)
        messages.success(request, "Decided.")


@admin.register(CaseWork)
class CaseWorkAdmin(PlatformModelAdmin):
    """Cases as their events told them."""

    view_roles = CHECKERS
    id_search = ("case_id", "user_id")
    list_display = ("case_id", "accepted_at", "signed_at", "active", "closed")


@admin.register(Statistics)
class StatisticsAdmin(PlatformModelAdmin):
    """Private figures."""

    view_roles = CHECKERS
    id_search = ("professional_id",)
    list_display = ("professional", "computed_at")
    list_select_related = ("professional",)
