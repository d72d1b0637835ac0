"""Passkeys: make, list, remove, sign in with, step up with."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, public, signed_in
from config.kernel.limits import per_account, per_network
from identity import services
from identity.api.devices import device_name_of, device_token_of, signed_in_answer
from identity.api.serializers import (
    AccessOut,
    PasskeyAnswerIn,
    PasskeyIn,
    PasskeyOptionsOut,
    PasskeyOut,
    PasskeySignInIn,
    PendingIn,
    SignInOut,
)

FROM_NETWORK = per_network("passkeys", 60, minutes=1, strict=True)
OWN = per_account("own-passkeys", 30, minutes=1, strict=True)


class Passkeys(ApiView):
    """The caller's passkeys."""

    policy = signed_in()
    policies = {"POST": signed_in(fresh_second_factor=True)}
    limits = (OWN,)

    @extend_schema(responses={200: PasskeyOut(many=True)}, summary="List my passkeys")
    def get(self, request: Request) -> Response:
        """Newest first."""
        found = services.list_passkeys(user_id=self.principal.require_user_id())
        return Response([asdict(passkey) for passkey in found])

    @extend_schema(request=PasskeyIn, responses={201: PasskeyOut}, summary="Keep a new passkey")
    def post(self, request: Request) -> Response:
        """``credential`` is the browser's answer (RegistrationResponseJSON); the first one brings recovery codes."""
        passkey, codes = services.add_passkey(principal=self.principal, **self.body(PasskeyIn))
        return Response(asdict(passkey) | ({"recovery_codes": list(codes)} if codes else {}), status=201)


class PasskeyOptions(ApiView):
    """Before a passkey is made."""

    policy = signed_in(fresh_second_factor=True)
    limits = (OWN,)

    @extend_schema(request=None, responses={200: PasskeyOptionsOut}, summary="Begin to make a passkey")
    def post(self, request: Request) -> Response:
        """``options`` is what ``navigator.credentials.create`` takes (PublicKeyCredentialCreationOptionsJSON)."""
        return Response(asdict(services.begin_passkey(principal=self.principal)))


class PasskeyDetail(ApiView):
    """One passkey of the caller."""

    policy = signed_in(fresh_second_factor=True)
    limits = (OWN,)

    @extend_schema(responses={204: None}, summary="Remove a passkey")
    def delete(self, request: Request, passkey_id: UUID) -> Response:
        """Other sessions end."""
        services.remove_passkey(principal=self.principal, passkey_id=passkey_id)
        return Response(status=204)


class SignInOptions(ApiView):
    """Before a sign-in by passkey."""

    policy = public()
    limits = (FROM_NETWORK,)

    @extend_schema(request=PendingIn, responses={200: PasskeyOptionsOut}, summary="Begin to sign in by passkey")
    def post(self, request: Request) -> Response:
        """Without a password; or, with the pending token of a sign-in, as its second step."""
        return Response(asdict(services.begin_passkey_sign_in(**self.body(PendingIn))))


class SignInByPasskey(ApiView):
    """Sign in by passkey."""

    policy = public()
    limits = (FROM_NETWORK,)

    @extend_schema(request=PasskeySignInIn, responses={200: SignInOut}, summary="Sign in by passkey")
    def post(self, request: Request) -> Response:
        """``credential`` is the browser's answer (AuthenticationResponseJSON)."""
        data = self.body(PasskeySignInIn)
        data["device"] = device_name_of(request, data["device"])
        return signed_in_answer(services.sign_in_by_passkey(**data, device_token=device_token_of(request)))


class StepUpOptions(ApiView):
    """Before a step-up by passkey."""

    policy = signed_in()
    limits = (OWN,)

    @extend_schema(request=None, responses={200: PasskeyOptionsOut}, summary="Begin to step up by passkey")
    def post(self, request: Request) -> Response:
        """One of the caller's passkeys answers."""
        return Response(asdict(services.begin_passkey_step_up(principal=self.principal)))


class StepUpByPasskey(ApiView):
    """Step up by passkey."""

    policy = signed_in()
    limits = (OWN,)

    @extend_schema(request=PasskeyAnswerIn, responses={200: AccessOut}, summary="Step up by passkey")
    def post(self, request: Request) -> Response:
        """An access token that counts as fresh for five minutes."""
        return Response({"access": services.step_up_by_passkey(principal=self.principal, **self.body(PasskeyAnswerIn))})
