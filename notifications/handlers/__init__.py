"""Who is told of what: one notice for each event and person, however often the event arrives."""

from uuid import UUID

from analysis.events import RunCompleted, RunState
from cases.events import (
    BreakGlassOpened,
    CaseLiesStill,
    CaseRemoved,
    CaseStatusChanged,
    ClarificationAnswered,
    ClarificationAsked,
    DocumentRead,
    DocumentReread,
    DocumentState,
    FollowUpAnswered,
    FollowUpAsked,
    MessageSent,
    OfferMade,
    OutcomeDue,
    PromiseRunsOut,
    RecordsRequested,
    ReportReady,
)
from cases.services import casefile, workflow
from config.kernel.auth import SYSTEM
from config.kernel.outbox import once, publish
from config.kernel.privacy.erasure import erase_rows
from identity import services as identity
from identity.events import (
    AccountRegistered,
    EmailChanged,
    EmailChangeRequested,
    EmailVerified,
    ErasureRequested,
    PasswordChanged,
    PasswordResetRequested,
    PatientMergeProposed,
    PatientsMerged,
    PatientsSeparated,
    PhoneConfirmed,
    PhoneVerificationRequested,
    ProxyAccepted,
    ProxyEnded,
    ProxyOffered,
    RectificationAnswered,
    RegistrationRepeated,
    RoleChanged,
    SecondFactorChanged,
    SessionsEnded,
    SignedInFromNewDevice,
    SignInAttacked,
    VerificationRequested,
)
from notifications.events import ErasureCompleted
from notifications.handlers import hooks as hooks  # connects its receivers
from notifications.handlers import work as work  # connects its receivers
from notifications.handlers.people import tell, tell_role
from notifications.services import close_sockets
from notifications.services.addresses.devices import forget_ended_devices
from notifications.services.addresses.phone_codes import number_proved, queue_phone_code
from notifications.services.addresses.suppressions import lift_proven
from notifications.services.records_mail import queue_records_mail
from notifications.services.retention import forget_case
from professionals.events import (
    LicenceExpired,
    LicenceExpiring,
    ProfessionalRejected,
    ProfessionalSuspended,
    ProfessionalVerified,
)

CONTEXT = "notifications"
# What a patient hears when their case comes to a state.
_PROMISE = {50: "promise_half_used", 80: "promise_nearly_used", 100: "promise_broken"}
_STATES = {
    workflow.State.SUBMITTED: "case_received",
    workflow.State.COLLECTING_RECORDS: "records_needed",
    workflow.State.IN_REVIEW: "specialist_found",
    workflow.State.DECLINED: "case_closed",
    workflow.State.CANCELLED: "case_closed",
    workflow.State.EXPIRED: "case_expired",
    workflow.State.ENTERED_IN_ERROR: "case_closed",
}
# Their patient has read a report that was in error.
_REPORTED = frozenset(
    {workflow.State.DELIVERED, workflow.State.FOLLOW_UP, workflow.State.CLOSED, workflow.State.AMENDING}
)
# The news that the case is over came before.
_OVER = frozenset({workflow.State.DECLINED, workflow.State.CANCELLED, workflow.State.EXPIRED})


@once(AccountRegistered, context=CONTEXT)
def account_registered(event: AccountRegistered) -> None:
    """A new address is confirmed by a link."""
    if not event.verified:
        tell(event.aggregate_id, "verify_email", counted=True)


@once(PasswordResetRequested, context=CONTEXT)
def reset_requested(event: PasswordResetRequested) -> None:
    """The link to a new password."""
    tell(event.aggregate_id, "reset_password", counted=True)


@once(RegistrationRepeated, context=CONTEXT)
def registration_repeated(event: RegistrationRepeated) -> None:
    """The owner of the address hears of it; the one who tried does not."""
    tell(event.aggregate_id, "registration_repeated", counted=True)


@once(VerificationRequested, context=CONTEXT)
def verification_requested(event: VerificationRequested) -> None:
    """The link once more."""
    tell(event.aggregate_id, "verify_email", counted=True)


@once(EmailChangeRequested, context=CONTEXT)
def email_change_requested(event: EmailChangeRequested) -> None:
    """A link to the new address, a notice to the present one: whoever sits in the account may be a thief."""
    tell(event.aggregate_id, "email_change_asked")
    tell(event.aggregate_id, "verify_new_email", event.request_id, counted=True, about=":new")


@once(EmailVerified, context=CONTEXT)
def email_verified(event: EmailVerified) -> None:
    """Its owner reads what we send there: whatever bounced before does so no more."""
    lift_proven(user_id=event.aggregate_id)


@once(EmailChanged, context=CONTEXT)
def email_changed(event: EmailChanged) -> None:
    """The old address hears of it; the new one was proven by a link."""
    lift_proven(user_id=event.aggregate_id)
    tell(event.aggregate_id, "email_changed", event.request_id)


