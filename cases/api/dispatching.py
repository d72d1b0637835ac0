"""One address, a hot view for reading and an ordinary one for writing."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from config.kernel.api import ApiView, problem_response

View = Callable[..., Any]


def by_method(**views: type[ApiView]) -> View:
    """A view that hands each method to its class: ``by_method(get=CaseList, post=CaseOpening)``."""
    ready: dict[str, View] = {method.upper(): view.as_view() for method, view in views.items()}

    def dispatch(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = ready.get(request.method or "")
        if view is None:
            return problem_response(405, "method_not_allowed", f"{request.method} is not offered here.")
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    dispatch.csrf_exempt = True  # type: ignore[attr-defined]  # as the views themselves: no cookie is read
    dispatch.views = tuple(views.values())  # type: ignore[attr-defined]  # read by the documentation and the tests
    return dispatch
