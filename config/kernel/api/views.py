"""The two bases of all end points: one on Django REST framework, one that skips its per-request work."""

import threading
from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from config.kernel.api.authentication import BearerAuthentication, authenticate
from config.kernel.api.declarations import Declaration, declaration_of, require_declared, require_version
from config.kernel.api.field_advice import with_advice
from config.kernel.api.json_texts import MAX_BYTES
from config.kernel.api.policies import Policy
from config.kernel.api.problems import from_exception, unexpected
from config.kernel.api.representations import as_asked
from config.kernel.api.strict_bodies import NoFields, StrictSerializer, require_strict
from config.kernel.auth.principal import Principal
from config.kernel.errors import TooLarge
from config.kernel.limits import Limit, give_back_for_failure, limit_headers, per_account, spend, standings, starting

# In the request's environment: the error that a large body was refused with before it came.
REFUSAL = "sop.refusal"


class ApiView(APIView):
    """A view names its ``policy``; one without it cannot be called (and fails an architecture test)."""

    policy: ClassVar[Policy]
    policies: ClassVar[Mapping[str, Policy]] = {}
    # Generous: it stops a program that has run wild, and nobody who works.
    limits: ClassVar[tuple[Limit, ...]] = (per_account("api", 1200, minutes=1),)
    authentication_classes = (BearerAuthentication,)
    # Whether what came of a body that breaks off is of use.
    keeps_parts: ClassVar[bool] = False
    # Statuses of refusals beyond those that the method and the policy bring; the API documents name them.
    further_problems: ClassVar[tuple[str, ...]] = ()
    # Whose rules say what is sent here, where they are not ours; then nothing is refused for being unknown.
    shaped_by: ClassVar[str] = ""

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """What an earlier request spent does not stand in this one's headers."""
        starting()
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the try in the view's ``limits``, then check the policy (``policies[METHOD]`` before ``policy``)."""
        super().initial(request, *args, **kwargs)
        spend(*(limit.of_caller(self.principal) for limit in self.limits))
        self.policy_for(request.method or "").check(self.principal)
        if (refusal := request.META.get(REFUSAL)) is not None:
            raise refusal
        self._require_declared(request)

    def _require_declared(self, request: Request) -> None:
        method = "GET" if request.method == "HEAD" and not hasattr(self, "head") else request.method or ""
        if self.shaped_by or not hasattr(self, method.lower()):
            return
        declared = declaration_of(type(self), method)
        self.require_query(request._request.GET, declared)
        if declared.versioned:
            require_version(request._request)
        # What the body is stays to be read as it is: the framework reads it but once.
        if declared.bodiless and request._request.body:
            self.no_body()

    def require_query(self, given: QueryDict, declared: Declaration) -> None:
        """Refuse query names that the operation does not declare."""
        require_declared(given, declared)

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """Raise what stands against a large body before it is taken; ``beginning`` is empty, or its first bytes.

        Asked of a view that is used for nothing else, when the caller may call it at all. What is raised becomes the
        answer. Nothing is counted or changed here: the view itself is called in any case, and looks again.
        """
        if self.parser_classes and int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            raise TooLarge("The JSON body is larger than 1 MB.")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say in the headers where the caller stands, and that nobody keeps the answer."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code >= 500:
            give_back_for_failure()
        answer.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in limit_headers(standings()).items():
            answer[name] = value
        return as_asked(request._request, answer)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Nothing is refused for its ``Accept`` header; see ``representations``."""
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def policy_for(self, method: str) -> Policy:
        """The policy that guards ``method``."""
        return self.policies.get(method, self.policy)

    @property
    def principal(self) -> Principal:
        """Who is asking."""
        principal: Principal = self.request.user  # type: ignore[assignment]  # our authentication sets it
        return principal

    def body(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        """The request's body, validated by ``serializer``; a wrong one raises ``ValidationError``."""
        return _validated(serializer, self.request.data)

    def no_body(self) -> None:
        """For steps that need nothing said: what is said all the same is refused by its name, and not dropped."""
        self.body(NoFields)


# One serializer of each kind for each thread: the framework copies all fields deeply for every new one.
_made = threading.local()


def _validated(serializer: type[StrictSerializer], given: Any) -> dict[str, Any]:
    known: dict[type[StrictSerializer], Any] = vars(_made).setdefault("known", {})
    instance = known.get(serializer)
    if instance is None:
        instance = known[serializer] = serializer()
        require_strict(instance)
    try:
        instance.initial_data = given
        if not instance.is_valid():
            raise ValidationError(with_advice(instance, given, instance.errors))
        data: dict[str, Any] = instance.validated_data
        return data
    finally:
        for name in ("initial_data", "_validated_data", "_errors", "_data"):
            # Nothing of one caller's request is there when the next one's comes.
            instance.__dict__.pop(name, None)


class HotView(ApiView):
    """For the few reads that are called most: GET gets a plain ``HttpRequest`` and returns ready bytes.

    It is documented like any other view, but for GET builds no DRF request, negotiates nothing and serialises
    nothing: ``get`` returns an ``HttpResponse`` (see ``json_response``). Other methods work as in ``ApiView``.
    For GET no ``limits`` are counted either: the round trip would cost a tenth of such a read.
    """

    _caller: Principal | None = None

    @property
    def principal(self) -> Principal:
        """Who is asking."""
        return self._caller or super().principal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Authenticate, check the policy, call ``get``; errors become problem documents."""
        if request.method != "GET":
            answer: Any = super().dispatch(request, *args, **kwargs)
            return answer
        self.request = request  # type: ignore[assignment]  # a plain HttpRequest here, by design
        try:
            self._caller = authenticate(request)
            self.policy_for("GET").check(self._caller)
            if request.META.get("QUERY_STRING"):
                self.require_query(request.GET, declaration_of(type(self), "GET"))
            response: HttpResponse = self.get(request, *args, **kwargs)  # type: ignore[attr-defined]  # every hot view has it
        except Exception as error:  # the one place where a view's errors become HTTP
            return from_exception(error) or unexpected(error)
        return as_asked(request, response)


def json_response(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """JSON by orjson (or ``bytes`` that are JSON already), never to be cached by others."""
    body = data if isinstance(data, bytes) else orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response
