"""Who acts in a case for its patient."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.services import casefile
from config.kernel.api import ApiView, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from identity.services import ProxyDTO

# Those of identity, which refuses any other.
RELATIONSHIPS = ("spouse", "parent", "child", "sibling", "friend", "legal_guardian", "treating_clinician", "other")
SCOPES = ("read", "upload", "message", "manage")


class DelegateIn(StrictSerializer):
    """Who may do what in this case, until when."""

    email = serializers.EmailField(max_length=254)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), allow_empty=False, min_length=1, max_length=4)
    ends_at = serializers.DateTimeField()
    relationship = serializers.ChoiceField(RELATIONSHIPS, default="other")


class DelegateOut(DTOSerializer[ProxyDTO]):
    """One permission; without ``case_id`` it is for all of the patient's cases."""

    class Meta:
        fields = (
            "id",
            "delegate_id",
            "case_id",
            "guardian",
            "relationship",
            "scopes",
            "state",
            "ends_at",
            "accepted_at",
        )


class Delegates(ApiView):
    """The people who may act in a case."""

    policy = signed_in()

    @extend_schema(responses={200: DelegateOut(many=True)}, summary="List who may act in my case")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Newest first."""
        found = casefile.list_delegates(principal=self.principal, case_id=case_id)
        return Response([_shown(one) for one in found])

    @extend_schema(request=DelegateIn, responses={201: DelegateOut}, summary="Let somebody act in my case")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Needs a fresh proof of who is asking; the person named accepts before it opens anything."""
        made = casefile.add_delegate(principal=self.principal, case_id=case_id, **self.body(DelegateIn))
        return Response(_shown(made), status=201)


class DelegateDetail(ApiView):
    """One of them."""

    policy = signed_in()

    @extend_schema(responses={204: None}, summary="Revoke a permission in my case")
    def delete(self, request: Request, case_id: UUID, proxy_id: UUID) -> Response:
        """At once."""
        casefile.remove_delegate(principal=self.principal, case_id=case_id, proxy_id=proxy_id)
        return Response(status=204)


def _shown(one: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name in DelegateOut().get_fields()}
