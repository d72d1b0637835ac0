"""Templates: written by one person of staff, published by another, read by systems that send."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ETAG, IF_MATCH, ApiView, etag_for, expected_version, json_response, roles
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from config.kernel.editions.kinds import STAFF_WRITERS
from config.kernel.errors import FieldError
from notifications import services
from notifications.domain.categories import Category, ChannelName
from notifications.services import PreviewDTO, TemplateDraftDTO, TemplateDTO

_WRITERS = roles(*STAFF_WRITERS)
_READERS = roles(*STAFF_WRITERS, "coordinator", scopes=("notify",))


class TemplateFaultOut(DTOSerializer[FieldError]):
    """What stands against publishing, and what to change."""


class TemplateDraftOut(DTOSerializer[TemplateDraftDTO]):
    """What is written and not published, with what is wrong in it."""

    faults = TemplateFaultOut(many=True)


class TemplateOut(DTOSerializer[TemplateDTO]):
    """What is in force, and the draft for who may write."""

    draft = TemplateDraftOut(allow_null=True)


class PreviewOut(DTOSerializer[PreviewDTO]):
    """One text as somebody would read it."""

    faults = TemplateFaultOut(many=True)


class TemplatesOut(serializers.Serializer[Any]):
    """Every template."""

    results = TemplateOut(many=True)


class PreviewsOut(serializers.Serializer[Any]):
    """Every text of a template."""

    results = PreviewOut(many=True)


class TemplateIn(StrictSerializer):
    """``variables``: name and type of each. ``texts``: by channel and language, ``text``, and for email and push
    ``subject``.
    """

    category = serializers.ChoiceField(list(Category))
    variables = serializers.DictField(child=serializers.CharField(), required=False)
    texts = serializers.DictField(child=serializers.DictField())
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class NewTemplateIn(TemplateIn):
    """A template with its code."""

    code = serializers.CharField(max_length=60)


class ReasonIn(StrictSerializer):
    """Why it goes."""

    reason = serializers.CharField(max_length=300)


class PreviewIn(StrictSerializer):
    """What is filled in; without it, invented values."""

    values = serializers.DictField(required=False)


class TestIn(PreviewIn):
    """And by which channels; without it, by all that the template has."""

    channels = serializers.ListField(child=serializers.ChoiceField(list(ChannelName)), required=False)


class SentOut(serializers.Serializer[Any]):
    """The notice that was sent to the caller."""

    id = serializers.UUIDField()


class TemplateList(ApiView):
    """All templates."""

    policy = _READERS
    policies = {"POST": _WRITERS}

    @extend_schema(responses={200: TemplatesOut}, summary="List the templates")
    def get(self, request: Request) -> HttpResponse:
        """Those in force; writers see drafts too."""
        return json_response({"results": services.list_templates(principal=self.principal)})

    @extend_schema(
        request=NewTemplateIn,
        responses={201: TemplateOut},
        parameters=[ETAG],
        summary="Write a new version of a template",
    )
    def post(self, request: Request) -> HttpResponse:
        """As a draft: another person publishes it. What is wrong with it stands in its ``faults``."""
        code = self.body(NewTemplateIn)["code"]
        content, note = _content(request, "code")
        made = services.create_template(principal=self.principal, code=code, content=content, note=note)
        return _shown(made, status=201)


class TemplateDetail(ApiView):
    """One template."""

    policy = _READERS
    policies = {"PUT": _WRITERS}

    @extend_schema(responses={200: TemplateOut}, parameters=[ETAG], summary="Read a template")
    def get(self, request: Request, code: str) -> HttpResponse:
        """The ETag names the draft's version, where there is a draft."""
        return _shown(services.get_template(principal=self.principal, code=code))

    @extend_schema(
        request=TemplateIn,
        responses={200: TemplateOut},
        parameters=[IF_MATCH, ETAG],
        summary="Write the draft of a template",
    )
    def put(self, request: Request, code: str) -> HttpResponse:
        """It is kept as it is given, right or not."""
        self.body(TemplateIn)
        content, note = _content(request)
        written = services.write_template(
            principal=self.principal, code=code, content=content, note=note, expected_version=_expected(request)
        )
        return _shown(written)


class TemplatePublication(ApiView):
    """Putting a draft in force."""

    policy = _WRITERS

    @extend_schema(
        request=None, responses={200: TemplateOut}, parameters=[IF_MATCH, ETAG], summary="Publish a template"
    )
    def post(self, request: Request, code: str) -> HttpResponse:
        """By somebody who wrote nothing in it; every fault is told."""
        self.no_body()
        published = services.publish_template(principal=self.principal, code=code, expected_version=_expected(request))
        return _shown(published)


class TemplateRetirement(ApiView):
    """Taking a template out of force."""

    policy = _WRITERS

    @extend_schema(request=ReasonIn, responses={204: None}, summary="Retire a template")
    def post(self, request: Request, code: str) -> Response:
        """Nothing new begins with it."""
        services.retire_template(principal=self.principal, code=code, reason=self.body(ReasonIn)["reason"])
        return Response(status=204)


class TemplatePreview(ApiView):
    """Looking at a template."""

    policy = _WRITERS

    @extend_schema(request=PreviewIn, responses={200: PreviewsOut}, summary="Preview a template")
    def post(self, request: Request, code: str) -> HttpResponse:
        """In every channel and language; nothing is sent."""
        values = self.body(PreviewIn).get("values")
        return json_response({"results": services.preview_template(principal=self.principal, code=code, values=values)})


class TemplateTest(ApiView):
    """Trying a template."""

    policy = roles(*STAFF_WRITERS, verified_email=True)

    @extend_schema(request=TestIn, responses={201: SentOut}, summary="Send a template to myself")
    def post(self, request: Request, code: str) -> HttpResponse:
        """To the caller's own account and to nobody else."""
        data = self.body(TestIn)
        channels = tuple(data["channels"]) if "channels" in data else None
        sent = services.send_template_test(
            principal=self.principal, code=code, values=data.get("values"), channels=channels
        )
        return json_response({"id": sent}, status=201)


def _content(request: Request, *others: str) -> tuple[dict[str, Any], str]:
    """What was sent, unknown parts too: the service refuses them. The body was found to be an object."""
    sent = dict(request.data)
    given = {name: value for name, value in sent.items() if name not in {"note", *others}}
    return given, str(sent.get("note") or "")


def _expected(request: Request) -> int | None:
    return expected_version(request._request)


def _shown(template: TemplateDTO, *, status: int = 200) -> HttpResponse:
    headers = {"ETag": etag_for(template.draft.version)} if template.draft else {}
    return json_response(template, status=status, headers=headers)
