"""Campaigns: planning, a second person's approval, the steps, the report."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import (
    ETAG,
    IF_MATCH,
    PAGED,
    ApiView,
    CursorPage,
    idempotent,
    json_response,
    page_response,
    roles,
    window,
)
from config.kernel.api.declarations import etag_for, expected_version
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer, ZonedDateTimeField
from notifications import services
from notifications.domain.categories import ChannelName
from notifications.domain.state_machines import CampaignState, DeliveryState
from notifications.services import (
    AudienceCount,
    CampaignDTO,
    CampaignPlan,
    CampaignPreview,
    CampaignReport,
    CampaignText,
    ReportLine,
    Variant,
    VariantCount,
)

WRITERS = roles("administrator", "medical_director")
APPROVERS = roles("administrator", "medical_director", fresh_second_factor=True)
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


@extend_schema_field(str)
class WallTimeField(serializers.Field[datetime, str, str, Any]):
    """What a clock on the wall shows: a date and a time of the day, without any offset."""

    def to_internal_value(self, data: Any) -> datetime:
        """``2026-12-01T09:00``."""
        try:
            return datetime.strptime(str(data), "%Y-%m-%dT%H:%M")  # noqa: DTZ007  a zone is named beside it
        except ValueError:
            raise serializers.ValidationError("Write it like 2026-12-01T09:00, without a zone.", "invalid") from None

    def to_representation(self, value: datetime) -> str:
        """As it is written."""
        return f"{value:%Y-%m-%dT%H:%M}"


class VariantIn(StrictSerializer):
    """One of the texts that are compared."""

    name = serializers.SlugField(max_length=20)
    template = serializers.CharField(max_length=80)
    share = serializers.IntegerField(min_value=1, max_value=99, help_text="Percent of the people.")


class CampaignIn(StrictSerializer):
    """A plan."""

    name = serializers.CharField(max_length=80)
    template = serializers.CharField(max_length=80)
    channels = serializers.ListField(
        child=serializers.ChoiceField([one.value for one in ChannelName]), min_length=1, max_length=4
    )
    values = serializers.DictField(default=dict)
    audience = serializers.DictField(
        default=dict,
        help_text="roles, locales, countries, zones, specialties (lists), has_open_case (true, false). Empty: all.",
    )
    starts_at = WallTimeField(help_text="A wall time without a zone, like 2026-12-01T09:00.")
    zone = serializers.CharField(
        max_length=64,
        help_text=(
            'The zone of that clock, or "recipient": each their own. Where a clock is put forward over that time, the'
            ' first instant after it counts for "recipient"; a zone that is named is refused.'
        ),
    )
    per_minute = serializers.IntegerField(min_value=1, max_value=10_000)
    latest_start = ZonedDateTimeField(required=False, allow_null=True)
    window_from = serializers.RegexField(_TIME, required=False, default="", allow_blank=True)
    window_to = serializers.RegexField(_TIME, required=False, default="", allow_blank=True)
    variants = VariantIn(many=True, required=False)


class ApproveIn(StrictSerializer):
    """What the second person says."""

    small_audience = serializers.BooleanField(default=False, help_text="Yes, fewer than twenty people are meant.")


class PauseIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class VariantOut(DTOSerializer[Variant]):
    """A text, its version, and its share in percent."""


class CampaignOut(DTOSerializer[CampaignDTO]):
    """One campaign."""

    state = serializers.ChoiceField([state.value for state in CampaignState])
    variants = VariantOut(many=True)


class CampaignPageOut(serializers.Serializer[Any]):
    """One page of campaigns."""

    next = serializers.CharField(allow_null=True)
    results = CampaignOut(many=True)


class AudienceCountOut(DTOSerializer[AudienceCount]):
    """How many people."""


class CampaignTextOut(DTOSerializer[CampaignText]):
    """What one variant says."""


class CampaignPreviewOut(DTOSerializer[CampaignPreview]):
    """What it would do."""

    audience = AudienceCountOut()
    texts = CampaignTextOut(many=True)


class ReportLineOut(DTOSerializer[ReportLine]):
    """One count."""

    channel = serializers.ChoiceField([channel.value for channel in ChannelName])
    state = serializers.ChoiceField([state.value for state in DeliveryState])


class VariantCountOut(DTOSerializer[VariantCount]):
    """One variant."""


class CampaignReportOut(DTOSerializer[CampaignReport]):
    """How far it is."""

    state = serializers.ChoiceField([state.value for state in CampaignState])
    variants = VariantCountOut(many=True)
    lines = ReportLineOut(many=True)


class TestOut(serializers.Serializer[Any]):
    """How many messages the caller was sent."""

    sent = serializers.IntegerField()


class CampaignList(ApiView):
    """Campaigns."""

    policy = WRITERS

    @extend_schema(
        responses={200: CampaignPageOut},
        parameters=list(PAGED),
        summary="List campaigns",
    )
    def get(self, request: Request) -> Any:
        """Newest first."""
        wanted = window(request._request)
        found, following = services.list_campaigns(principal=self.principal, limit=wanted.limit, after=wanted.after)
        return page_response(request._request, CursorPage(found, following))

    @extend_schema(request=CampaignIn, responses={201: CampaignOut}, parameters=[ETAG], summary="Plan a campaign")
    @idempotent("notifications")
    def post(self, request: Request) -> Any:
        """A draft; 422 with all faults. Nobody is chosen by anything that tells of their health."""
        made = services.create_campaign(principal=self.principal, plan=_plan(self.body(CampaignIn)))
        return _told(made, status=201, Location=f"/api/v1/campaigns/{made.id}")


class CampaignDetail(ApiView):
    """One campaign."""

    policy = WRITERS

    @extend_schema(responses={200: CampaignOut}, parameters=[ETAG], summary="Read a campaign")
    def get(self, request: Request, campaign_id: UUID) -> Any:
        """As it stands."""
        return _told(services.get_campaign(principal=self.principal, campaign_id=campaign_id))

    @extend_schema(
        request=CampaignIn,
        responses={200: CampaignOut},
        parameters=[IF_MATCH, ETAG],
        summary="Change the draft of a campaign",
    )
    def put(self, request: Request, campaign_id: UUID) -> Any:
        """The whole plan anew, by its author, with ``If-Match``; 409 once it was submitted."""
        version = expected_version(request._request)
        plan = _plan(self.body(CampaignIn))
        return _told(
            services.update_campaign(
                principal=self.principal, campaign_id=campaign_id, plan=plan, expected_version=version
            )
        )


class Preview(ApiView):
    """What a campaign would do."""

    policy = WRITERS

    @extend_schema(request=None, responses={200: CampaignPreviewOut}, summary="Preview a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """Its people as they are now, when, how long, and with which words."""
        self.no_body()
        return json_response(services.preview_campaign(principal=self.principal, campaign_id=campaign_id))


class Test(ApiView):
    """One message to oneself."""

    policy = WRITERS

    @extend_schema(request=None, responses={200: TestOut}, summary="Send a campaign's messages to myself")
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Each variant, as its people would get it."""
        self.no_body()
        return Response({"sent": services.try_campaign(principal=self.principal, campaign_id=campaign_id)})


