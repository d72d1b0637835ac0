"""Words in a case's documents."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.casefile.serializers_search import FindIn, FoundOut
from cases.services import casefile
from config.kernel.api import ApiView, json_response, signed_in


class Find(ApiView):
    """A search in one case."""

    policy = signed_in()

    @extend_schema(request=FindIn, responses={200: FoundOut}, summary="Search the documents of a case")
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """Every place that says the words; asked by POST, so that no address holds what somebody looks for."""
        found = casefile.find_in_documents(principal=self.principal, case_id=case_id, **self.body(FindIn))
        return json_response(found, headers={"Cache-Control": "private, no-store"})
