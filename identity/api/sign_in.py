"""Sign in, second factor, refresh, sign out."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, public, signed_in
from config.kernel.errors import Unauthenticated
from config.kernel.limits import per_network
from identity import services
from identity.api.devices import device_name_of, device_token_of, signed_in_answer
from identity.api.serializers import (
    AccessOut,
    CredentialsIn,
    RefreshIn,
    SecondFactorIn,
    SecondFactorOut,
    SignInOut,
    StepUpIn,
)


class LogIn(ApiView):
    """Sign in by address and password. Its limits (30 a minute for a network, the soft lock) are the service's."""

    policy = public()
    limits = ()

    @extend_schema(
        request=CredentialsIn,
        responses={
            200: PolymorphicProxySerializer(
                component_name="LogInAnswer", serializers=[SignInOut, SecondFactorOut], resource_type_field_name=None
            )
        },
        summary="Sign in",
    )
    def post(self, request: Request) -> Response:
        """Tokens, or a pending token where a second factor is asked; with ``code``, both steps are one."""
        data, device_token = self.body(CredentialsIn), device_token_of(request)
        known = services.known_device(email=data["email"], device_token=device_token)
        data["device"] = device_name_of(request, data["device"])
        outcome = services.log_in(**data, known=known, device_token=device_token)
        if isinstance(outcome, services.SignIn):
            return signed_in_answer(outcome)
        return Response(
            {
                "second_factor_required": True,
                "enrolment_required": outcome.enrolment_required,
                "pending_token": outcome.pending_token,
            }
        )


class SecondFactor(ApiView):
    """Finish a sign-in."""

    policy = public()
    limits = (per_network("second-factor", 60, minutes=1, strict=True),)

    @extend_schema(request=SecondFactorIn, responses={200: SignInOut}, summary="Give the second factor")
    def post(self, request: Request) -> Response:
        """A TOTP code, or a recovery code."""
        data, device_token = self.body(SecondFactorIn), device_token_of(request)
        return signed_in_answer(services.complete_second_factor(**data, device_token=device_token))


class Refresh(ApiView):
    """Trade a refresh token."""

    policy = public()
    # Not strict: a token of 256 bits is not guessed, and sessions outlive a store that is down.
    limits = (per_network("refresh", 300, minutes=1),)

    @extend_schema(request=RefreshIn, responses={200: SignInOut}, summary="Refresh the tokens")
    def post(self, request: Request) -> Response:
        """Each refresh token works once; used twice, it ends the session.

        The same device repeating itself within ten seconds gets 409 ``refresh_rotated`` instead: it goes on with the
        newer token.
        """
        token = self.body(RefreshIn)["refresh"]
        return signed_in_answer(services.refresh(refresh_token=token, device_token=device_token_of(request)))


class LogOut(ApiView):
    """End the present session."""

    policy = signed_in()

    @extend_schema(request=None, responses={204: None}, summary="Sign out")
    def post(self, request: Request) -> Response:
        """The refresh token ends at once, the access token within a second."""
        principal = self.principal
        if principal.session_id is None or principal.user_id is None:
            raise Unauthenticated("Sign in first.", code="not_authenticated")
        services.end_session(user_id=principal.user_id, session_id=principal.session_id)
        return Response(status=204)


class StepUp(ApiView):
    """A fresh proof that it is still the caller."""

    policy = signed_in()

    @extend_schema(request=StepUpIn, responses={200: AccessOut}, summary="Step up for a sensitive act")
    def post(self, request: Request) -> Response:
        """An access token that counts as fresh for five minutes; the password is taken only without a second factor."""
        return Response({"access": services.step_up(principal=self.principal, **self.body(StepUpIn))})
