"""PUBLIC: what other contexts may call."""

from identity.services.accounts import (
    create_account,
    find_account,
    get_account,
    get_accounts,
    register_patient,
    update_profile,
)
from identity.services.browser import sign_in_browser, sign_out_browser, step_up_browser
from identity.services.consents import active_consents, grant_consent, list_consents, withdraw_consent
from identity.services.credentials import (
    change_password,
    confirm_email_change,
    get_email_change,
    request_email_change,
    reset_password,
)
from identity.services.devices import RememberedDevice, device_id, forget_devices, known_device, remember_device
from identity.services.dto import (
    AccountDTO,
    ConsentDTO,
    EmailChangeDTO,
    KeysDestroyed,
    PasskeyDTO,
    PasskeyOptions,
    SecondFactorNeeded,
    SecondFactors,
    SessionDTO,
    SignIn,
    TotpEnrolment,
)
from identity.services.email_links import issue_email_token, verify_email
from identity.services.factor_removal import approve_recovery, remove_second_factor
from identity.services.keys import data_key, data_keys, forget_keys
from identity.services.ledger import access_ledger, audit_events
from identity.services.ledger_dto import ConsentBasis, LedgerEntry, LedgerPage
from identity.services.mail_requests import answer_mail_request, request_password_reset, request_verification
from identity.services.passkeys import (
    add_passkey,
    begin_passkey,
    begin_passkey_sign_in,
    begin_passkey_step_up,
    list_passkeys,
    remove_passkey,
    sign_in_by_passkey,
    step_up_by_passkey,
)
from identity.services.recovery import recovery_codes_left, regenerate_recovery_codes
from identity.services.revocation import end_all_sessions, end_session, revoke_access
from identity.services.rotation import people_with_keys, retire_data_keys, rotate_data_key
from identity.services.second_factor import has_second_factor, second_factors, verify_second_factor
from identity.services.sessions import (
    list_sessions,
    mark_stepped_up,
    open_session,
    open_sessions,
    refresh,
    session_is_open,
)
from identity.services.shredding import destroy_keys, keys_are_destroyed
from identity.services.sign_in import (
    begin_pending_enrolment,
    complete_second_factor,
    confirm_pending_enrolment,
    log_in,
    roles_for,
    step_up,
    verify_credentials,
    verify_own_password,
)
from identity.services.totp import confirm_totp, enrol_totp, seed_totp

__all__ = [
    "AccountDTO",
    "ConsentBasis",
    "ConsentDTO",
    "EmailChangeDTO",
    "KeysDestroyed",
    "LedgerEntry",
    "LedgerPage",
    "PasskeyDTO",
    "PasskeyOptions",
    "RememberedDevice",
    "SecondFactorNeeded",
    "SecondFactors",
    "SessionDTO",
    "SignIn",
    "TotpEnrolment",
    "access_ledger",
    "active_consents",
    "add_passkey",
    "answer_mail_request",
    "approve_recovery",
    "audit_events",
    "begin_passkey",
    "begin_passkey_sign_in",
    "begin_passkey_step_up",
    "begin_pending_enrolment",
    "change_password",
    "complete_second_factor",
    "confirm_email_change",
    "confirm_pending_enrolment",
    "confirm_totp",
    "create_account",
    "data_key",
    "data_keys",
    "destroy_keys",
    "device_id",
    "end_all_sessions",
    "end_session",
    "enrol_totp",
    "find_account",
    "forget_devices",
    "forget_keys",
    "get_account",
    "get_accounts",
    "get_email_change",
    "grant_consent",
    "has_second_factor",
    "issue_email_token",
    "keys_are_destroyed",
    "known_device",
    "list_consents",
    "list_passkeys",
    "list_sessions",
    "log_in",
    "mark_stepped_up",
    "open_session",
    "open_sessions",
    "people_with_keys",
    "recovery_codes_left",
    "refresh",
    "regenerate_recovery_codes",
    "register_patient",
    "remember_device",
    "remove_passkey",
    "remove_second_factor",
    "request_email_change",
    "request_password_reset",
    "request_verification",
    "reset_password",
    "retire_data_keys",
    "revoke_access",
    "roles_for",
    "rotate_data_key",
    "second_factors",
    "seed_totp",
    "session_is_open",
    "sign_in_browser",
    "sign_in_by_passkey",
    "sign_out_browser",
    "step_up",
    "step_up_browser",
    "step_up_by_passkey",
    "update_profile",
    "verify_credentials",
    "verify_email",
    "verify_own_password",
    "verify_second_factor",
    "withdraw_consent",
]
