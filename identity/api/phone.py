"""The caller's telephone number, as text messages reach it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from identity import services
from identity.services import PhoneDTO


class PhoneOut(DTOSerializer[PhoneDTO]):
    """The proved number."""


class PhoneBody(StrictSerializer):
    """A number to be proved."""

    number = serializers.CharField(max_length=40)


class PhoneCodeBody(StrictSerializer):
    """The code that was sent to it."""

    code = serializers.CharField(max_length=12)


class Phone(ApiView):
    """The number that text messages go to."""

    policy = signed_in()

    @extend_schema(responses={200: PhoneOut}, summary="Read my proved number")
    def get(self, request: Request) -> Response:
        """Empty where there is none: then no text message is sent."""
        return Response(PhoneOut(services.get_phone(principal=self.principal)).data)

    @extend_schema(responses={204: None}, summary="Remove my number")
    def delete(self, request: Request) -> Response:
        """No text message goes there any more."""
        services.remove_phone(principal=self.principal)
        return Response(status=204)


class VerifyPhone(ApiView):
    """Proving a number."""

    policy = signed_in(verified_email=True)

    @extend_schema(request=PhoneBody, responses={202: None}, summary="Have a code sent to my telephone")
    def post(self, request: Request) -> Response:
        """Six digits by text message, good for ten minutes; three an hour for an account and for a number."""
        services.request_phone_verification(principal=self.principal, number=self.body(PhoneBody)["number"])
        return Response(status=202)


class ConfirmPhone(ApiView):
    """The proof."""

    policy = signed_in(verified_email=True)

    @extend_schema(request=PhoneCodeBody, responses={200: PhoneOut}, summary="Prove my number by its code")
    def post(self, request: Request) -> Response:
        """The number before it ends; five wrong tries end the code."""
        phone = services.confirm_phone(principal=self.principal, code=self.body(PhoneCodeBody)["code"])
        return Response(PhoneOut(phone).data)
