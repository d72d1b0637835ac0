"""Another address: the link goes to the new one, and nothing changes before it is followed."""

from datetime import timedelta
from uuid import UUID

import pytest

from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.errors import Invalid, NotFound, TooMany
from identity import services
from identity.models import EmailChange, OutboxEntry, User
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account, make_person, principal_for
from tests.identity.at_once import at_once
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db
NEW = "maria.new@example.org"


def _asked(person: Principal, email: str = NEW) -> UUID:
    services.request_email_change(principal=person, email=email)
    return EmailChange.objects.latest("created_at").id


def _token(person: Principal, change: UUID) -> str:
    return services.issue_email_token(user_id=person.require_user_id(), purpose="change", about=change)


def _address(person: Principal) -> str:
    return str(User.objects.get(id=person.user_id).email)


def test_the_link_changes_the_address_ends_sessions_and_tells_the_old_one(api: ApiClient) -> None:
    account = make_account()
    person = principal_for(account)
    session = services.open_session(user_id=account.id)
    assert api.as_(person).post("/auth/email", {"email": NEW.upper()}).status_code == 202
    assert _address(person) == account.email
    change = EmailChange.objects.get(user_id=account.id)
    assert (
        api.post("/auth/email/confirm", {"token": _token(person, change.id), "password": PASSWORD}).status_code == 200
    )
    assert _address(person) == NEW
    assert not session_is_open(session_id=session.session_id)
    told = OutboxEntry.objects.get(name="identity.email.changed.v1")
    assert services.get_email_change(request_id=UUID(told.payload["request_id"])).old == account.email
    assert isinstance(services.log_in(email=NEW, password=PASSWORD), services.SignIn)


def test_asking_needs_a_fresh_proof(api: ApiClient) -> None:
    answer = api.as_(make_person("patient", mfa=False)).post("/auth/email", {"email": NEW})
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


def test_an_address_that_is_taken_gives_the_same_answer_and_no_link(api: ApiClient) -> None:
    owner = make_account()
    answers = [api.as_(make_person("patient")).post("/auth/email", {"email": e}) for e in (owner.email, NEW)]
    assert {(a.status_code, a.content) for a in answers} == {(202, answers[0].content)}
    assert OutboxEntry.objects.filter(name="identity.registration.repeated.v1", aggregate_id=owner.id).exists()
    assert OutboxEntry.objects.filter(name="identity.email_change.requested.v1").count() == 1


def test_a_link_confirms_the_address_that_it_was_sent_to_and_no_later_wish() -> None:
    person = make_person("patient")
    first = _asked(person, "first@example.org")
    token = _token(person, first)
    _asked(person, "second@example.org")
    services.confirm_email_change(token=token, password=PASSWORD)
    assert _address(person) == "first@example.org"


def test_a_link_works_once_and_for_an_hour() -> None:
    person = make_person("patient")
    token = _token(person, _asked(person))
    with clock.shifted(timedelta(minutes=61)), pytest.raises(Invalid):
        services.confirm_email_change(token=token, password=PASSWORD)
    services.confirm_email_change(token=token, password=PASSWORD)
    with pytest.raises(Invalid):
        services.confirm_email_change(token=token, password=PASSWORD)


def test_other_peoples_links_and_other_purposes_change_nothing() -> None:
    person = make_person("patient")
    _asked(person)
    for token in (services.issue_email_token(user_id=person.require_user_id(), purpose="reset"), "rubbish"):
        with pytest.raises(Invalid):
            services.confirm_email_change(token=token, password=PASSWORD)
    with pytest.raises(Invalid):
        services.issue_email_token(user_id=person.require_user_id(), purpose="change")


def test_an_address_taken_in_the_meantime_leaves_everything_as_it_was() -> None:
    person = make_person("patient")
    before, token = _address(person), _token(person, _asked(person))
    make_account(email=NEW)
    with pytest.raises(Invalid):
        services.confirm_email_change(token=token, password=PASSWORD)
    assert _address(person) == before


def test_the_present_address_is_no_change(api: ApiClient) -> None:
    account = make_account()
    answer = api.as_(principal_for(account)).post("/auth/email", {"email": account.email})
    assert (answer.status_code, answer.json()["code"]) == (400, "email_same")


def test_both_addresses_are_stored_sealed() -> None:
    _asked(make_person("patient"))
    row = EmailChange.objects.get()
    assert b"example" not in bytes(row.new_sealed) + bytes(row.old_sealed)
    with pytest.raises(NotFound):
        services.get_email_change(request_id=make_account().id)


# The tries that are counted begin anew with a right password: the hash must take its time, or five are never open.
@pytest.mark.real_hashes
@pytest.mark.django_db(transaction=True)
def test_one_link_at_ten_places_at_once_works_once() -> None:
    person = make_person("patient")
    token = _token(person, _asked(person))
    results, errors = at_once(lambda _: services.confirm_email_change(token=token, password=PASSWORD), 10)
    assert len(results) == 1
    # Passwords beside a link are counted, five at a time.
    assert {type(error) for error in errors} == {Invalid, TooMany}
