"""What was read of a case's records, and what was not."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cases.api.casefile.serializers_coverage import CaseCoverageOut, DocumentCoverageOut
from cases.domain.documents.coverage_words import LANGUAGES
from cases.services import casefile
from config.kernel.api import ApiView, json_response, signed_in

_PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Accept-Language"}
_LANGUAGE = OpenApiParameter(
    "Accept-Language",
    str,
    OpenApiParameter.HEADER,
    description=f"Of the words: {', '.join(LANGUAGES)}. Without one of these, the case's language.",
)


class CaseCoverage(ApiView):
    """How far the documents of a case were read."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(
        parameters=[_LANGUAGE],
        responses={200: CaseCoverageOut},
        summary="See what was read of a case's records, and what was not",
    )
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Pages, places, values and medicines by document, what imports did not take over, and the numbers in all.

        A patient hears of findings what was released. For a specialist ``judged`` is null, and ``locked`` true, before
        the own first read is stored; places and pages that were not read are told before that too.
        """
        found = casefile.case_coverage(principal=self.principal, case_id=case_id, language=_language(request))
        return json_response(found, headers=_PRIVATE)


class DocumentCoverage(ApiView):
    """How far a document was read."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(
        parameters=[_LANGUAGE],
        responses={200: DocumentCoverageOut},
        summary="See what was read in a document, and what was not",
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """``reading`` is null while the document is checked, and where it may be somebody else's."""
        found = casefile.document_coverage(
            principal=self.principal, document_id=document_id, language=_language(request)
        )
        return json_response(found, headers=_PRIVATE)


def _language(request: Request) -> str:
    """The first of ours that the request asks for; empty where it names none."""
    named = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return next((code for tag, _ in named if (code := tag.split("-")[0]) in LANGUAGES), "")
