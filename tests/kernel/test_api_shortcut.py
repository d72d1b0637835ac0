"""What is made for pages is not passed by requests of the API, and is passed by every page."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.kernel.api.browser import _SkippedForApi


def chain(called: list[str]) -> Any:
    """Three middlewares of the kind, one within the other, as Django makes them: the innermost first."""
    from django.core.handlers.exception import convert_exception_to_response

    def view(request: Any) -> HttpResponse:
        called.append("view")
        return HttpResponse()

    handler: Any = convert_exception_to_response(view)
    for name in ("inner", "middle", "outer"):

        class Named:
            def __init__(self, get_response: Any, name: str = name) -> None:
                self.get_response, self.name = get_response, name

            def __call__(self, request: Any) -> Any:
                called.append(self.name)
                return self.get_response(request)

        made = type("Skipped", (_SkippedForApi, Named), {})
        handler = convert_exception_to_response(made(handler))
    return handler


@pytest.mark.parametrize(
    ("path", "passed"), [("/api/v1/cases", ["view"]), ("/login/", ["outer", "middle", "inner", "view"])]
)
def test_a_request_passes_what_is_for_it(path: str, passed: list[str]) -> None:
    called: list[str] = []
    chain(called)(RequestFactory().get(path))
    assert called == passed


def test_an_api_request_steps_over_all_of_them_at_once() -> None:
    called: list[str] = []
    outermost = chain(called).__wrapped__
    outermost.beyond(RequestFactory().get("/anything"))
    assert called == ["view"]
