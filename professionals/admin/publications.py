"""Staff pages of figures that specialists agreed to show."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin import PlatformModelAdmin
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError
from professionals import services
from professionals.models import Publication

CHECKERS = frozenset({"administrator", "medical_director"})


@admin.register(Publication)
class PublicationAdmin(PlatformModelAdmin):
    """Figures that specialists agreed to show; PROPOSED ones wait for a decision."""

    view_roles = act_roles = CHECKERS
    id_search = ("id", "professional_id")
    list_display = ("proposed_at", "professional", "state", "figures", "decided_at")
    list_filter = ("state",)
    list_select_related = ("professional",)
    actions: ClassVar[list[str]] = ["publish_selected", "refuse_selected"]

    @action(description="Publish", permissions=["act"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """As the specialist agreed to them."""
        self._decide(request, queryset, publish=True)

    @action(description="Do not publish", permissions=["act"])
    def refuse_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Nothing is shown."""
        self._decide(request, queryset, publish=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Any], *, publish: bool) -> None:
        for professional_id in list(queryset.values_list("professional_id", flat=True)):
            try:
                services.decide_figures(principal=current_principal(), professional_id=professional_id, publish=publish)
            except DomainError as refusal:
                messages.error(request, refusal.detail)
            else:
                messages.success(request, "Decided.")
