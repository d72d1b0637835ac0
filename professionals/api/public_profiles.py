"""The public list of specialists."""

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from config.kernel.api import PAGED, CursorPage, HotView, page_response, public, window
from config.kernel.api.declarations import instant_of
from config.kernel.api.strict_bodies import TEXT
from professionals import services
from professionals.api.serializers import PublicPageOut

_WORDS = {"type": "string", "maxLength": 200, "pattern": TEXT}
_CODE = {"type": "string", "maxLength": 40, "pattern": TEXT}
_CODES = ("specialty", "language", "place")


class ProfessionalList(HotView):
    """Verified specialists."""

    policy = public()

    @extend_schema(
        responses={200: PublicPageOut},
        parameters=[
            OpenApiParameter("q", _WORDS, description="Words; each begins a word of the public fields."),
            OpenApiParameter("specialty", _CODE, description="A key of the taxonomy."),
            OpenApiParameter("language", _CODE),
            OpenApiParameter("place", _CODE, description="Licence place, for example DE or US-CA."),
            OpenApiParameter(
                "free_from", OpenApiTypes.DATETIME, description="With free_to: free, with room for a case."
            ),
            OpenApiParameter("free_to", OpenApiTypes.DATETIME, description="At most 31 days after free_from."),
            *PAGED,
        ],
        summary="Find specialists",
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Allow-listed fields only."""
        wanted, given = window(request), request.GET
        rows, after = services.list_public(
            limit=wanted.limit,
            after=wanted.after,
            text=given.get("q") or None,
            free_from=instant_of(given.get("free_from", "")),
            free_to=instant_of(given.get("free_to", "")),
            **{name: given.get(name) or None for name in _CODES},
        )
        return page_response(request, CursorPage(rows, after))
