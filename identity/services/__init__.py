"""PUBLIC: what other contexts may call."""

from identity.queries import PeopleFilter
from identity.services.account_reads import find_account, get_account, get_accounts, require_named
from identity.services.accounts.accounts import create_account, update_profile
from identity.services.accounts.activation import deactivate_account, reactivate_account
from identity.services.accounts.confirmation import find_registration, verify_email
from identity.services.accounts.contacts import ContactDTO, contacts
from identity.services.accounts.directory import PersonMatch, people_matching, people_now, people_with_role
from identity.services.accounts.email_links import issue_email_token
from identity.services.accounts.mail_requests import (
    answer_mail_request,
    register_patient,
    request_password_reset,
    request_verification,
)
from identity.services.accounts.password_and_address import (
    change_password,
    confirm_email_change,
    get_email_change,
    request_email_change,
    reset_password,
)
from identity.services.accounts.people import end_sessions_of, view_person
from identity.services.accounts.role_changes import decide_role_change, list_role_changes, request_role_change
from identity.services.dto import (
    AccountDTO,
    ConsentDTO,
    EmailChangeDTO,
    KeysDestroyed,
    NewServiceKey,
    PasskeyDTO,
    PasskeyOptions,
    PersonDTO,
    RoleChangeDTO,
    SecondFactorNeeded,
    SecondFactors,
    ServiceKeyDTO,
    SessionDTO,
    SignIn,
    TotpEnrolment,
)
from identity.services.keys.crypto_shredding import destroy_keys
from identity.services.keys.data_keys import data_key, data_keys, forget_keys
from identity.services.keys.key_rotation import people_with_keys, retire_data_keys, rotate_data_key
from identity.services.privacy.access_ledger import access_ledger, audit_events
from identity.services.privacy.consents import active_consents, grant_consent, list_consents, withdraw_consent
from identity.services.privacy.erasure import (
    ask_again,
    context_erased,
    end_legal_hold,
    get_erasure,
    place_legal_hold,
    request_erasure,
)
from identity.services.privacy.exports import (
    build_export,
    export_failed,
    export_link,
    fetch_export,
    forget_exports,
    get_export,
    request_export,
)
from identity.services.privacy.ledger_dto import ConsentBasis, LedgerEntry, LedgerPage
from identity.services.privacy.merges import (
    MergeDTO,
    decide_merge,
    own_ids,
    person_now,
    propose_merge,
    separate_patients,
    withdraw_merge,
)
from identity.services.privacy.patient_requirements import PatientStanding, patient_standing
from identity.services.privacy.privacy_dto import ErasureDTO, ExportDTO, LegalHoldDTO, RectificationDTO
from identity.services.privacy.proxies import (
    answer_proxy,
    confirm_guardian,
    list_proxies,
    offer_proxy,
    proxy_grants,
    revoke_proxy,
)
from identity.services.privacy.proxy_dto import ProxyDTO, ProxyGrant
from identity.services.privacy.rectification import decide_rectification, list_rectifications, request_rectification
from identity.services.privacy.retention import held_people
from identity.services.sign_in.browser_sessions import (
    sign_in_browser,
    sign_in_browser_by_passkey,
    sign_out_browser,
    step_up_browser,
    step_up_browser_by_passkey,
)
from identity.services.sign_in.devices import (
    RememberedDevice,
    device_id,
    known_device,
    remember_device,
)
from identity.services.sign_in.factor_removal import approve_recovery, remove_second_factor
from identity.services.sign_in.passkeys import (
    add_passkey,
    begin_passkey,
    begin_passkey_sign_in,
    begin_passkey_step_up,
    list_passkeys,
    remove_passkey,
    sign_in_by_passkey,
    step_up_by_passkey,
)
from identity.services.sign_in.recovery_codes import recovery_codes_left, regenerate_recovery_codes
from identity.services.sign_in.revocation import end_all_sessions, end_session, revoke_access
from identity.services.sign_in.second_factor import has_second_factor, second_factors, verify_second_factor
from identity.services.sign_in.service_keys import (
    create_service_key,
    end_service_key,
    list_service_keys,
    principal_of_key,
)
from identity.services.sign_in.sessions import (
    list_sessions,
    mark_stepped_up,
    open_session,
    open_sessions,
    refresh,
    session_principal,
)
from identity.services.sign_in.sign_in import (
    begin_pending_enrolment,
    complete_second_factor,
    confirm_pending_enrolment,
    log_in,
    roles_for,
    step_up,
    verify_own_password,
)
from identity.services.sign_in.totp import confirm_totp, enrol_totp, seed_totp