@once(PasswordChanged, context=CONTEXT)
def password_changed(event: PasswordChanged) -> None:
    """By mail, which the new password does not open."""
    if event.reset:
        # The link was read in the mailbox.
        lift_proven(user_id=event.aggregate_id)
    tell(event.aggregate_id, "password_changed")


@once(SignInAttacked, context=CONTEXT)
def sign_in_attacked(event: SignInAttacked) -> None:
    """Somebody guesses."""
    tell(event.aggregate_id, "sign_in_attacked")


@once(SignedInFromNewDevice, context=CONTEXT)
def signed_in_from_new_device(event: SignedInFromNewDevice) -> None:
    """Whoever has the password may be somebody else."""
    tell(event.aggregate_id, "new_device")


@once(RoleChanged, context=CONTEXT)
def role_changed(event: RoleChanged) -> None:
    """Given or taken by two administrators."""
    tell(event.aggregate_id, "roles_changed")


@once(SecondFactorChanged, context=CONTEXT)
def second_factor_changed(event: SecondFactorChanged) -> None:
    """By mail: another channel than the changed one."""
    low = event.change == "recovery_codes_low"
    tell(event.aggregate_id, "recovery_codes_low" if low else "second_factor_changed")


@once(SessionsEnded, context=CONTEXT)
def sessions_ended(event: SessionsEnded) -> None:
    """Open sockets close at once; and somebody may have stolen a refresh token."""
    close_sockets(user_id=event.aggregate_id)
    forget_ended_devices(user_id=event.aggregate_id, session_ids=map(UUID, event.session_ids))
    if event.reason == "reuse":
        tell(event.aggregate_id, "session_reused")


@once(PhoneVerificationRequested, context=CONTEXT)
def phone_verification_requested(event: PhoneVerificationRequested) -> None:
    """A code by text message to the number that is to be proved."""
    queue_phone_code(request_id=event.request_id)


@once(PhoneConfirmed, context=CONTEXT)
def phone_confirmed(event: PhoneConfirmed) -> None:
    """Messages go there again, even if its former owner had stopped them."""
    number_proved(user_id=event.aggregate_id)


@once(ProxyOffered, context=CONTEXT)
def proxy_offered(event: ProxyOffered) -> None:
    """The caregiver is asked."""
    tell(event.user_id, "proxy_offered")


@once(ProxyAccepted, context=CONTEXT)
def proxy_accepted(event: ProxyAccepted) -> None:
    """The patient hears that somebody can act for them now."""
    tell(event.aggregate_id, "proxy_accepted")


@once(ProxyEnded, context=CONTEXT)
def proxy_ended(event: ProxyEnded) -> None:
    """The caregiver hears that it is over."""
    tell(event.user_id, "proxy_ended")


@once(BreakGlassOpened, context=CONTEXT)
def break_glass_opened(event: BreakGlassOpened) -> None:
    """The patient hears of it, and those who review it."""
    tell(identity.person_now(user_id=event.patient_id), "break_glass_used")
    tell_role("privacy_officer", "break_glass_review")


@once(ProfessionalVerified, context=CONTEXT)
def professional_verified(event: ProfessionalVerified) -> None:
    """May work now."""
    tell(event.user_id, "credentials_verified")


@once(ProfessionalRejected, context=CONTEXT)
def professional_rejected(event: ProfessionalRejected) -> None:
    """May not."""
    tell(event.user_id, "credentials_rejected")


@once(ProfessionalSuspended, context=CONTEXT)
def professional_suspended(event: ProfessionalSuspended) -> None:
    """May not work until verified again."""
    tell(event.user_id, "credentials_suspended")


@once(LicenceExpired, context=CONTEXT)
def licence_expired(event: LicenceExpired) -> None:
    """The last one."""
    tell(event.user_id, "licence_expired")


@once(LicenceExpiring, context=CONTEXT)
def licence_expiring(event: LicenceExpiring) -> None:
    """90, 30 and 7 days before."""
    tell(event.user_id, "licence_expiring", days=event.days)


@once(CaseStatusChanged, context=CONTEXT)
def case_moved(event: CaseStatusChanged) -> None:
    """The patient hears of the steps that matter to them; never of what they did themselves."""
    kind = _STATES.get(event.to_state)
    own = event.actor_id == event.patient_id and kind != "case_received"
    # A case comes back to its review by several ways; only by one of them a specialist has accepted it.
    back = event.to_state is workflow.State.IN_REVIEW and event.transition is not workflow.Transition.ACCEPT_OFFER
    if kind is None or own or back:
        return
    if event.to_state is workflow.State.ENTERED_IN_ERROR:
        if event.from_state in _OVER:
            return
        kind = "report_withdrawn" if event.from_state in _REPORTED else kind
    tell(event.patient_id, kind, event.aggregate_id)


@once(DocumentRead, context=CONTEXT)
def document_read(event: DocumentRead) -> None:
    """Only when the patient has to do something."""
    if event.state in (DocumentState.REJECTED, DocumentState.MISMATCHED) or event.verdict == "failed":
        tell(event.patient_id, "document_needs_care", event.aggregate_id)


