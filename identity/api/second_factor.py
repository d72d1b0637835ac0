"""Second factors: authenticator app, recovery codes, what is set up."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, public, signed_in
from config.kernel.auth import fresh_second_factor
from config.kernel.limits import per_network
from identity import services
from identity.api.devices import device_token_of, signed_in_answer
from identity.api.serializers import (
    ConfirmationOut,
    EnrolmentOut,
    PendingCodeIn,
    PendingIn,
    ReasonIn,
    RecoveryCodesOut,
    SecondFactorsOut,
)


class SecondFactors(ApiView):
    """What the caller has set up."""

    policy = signed_in()

    @extend_schema(responses={200: SecondFactorsOut}, summary="List my second factors")
    def get(self, request: Request) -> Response:
        """Counts only, no secrets."""
        return Response(asdict(services.second_factors(user_id=self.principal.require_user_id())))


class EnrolTotp(ApiView):
    """Begin to set up an authenticator app."""

    policy = public()
    limits = (per_network("totp", 30, minutes=1, strict=True),)

    @extend_schema(request=PendingIn, responses={200: EnrolmentOut}, summary="Set up an authenticator app")
    def post(self, request: Request) -> Response:
        """Signed in and stepped up, or with the pending token of a sign-in that needs it. ``qr_svg`` is the QR code."""
        pending = self.body(PendingIn)["pending_token"]
        if pending:
            enrolment = services.begin_pending_enrolment(pending_token=pending)
        else:
            enrolment = services.enrol_totp(user_id=fresh_second_factor(self.principal))
        return Response(asdict(enrolment))


class ConfirmTotp(ApiView):
    """Finish setting up an authenticator app."""

    policy = public()
    limits = (per_network("totp", 30, minutes=1, strict=True),)

    @extend_schema(request=PendingCodeIn, responses={200: ConfirmationOut}, summary="Confirm the authenticator app")
    def post(self, request: Request) -> Response:
        """Ten recovery codes, shown this once; with a pending token also the tokens."""
        data = self.body(PendingCodeIn)
        if data["pending_token"]:
            sign_in, codes = services.confirm_pending_enrolment(**data, device_token=device_token_of(request))
            return signed_in_answer(sign_in, recovery_codes=list(codes))
        codes = services.confirm_totp(
            user_id=fresh_second_factor(self.principal), code=data["code"], keep_session=self.principal.session_id
        )
        return Response({"recovery_codes": list(codes)})


class RecoveryCodes(ApiView):
    """The caller's recovery codes."""

    policy = signed_in(fresh_second_factor=True)

    @extend_schema(request=None, responses={200: RecoveryCodesOut}, summary="Make new recovery codes")
    def post(self, request: Request) -> Response:
        """Ten, shown this once; the old ones end."""
        codes = services.regenerate_recovery_codes(principal=self.principal)
        return Response({"recovery_codes": list(codes)})


class UserSecondFactor(ApiView):
    """The second factors of one user."""

    policy = signed_in()

    @extend_schema(request=ReasonIn, responses={202: None, 204: None}, summary="Remove the second factor")
    def delete(self, request: Request, user_id: UUID) -> Response:
        """One's own: at once (204), stepped up. Somebody else's: an administrator opens a recovery case (202)."""
        reason = self.body(ReasonIn)["reason"]
        done = services.remove_second_factor(principal=self.principal, user_id=user_id, reason=reason)
        return Response(status=204 if done else 202)


class ApproveRecovery(ApiView):
    """The second pair of eyes on a recovery case."""

    policy = signed_in(fresh_second_factor=True)

    @extend_schema(request=None, responses={204: None}, summary="Approve the removal of somebody's second factor")
    def post(self, request: Request, user_id: UUID) -> Response:
        """By another administrator than the one who opened the case, within 24 hours."""
        services.approve_recovery(principal=self.principal, user_id=user_id)
        return Response(status=204)
