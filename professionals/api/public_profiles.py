"""The public list of specialists."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema

from config.kernel.api import CursorPage, HotView, page_response, public, window
from config.kernel.errors import FieldError, Invalid
from professionals import services
from professionals.api.serializers import PublicPageOut

_CODES = ("specialty", "language", "place")


class ProfessionalList(HotView):
    """Verified specialists."""

    policy = public()

    @extend_schema(
        responses={200: PublicPageOut},
        parameters=[
            OpenApiParameter("q", str, description="Words; each begins a word of the public fields."),
            OpenApiParameter("specialty", str, description="A key of the taxonomy."),
            OpenApiParameter("language", str),
            OpenApiParameter("place", str, description="Licence place, for example DE or US-CA."),
            OpenApiParameter("free_from", datetime, description="With free_to: free time and room for a case in it."),
            OpenApiParameter("free_to", datetime, description="At most 31 days after free_from."),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        summary="Find specialists",
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Allow-listed fields only."""
        wanted = window(request)
        codes = {name: _text(request, name, 40) for name in _CODES}
        rows, after = services.list_public(
            limit=wanted.limit,
            after=wanted.after,
            text=_text(request, "q", 200),
            free_from=_moment(request, "free_from"),
            free_to=_moment(request, "free_to"),
            **codes,
        )
        return page_response(request, CursorPage(rows, after))


def _text(request: HttpRequest, name: str, longest: int) -> str | None:
    value = request.GET.get(name) or None
    if value is not None and ("\x00" in value or len(value) > longest):
        raise _wrong(name, f"{name} has at most {longest} characters.")
    return value


def _moment(request: HttpRequest, name: str) -> datetime | None:
    value = request.GET.get(name)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _wrong(name, f"{name} is a moment such as 2027-01-31T09:00:00Z.") from None


def _wrong(name: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"?{name}", "invalid", detail)])