__all__ = [
    "AccountDTO",
    "ConsentBasis",
    "ConsentDTO",
    "ContactDTO",
    "EmailChangeDTO",
    "ErasureDTO",
    "ExportDTO",
    "KeysDestroyed",
    "LedgerEntry",
    "LedgerPage",
    "LegalHoldDTO",
    "MergeDTO",
    "NewServiceKey",
    "PasskeyDTO",
    "PasskeyOptions",
    "PatientStanding",
    "PeopleFilter",
    "PersonDTO",
    "PersonMatch",
    "ProxyDTO",
    "ProxyGrant",
    "RectificationDTO",
    "RememberedDevice",
    "RoleChangeDTO",
    "SecondFactorNeeded",
    "SecondFactors",
    "ServiceKeyDTO",
    "SessionDTO",
    "SignIn",
    "TotpEnrolment",
    "access_ledger",
    "active_consents",
    "add_passkey",
    "answer_mail_request",
    "answer_proxy",
    "approve_recovery",
    "ask_again",
    "audit_events",
    "begin_passkey",
    "begin_passkey_sign_in",
    "begin_passkey_step_up",
    "begin_pending_enrolment",
    "build_export",
    "change_password",
    "complete_second_factor",
    "confirm_email_change",
    "confirm_guardian",
    "confirm_pending_enrolment",
    "confirm_totp",
    "contacts",
    "context_erased",
    "create_account",
    "create_service_key",
    "data_key",
    "data_keys",
    "deactivate_account",
    "decide_merge",
    "decide_rectification",
    "decide_role_change",
    "destroy_keys",
    "device_id",
    "end_all_sessions",
    "end_legal_hold",
    "end_service_key",
    "end_session",
    "end_sessions_of",
    "enrol_totp",
    "export_failed",
    "export_link",
    "fetch_export",
    "find_account",
    "find_registration",
    "forget_exports",
    "forget_keys",
    "get_account",
    "get_accounts",
    "get_email_change",
    "get_erasure",
    "get_export",
    "grant_consent",
    "has_second_factor",
    "held_people",
    "issue_email_token",
    "known_device",
    "list_consents",
    "list_passkeys",
    "list_proxies",
    "list_rectifications",
    "list_role_changes",
    "list_service_keys",
    "list_sessions",
    "log_in",
    "mark_stepped_up",
    "offer_proxy",
    "open_session",
    "open_sessions",
    "own_ids",
    "patient_standing",
    "people_matching",
    "people_now",
    "people_with_keys",
    "people_with_role",
    "person_now",
    "place_legal_hold",
    "principal_of_key",
    "propose_merge",
    "proxy_grants",
    "reactivate_account",
    "recovery_codes_left",
    "refresh",
    "regenerate_recovery_codes",
    "register_patient",
    "remember_device",
    "remove_passkey",
    "remove_second_factor",
    "request_email_change",
    "request_erasure",
    "request_export",
    "request_password_reset",
    "request_rectification",
    "request_role_change",
    "request_verification",
    "require_named",
    "reset_password",
    "retire_data_keys",
    "revoke_access",
    "revoke_proxy",
    "roles_for",
    "rotate_data_key",
    "second_factors",
    "seed_totp",
    "separate_patients",
    "session_principal",
    "sign_in_browser",
    "sign_in_browser_by_passkey",
    "sign_in_by_passkey",
    "sign_out_browser",
    "step_up",
    "step_up_browser",
    "step_up_browser_by_passkey",
    "step_up_by_passkey",
    "update_profile",
    "verify_email",
    "verify_own_password",
    "verify_second_factor",
    "view_person",
    "withdraw_consent",
    "withdraw_merge",
]
