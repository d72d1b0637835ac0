"""An answer has one form; a file of it can be had as plain bytes, and no ``Accept`` header is refused."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.kernel.api.representations import as_asked
from config.kernel.api.views import ApiView, HotView
from tests.client import ApiClient

BYTES = "application/octet-stream"


@pytest.mark.parametrize(
    ("accept", "own", "status", "shown"),
    [
        (BYTES, "application/pdf", 200, BYTES),
        (f"{BYTES}, */*;q=0.1", "image/webp", 200, BYTES),
        (f"{BYTES};q=0.9", 'multipart/related; type="application/dicom"; boundary=x', 206, BYTES),
        (f"application/pdf, {BYTES};q=0.5", "application/pdf", 200, "application/pdf"),
        (f'multipart/related; type="{BYTES}"', "multipart/related; boundary=x", 200, "multipart/related; boundary=x"),
        ("*/*", "application/pdf", 200, "application/pdf"),
        ("", "application/zip", 200, "application/zip"),
        (BYTES, "application/json", 200, "application/json"),
        (BYTES, "application/fhir+json", 200, "application/fhir+json"),
        (BYTES, "text/calendar", 200, "text/calendar"),
        (BYTES, "application/problem+json", 404, "application/problem+json"),
        (BYTES, "application/pdf", 409, "application/pdf"),
    ],
)
def test_files_are_bytes_for_whoever_asks_for_bytes(accept: str, own: str, status: int, shown: str) -> None:
    request = RequestFactory().get("/", headers={"Accept": accept})
    response = as_asked(request, HttpResponse(b"x", status=status, content_type=own))
    assert response["Content-Type"] == shown


@pytest.mark.parametrize("accept", ["application/pdf", "image/*", "text/html", "application/fhir+json", BYTES])
@pytest.mark.parametrize("path", ["/cases/{id}/report.pdf", "/cases/{id}/report.fhir.json", "/exports/x", "/models"])
@pytest.mark.django_db
def test_nobody_is_refused_for_asking_for_the_very_type_that_comes(accept: str, path: str, principal) -> None:
    path = path.format(id="0190f3a0-0000-7000-8000-000000000000")
    assert ApiClient(principal("patient")).get(path, headers={"Accept": accept}).status_code in (200, 404)


@pytest.mark.parametrize("base", [ApiView, HotView])
def test_both_bases_answer_files_as_asked(base: type[ApiView]) -> None:
    from config.kernel.api.policies import Policy

    class Picture(base):  # type: ignore[misc,valid-type]  # one of two
        policy = Policy(anonymous=True)
        limits = ()

        def get(self, request: object) -> HttpResponse:
            return HttpResponse(b"x", content_type="image/webp")

    for accept, shown in ((BYTES, BYTES), ("image/webp", "image/webp")):
        assert Picture.as_view()(RequestFactory().get("/", headers={"Accept": accept}))["Content-Type"] == shown
