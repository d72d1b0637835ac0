"""Other people's accounts."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, signed_in
from identity import services
from identity.api.serializers import PersonOut


class User(ApiView):
    """One account."""

    policy = signed_in(keys=True)

    @extend_schema(responses={200: PersonOut}, summary="Read a user")
    def get(self, request: Request, user_id: UUID) -> Response:
        """One's own, or (staff) anybody's without name and with a masked address."""
        person = asdict(services.view_person(principal=self.principal, user_id=user_id))
        return Response(person | {"roles": sorted(person["roles"])})
