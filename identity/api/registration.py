"""Register, confirm the address, reset the password."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, public
from config.kernel.limits import per_network
from identity import services
from identity.api.devices import device_token_of, with_device
from identity.api.serializers import (
    EmailIn,
    LinkWithPasswordIn,
    MessageOut,
    PasswordResetOut,
    RegistrationIn,
)

# Links are asked for, and followed, this often from one network.
MAILS = per_network("mails", 30, hours=1, strict=True)
LINKS = per_network("links", 60, minutes=10, strict=True)


class Register(ApiView):
    """Open an account."""

    policy = public()
    limits = (per_network("register", 60, hours=1, strict=True),)

    @extend_schema(request=RegistrationIn, responses={202: MessageOut}, summary="Register as a patient")
    def post(self, request: Request) -> Response:
        """The answer is the same for a known and an unknown address."""
        services.register_patient(**self.body(RegistrationIn))
        return Response({"detail": "If the address is new, a mail with a link is on its way to it."}, status=202)


class VerifyEmail(ApiView):
    """Confirm an address by the mailed link's token."""

    policy = public()
    limits = (LINKS,)

    @extend_schema(request=LinkWithPasswordIn, responses={200: MessageOut}, summary="Confirm the e-mail address")
    def post(self, request: Request) -> Response:
        """With the password of the registration. One use, 60 minutes; a wrong password does not use it up."""
        services.verify_email(**self.body(LinkWithPasswordIn))
        return Response({"detail": "Your address is confirmed; you can sign in."})


class ResendVerification(ApiView):
    """Ask once more for the link that confirms the address."""

    policy = public()
    limits = (MAILS,)

    @extend_schema(request=EmailIn, responses={202: MessageOut}, summary="Ask again for the confirmation link")
    def post(self, request: Request) -> Response:
        """The answer is the same for every address."""
        services.request_verification(email=self.body(EmailIn)["email"])
        return Response({"detail": "If the address waits for confirmation, a link is on its way to it."}, status=202)


class ForgotPassword(ApiView):
    """Ask for a reset link."""

    policy = public()
    limits = (MAILS,)

    @extend_schema(request=EmailIn, responses={202: MessageOut}, summary="Ask for a password reset link")
    def post(self, request: Request) -> Response:
        """The answer is the same for a known and an unknown address."""
        services.request_password_reset(email=self.body(EmailIn)["email"])
        return Response({"detail": "If the address has an account, a link is on its way to it."}, status=202)


class ResetPassword(ApiView):
    """Set a new password by the mailed link's token."""

    policy = public()
    limits = (LINKS,)

    @extend_schema(request=LinkWithPasswordIn, responses={200: PasswordResetOut}, summary="Set a new password")
    def post(self, request: Request) -> Response:
        """Ends every session; the owner's second factor stays. The device is known from now on."""
        device = services.reset_password(**self.body(LinkWithPasswordIn), device_token=device_token_of(request))
        return with_device({"detail": "Your password is changed; sign in again."}, device.token)
