"""What the caller wants to be told, by which channel and at what hours."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ETAG, IF_MATCH, ApiView, signed_in
from config.kernel.api.declarations import etag_for, expected_version
from config.kernel.api.strict_bodies import StrictSerializer
from notifications import services
from notifications.api.principal import person_id
from notifications.domain.categories import Category, ChannelName, Choice

# Named by the documentation of the API.
CHOICES = tuple(Choice)
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


def _fields(name: str, means: str, fields: dict[str, Any]) -> type[StrictSerializer]:
    """A serializer whose fields are named by data, or by a word of Python's own."""
    return type(name, (StrictSerializer,), {"__doc__": means, **fields})


QuietHours = _fields(
    "QuietHours",
    "Wall times where the person is; hours that begin later than they end go over midnight.",
    {"from": serializers.RegexField(_TIME), "to": serializers.RegexField(_TIME)},
)
ChannelChoices = _fields(
    "ChannelChoices",
    "When news come, by channel.",
    {one.value: serializers.ChoiceField(CHOICES, required=False) for one in ChannelName},
)
CategoryChoices = _fields(
    "CategoryChoices",
    "When news come, by category and channel.",
    {one.value: ChannelChoices(required=False) for one in Category},
)


class PreferencesOut(serializers.Serializer[Any]):
    """All that holds: ``email`` is whether mails come at all, beside those that always do."""

    email = serializers.BooleanField()
    choices = CategoryChoices()
    quiet_hours = QuietHours(allow_null=True)
    digest_at = serializers.RegexField(_TIME)
    time_zone = serializers.CharField(allow_null=True)


class PreferencesIn(StrictSerializer):
    """What is to change; what is not named stays. A field that there is not is refused by its name."""

    email = serializers.BooleanField(required=False)
    choices = CategoryChoices(required=False)
    quiet_hours = QuietHours(required=False, allow_null=True)
    digest_at = serializers.RegexField(_TIME, required=False)
    time_zone = serializers.CharField(required=False, allow_null=True)


class Preferences(ApiView):
    """How the caller is told."""

    policy = signed_in()

    @extend_schema(responses={200: PreferencesOut}, parameters=[ETAG], summary="Read my notification preferences")
    def get(self, request: Request) -> Response:
        """By category and channel, the quiet hours and the hour of the digest; the ETag names their version."""
        return _shown(services.get_preferences(user_id=person_id(self.principal)))

    @extend_schema(
        request=PreferencesIn,
        responses={200: PreferencesOut},
        parameters=[IF_MATCH, ETAG],
        summary="Set my notification preferences",
    )
    def put(self, request: Request) -> Response:
        """What is about security or the law is always told, and at once: switching it off is refused (422).

        Quiet hours ask for a time zone in the profile.
        """
        person_id(self.principal)
        held = services.set_preferences(
            principal=self.principal, changes=request.data, expected_version=expected_version(request)
        )
        return _shown(held)


def _shown(held: services.PreferencesDTO) -> Response:
    body = {
        "email": held.email,
        "choices": held.choices,
        "quiet_hours": held.quiet_hours,
        "digest_at": held.digest_at,
        "time_zone": held.time_zone,
    }
    return Response(body, headers={"ETag": etag_for(held.version)})
