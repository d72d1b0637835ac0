"""Staff pages of accounts: contact data masked, no health data, every view audited."""

from types import MappingProxyType
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline, audited, short_id
from config.kernel.auth import ROLE_NAMES, STAFF_ROLES, current_principal
from identity import services
from identity.domain.state_machines import ProxyState
from identity.models import Consent, Proxy, RoleChange, RoleGrant, ServiceKey, Session, User

_GOVERNORS = frozenset({"administrator", "privacy_officer"})
_ROLES = MappingProxyType({"role": ROLE_NAMES})
_PEOPLE = frozenset({"administrator", "support", "coordinator", "privacy_officer"})


class RoleInline(PlatformTabularInline):
    """Roles that the account holds."""

    model = RoleGrant
    fields = readonly_fields = ("role", "created_at", "granted_by")
    labels = _ROLES


class ConsentInline(PlatformTabularInline):
    """What the account has agreed to, and taken back."""

    model = Consent
    fields = readonly_fields = ("purpose", "text_version", "granted_at", "withdrawn_at")
    as_written = frozenset({"text_version"})


@admin.register(User)
class UserAdmin(PlatformModelAdmin):
    """Accounts. Search finds a whole address or a whole id, so that nobody can leaf through people by name."""

    view_roles = _PEOPLE
    act_roles = frozenset({"administrator", "support"})
    id_search = ("id",)
    patient_field = "id"
    as_written = frozenset({"masked_email", "country", "region", "locale", "time_zone"})
    list_display = ("masked_email", "short", "country", "is_active", "is_staff", "confirmed", "created_at")
    # Ids are given in the order of time.
    ordering = ("-id",)
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
    actions: ClassVar[list[str]] = ["end_sessions", "switch_off", "switch_on"]

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

    def search_by_index(self, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        """Addresses have an index, too."""
        term = search_term.strip().lower()
        return (queryset.filter(email=term), True) if "@" in term else super().search_by_index(queryset, search_term)

    @action(description="End all sessions", permissions=["act"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Signs the selected people out everywhere; they are told."""
        ended = 0
        for user_id in queryset.values_list("id", flat=True):
            audited("identity", "end_sessions", "user", user_id, patient_id=user_id)
            ended += services.end_all_sessions(user_id=user_id, reason="administrator")
        messages.success(request, f"{ended} session(s) ended.")

    @action(description="Switch accounts off", permissions=["govern"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """They sign in no more, and what is open ends."""
        for user_id in list(queryset.values_list("id", flat=True)):
            services.deactivate_account(principal=current_principal(), user_id=user_id)
        messages.success(request, "Switched off.")

    @action(description="Switch accounts on", permissions=["govern"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """They may sign in again."""
        for user_id in list(queryset.values_list("id", flat=True)):
            services.reactivate_account(principal=current_principal(), user_id=user_id)
        messages.success(request, "Switched on.")

    def has_govern_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators alone."""
        return current_principal().has("administrator")


@admin.register(RoleGrant)
class RoleGrantAdmin(PlatformModelAdmin):
    """Who holds which role, and who gave it."""

    view_roles = frozenset({"administrator", "privacy_officer"})
    id_search = ("user_id", "granted_by")
    code_search = ("role",)
    labels = _ROLES
    as_written = frozenset({"holder"})
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
    as_written = frozenset({"text_version", "text_sha256"})
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
    as_written = frozenset({"holder", "device_kind", "device"})
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


@admin.register(RoleChange)
class RoleChangeAdmin(PlatformModelAdmin):
    """Wishes to give or take roles; another administrator than the asker decides here, freshly proved."""

    view_roles = _GOVERNORS
    id_search = ("id", "user_id", "requested_by", "decided_by")
    code_search = ("role",)
    labels = _ROLES
    as_written = frozenset({"holder", "reason"})
    patient_field = "user_id"
    list_display = ("created_at", "role", "granted", "holder", "asker", "decider", "approved", "expires_at")
    list_filter = ("role", "granted", "approved")
    list_select_related = ("user",)
    actions: ClassVar[list[str]] = ["approve_selected", "refuse_selected"]

    @admin.display(description="User")
    def holder(self, change: RoleChange) -> str:
        """Masked."""
        return str(change.user)

    @admin.display(description="Asked by")
    def asker(self, change: RoleChange) -> str:
        """The id's end."""
        return short_id(change.requested_by)

    @admin.display(description="Decided by")
    def decider(self, change: RoleChange) -> str:
        """The id's end."""
        return short_id(change.decided_by)

    @action(description="Approve", permissions=["act"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The roles change, and the users' sessions end."""
        self._decide(request, queryset, approve=True)

    @action(description="Refuse", permissions=["act"])
    def refuse_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Nothing changes."""
        self._decide(request, queryset, approve=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Any], *, approve: bool) -> None:
        ids = list(queryset.values_list("id", flat=True))
        for change_id in ids:
            services.decide_role_change(principal=current_principal(), change_id=change_id, approve=approve)
        messages.success(request, f"{len(ids)} change(s) decided.")


@admin.register(ServiceKey)
class ServiceKeyAdmin(PlatformModelAdmin):
    """Keys of programs, without their secrets; an open one can be ended."""

    view_roles = _GOVERNORS
    id_search = ("id", "owner_id", "created_by")
    list_display = ("name", "hint", "owner", "expires_at", "last_used_at", "ended_at")
    list_filter = ("ended_at",)
    exclude = ("secret_hash",)
    as_written = frozenset({"name", "hint", "networks"})
    actions: ClassVar[list[str]] = ["end_selected"]

    @admin.display(description="Owner")
    def owner(self, key: ServiceKey) -> str:
        """The id's end."""
        return short_id(key.owner_id)

    @action(description="End selected keys", permissions=["act"])
    def end_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """They are refused within a second."""
        ids = list(queryset.filter(ended_at=None).values_list("id", flat=True))
        for key_id in ids:
            audited("identity", "end_key", "service_key", key_id)
            services.end_service_key(principal=current_principal(), key_id=key_id)
        messages.success(request, f"{len(ids)} key(s) ended.")


@admin.register(Proxy)
class ProxyAdmin(PlatformModelAdmin):
    """Who may act for whom; guardians wait here for somebody to look at their papers."""

    view_roles = frozenset({"coordinator", "privacy_officer", "administrator"})
    act_roles = frozenset({"coordinator", "administrator"})
    id_search = ("id", "patient_id", "delegate_id", "case_id")
    patient_field = "patient_id"
    list_display = (
        "created_at",
        "patient_short",
        "delegate_short",
        "guardian",
        "relationship",
        "scopes",
        "state",
        "ends_at",
    )
    list_filter = ("state", "guardian", "relationship")
    exclude = ("address_hash",)
    actions: ClassVar[list[str]] = ["confirm_guardians"]

    @admin.display(description="Patient")
    def patient_short(self, row: Proxy) -> str:
        """The id's end."""
        return short_id(row.patient_id)

    @admin.display(description="Acts for them")
    def delegate_short(self, row: Proxy) -> str:
        """The id's end."""
        return short_id(row.delegate_id)

    @action(description="Confirm selected guardians", permissions=["act"])
    def confirm_guardians(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Only those who wait for it."""
        waiting = list(queryset.filter(state=ProxyState.ATTESTED).values_list("id", flat=True))
        for proxy_id in waiting:
            services.confirm_guardian(principal=current_principal(), proxy_id=proxy_id, approve=True)
        messages.success(request, f"{len(waiting)} guardian(s) confirmed.")
