"""Staff pages of specialists: the verification queue and its two-person check; licence numbers stay masked."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from config.kernel import clock
from config.kernel.admin import (
    PlatformModelAdmin,
    PlatformTabularInline,
    register_editions,
    register_plumbing,
    short_id,
)
from config.kernel.admin.home import Queue, Roles, listed, waiting
from config.kernel.auth import STAFF_ROLES, Principal, current_principal
from config.kernel.errors import DomainError
from config.kernel.labels import label
from professionals import services
from professionals.admin import publications, quality
from professionals.domain.credentials import PRACTISING, CredentialState, EvidenceState
from professionals.domain.legal_rules import ANY, MODE_NAMES, NEED_NAMES
from professionals.models import (
    Affiliation,
    CalendarEntry,
    Credential,
    Evidence,
    ExpiryNotice,
    Licence,
    Organisation,
    Professional,
    PublishedRule,
    SavedView,
    VerificationDecision,
)
from professionals.services.rule_editions import LEGAL_RULES

_CHECKERS = frozenset({"administrator", "medical_director"})


def terms() -> dict[str, str]:
    """The names of the taxonomy."""
    return services.term_names(language="en")


def _rule_terms() -> dict[str, str]:
    return {ANY: "Every specialty"} | terms()


class LicenceInline(PlatformTabularInline):
    """Where and how long somebody may practise; the number is on the check's page, masked."""

    model = Licence
    fields = readonly_fields = ("place", "body", "valid_from", "valid_to", "verified_at")
    as_written = frozenset({"place", "body"})


class DecisionInline(PlatformTabularInline):
    """Who prepared and who decided each check."""

    model = VerificationDecision
    fields = readonly_fields = ("created_at", "prepared_by", "decided_by", "approved", "evidence")
    as_written = frozenset({"evidence"})


class EvidenceForm(forms.Form):
    """What the licensing body's register said, and where."""

    text = forms.CharField(
        label="Source that was asked, and its answer", max_length=500, widget=UnfoldAdminTextareaWidget({"rows": 3})
    )


class ReasonForm(forms.Form):
    """Why somebody is stopped."""

    text = forms.CharField(label="Reason", max_length=500, widget=UnfoldAdminTextareaWidget({"rows": 2}))


