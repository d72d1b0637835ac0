"""Resetting the password: no news for strangers, one use, every session ends, the second factor stays."""

import pytest

from config.kernel.due_work import drain
from config.kernel.errors import Invalid, Unauthenticated
from identity import services
from identity.models import MailRequest, OutboxEntry, Session, User
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account, totp_code
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db
NEW = "eleven quiet lighthouses"


def test_asking_gives_the_same_answer_for_every_address(api: ApiClient) -> None:
    known = make_account()
    inactive = make_account()
    User.objects.filter(id=inactive.id).update(is_active=False)
    answers = [
        api.post("/auth/forgot-password", {"email": email})
        for email in (known.email, known.email.upper(), inactive.email, "nobody@example.org")
    ]
    assert {(a.status_code, a.content) for a in answers} == {(202, answers[0].content)}
    assert MailRequest.objects.count() == 4
    drain("identity")
    assert not MailRequest.objects.exists()
    asked = OutboxEntry.objects.filter(name="identity.password_reset.requested.v1")
    assert [entry.aggregate_id for entry in asked] == [known.id, known.id]


def test_a_reset_changes_the_password_and_ends_every_session(api: ApiClient) -> None:
    account = make_account()
    sign_ins = [services.log_in(email=account.email, password=PASSWORD) for _ in range(3)]
    token = services.issue_email_token(user_id=account.id, purpose="reset")
    assert api.post("/auth/reset-password", {"token": token, "password": NEW}).status_code == 200
    for sign_in in sign_ins:
        assert isinstance(sign_in, services.SignIn)
        with pytest.raises(Unauthenticated):
            services.refresh(refresh_token=sign_in.refresh)
    assert set(Session.objects.filter(user_id=account.id).values_list("end_reason", flat=True)) == {"password"}
    assert isinstance(services.log_in(email=account.email, password=NEW), services.SignIn)
    with pytest.raises(Unauthenticated):
        services.log_in(email=account.email, password=PASSWORD)


def test_a_reset_leaves_the_second_factor_on() -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret="JBSWY3DPEHPK3PXP")
    token = services.issue_email_token(user_id=account.id, purpose="reset")
    services.reset_password(token=token, password=NEW)
    pending = services.log_in(email=account.email, password=NEW)
    assert isinstance(pending, services.SecondFactorNeeded)
    assert not pending.enrolment_required
    code = totp_code("JBSWY3DPEHPK3PXP")
    assert services.complete_second_factor(pending_token=pending.pending_token, code=code).access


def test_a_weak_password_does_not_use_the_link_up() -> None:
    account = make_account()
    token = services.issue_email_token(user_id=account.id, purpose="reset")
    with pytest.raises(Invalid) as caught:
        services.reset_password(token=token, password="short")
    assert caught.value.code == "password_weak"
    services.reset_password(token=token, password=NEW)


def test_other_links_die_with_the_old_password() -> None:
    account = make_account(email_verified=False)
    verify = services.issue_email_token(user_id=account.id, purpose="verify")
    services.reset_password(token=services.issue_email_token(user_id=account.id, purpose="reset"), password=NEW)
    with pytest.raises(Invalid):
        services.verify_email(token=verify, password=PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_a_reset_link_used_eight_times_at_once_works_once() -> None:
    account = make_account()
    token = services.issue_email_token(user_id=account.id, purpose="reset")
    results, errors = at_once(lambda n: bool(services.reset_password(token=token, password=f"{NEW} {n}")), 8)
    assert results == [True]
    assert {type(error) for error in errors} == {Invalid}
