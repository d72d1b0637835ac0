"""What is answered where no view answered."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.kernel.api.problems import problem_response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A problem document for programs, a page for people."""
    if _wants_page(request):
        return HttpResponse(render_to_string("kernel/404.html", request=request), status=404)
    return problem_response(404, "not_found", "There is no such address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """The error was logged where it happened; nothing of it is shown."""
    if _wants_page(request):
        return HttpResponse(render_to_string("kernel/500.html"), status=500)
    return problem_response(500, "internal", "Something went wrong on our side; it has been recorded.")


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.META.get("HTTP_ACCEPT", "") and not request.path.startswith("/api/")
