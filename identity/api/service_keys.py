"""Keys of programs."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, roles
from identity import services
from identity.api.serializers import NewServiceKeyOut, ServiceKeyIn, ServiceKeyOut


class ServiceKeys(ApiView):
    """All keys."""

    policy = roles("administrator")
    policies = {"POST": roles("administrator", fresh_second_factor=True)}

    @extend_schema(responses={200: ServiceKeyOut(many=True)}, summary="List service keys")
    def get(self, request: Request) -> Response:
        """The latest hundred, without their secrets."""
        return Response([asdict(key) for key in services.list_service_keys(principal=self.principal)])

    @extend_schema(request=ServiceKeyIn, responses={201: NewServiceKeyOut}, summary="Make a service key")
    def post(self, request: Request) -> Response:
        """The secret is shown this once; programs send it as ``Authorization: Api-Key …``."""
        made = services.create_service_key(principal=self.principal, **self.body(ServiceKeyIn))
        return Response(asdict(made.key) | {"secret": made.secret}, status=201)


class ServiceKeyDetail(ApiView):
    """One key."""

    policy = roles("administrator", fresh_second_factor=True)

    @extend_schema(responses={204: None}, summary="End a service key")
    def delete(self, request: Request, key_id: UUID) -> Response:
        """It is refused within a second."""
        services.end_service_key(principal=self.principal, key_id=key_id)
        return Response(status=204)
