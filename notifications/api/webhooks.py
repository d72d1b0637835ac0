"""Webhooks: administrators say which programs are told of events."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ETAG, IF_MATCH, PAGED, ApiView, CursorPage, etag_for, expected_version, roles, window
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.pages import next_link
from config.kernel.api.strict_bodies import StrictSerializer, ZonedDateTimeField
from config.kernel.errors import Invalid
from notifications import services
from notifications.domain.hooks import HookState
from notifications.services import HookDeliveryDTO, WebhookDTO

_FRESH = roles("administrator", fresh_second_factor=True)


class WebhookIn(StrictSerializer):
    """A new webhook: ``events`` are names of events, or ``*``."""

    url = serializers.CharField(max_length=500)
    name = serializers.CharField(max_length=80)
    events = serializers.ListField(child=serializers.CharField(max_length=120), min_length=1, max_length=100)


class WebhookChange(StrictSerializer):
    """What changes; ``on`` switches it on or off."""

    url = serializers.CharField(max_length=500, required=False)
    name = serializers.CharField(max_length=80, required=False)
    events = serializers.ListField(
        child=serializers.CharField(max_length=120), min_length=1, max_length=100, required=False
    )
    on = serializers.BooleanField(required=False)


class ReplayIn(StrictSerializer):
    """Which deliveries are sent again: those named, or all that failed since an instant."""

    delivery_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100, required=False)
    failed_since = ZonedDateTimeField(required=False)


class WebhookOut(DTOSerializer[WebhookDTO]):
    """One webhook, without its secrets."""


class NewWebhookOut(DTOSerializer[WebhookDTO]):
    """One webhook with the secret that signs from now on."""

    secret = serializers.CharField()


class HookDeliveryOut(DTOSerializer[HookDeliveryDTO]):
    """One event on its way."""

    state = serializers.ChoiceField([state.value for state in HookState])


class HookDeliveryPageOut(serializers.Serializer[Any]):
    """One page of deliveries."""

    next = serializers.CharField(allow_null=True)
    results = HookDeliveryOut(many=True)


class ReplayOut(serializers.Serializer[Any]):
    """How many are queued again."""

    queued = serializers.IntegerField()


class WebhookList(ApiView):
    """All webhooks."""

    policy = roles("administrator")
    policies = {"POST": _FRESH}

    @extend_schema(responses={200: WebhookOut(many=True)}, summary="List webhooks")
    def get(self, request: Request) -> Response:
        """Newest first, without secrets."""
        return Response([asdict(one) for one in services.list_webhooks(principal=self.principal)])

    @extend_schema(request=WebhookIn, responses={201: NewWebhookOut}, summary="Make a webhook")
    def post(self, request: Request) -> Response:
        """The secret is shown this once; messages are signed as Standard Webhooks says."""
        made = services.create_webhook(principal=self.principal, **self.body(WebhookIn))
        return Response(asdict(made.webhook) | {"secret": made.secret}, status=201)


class WebhookDetail(ApiView):
    """One webhook."""

    policy = roles("administrator")
    policies = {"PATCH": _FRESH, "DELETE": _FRESH}

    @extend_schema(responses={200: WebhookOut}, parameters=[ETAG], summary="Read a webhook")
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """With its version as ETag."""
        found = services.get_webhook(principal=self.principal, webhook_id=webhook_id)
        return Response(asdict(found), headers={"ETag": etag_for(found.version)})

    @extend_schema(
        request=WebhookChange, responses={200: WebhookOut}, parameters=[IF_MATCH, ETAG], summary="Change a webhook"
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        """With ``If-Match``. Switched on again, it is told of what comes from now on; older failures are replayed."""
        changed = services.update_webhook(
            principal=self.principal,
            webhook_id=webhook_id,
            version=expected_version(request),
            **self.body(WebhookChange),
        )
        return Response(asdict(changed), headers={"ETag": etag_for(changed.version)})

    @extend_schema(responses={204: None}, summary="End a webhook")
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """With all that waits for it."""
        services.delete_webhook(principal=self.principal, webhook_id=webhook_id)
        return Response(status=204)


class WebhookRotate(ApiView):
    """The secret of a webhook."""

    policy = _FRESH

    @extend_schema(request=None, responses={200: NewWebhookOut}, summary="Give a webhook a new secret")
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Shown this once. For a day the former one signs too."""
        self.no_body()
        made = services.rotate_webhook_secret(principal=self.principal, webhook_id=webhook_id)
        return Response(asdict(made.webhook) | {"secret": made.secret})


class WebhookTest(ApiView):
    """A message that says nothing."""

    policy = roles("administrator")

    @extend_schema(request=None, responses={202: HookDeliveryOut}, summary="Send a webhook a test")
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Sent as any other; what came of it stands among the deliveries."""
        self.no_body()
        queued = services.send_webhook_test(principal=self.principal, webhook_id=webhook_id)
        return Response(asdict(queued), status=202)


class WebhookDeliveries(ApiView):
    """What a webhook was told."""

    policy = roles("administrator")

    @extend_schema(
        responses={200: HookDeliveryPageOut},
        parameters=list(PAGED),
        summary="List what a webhook was told",
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Newest first."""
        wanted = window(request)
        rows = services.list_hook_deliveries(
            principal=self.principal, webhook_id=webhook_id, limit=wanted.limit, after=wanted.after
        )
        shown = rows[: wanted.limit]
        page = CursorPage(shown, shown[-1].id if len(rows) > wanted.limit else None)
        return Response({"next": next_link(request, page), "results": [asdict(row) for row in shown]})


class WebhookReplay(ApiView):
    """Sending again."""

    policy = roles("administrator")

    @extend_schema(request=ReplayIn, responses={202: ReplayOut}, summary="Send deliveries of a webhook again")
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Under the ids that they had, so that a receiver who has one already knows it."""
        given = self.body(ReplayIn)
        if len(given) != 1:
            raise Invalid("Give either delivery_ids or failed_since.")
        queued = services.replay_hook_deliveries(principal=self.principal, webhook_id=webhook_id, **given)
        return Response({"queued": queued}, status=202)
