"""Addresses under /account/: how specialists and staff keep their own sign-in."""

from django.urls import path

from identity.pages import account, passkey_sign_in, passkeys

urlpatterns = [
    path("", account.overview),
    path("prove", account.prove),
    path("prove/passkey", passkeys.prove),
    path("prove/options", passkeys.prove_options),
    path("sessions/end", account.end_others),
    path("sessions/<uuid:session_id>/end", account.end_one),
    path("passkeys", passkeys.add),
    path("passkeys/options", passkeys.add_options),
    path("passkeys/<uuid:passkey_id>/remove", passkeys.remove),
    path("sign-in/passkey", passkey_sign_in.sign_in),
]
