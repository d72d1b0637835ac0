"""Giving and taking roles, by two administrators."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, roles
from identity import services
from identity.api.serializers import RoleChangeIn, RoleChangeOut, RoleDecisionIn


class UserRoles(ApiView):
    """The roles of one user."""

    policy = roles("administrator", fresh_second_factor=True)

    @extend_schema(request=RoleChangeIn, responses={202: RoleChangeOut}, summary="Ask to give or take a role")
    def post(self, request: Request, user_id: UUID) -> Response:
        """Takes effect when a second administrator has approved it."""
        asked = services.request_role_change(principal=self.principal, user_id=user_id, **self.body(RoleChangeIn))
        return Response(asdict(asked), status=202)


class RoleChanges(ApiView):
    """Changes of roles, open and decided."""

    policy = roles("administrator", "privacy_officer")

    @extend_schema(responses={200: RoleChangeOut(many=True)}, summary="List changes of roles")
    def get(self, request: Request) -> Response:
        """The latest hundred."""
        return Response([asdict(one) for one in services.list_role_changes(principal=self.principal)])


class RoleDecision(ApiView):
    """The second pair of eyes."""

    policy = roles("administrator", fresh_second_factor=True)

    @extend_schema(
        request=RoleDecisionIn, responses={200: RoleChangeOut}, summary="Approve or refuse a change of roles"
    )
    def post(self, request: Request, change_id: UUID) -> Response:
        """By another administrator than the one who asked. Approved, the user's sessions end within a second."""
        approve = self.body(RoleDecisionIn)["approve"]
        return Response(
            asdict(services.decide_role_change(principal=self.principal, change_id=change_id, approve=approve))
        )
