"""Addresses that a page's own script calls: by the page's session, answered like the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from config.kernel.api.policies import Policy
from config.kernel.api.problems import from_exception
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError

View = Callable[..., HttpResponse]


def for_scripts(policy: Policy) -> Callable[[View], View]:
    """Checks the policy; a refusal is a problem document."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                policy.check(current_principal())
                return view(request, *args, **kwargs)
            except DomainError as error:
                problem = from_exception(error)
                if problem is None:
                    raise
                return problem

        answer.policy = policy  # type: ignore[attr-defined]  # read by the architecture test
        return answer

    return decorate