@once(DocumentReread, context=CONTEXT)
def document_reread(event: DocumentReread) -> None:
    """Only when it turned out to be another person's."""
    if event.state == DocumentState.REJECTED:
        tell(event.patient_id, "document_needs_care", event.aggregate_id)


@once(OfferMade, context=CONTEXT)
def offer_made(event: OfferMade) -> None:
    """The specialist has 48 hours."""
    tell(event.user_id, "offer_made", event.aggregate_id, due=event.expires_at)


@once(ClarificationAsked, context=CONTEXT)
def clarification_asked(event: ClarificationAsked) -> None:
    """The clock stands until the patient answers."""
    tell(event.patient_id, "question_asked", event.aggregate_id, due=event.due_at)


@once(MessageSent, context=CONTEXT)
def message_sent(event: MessageSent) -> None:
    """The reader is told of the first unread message, not of each."""
    tell(event.user_id, "message_received", event.aggregate_id)


@once(ClarificationAnswered, context=CONTEXT)
def clarification_answered(event: ClarificationAnswered) -> None:
    """The asker is told, once."""
    tell(event.user_id, "question_answered", event.aggregate_id)


@once(FollowUpAsked, context=CONTEXT)
def follow_up_asked(event: FollowUpAsked) -> None:
    """Who signed the opinion."""
    tell(event.user_id, "follow_up_asked", event.aggregate_id)


@once(FollowUpAnswered, context=CONTEXT)
def follow_up_answered(event: FollowUpAnswered) -> None:
    """The asker is told, once."""
    tell(event.user_id, "follow_up_answered", event.aggregate_id)


@once(OutcomeDue, context=CONTEXT)
def outcome_due(event: OutcomeDue) -> None:
    """Asked once for each date."""
    tell(event.patient_id, "outcome_wanted", event.aggregate_id)


@once(PromiseRunsOut, context=CONTEXT)
def promise_runs_out(event: PromiseRunsOut) -> None:
    """Whose turn it is, then the coordinators, then the medical directors."""
    people = (event.user_id,) if event.user_id else identity.people_with_role(role=event.role)
    for user_id in people:
        tell(user_id, _PROMISE[event.percent], event.aggregate_id, due=event.promised_at)


@once(CaseLiesStill, context=CONTEXT)
def case_lies_still(event: CaseLiesStill) -> None:
    """Twice, before it ends."""
    day = event.ends_at.date() if event.ends_at else None
    tell(event.patient_id, "case_lies_still", event.aggregate_id, day=day)


@once(ReportReady, context=CONTEXT)
def report_ready(event: ReportReady) -> None:
    """What all of it was for."""
    tell(event.patient_id, "report_ready", event.aggregate_id)


@once(RunCompleted, context=CONTEXT)
def run_completed(event: RunCompleted) -> None:
    """The assigned specialist, if there is one by now; of a document analysed again only what differs is news."""
    case = casefile.case_access(principal=SYSTEM, case_id=event.aggregate_id)
    if case.assigned_user_id is not None and event.outcome == RunState.COMPLETED and not event.again:
        tell(case.assigned_user_id, "analysis_ready", event.aggregate_id)


@once(PatientMergeProposed, context=CONTEXT)
def merge_proposed(event: PatientMergeProposed) -> None:
    """Both accounts: whoever is no owner of both says so before it is decided."""
    for user_id in (event.aggregate_id, event.alias_id):
        tell(user_id, "merge_proposed")


@once(PatientsMerged, context=CONTEXT)
def patients_merged(event: PatientsMerged) -> None:
    """The account that remains; the other one reads no mail any more."""
    tell(event.aggregate_id, "accounts_joined")


@once(PatientsSeparated, context=CONTEXT)
def patients_separated(event: PatientsSeparated) -> None:
    """Both, and what the one had open of the other closes."""
    close_sockets(user_id=event.aggregate_id)
    for user_id in (event.aggregate_id, event.alias_id):
        tell(user_id, "accounts_separated")


@once(ErasureRequested, context="notifications")
def person_erased(event: ErasureRequested) -> None:
    """Take out what this context holds of them, and say so; asked again, it finds nothing and says so again."""
    erase_rows("notifications", event.aggregate_id)
    publish(ErasureCompleted(aggregate_id=event.aggregate_id))


@once(CaseRemoved, context=CONTEXT)
def case_removed(event: CaseRemoved) -> None:
    """Its retention is over."""
    forget_case(case_id=event.aggregate_id)


@once(RectificationAnswered, context=CONTEXT)
def rectification_answered(event: RectificationAnswered) -> None:
    """The person reads the answer signed in."""
    tell(event.aggregate_id, "rectification_answered", event.claim_id)


@once(RecordsRequested, context=CONTEXT)
def records_requested(event: RecordsRequested) -> None:
    """A clinician or a facility, who has no account: one mail for the request and one for each reminder."""
    queue_records_mail(request_id=event.request_id, reminder=event.reminder)
