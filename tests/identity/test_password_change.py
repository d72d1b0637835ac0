"""One's own password: with the present one or a fresh proof; other sessions end; weak ones are refused."""

import pytest

from config.kernel.due_work import drain
from config.kernel.errors import Unauthenticated
from identity import services
from identity.models import OutboxEntry, Session, User
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, principal_for
from tests.identity.at_once import at_once
from tests.observations import session_is_open, verify_credentials

pytestmark = [pytest.mark.django_db, pytest.mark.real_hashes]
NEW = "eleven quiet lighthouses"


def _change(api: ApiClient, account: services.AccountDTO, *, mfa: bool = False, **body: str) -> int:
    status: int = api.as_(principal_for(account, mfa=mfa)).post("/auth/password", body).status_code
    return status


def test_the_present_password_changes_it_and_ends_the_other_sessions(api: ApiClient) -> None:
    account = make_account()
    mine, other = (services.open_session(user_id=account.id) for _ in range(2))
    client = api.as_(principal_for(account, mfa=False, session_id=mine.session_id))
    assert client.post("/auth/password", {"new_password": NEW, "current_password": PASSWORD}).status_code == 204
    assert session_is_open(session_id=mine.session_id)
    assert not session_is_open(session_id=other.session_id)
    with pytest.raises(Unauthenticated):
        services.refresh(refresh_token=other.refresh)
    assert isinstance(services.log_in(email=account.email, password=NEW), services.SignIn)
    with pytest.raises(Unauthenticated):
        services.log_in(email=account.email, password=PASSWORD)
    assert OutboxEntry.objects.get(name="identity.password.changed.v1").payload["reset"] is False


def test_a_wrong_or_missing_proof_changes_nothing(api: ApiClient) -> None:
    account = make_account()
    assert _change(api, account, new_password=NEW, current_password="wrong " + PASSWORD) == 401
    assert _change(api, account, new_password=NEW) == 403
    assert _change(api, account, mfa=True, new_password=NEW) == 204


def test_wrong_present_passwords_are_counted(api: ApiClient) -> None:
    account = make_account()
    wrong = [_change(api, account, new_password=NEW, current_password="wrong") for _ in range(7)]
    assert wrong == [401] * 5 + [429] * 2


def test_the_least_length_follows_the_second_factor(api: ApiClient) -> None:
    account, short = make_account(), "kVoq7Zr2m"
    assert _change(api, account, mfa=True, new_password=short) == 400
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    assert _change(api, account, mfa=True, new_password=short) == 204


def test_own_names_and_the_blocklist_are_refused(api: ApiClient) -> None:
    account = make_account(full_name="Wilhelmina Ptarmigan")
    for weak in ("wilhelmina ptarmigan", "passwordpassword", "secondopinion2026"):
        assert _change(api, account, mfa=True, new_password=weak) == 400


def test_hashes_of_an_older_setting_are_renewed_at_the_next_sign_in() -> None:
    account = make_account()
    old = old_hash(PASSWORD)
    User.objects.filter(id=account.id).update(password=old)
    verify_credentials(email=account.email, password=PASSWORD)
    renewed = User.objects.get(id=account.id).password
    assert renewed != old
    verify_credentials(email=account.email, password=PASSWORD)
    assert User.objects.get(id=account.id).password == renewed


def test_hashes_are_argon2id_of_at_least_19_mib() -> None:
    parts = make_account().email and User.objects.latest("created_at").password.split("$")
    assert parts[1] == "argon2id"
    cost = dict(pair.split("=") for pair in parts[3].split(","))
    assert int(cost["m"]) >= 19 * 1024
    assert int(cost["t"]) >= 2


def old_hash(password: str, memory: int = 19 * 1024) -> str:
    """A hash of a cheaper setting than today's (``memory`` in KiB)."""
    from argon2.low_level import Type, hash_secret

    return "argon2" + hash_secret(password.encode(), b"sixteen byte sal", 2, memory, 1, 32, Type.ID).decode()


def test_asking_again_for_the_confirmation_gives_one_answer_and_a_link_where_one_is_due(api: ApiClient) -> None:
    waiting, confirmed = make_account(email_verified=False), make_account()
    answers = [
        api.post("/auth/resend-verification", {"email": email})
        for email in (waiting.email, confirmed.email, "nobody@example.org")
    ]
    assert {(a.status_code, a.content) for a in answers} == {(202, answers[0].content)}
    drain("identity")
    asked = OutboxEntry.objects.filter(name="identity.verification.requested.v1")
    assert [entry.aggregate_id for entry in asked] == [waiting.id]


@pytest.mark.django_db(transaction=True)
def test_twenty_reset_links_used_twice_at_once_give_twenty_successes() -> None:
    taken = 0
    for number in range(20):
        account = make_account()
        token = services.issue_email_token(user_id=account.id, purpose="reset")
        results, _ = at_once(
            lambda n, token=token, number=number: services.reset_password(token=token, password=f"{NEW} {number} {n}"),
            2,
        )
        taken += len(results)
    assert taken == 20
    assert not Session.objects.exists()


def test_a_reset_never_turns_the_second_factor_off() -> None:
    for number in range(10):
        account = make_account("nurse")
        services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
        token = services.issue_email_token(user_id=account.id, purpose="reset")
        services.reset_password(token=token, password=f"{NEW} {number}")
        assert services.has_second_factor(user_id=account.id)
