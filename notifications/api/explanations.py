"""Why somebody did, or did not, get a message."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from notifications import services
from notifications.api.principal import person_id


class ExplanationLineOut(DTOSerializer[services.ExplanationLine]):
    """What happened at an instant, as code and as a sentence."""


class ChannelExplanationOut(DTOSerializer[services.ChannelExplanation]):
    """What became of a notice by one channel; ``status`` is empty where nothing was sent that way."""

    lines = ExplanationLineOut(many=True)


class ExplanationOut(DTOSerializer[services.ExplanationDTO]):
    """A notice, and what became of it by every channel."""

    channels = ChannelExplanationOut(many=True)


class NoticeExplanation(ApiView):
    """What became of a notice."""

    policy = signed_in()

    @extend_schema(responses={200: ExplanationOut}, summary="Why did I (not) get this?")
    def get(self, request: Request, notice_id: UUID) -> Response:
        """By channel, in the reader's language; that staff read it is recorded."""
        person_id(self.principal)
        told = services.explain_notice(principal=self.principal, notice_id=notice_id)
        return Response(ExplanationOut(told).data)
