"""End points of the tests' own, on the kernel's bases."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import (
    PAGED,
    ApiView,
    CursorPage,
    HotView,
    etag_for,
    expected_version,
    idempotent,
    json_response,
    page_response,
    public,
    roles,
    signed_in,
    window,
)
from config.kernel.api.strict_bodies import StrictSerializer
from config.kernel.db import ContextDatabase, uuid7
from config.kernel.errors import Conflict, Locked, NotFound, TooMany, Unavailable
from config.kernel.jobs import enqueue
from config.kernel.limits import per_account, per_network
from config.kernel.observability.probe_views import health, key_set, ready, startup

ERRORS = {
    "conflict": Conflict("Submit the case first.", code="case_guard_failed", extra={"guard": "submitted"}),
    "notfound": NotFound(),
    "locked": Locked("Seal your first read before you open this."),
    "toomany": TooMany("Wait.", retry_after=7),
    "unavailable": Unavailable("The store does not answer.", retry_after=9),
    "bug": RuntimeError("Maria Keller's record"),
}


class Item(StrictSerializer):
    name = serializers.CharField()
    amounts = serializers.ListField(child=serializers.IntegerField(), required=False)


class Open(ApiView):
    policy = public()

    def get(self, request: Request) -> Response:
        return Response({"kind": self.principal.kind})

    @extend_schema(request=Item)
    def post(self, request: Request) -> Response:
        return Response(self.body(Item), status=201)


class Nurses(ApiView):
    policy = signed_in()
    policies = {"POST": roles("nurse", fresh_second_factor=True)}

    def get(self, request: Request) -> Response:
        return Response({"version": expected_version(request._request)}, headers={"ETag": etag_for(3)})

    def post(self, request: Request) -> Response:
        return Response({"done": True})


class Failing(ApiView):
    policy = public()

    def get(self, request: Request, which: str) -> Response:
        raise ERRORS[which]


class Hot(HotView):
    policy = signed_in()

    @extend_schema(parameters=list(PAGED))
    def get(self, request: HttpRequest, which: str = "") -> HttpResponse:
        if which:
            raise ERRORS[which]
        wanted = window(request)
        ids = [uuid7() for _ in range(wanted.limit)]
        return page_response(request, CursorPage([str(i) for i in ids], ids[-1]))


class Limited(ApiView):
    policy = public()
    limits = (per_network("sample", 5, minutes=1), per_account("sample-many", 50, minutes=10))

    def get(self, request: Request) -> Response:
        return Response({})


class Guarded(ApiView):
    policy = public()
    limits = (per_network("guarded", 5, minutes=1, strict=True),)

    def post(self, request: Request) -> Response:
        return Response({})


class Bytes(HotView):
    policy = public()

    def get(self, request: HttpRequest) -> HttpResponse:
        return json_response(b'{"ready":true}')


class Counted(ApiView):
    """Each effect is a job row, so that effects can be counted."""

    policy = signed_in(keys=True)

    @extend_schema(request=Item)
    @idempotent("cases")
    def post(self, request: Request) -> Response:
        data = self.body(Item)
        with ContextDatabase("cases").atomic():
            job_id = enqueue(context="cases", kind="cases.counted", subject_id=uuid7())
        if data["name"] == "refused":
            raise Conflict("Not now.")
        if data["name"] == "crash":
            raise RuntimeError("power loss")
        return Response({"id": str(job_id)}, status=201, headers={"Location": f"/jobs/{job_id}"})


urlpatterns = [
    path("healthz", health),
    path("readyz", ready),
    path("startupz", startup),
    path(".well-known/jwks.json", key_set),
    path("api/v1/open", Open.as_view()),
    path("api/v1/nurses", Nurses.as_view()),
    path("api/v1/failing/<str:which>", Failing.as_view()),
    path("api/v1/hot", Hot.as_view()),
    path("api/v1/hot/<str:which>", Hot.as_view()),
    path("api/v1/limited", Limited.as_view()),
    path("api/v1/guarded", Guarded.as_view()),
    path("api/v1/bytes", Bytes.as_view()),
    path("api/v1/counted", Counted.as_view()),
]
handler404 = "config.kernel.api.fallbacks.not_found"
handler500 = "config.kernel.api.fallbacks.server_error"
