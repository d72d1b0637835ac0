"""The caller's devices, as push reaches them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from config.kernel.limits import per_account
from notifications import services
from notifications.domain.push_addresses import KINDS, MAX_ENDPOINT_LENGTH, MAX_TOKEN_LENGTH, Subscription
from notifications.services import DeviceDTO


class DeviceOut(DTOSerializer[DeviceDTO]):
    """One device."""


class SubscriptionKeys(StrictSerializer):
    """The keys of a browser's subscription."""

    p256dh = serializers.CharField(max_length=200)
    auth = serializers.CharField(max_length=100)


class DeviceBody(StrictSerializer):
    """An app's token, or a browser's subscription as ``PushSubscription.toJSON()`` gives it."""

    rule = {
        "if": {"properties": {"kind": {"const": "webpush"}}, "required": ["kind"]},
        "then": {"required": ["endpoint", "keys"], "not": {"required": ["token"]}},
        "else": {
            "required": ["token"],
            "not": {"anyOf": [{"required": ["endpoint"]}, {"required": ["keys"]}]},
        },
    }
    kind = serializers.ChoiceField(KINDS)
    token = serializers.CharField(max_length=MAX_TOKEN_LENGTH, required=False)
    endpoint = serializers.CharField(max_length=MAX_ENDPOINT_LENGTH, required=False)
    keys = SubscriptionKeys(required=False)


class PushKeyOut(serializers.Serializer[Any]):
    """What a browser subscribes with."""

    key = serializers.CharField()


class Devices(ApiView):
    """The caller's devices."""

    policy = signed_in()
    limits = (*ApiView.limits, per_account("devices", 60, hours=1))

    @extend_schema(responses={200: DeviceOut(many=True)}, summary="List my devices")
    def get(self, request: Request) -> Response:
        """Those that push reaches, newest first; none says what reaches it."""
        return Response(DeviceOut(services.list_devices(principal=self.principal), many=True).data)

    @extend_schema(request=DeviceBody, responses={201: DeviceOut}, summary="Register this device for push")
    def post(self, request: Request) -> Response:
        """It goes with the session. A device that somebody else registered before is the caller's from now on."""
        data = self.body(DeviceBody)
        subscription = None
        if "endpoint" in data or "keys" in data:
            keys = data.get("keys", {})
            subscription = Subscription(
                endpoint=data.get("endpoint", ""), p256dh=keys.get("p256dh", ""), auth=keys.get("auth", "")
            )
        device = services.register_device(
            principal=self.principal, kind=data["kind"], token=data.get("token", ""), subscription=subscription
        )
        return Response(DeviceOut(device).data, status=201)


class DeviceDetail(ApiView):
    """One device."""

    policy = signed_in()

    @extend_schema(responses={204: None}, summary="Remove a device")
    def delete(self, request: Request, device_id: UUID) -> Response:
        """It is told no more."""
        services.remove_device(principal=self.principal, device_id=device_id)
        return Response(status=204)


class PushKey(ApiView):
    """The platform's key for push to browsers."""

    policy = signed_in()
    further_problems = ("409",)

    @extend_schema(responses={200: PushKeyOut}, summary="Read the key that browsers subscribe with")
    def get(self, request: Request) -> Response:
        """``applicationServerKey`` of ``PushManager.subscribe``; 409 where push to browsers is not set up."""
        return Response({"key": services.push_key()})
