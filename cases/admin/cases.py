"""Cases, offers, opinions and reports as staff see them: states, dates and ids; what is sealed stays sealed."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from cases.admin.completeness import board, reassign_what_if
from cases.admin.forms import TRIAGE_NAMES
from cases.admin.workflow import steer
from cases.domain.workflow.states import TURN, State
from cases.models import (
    Assignment,
    Case,
    ChecklistItem,
    Clarification,
    ClockInterval,
    Document,
    Offer,
    Opinion,
    PeerReview,
    Report,
    StatusHistory,
)
from cases.services.assignment.reassignment_preview import ASKERS
from cases.services.intake.completeness import READERS
from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline, short_id
from config.kernel.auth import ROLE_NAMES, STAFF_ROLES, current_principal
from config.kernel.labels import label

_STEERING = frozenset({"coordinator", "nurse", "medical_director", "privacy_officer"})


class ChecklistInline(PlatformTabularInline):
    """Records that the case needs."""

    model = ChecklistItem
    fields = readonly_fields = ("code", "present", "waived_by")


class DocumentInline(PlatformTabularInline):
    """Files."""

    model = Document
    fields = readonly_fields = ("state", "media_type", "size", "page_count", "verdict", "identity_match")
    show_change_link = True


class OfferInline(PlatformTabularInline):
    """To whom the case was offered."""

    model = Offer
    fields = readonly_fields = ("user_id", "state", "expires_at", "answered_at")


class AssignmentInline(PlatformTabularInline):
    """Who works, or worked, on it."""

    model = Assignment
    fields = readonly_fields = ("user_id", "state", "legal_rule", "created_at", "ended_at")
    as_written = frozenset({"legal_rule"})


class ClockInline(PlatformTabularInline):
    """When the clock ran."""

    model = ClockInterval
    fields = readonly_fields = ("started_at", "ended_at")


class HistoryInline(PlatformTabularInline):
    """What happened."""

    model = StatusHistory
    fields = readonly_fields = ("created_at", "source", "target", "actor_role", "actor_id")
    labels = MappingProxyType({"actor_role": ROLE_NAMES})


@admin.register(Case)
class CaseAdmin(PlatformModelAdmin):
    """The queues: filter by state, and steer from the case's page."""

    view_roles = STAFF_ROLES
    act_roles = _STEERING | {"administrator"}
    id_search = ("id", "patient_id", "assigned_user_id")
    code_search = ("reference",)
    patient_field = "patient_id"
    labels = TRIAGE_NAMES
    as_written = frozenset({"reference", "country", "language", "place", "hold_reason"})
    list_display = ("reference", "state", "turn", "urgency", "specialty", "place", "promised_at", "held", "state_since")
    list_filter = ("state", "urgency", "specialty", "country")
    fields = readonly_fields = (
        "reference",
        "state",
        "turn",
        "state_since",
        "version",
        "patient_id",
        "assigned_user_id",
        "peer_user_id",
        "place",
        "language",
        "urgency",
        "specialty",
        "service_type",
        "legal_basis",
        "red_flag_check",
        "promised_at",
        "submitted_at",
        "delivered_at",
        "hold_reason",
        "hold_until",
    )
    inlines = (ChecklistInline, DocumentInline, OfferInline, AssignmentInline, ClockInline, HistoryInline)
    actions_list = ("completeness",)
    actions_detail = ("steer_case", "reassign_what_if")

    @admin.display(description="Whose turn")
    def turn(self, case: Case) -> str:
        """Who acts next."""
        return label(TURN.get(State(case.state)) or "—", ROLE_NAMES)

    @admin.display(description="Place")
    def place(self, case: Case) -> str:
        """Where the patient is."""
        return "-".join(filter(None, (case.country, case.region)))

    @admin.display(description="On hold", boolean=True)
    def held(self, case: Case) -> bool:
        """Whether somebody stopped it."""
        return case.on_hold

    @action(description="Move, offer, waive…", url_path="steer", permissions=["act"])
    def steer_case(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of steps."""
        return steer(request, UUID(str(object_id)))

    @action(description="What if somebody else had it?", url_path="what-if", permissions=["ask"])
    def reassign_what_if(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Scores of another specialist; nothing is changed."""
        return reassign_what_if(request, UUID(str(object_id)))

    @action(description="Completeness of records", url_path="completeness", permissions=["board"])
    def completeness(self, request: HttpRequest) -> HttpResponse:
        """Open cases against the records they need."""
        return board(request)

    def has_ask_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may ask what if."""
        return current_principal().has(*ASKERS)

    def has_board_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who gathers records."""
        return current_principal().has(*READERS)


class _OfCase(PlatformModelAdmin):
    """Rows that belong to a case."""

    id_search = ("id", "case_id")
    list_select_related = ("case",)

    @admin.display(description="Case", ordering="case_id")
    def reference(self, row: Any) -> str:
        """The case's reference."""
        return str(row.case.reference)


@admin.register(Offer)
class OfferAdmin(_OfCase):
    """Offers, the open ones first to look at."""

    view_roles = _STEERING | {"administrator"}
    list_display = ("reference", "specialist", "state", "expires_at", "answered_at", "created_at")
    list_filter = ("state",)

    @admin.display(description="Specialist")
    def specialist(self, offer: Offer) -> str:
        """The user id's end."""
        return short_id(offer.user_id)


@admin.register(Opinion)
class OpinionAdmin(_OfCase):
    """Versions of opinions: states and hashes, never their content."""

    view_roles = _STEERING | {"administrator"}
    list_display = ("reference", "number", "state", "author", "licence_place", "signed_at")
    list_filter = ("state",)
    exclude = ("content_sealed",)
    as_written = frozenset({"content_hash", "licence_place", "legal_rule"})

    @admin.display(description="Author")
    def author(self, opinion: Opinion) -> str:
        """The user id's end."""
        return short_id(opinion.author_id)


@admin.register(Clarification)
class ClarificationAdmin(_OfCase):
    """Questions to patients that are open or were answered; not what they say."""

    view_roles = _STEERING | {"administrator"}
    list_display = ("reference", "state", "due_at", "answered_at")
    list_filter = ("state",)
    exclude = ("question_sealed", "answer_sealed")


@admin.register(Report)
class ReportAdmin(_OfCase):
    """Delivered reports: their hashes."""

    view_roles = _STEERING | {"administrator"}
    list_display = ("reference", "created_at", "opened_at", "pdf_sha256")
    exclude = ("pdf_key", "fhir_key")
    as_written = frozenset({"pdf_sha256", "fhir_sha256", "manifest"})


@admin.register(PeerReview)
class PeerReviewAdmin(PlatformModelAdmin):
    """Verdicts of peer reviewers; not what they say."""

    view_roles = _STEERING | {"administrator"}
    id_search = ("id", "opinion_id", "user_id")
    list_display = ("created_at", "opinion", "verdict", "legal_rule")
    list_filter = ("verdict",)
    list_select_related = ("opinion",)
    exclude = ("remarks_sealed",)
    as_written = frozenset({"legal_rule"})