class Submit(ApiView):
    """Before a second person."""

    policy = WRITERS

    @extend_schema(request=None, responses={200: CampaignOut}, summary="Submit a campaign for approval")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """By whoever stands for it."""
        self.no_body()
        return _told(services.submit_campaign(principal=self.principal, campaign_id=campaign_id))


class Approve(ApiView):
    """The second person."""

    policy = APPROVERS

    @extend_schema(request=ApproveIn, responses={200: CampaignOut}, summary="Approve a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """Not by its author. 409 with the number where fewer than twenty people would get it, until that is said."""
        said = self.body(ApproveIn)
        return _told(
            services.approve_campaign(
                principal=self.principal, campaign_id=campaign_id, small_audience=said["small_audience"]
            )
        )


class Start(ApiView):
    """Now instead of at its time."""

    policy = WRITERS

    @extend_schema(request=None, responses={200: CampaignOut}, summary="Start an approved campaign now")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """Its window holds as before."""
        self.no_body()
        return _told(services.start_campaign(principal=self.principal, campaign_id=campaign_id))


class Pause(ApiView):
    """Stopping for a while."""

    policy = WRITERS

    @extend_schema(request=PauseIn, responses={200: CampaignOut}, summary="Pause a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """Within a minute nothing leaves any more."""
        reason = self.body(PauseIn)["reason"]
        return _told(services.pause_campaign(principal=self.principal, campaign_id=campaign_id, reason=reason))


class Resume(ApiView):
    """Going on."""

    policy = WRITERS

    @extend_schema(request=None, responses={200: CampaignOut}, summary="Resume a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """At its pace."""
        self.no_body()
        return _told(services.resume_campaign(principal=self.principal, campaign_id=campaign_id))


class Cancel(ApiView):
    """Ending for good."""

    policy = WRITERS

    @extend_schema(request=None, responses={200: CampaignOut}, summary="Cancel a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Any:
        """What has not begun to leave is taken back."""
        self.no_body()
        return _told(services.cancel_campaign(principal=self.principal, campaign_id=campaign_id))


class Report(ApiView):
    """What became of it."""

    policy = WRITERS

    @extend_schema(responses={200: CampaignReportOut}, summary="Read a campaign's report")
    def get(self, request: Request, campaign_id: UUID) -> Any:
        """Counts by state, channel, variant and day."""
        return json_response(services.campaign_report(principal=self.principal, campaign_id=campaign_id))


def _plan(data: dict[str, Any]) -> CampaignPlan:
    return CampaignPlan(
        **{name: value for name, value in data.items() if name not in ("channels", "variants")},
        channels=tuple(dict.fromkeys(data["channels"])),
        variants=tuple(data.get("variants") or ()),
    )


def _told(campaign: CampaignDTO, *, status: int = 200, **headers: str) -> Any:
    return json_response(campaign, status=status, headers={"ETag": etag_for(campaign.version), **headers})
