"""Addresses of this context, under /api/v1/."""

from django.urls import path

from identity.api import audit, credentials, passkeys, profile, registration, second_factor, sign_in

urlpatterns = [
    path("auth/register", registration.Register.as_view()),
    path("auth/verify-email", registration.VerifyEmail.as_view()),
    path("auth/forgot-password", registration.ForgotPassword.as_view()),
    path("auth/reset-password", registration.ResetPassword.as_view()),
    path("auth/resend-verification", registration.ResendVerification.as_view()),
    path("auth/password", credentials.ChangePassword.as_view()),
    path("auth/email", credentials.ChangeEmail.as_view()),
    path("auth/email/confirm", credentials.ConfirmEmail.as_view()),
    path("auth/login", sign_in.LogIn.as_view()),
    path("auth/second-factor", sign_in.SecondFactor.as_view()),
    path("auth/refresh", sign_in.Refresh.as_view()),
    path("auth/logout", sign_in.LogOut.as_view()),
    path("auth/step-up", sign_in.StepUp.as_view()),
    path("auth/totp", second_factor.EnrolTotp.as_view()),
    path("auth/totp/confirm", second_factor.ConfirmTotp.as_view()),
    path("auth/second-factors", second_factor.SecondFactors.as_view()),
    path("auth/passkeys", passkeys.Passkeys.as_view()),
    path("auth/passkeys/options", passkeys.PasskeyOptions.as_view()),
    path("auth/passkeys/sign-in/options", passkeys.SignInOptions.as_view()),
    path("auth/passkeys/sign-in", passkeys.SignInByPasskey.as_view()),
    path("auth/passkeys/step-up/options", passkeys.StepUpOptions.as_view()),
    path("auth/passkeys/step-up", passkeys.StepUpByPasskey.as_view()),
    path("auth/passkeys/<uuid:passkey_id>", passkeys.OnePasskey.as_view()),
    path("auth/recovery-codes", second_factor.RecoveryCodes.as_view()),
    path("users/<uuid:user_id>/2fa", second_factor.UserSecondFactor.as_view()),
    path("users/<uuid:user_id>/2fa/approval", second_factor.ApproveRecovery.as_view()),
    path("profile/me", profile.Profile.as_view()),
    path("consents", profile.Consents.as_view()),
    path("consents/<str:purpose>", profile.OneConsent.as_view()),
    path("sessions", profile.Sessions.as_view()),
    path("sessions/<uuid:session_id>", profile.OneSession.as_view()),
    path("audit", audit.Ledger.as_view()),
    path("audit.fhir", audit.LedgerFhir.as_view()),
]