@admin.register(Professional)
class ProfessionalAdmin(PlatformModelAdmin):
    """Specialists by state: PENDING ones wait for two people's check."""

    view_roles = STAFF_ROLES
    act_roles = frozenset({"administrator", "medical_director"})
    id_search = ("id", "user_id")
    code_search = ("specialty",)
    list_display = ("display_name", "specialty", "state", "organisation", "capacity", "accepting", "created_at")
    list_filter = ("state", "specialty", "accepting")
    exclude = ("biography", "weekly_hours")
    labels = MappingProxyType({"specialty": terms, "sub_specialties": terms, "procedures": terms})
    as_written = frozenset({"display_name", "organisation", "languages", "time_zone"})
    inlines = (LicenceInline, DecisionInline)
    actions_detail = ("check_credentials",)

    @action(description="Check credentials…", url_path="check", permissions=["act"])
    def check_credentials(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of the two-person check."""
        return _check(request, UUID(str(object_id)))


@admin.register(VerificationDecision)
class DecisionAdmin(PlatformModelAdmin):
    """Checks, decided and open."""

    view_roles = frozenset({"administrator", "medical_director", "privacy_officer"})
    id_search = ("id", "professional_id", "prepared_by", "decided_by")
    list_display = ("created_at", "professional", "preparer", "decider", "approved")
    as_written = frozenset({"evidence"})
    list_filter = ("approved",)
    list_select_related = ("professional",)

    @admin.display(description="Prepared by")
    def preparer(self, decision: VerificationDecision) -> str:
        """The id's end."""
        return short_id(decision.prepared_by)

    @admin.display(description="Decided by")
    def decider(self, decision: VerificationDecision) -> str:
        """The id's end."""
        return short_id(decision.decided_by)


@admin.register(Organisation)
class OrganisationAdmin(PlatformModelAdmin):
    """Organisations with the names they are known by."""

    view_roles = STAFF_ROLES
    id_search = ("id",)
    code_search = ("name",)
    list_display = ("name", "kind", "part_of")
    as_written = frozenset({"name", "identifier", "names"})
    list_select_related = ("part_of",)


@admin.register(Affiliation)
class AffiliationAdmin(PlatformModelAdmin):
    """Who is linked with which organisation; names of persons stay sealed."""

    view_roles = _CHECKERS
    id_search = ("id", "professional_id")
    list_display = ("professional", "kind", "organisation", "ended_on")
    list_filter = ("kind",)
    list_select_related = ("professional", "organisation")
    exclude = ("person_index", "person_sealed")


@admin.register(PublishedRule)
class PublishedRuleAdmin(PlatformModelAdmin):
    """Versions of legal rules."""

    view_roles = STAFF_ROLES
    id_search = ("id",)
    code_search = ("rule",)
    list_display = ("rule", "version", "place", "mode", "specialty", "needs", "valid_from", "withdrawn_at")
    list_filter = ("mode",)
    labels = MappingProxyType({"specialty": _rule_terms, "mode": MODE_NAMES, "needs": NEED_NAMES})
    as_written = frozenset({"rule", "version", "place", "source"})


@admin.register(Credential)
class CredentialAdmin(PlatformModelAdmin):
    """Certifications, insurance, sanctions, and when their source was asked."""

    view_roles = _CHECKERS
    id_search = ("id", "professional_id")
    list_display = ("professional", "kind", "title", "valid_to", "checked_on")
    as_written = frozenset({"title", "body", "evidence"})
    list_filter = ("kind",)
    list_select_related = ("professional",)


@admin.register(Evidence)
class EvidenceAdmin(PlatformModelAdmin):
    """Documents of credentials: CLEARED ones wait for two people; their words are read by the end point alone."""

    view_roles = _CHECKERS
    id_search = ("id", "professional_id")
    list_display = ("created_at", "professional", "state", "media_type", "preparer", "decided_at")
    list_filter = ("state",)
    list_select_related = ("professional",)
    exclude = ("name_sealed", "content_sealed")
    as_written = frozenset({"sha256", "advice", "says"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Without the bytes."""
        return super().get_queryset(request).defer("content_sealed")

    @admin.display(description="Read by")
    def preparer(self, evidence: Evidence) -> str:
        """The id's end."""
        return short_id(evidence.prepared_by)


@admin.register(CalendarEntry)
class CalendarEntryAdmin(PlatformModelAdmin):
    """Who is away or booked."""

    view_roles = STAFF_ROLES
    id_search = ("id", "professional_id")
    list_display = ("professional", "kind", "starts_at", "ends_at")
    list_filter = ("kind",)
    list_select_related = ("professional",)


@admin.register(ExpiryNotice)
class ExpiryNoticeAdmin(PlatformModelAdmin):
    """Who was told of which end."""

    view_roles = _CHECKERS
    id_search = ("id", "licence_id")
    list_display = ("created_at", "licence", "ends_on", "days")
    list_select_related = ("licence",)


@admin.register(SavedView)
class SavedViewAdmin(PlatformModelAdmin):
    """That there are saved views; what is in them is their owners' affair."""

    view_roles = _CHECKERS
    id_search = ("user_id",)
    list_display = ("user_id", "created_at")
    fields = ("user_id", "created_at")
    readonly_fields = ("user_id", "created_at")


def queues(roles: Roles) -> Iterable[Queue]:
    """Credentials to check, and licences that end within a month."""
    if roles & _CHECKERS:
        pending = waiting(Professional.objects.filter(state=CredentialState.PENDING))
        link = listed("professionals", "professional", state__exact=CredentialState.PENDING)
        yield Queue("Credentials to check", pending, link)
        cleared = waiting(Evidence.objects.filter(state=EvidenceState.CLEARED))
        link = listed("professionals", "evidence", state__exact=EvidenceState.CLEARED)
        yield Queue("Documents of credentials to check", cleared, link)
        soon = clock.now().date() + timedelta(days=30)
        ending = waiting(Professional.objects.filter(state__in=PRACTISING).exclude(licences__valid_to__gt=soon))
        link = listed("professionals", "professional", state__exact=CredentialState.EXPIRING)
        yield Queue("Specialists whose licences end within 30 days", ending, link)


def _check(request: HttpRequest, professional_id: UUID) -> HttpResponse:
    """Show what the caller may do with these credentials now; a POST does what was sent."""
    principal = current_principal()
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    acts = _acts(principal, professional_id, request)
    if sent in acts:
        form, act = acts[sent]
        if (form is None or form.is_valid()) and _done(request, lambda: act(form)):
            return HttpResponseRedirect(request.get_full_path())
    profile = services.get_professional(professional_id=professional_id)
    may_see = principal.has("administrator")
    context = {
        **admin.site.each_context(request),
        "title": f"{profile.display_name} · {label(profile.state)}",
        "profile": profile,
        "specialty": label(profile.specialty, terms),
        "licences": services.list_licences(principal=principal, professional_id=professional_id) if may_see else (),
        "decision": VerificationDecision.objects.filter(professional_id=professional_id, decided_by=None).first(),
        "acts": {name: form for name, (form, _) in acts.items()},
    }
    return TemplateResponse(request, "professionals/check.html", context)


Act = tuple[forms.Form | None, Callable[[Any], object]]


def _acts(principal: Principal, professional_id: UUID, request: HttpRequest) -> dict[str, Act]:
    """The forms that state and role allow, each with what it does."""
    state = CredentialState(services.get_professional(professional_id=professional_id).state)
    sent = request.POST.get("form") if request.method == "POST" else None
    who: dict[str, Any] = {"principal": principal, "professional_id": professional_id}
    open_check = VerificationDecision.objects.filter(professional_id=professional_id, decided_by=None).first()
    acts: dict[str, Act] = {}
    if principal.has("administrator") and state == CredentialState.PENDING:
        if open_check is None:
            form = EvidenceForm(request.POST if sent == "prepare" else None)
            acts["prepare"] = form, lambda f: services.prepare_verification(**who, evidence=f.cleaned_data["text"])
        elif open_check.prepared_by != principal.user_id:
            acts["approve"] = None, lambda _: services.decide_verification(**who, approve=True)
            acts["reject"] = None, lambda _: services.decide_verification(**who, approve=False)
    if state in PRACTISING:
        reason = ReasonForm(request.POST if sent == "suspend" else None)
        acts["suspend"] = reason, lambda f: services.suspend(**who, reason=f.cleaned_data["text"])
    return acts


def _done(request: HttpRequest, act: Callable[[], object]) -> bool:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return False
    messages.success(request, "Done.")
    return True


__all__ = ["publications", "quality"]

register_plumbing("professionals")
register_editions("professionals", LEGAL_RULES)
