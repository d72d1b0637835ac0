"""Two people decide on the documents of credentials."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, roles
from professionals import services
from professionals.api.serializers_evidence import EvidenceDecisionIn


class EvidenceDecision(ApiView):
    """Whether a document proves what it is there for."""

    policy = roles("administrator")

    @extend_schema(request=EvidenceDecisionIn, responses={204: None}, summary="Prepare or decide on a document")
    def post(self, request: Request, professional_id: UUID, evidence_id: UUID) -> Response:
        """One person reads it and writes what it says, another confirms or refuses."""
        data = self.body(EvidenceDecisionIn)
        if data["step"] == "prepare":
            services.prepare_evidence(
                principal=self.principal, professional_id=professional_id, evidence_id=evidence_id, says=data["says"]
            )
        else:
            services.decide_evidence(
                principal=self.principal, professional_id=professional_id, evidence_id=evidence_id,
                confirm=data["step"] == "confirm",
            )  # fmt: skip
        return Response(status=204)
