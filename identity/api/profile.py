"""The caller's own profile and consents."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ETAG, IF_MATCH, ApiView, etag_for, expected_version, roles, signed_in
from config.kernel.errors import Invalid
from identity import services
from identity.api.serializers import ConsentIn, ConsentOut, ProfileIn, ProfileOut

PROFILE_FIELDS: tuple[str, ...] = tuple(ProfileOut().get_fields())


class Profile(ApiView):
    """The caller's own profile."""

    policy = signed_in()

    @extend_schema(responses={200: ProfileOut}, parameters=[ETAG], summary="Read my profile")
    def get(self, request: Request) -> Response:
        """The ETag is for changing it."""
        return _profile(services.get_account(user_id=_id(self)))

    @extend_schema(
        request=ProfileIn, responses={200: ProfileOut}, parameters=[IF_MATCH, ETAG], summary="Change my profile"
    )
    def put(self, request: Request) -> Response:
        """Only the listed fields; any other is refused by name."""
        account = services.update_profile(
            user_id=_id(self),
            changes=self.body(ProfileIn),
            expected_version=expected_version(request._request),
        )
        return _profile(account)


class Consents(ApiView):
    """What the caller agrees to."""

    policy = signed_in()
    policies = {"POST": roles("patient", verified_email=True)}

    @extend_schema(responses={200: ConsentOut(many=True)}, summary="List my consents")
    def get(self, request: Request) -> Response:
        """Every purpose with its wording, agreed or not."""
        return Response([asdict(c) for c in services.list_consents(patient_id=_id(self))])

    @extend_schema(request=ConsentIn, responses={200: ConsentOut(many=True)}, summary="Agree to a purpose")
    def post(self, request: Request) -> Response:
        """Names the version of the wording that was shown."""
        services.grant_consent(patient_id=_id(self), **self.body(ConsentIn))
        return Response([asdict(c) for c in services.list_consents(patient_id=_id(self))])


class ConsentDetail(ApiView):
    """One consent of the caller."""

    policy = roles("patient")

    @extend_schema(responses={204: None}, summary="Withdraw a consent")
    def delete(self, request: Request, purpose: str) -> Response:
        """Effective at once."""
        services.withdraw_consent(patient_id=_id(self), purpose=purpose)
        return Response(status=204)


def _profile(account: services.AccountDTO) -> Response:
    body: dict[str, Any] = {name: getattr(account, name) for name in PROFILE_FIELDS}
    return Response(body | {"roles": sorted(account.roles)}, headers={"ETag": etag_for(account.version)})


def _id(view: ApiView) -> UUID:
    user_id = view.principal.user_id
    if user_id is None:
        raise Invalid("This address is for people, not for service keys.", code="not_a_user")
    return user_id
