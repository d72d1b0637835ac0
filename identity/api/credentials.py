"""Changing one's own password and address."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, public, signed_in
from config.kernel.limits import per_account
from identity import services
from identity.api.registration import LINKS
from identity.api.serializers import EmailIn, LinkWithPasswordIn, MessageOut, PasswordChangeIn


class ChangePassword(ApiView):
    """The caller's password."""

    policy = signed_in()
    limits = (per_account("change-password", 10, minutes=15, strict=True),)

    @extend_schema(request=PasswordChangeIn, responses={204: None}, summary="Change my password")
    def post(self, request: Request) -> Response:
        """With the present password, or stepped up. Other sessions end; this one refreshes its tokens."""
        services.change_password(principal=self.principal, **self.body(PasswordChangeIn))
        return Response(status=204)


class ChangeEmail(ApiView):
    """The caller's address."""

    policy = signed_in(fresh_second_factor=True)
    limits = (per_account("change-email", 5, hours=1, strict=True),)

    @extend_schema(request=EmailIn, responses={202: MessageOut}, summary="Ask for another e-mail address")
    def post(self, request: Request) -> Response:
        """A link goes to the new address, a notice to the present one; nothing changes until the link is followed."""
        services.request_email_change(principal=self.principal, email=self.body(EmailIn)["email"])
        return Response({"detail": "If the address is free, a mail with a link is on its way to it."}, status=202)


class ConfirmEmail(ApiView):
    """The link that was mailed to the new address."""

    policy = public()
    limits = (LINKS,)

    @extend_schema(request=LinkWithPasswordIn, responses={200: MessageOut}, summary="Confirm the new e-mail address")
    def post(self, request: Request) -> Response:
        """With the account's password. One use, 60 minutes. Every session ends."""
        services.confirm_email_change(**self.body(LinkWithPasswordIn))
        return Response({"detail": "Your new address is in use; sign in with it."})
