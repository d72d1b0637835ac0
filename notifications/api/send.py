"""One message to one person."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, idempotent, json_response, roles
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer, ZonedDateTimeField
from notifications import services
from notifications.domain.categories import ChannelName
from notifications.domain.state_machines import SendRequestState
from notifications.services import ChannelDecision, DryRun, Message, MessageDelivery, MessageDTO, TemplateVersion

SENDERS = roles("administrator", "coordinator", scopes=("notify",))


class SendIn(StrictSerializer):
    """A message: a template, the values to fill in, and the sender's own reference."""

    user_id = serializers.UUIDField()
    template = serializers.CharField(max_length=80)
    values = serializers.DictField(default=dict)
    reference = serializers.CharField(max_length=120, help_text="Yours; it stands for this message for ever.")
    channels = serializers.ListField(
        child=serializers.ChoiceField([one.value for one in ChannelName]), required=False, min_length=1, max_length=4
    )
    send_at = ZonedDateTimeField(required=False)
    dry_run = serializers.BooleanField(default=False, help_text="Say what would be sent, and write nothing.")


class TemplateVersionOut(DTOSerializer[TemplateVersion]):
    """The text, and its version."""


class MessageDeliveryOut(DTOSerializer[MessageDelivery]):
    """One way of the message."""

    channel = serializers.ChoiceField([channel.value for channel in ChannelName])


class TakenMessageOut(DTOSerializer[MessageDTO]):
    """A message that was taken."""

    state = serializers.ChoiceField([state.value for state in SendRequestState])
    template = TemplateVersionOut()
    deliveries = MessageDeliveryOut(many=True)


class ChannelDecisionOut(DTOSerializer[ChannelDecision]):
    """What one channel would do now, and the words."""

    channel = serializers.ChoiceField([channel.value for channel in ChannelName])


class DryRunOut(DTOSerializer[DryRun]):
    """What would be sent."""

    template = TemplateVersionOut()
    channels = ChannelDecisionOut(many=True)


SendOut = PolymorphicProxySerializer(
    component_name="SendOut", serializers=[TakenMessageOut, DryRunOut], resource_type_field_name=None
)


def _is_dry_run(view: ApiView) -> bool:
    return bool(view.body(SendIn)["dry_run"])


class Send(ApiView):
    """Sending to anybody."""

    policy = SENDERS

    @extend_schema(
        request=SendIn,
        responses={200: SendOut, 201: TakenMessageOut},
        summary="Send a message to somebody",
    )
    @idempotent("notifications", required=True, unless=_is_dry_run)
    def post(self, request: Request) -> Any:
        """201 for a new message, 200 for the same one again under its reference, 422 with all faults.

        With ``dry_run`` the answer (200) is what each channel would do now, with its text; nothing is written.
        """
        data = self.body(SendIn)
        if data["dry_run"]:
            return json_response(services.try_message(principal=self.principal, message=_message(data)))
        sent, new = services.send_message(principal=self.principal, message=_message(data))
        return json_response(sent, status=201 if new else 200)


class Schedule(ApiView):
    """The time of a message that waits."""

    policy = SENDERS

    @extend_schema(responses={204: None}, summary="Take a message back that I have sent")
    def delete(self, request: Request, message_id: UUID) -> Response:
        """409 once it has begun to leave."""
        services.cancel_message(principal=self.principal, message_id=message_id)
        return Response(status=204)


def _message(data: dict[str, Any]) -> Message:
    channels = data.get("channels")
    return Message(
        user_id=data["user_id"],
        template=data["template"],
        reference=data["reference"],
        values=data["values"],
        channels=tuple(dict.fromkeys(channels)) if channels else None,
        send_at=data.get("send_at"),
    )
