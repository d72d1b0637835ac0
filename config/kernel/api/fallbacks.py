"""What is answered where no view answered."""

import sys

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.kernel.api.problems import form_fault, from_exception, problem_response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was refused before any view was asked, a form of a thousand fields for example: what to change of it."""
    answer = from_exception(exception) or problem_response(400, "form_invalid", form_fault(exception))
    if _wants_page(request):
        page = render_to_string("kernel/400.html", {"detail": orjson.loads(answer.content)["detail"]}, request=request)
        return HttpResponse(page, status=answer.status_code)
    return answer


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that a role does not open: with the way back to the start page of that part of the site."""
    if _wants_page(request):
        part = request.path.split("/", 2)[1]
        home = f"/{part}/" if part in ("admin", "dashboard", "account") else "/"
        return HttpResponse(render_to_string("kernel/403.html", {"home": home}, request=request), status=403)
    return problem_response(403, "forbidden", "Your role does not allow this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A problem document for programs, a page for people."""
    if _wants_page(request):
        return HttpResponse(render_to_string("kernel/404.html", request=request), status=404)
    return problem_response(404, "not_found", "Page not found.")


def server_error(request: HttpRequest) -> HttpResponse:
    """The error was logged where it happened; nothing of it is shown. A database that is away is nobody's mistake."""
    # Django calls this while it handles the error, whether a view or a middleware met it.
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _unavailable(request, error)
    if _wants_page(request):
        return HttpResponse(render_to_string("kernel/500.html"), status=500)
    return problem_response(500, "internal", "Something went wrong on our side; it has been recorded.")


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = from_exception(error)
    assert answer is not None
    if _wants_page(request):
        page = HttpResponse(render_to_string("kernel/503.html"), status=503)
        page["Retry-After"], page["Cache-Control"] = answer["Retry-After"], "no-store"
        return page
    return answer


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.META.get("HTTP_ACCEPT", "") and not request.path.startswith("/api/")
