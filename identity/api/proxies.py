"""Proxies: naming, accepting, confirming, revoking."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, roles, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from identity import services
from identity.domain.proxies import RELATIONSHIPS, SCOPES
from identity.domain.state_machines import ProxyState
from identity.services import ProxyDTO


class ProxyIn(StrictSerializer):
    """Who may do what, until when."""

    email = serializers.EmailField(max_length=254)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=SCOPES), allow_empty=False, min_length=1, max_length=4
    )
    ends_at = serializers.DateTimeField()
    relationship = serializers.ChoiceField(choices=RELATIONSHIPS, default="other")
    guardian = serializers.BooleanField(default=False)


class ProxyAnswerIn(StrictSerializer):
    """Yes or no."""

    accept = serializers.BooleanField(default=True)


class GuardianIn(StrictSerializer):
    """Whether staff has seen that the guardian is one."""

    approve = serializers.BooleanField()


class ProxyOut(DTOSerializer[ProxyDTO]):
    """One permission."""

    state = serializers.ChoiceField([state.value for state in ProxyState])


class Proxies(ApiView):
    """Who acts for me, and for whom I act."""

    policy = signed_in()
    policies = {"POST": roles("patient", verified_email=True)}

    @extend_schema(responses={200: ProxyOut(many=True)}, summary="List who acts for me, and for whom I act")
    def get(self, request: Request) -> Response:
        """Newest first."""
        return Response([asdict(one) for one in services.list_proxies(principal=self.principal)])

    @extend_schema(request=ProxyIn, responses={201: ProxyOut}, summary="Let somebody act for me")
    def post(self, request: Request) -> Response:
        """Needs a fresh proof of who is asking; the person named accepts before it opens anything."""
        return Response(asdict(services.offer_proxy(principal=self.principal, **self.body(ProxyIn))), status=201)


class ProxyDetail(ApiView):
    """One permission."""

    policy = signed_in()

    @extend_schema(responses={204: None}, summary="Revoke a permission, or give it back")
    def delete(self, request: Request, proxy_id: UUID) -> Response:
        """At once."""
        services.revoke_proxy(principal=self.principal, proxy_id=proxy_id)
        return Response(status=204)


class ProxyAnswer(ApiView):
    """The answer of the person who was named."""

    policy = signed_in()

    @extend_schema(request=ProxyAnswerIn, responses={200: ProxyOut}, summary="Accept or decline to act for somebody")
    def post(self, request: Request, proxy_id: UUID) -> Response:
        """By the account that holds the address it was offered to."""
        data = self.body(ProxyAnswerIn)
        return Response(asdict(services.answer_proxy(principal=self.principal, proxy_id=proxy_id, **data)))


class Guardian(ApiView):
    """Staff's look at a guardian's papers."""

    policy = roles("coordinator", "administrator")

    @extend_schema(request=GuardianIn, responses={200: ProxyOut}, summary="Confirm a minor's guardian")
    def post(self, request: Request, proxy_id: UUID) -> Response:
        """Once; the guardian then accepts."""
        data = self.body(GuardianIn)
        return Response(asdict(services.confirm_guardian(principal=self.principal, proxy_id=proxy_id, **data)))
