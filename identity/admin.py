"""Staff pages of accounts: contact data masked, no health data, every view audited."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline, audited, register_plumbing, short_id
from config.kernel.auth import STAFF_ROLES
from identity import services
from identity.models import Consent, RoleGrant, Session, User

_PEOPLE = frozenset({"administrator", "support", "coordinator", "privacy_officer"})


class RoleInline(PlatformTabularInline):
    """Roles that the account holds."""

    model = RoleGrant
    fields = readonly_fields = ("role", "created_at", "granted_by")


class ConsentInline(PlatformTabularInline):
    """What the account has agreed to, and taken back."""

    model = Consent
    fields = readonly_fields = ("purpose", "text_version", "granted_at", "withdrawn_at")


@admin.register(User)
class UserAdmin(PlatformModelAdmin):
    """Accounts. Search finds a whole address or a whole id, so that nobody can leaf through people by name."""

    view_roles = _PEOPLE
    act_roles = frozenset({"administrator", "support"})
    id_search = ("id",)
    patient_field = "id"
    list_display = ("masked_email", "short", "country", "is_active", "is_staff", "confirmed", "created_at")
    list_filter = ("is_active", "is_staff", "country")
    fields = readonly_fields = (
        "id",
        "masked_email",
        "country",
        "region",
        "locale",
        "time_zone",
        "email_verified_at",
        "is_active",
        "is_staff",
        "second_factor",
        "created_at",
    )
    inlines = (RoleInline, ConsentInline)
    actions: ClassVar[list[str]] = ["end_sessions"]

    @admin.display(description="E-mail address")
    def masked_email(self, user: User) -> str:
        """First letter and domain."""
        return str(user)

    @admin.display(description="Id")
    def short(self, user: User) -> str:
        """The id's end."""
        return short_id(user.id)

    @admin.display(description="Confirmed", boolean=True)
    def confirmed(self, user: User) -> bool:
        """Whether the address is confirmed."""
        return user.email_verified_at is not None

    @admin.display(description="Second factor", boolean=True)
    def second_factor(self, user: User) -> bool:
        """Whether one is set up."""
        return services.has_second_factor(user_id=user.id)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A whole address, or a whole id."""
        term = search_term.strip().lower()
        if "@" in term:
            return queryset.filter(email=term), False
        return super().get_search_results(request, queryset, search_term)

    @action(description="End all sessions", permissions=["act"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Signs the selected people out everywhere; they are told."""
        ended = 0
        for user_id in queryset.values_list("id", flat=True):
            audited("identity", "end_sessions", "user", user_id, patient_id=user_id)
            ended += services.end_all_sessions(user_id=user_id, reason="administrator")
        messages.success(request, f"{ended} session(s) ended.")


@admin.register(RoleGrant)
class RoleGrantAdmin(PlatformModelAdmin):
    """Who holds which role, and who gave it."""

    view_roles = frozenset({"administrator", "privacy_officer"})
    id_search = ("user_id", "granted_by")
    code_search = ("role",)
    list_display = ("role", "holder", "granted_by", "created_at")
    list_filter = ("role",)
    list_select_related = ("user",)

    @admin.display(description="Holder")
    def holder(self, grant: RoleGrant) -> str:
        """Masked."""
        return str(grant.user)


@admin.register(Consent)
class ConsentAdmin(PlatformModelAdmin):
    """Agreements by purpose, with the hash of the wording that was shown."""

    view_roles = frozenset({"administrator", "privacy_officer", "coordinator"})
    id_search = ("patient_id",)
    code_search = ("purpose",)
    patient_field = "patient_id"
    list_display = ("patient_short", "purpose", "text_version", "granted_at", "withdrawn_at")
    list_filter = ("purpose",)

    @admin.display(description="Patient")
    def patient_short(self, consent: Consent) -> str:
        """The id's end."""
        return short_id(consent.patient_id)


@admin.register(Session)
class SessionAdmin(PlatformModelAdmin):
    """Sign-ins on devices; an open one can be ended."""

    view_roles = STAFF_ROLES & _PEOPLE
    act_roles = frozenset({"administrator", "support"})
    id_search = ("id", "user_id")
    list_display = ("created_at", "holder", "device_kind", "mfa_at", "last_used_at", "ended_at", "end_reason")
    list_filter = ("end_reason",)
    list_select_related = ("user",)
    exclude = ("address", "device")
    actions: ClassVar[list[str]] = ["end_selected"]

    @admin.display(description="Holder")
    def holder(self, session: Session) -> str:
        """Masked."""
        return str(session.user)

    @admin.display(description="Device")
    def device_kind(self, session: Session) -> str:
        """The beginning of what the device calls itself."""
        return session.device[:40] or "—"

    @action(description="End selected sessions", permissions=["act"])
    def end_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Signs the devices out; their people are told."""
        open_ones = list(queryset.filter(ended_at=None).values_list("id", "user_id"))
        for session_id, user_id in open_ones:
            audited("identity", "end_session", "session", session_id, patient_id=user_id)
            services.end_session(user_id=user_id, session_id=session_id, reason="administrator")
        messages.success(request, f"{len(open_ones)} session(s) ended.")


register_plumbing("identity")
