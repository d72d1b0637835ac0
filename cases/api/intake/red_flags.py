"""Emergency advice that was read."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.intake.serializers_intake import AcknowledgeIn, RedFlagOut
from cases.services import intake
from config.kernel.api import ApiView, json_response, signed_in


class RedFlag(ApiView):
    """Advice that was read."""

    policy = signed_in()

    @extend_schema(request=AcknowledgeIn, responses={200: RedFlagOut}, summary="Acknowledge emergency advice")
    def post(self, request: Request, case_id: UUID, flag_id: UUID) -> HttpResponse:
        """Name the version of the wording that was shown."""
        version = self.body(AcknowledgeIn)["advice_version"]
        found = intake.acknowledge_red_flag(
            principal=self.principal, case_id=case_id, flag_id=flag_id, advice_version=version
        )
        return json_response(found)
