"""The versions of an opinion, what changed between two, and the drift from the first read."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.opinion.serializers_opinion import OpinionOut
from cases.api.opinion.serializers_versions import OpinionDiffOut, OpinionDriftOut, OpinionVersionOut
from cases.services import opinion
from config.kernel.api import ApiView, json_response, signed_in


class OpinionVersions(ApiView):
    """Every signed version."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: OpinionVersionOut(many=True)}, summary="List the signed versions of the opinion")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Newest first, each with why it replaced the one before."""
        found = opinion.list_versions(principal=self.principal, case_id=case_id)
        return json_response(found)


class OpinionVersionDetail(ApiView):
    """One signed version."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: OpinionOut}, summary="Read a signed version of the opinion")
    def get(self, request: Request, case_id: UUID, number: int) -> HttpResponse:
        """A superseded one stays readable, and says so."""
        return json_response(
            opinion.get_version(principal=self.principal, case_id=case_id, number=min(number, 2**31 - 1))
        )


class OpinionChanges(ApiView):
    """What changed."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: OpinionDiffOut}, summary="Compare two signed versions of the opinion")
    def get(self, request: Request, case_id: UUID, number: int, other: int) -> HttpResponse:
        """From the first number to the second, field by field, prose word by word."""
        before, after = (min(one, 2**31 - 1) for one in (number, other))
        found = opinion.compare_versions(principal=self.principal, case_id=case_id, before=before, after=after)
        return json_response(found)


class OpinionDrift(ApiView):
    """From the first read to what was signed."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: OpinionDriftOut}, summary="Compare the sealed first read with what was signed")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Of the newest version."""
        return json_response(opinion.drift_of(principal=self.principal, case_id=case_id))
