"""What the first doctor said."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.intake.serializers_draft import FirstOpinionOut
from cases.services import opinion
from config.kernel.api import ApiView, json_response, signed_in


class FirstOpinion(ApiView):
    """The first opinion, as the patient told it."""

    policy = signed_in()

    @extend_schema(responses={200: FirstOpinionOut}, summary="Read what the first doctor said")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """For the specialist only after their own first read: 423 before."""
        return json_response(opinion.first_opinion(principal=self.principal, case_id=case_id))
