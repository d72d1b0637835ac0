"""Open sessions: one's own to see and end, anybody's for staff to end."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, signed_in
from identity import services
from identity.api.serializers import SessionOut


class Sessions(ApiView):
    """The caller's open sessions."""

    policy = signed_in()

    @extend_schema(responses={200: SessionOut(many=True)}, summary="List my sessions")
    def get(self, request: Request) -> Response:
        """Newest first. ``network`` is coarse (IPv4 /24, IPv6 /48) and is not looked up in any register of places."""
        return Response([asdict(s) for s in services.list_sessions(principal=self.principal)])

    @extend_schema(responses={204: None}, summary="Sign out everywhere")
    def delete(self, request: Request) -> Response:
        """Ends all sessions, this one included."""
        services.end_all_sessions(user_id=self.principal.require_user_id(), reason="logout")
        return Response(status=204)


class SessionDetail(ApiView):
    """One session of the caller."""

    policy = signed_in()

    @extend_schema(responses={204: None}, summary="End one session")
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Ends it on its device, within a second."""
        services.end_session(user_id=self.principal.require_user_id(), session_id=session_id)
        return Response(status=204)


class LogOutEverywhere(ApiView):
    """All sessions of the caller."""

    policy = signed_in()

    @extend_schema(request=None, responses={204: None}, summary="Sign out everywhere")
    def post(self, request: Request) -> Response:
        """Ends all sessions, this one included."""
        services.end_all_sessions(user_id=self.principal.require_user_id(), reason="logout")
        return Response(status=204)


class UserSessions(ApiView):
    """All sessions of one user."""

    policy = signed_in()

    @extend_schema(responses={204: None}, summary="End all sessions of a user")
    def delete(self, request: Request, user_id: UUID) -> Response:
        """One's own, or (staff) anybody's; the user is told."""
        services.end_sessions_of(principal=self.principal, user_id=user_id)
        return Response(status=204)
