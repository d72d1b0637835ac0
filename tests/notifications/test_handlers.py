"""Who is told of what: one notice for each event and person, however often it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock
from uuid import uuid4

import pytest

from analysis.events import RunCompleted
from cases.events import (
    CaseStatusChanged,
    ClarificationAnswered,
    ClarificationAsked,
    DocumentRead,
    DocumentReread,
    FollowUpAnswered,
    FollowUpAsked,
    MessageSent,
    OfferMade,
    OutcomeDue,
    PromiseRunsOut,
    ReportReady,
)
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.due_work import drain
from identity import services as identity
from identity.events import (
    AccountRegistered,
    PasswordResetRequested,
    RegistrationRepeated,
    RoleChanged,
    SecondFactorChanged,
    SessionsEnded,
    SignedInFromNewDevice,
)
from identity.models import OutboxEntry
from notifications import services
from notifications.models import InboxEntry, Notice
from professionals.events import (
    LicenceExpired,
    LicenceExpiring,
    ProfessionalRejected,
    ProfessionalSuspended,
    ProfessionalVerified,
)
from tests.factories import PASSWORD
from tests.notifications.support import deliver, kinds_of

pytestmark = pytest.mark.django_db
WHO, CASE, OTHER = uuid4(), uuid4(), uuid4()


def _moved(to, transition=Transition.START_TRIAGE, actor=None, patient=WHO):
    return CaseStatusChanged(
        aggregate_id=CASE, patient_id=patient, transition=transition, from_state="DRAFT", to_state=to, actor_id=actor
    )


TOLD = [
    (AccountRegistered(aggregate_id=WHO), "verify_email", None),
    (PasswordResetRequested(aggregate_id=WHO), "reset_password", None),
    (RegistrationRepeated(aggregate_id=WHO), "registration_repeated", None),
    (SecondFactorChanged(aggregate_id=WHO, change="recovery_used"), "second_factor_changed", None),
    (SessionsEnded(aggregate_id=WHO, reason="reuse"), "session_reused", None),
    (SignedInFromNewDevice(aggregate_id=WHO), "new_device", None),
    (RoleChanged(aggregate_id=WHO, role="nurse", granted=True), "roles_changed", None),
    (ProfessionalVerified(aggregate_id=OTHER, user_id=WHO), "credentials_verified", None),
    (ProfessionalRejected(aggregate_id=OTHER, user_id=WHO), "credentials_rejected", None),
    (ProfessionalSuspended(aggregate_id=OTHER, user_id=WHO), "credentials_suspended", None),
    (LicenceExpiring(aggregate_id=OTHER, user_id=WHO, days=30), "licence_expiring", None),
    (LicenceExpired(aggregate_id=OTHER, user_id=WHO), "licence_expired", None),
    (_moved("SUBMITTED", Transition.SUBMIT, actor=WHO), "case_received", CASE),
    (_moved("COLLECTING_RECORDS", Transition.COLLECT_RECORDS), "records_needed", CASE),
    (_moved("IN_REVIEW", Transition.ACCEPT_OFFER, actor=OTHER), "specialist_found", CASE),
    (_moved("DECLINED", Transition.DECLINE_IN_TRIAGE, actor=OTHER), "case_closed", CASE),
    (_moved("CANCELLED", Transition.CANCEL_TRIAGE, actor=OTHER), "case_closed", CASE),
    (
        DocumentRead(aggregate_id=CASE, document_id=OTHER, patient_id=WHO, verdict="failed", state="REJECTED"),
        "document_needs_care",
        CASE,
    ),
    (
        DocumentRead(aggregate_id=CASE, document_id=OTHER, patient_id=WHO, verdict="complete", state="MISMATCHED"),
        "document_needs_care",
        CASE,
    ),
    (
        DocumentReread(aggregate_id=CASE, document_id=OTHER, patient_id=WHO, state="REJECTED"),
        "document_needs_care",
        CASE,
    ),
    (
        OfferMade(aggregate_id=CASE, offer_id=OTHER, user_id=WHO, expires_at=clock.now() + timedelta(hours=48)),
        "offer_made",
        CASE,
    ),
    (ClarificationAsked(aggregate_id=CASE, clarification_id=OTHER, patient_id=WHO), "question_asked", CASE),
    (ClarificationAnswered(aggregate_id=CASE, clarification_id=OTHER, user_id=WHO), "question_answered", CASE),
    (MessageSent(aggregate_id=CASE, message_id=OTHER, user_id=WHO), "message_received", CASE),
    (FollowUpAsked(aggregate_id=CASE, follow_up_id=OTHER, user_id=WHO), "follow_up_asked", CASE),
    (FollowUpAnswered(aggregate_id=CASE, follow_up_id=OTHER, user_id=WHO), "follow_up_answered", CASE),
    (OutcomeDue(aggregate_id=CASE, day=30, patient_id=WHO), "outcome_wanted", CASE),
    (PromiseRunsOut(aggregate_id=CASE, percent=50, role="specialist", user_id=WHO), "promise_half_used", CASE),
    (ReportReady(aggregate_id=CASE, report_id=OTHER, patient_id=WHO), "report_ready", CASE),
]


@pytest.mark.parametrize(("event", "kind", "subject"), TOLD, ids=lambda value: getattr(value, "name", None))
def test_an_event_that_comes_three_times_tells_its_person_once(event, kind, subject):
    assert deliver(event, times=3) == []
    notice = Notice.objects.get()
    assert (notice.user_id, notice.kind, notice.subject_id) == (WHO, kind, subject)


@pytest.mark.parametrize(("event", "kind", "subject"), TOLD, ids=lambda value: getattr(value, "name", None))
def test_even_without_its_inbox_row_an_event_tells_once(event, kind, subject):
    same = uuid4()
    deliver(event, event_id=same)
    InboxEntry.objects.all().delete()
    deliver(event, event_id=same)
    assert kinds_of(WHO) == [kind]


def test_two_events_of_one_kind_are_two_pieces_of_news():
    for _ in range(2):
        deliver(ClarificationAsked(aggregate_id=CASE, clarification_id=uuid4(), patient_id=WHO))
    assert kinds_of(WHO) == ["question_asked"] * 2


SILENT = [
    DocumentReread(aggregate_id=CASE, document_id=OTHER, patient_id=WHO, state="ACCEPTED"),
    AccountRegistered(aggregate_id=WHO, verified=True),
    SessionsEnded(aggregate_id=WHO, reason="logout"),
    _moved("TRIAGE", Transition.START_TRIAGE),
    _moved("MATCHING", Transition.FINISH_TRIAGE, actor=OTHER),
    _moved("SIGNED", Transition.SIGN, actor=OTHER),
    # The patient answered a question: the review goes on, and they know.
    _moved("IN_REVIEW", Transition.SETTLE_CLARIFICATION, actor=WHO),
    # What the patient did themselves is no news to them.
    _moved("CANCELLED", Transition.CANCEL_TRIAGE, actor=WHO),
    DocumentRead(aggregate_id=CASE, document_id=OTHER, patient_id=WHO, verdict="complete", state="ACCEPTED"),
    DocumentRead(aggregate_id=CASE, document_id=OTHER, patient_id=WHO, verdict="partial", state="ACCEPTED"),
]


@pytest.mark.parametrize("event", SILENT, ids=lambda event: event.name)
def test_what_is_no_news_tells_nobody(event):
    assert deliver(event) == []
    assert not Notice.objects.exists()


RUN = RunCompleted(
    aggregate_id=CASE, run_id=OTHER, document_id=OTHER, patient_id=OTHER, outcome="COMPLETED", findings=2
)


@pytest.mark.parametrize(
    ("assigned", "outcome", "told"),
    [(WHO, "COMPLETED", ["analysis_ready"]), (WHO, "FAILED", []), (None, "COMPLETED", [])],
)
def test_findings_are_news_to_the_assigned_specialist_alone(assigned, outcome, told):
    access = SimpleNamespace(assigned_user_id=assigned)
    with mock.patch("cases.services.casefile.case_access", return_value=access) as asked:
        deliver(replace(RUN, outcome=outcome), times=2)
    assert asked.call_args.kwargs["case_id"] == CASE
    assert kinds_of(WHO) == told
    assert Notice.objects.count() == len(told)


def test_a_handler_that_breaks_leaves_neither_notice_nor_inbox_row_and_is_done_later():
    event, same = ReportReady(aggregate_id=CASE, report_id=OTHER, patient_id=WHO), uuid4()
    with mock.patch("notifications.services.outgoing.queue_deliveries", side_effect=RuntimeError):
        assert [type(error) for error in deliver(event, event_id=same)] == [RuntimeError]
    assert not Notice.objects.exists()
    assert not InboxEntry.objects.exists()
    assert deliver(event, event_id=same) == []
    assert [n.sequence for n in services.notices_after(seen=[(WHO, 0)])[WHO, 0]] == [1]


def test_the_end_of_sessions_makes_sockets_look_at_once(django_capture_on_commit_callbacks):
    committed = django_capture_on_commit_callbacks(using="notifications", execute=True)
    with mock.patch("notifications.services.sockets.closure.wake_for_sessions") as wake, committed:
        deliver(SessionsEnded(aggregate_id=WHO, reason="logout"))
    wake.assert_called_once_with(WHO)


def test_a_registration_whose_event_is_relayed_thrice_asks_once_to_confirm():
    identity.register_patient(email="thrice@example.org", password=PASSWORD, full_name="Maria Keller")
    drain("identity")
    account = identity.find_account(email="thrice@example.org")
    for _ in range(3):
        drain()
        OutboxEntry.objects.update(status="PENDING")
    assert kinds_of(account.id) == ["verify_email"]


def test_who_registers_a_known_address_makes_its_owner_hear_of_it(maria):
    identity.register_patient(email=maria.email, password=PASSWORD, full_name="Somebody Else")
    drain()
    assert kinds_of(maria.id) == ["registration_repeated"]
