"""The list of specialties and procedures."""

from dataclasses import asdict

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from config.kernel.api import ApiView, json_response, public
from professionals import services
from professionals.api.serializers_taxonomy import TaxonomyOut


class TaxonomyView(ApiView):
    """Specialties, sub-specialties and procedures."""

    policy = public()

    @extend_schema(responses={200: TaxonomyOut}, summary="Read the list of specialties and procedures")
    def get(self, request: Request) -> HttpResponse:
        """With its version; keys never change their meaning."""
        version, source, terms = services.list_taxonomy()
        return json_response({"version": version, "codes_from": source, "terms": [asdict(term) for term in terms]})
