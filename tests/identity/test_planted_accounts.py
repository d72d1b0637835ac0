"""An address belongs to whoever reads its mailbox: what somebody else put there before, opens and locks nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Invalid, Unauthenticated
from identity import services
from identity.models import (
    EmailChange,
    KnownDevice,
    OutboxEntry,
    Passkey,
    Proxy,
    RecoveryCode,
    ServiceKey,
    Session,
    TotpSecret,
    User,
)
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_patient, make_person, principal_for, with_totp
from tests.factories.identity import RefreshTokenFactory, ServiceKeyFactory, SessionFactory
from tests.identity.at_once import at_once
from tests.identity.authenticator import ORIGIN, Authenticator

pytestmark = pytest.mark.django_db
ADDRESS = "victim@example.org"
PLANTED, OWN = "seven hidden garden doors", "eleven quiet lighthouses"


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.PUBLIC_URL = ORIGIN


def registered(api: ApiClient, password: str, name: str = "Max Muster", email: str = ADDRESS) -> User:
    """A registration as anybody sends it; its row."""
    body = {"email": email, "password": password, "full_name": name, "date_of_birth": "1980-02-29"}
    assert api.post("/auth/register", body).status_code == 202
    drain("identity")
    return User.objects.waiting().filter(email=email)[0]


def link(user: User, purpose: str = "verify") -> str:
    return services.issue_email_token(user_id=user.id, purpose=purpose)


def signed_in(api: ApiClient, password: str, email: str = ADDRESS) -> Any:
    return api.post("/auth/login", {"email": email, "password": password})


class Planter:
    """Everything that can hang on an account, put there before anybody proved its mailbox."""

    def __init__(self, user: User) -> None:
        self.user, account = user, services.get_account(user_id=user.id)
        who = principal_for(account)
        self.passkey = Authenticator()
        begun = services.begin_passkey(principal=who)
        made = self.passkey.create(dict(begun.options))
        _, self.codes = services.add_passkey(
            principal=who, challenge_id=begun.challenge_id, credential=made, name="Planted"
        )
        services.seed_totp(user_id=user.id, secret=TOTP_SECRET)
        session = SessionFactory(user=User.objects.get(id=user.id))
        RefreshTokenFactory(session=session, token_hash=b"planted")
        services.remember_device(user_id=user.id, device_token="")
        services.request_email_change(principal=who, email="planter@example.org")
        ends_at = clock.now() + timedelta(days=9)
        services.offer_proxy(principal=who, email="planter@example.org", scopes=["read"], ends_at=ends_at)
        ServiceKeyFactory(secret_hash=b"planted", owner_id=user.id)
        self.change = services.issue_email_token(
            user_id=user.id, purpose="change", about=EmailChange.objects.get(user=user).id
        )

    def left(self) -> dict[str, int]:
        """What of it still counts."""
        mine = {"user_id": self.user.id}
        return {
            "passkeys": Passkey.objects.filter(**mine).count(),
            "apps": TotpSecret.objects.filter(**mine).count(),
            "codes": RecoveryCode.objects.filter(device__user_id=self.user.id).count(),
            "sessions": Session.objects.filter(ended_at=None, **mine).count(),
            "devices": KnownDevice.objects.filter(**mine).count(),
            "changes": EmailChange.objects.filter(**mine).count(),
            "proxies": Proxy.objects.filter(patient_id=self.user.id).exclude(state="REVOKED").count(),
            "keys": ServiceKey.objects.filter(owner_id=self.user.id, ended_at=None).count(),
        }

    def enters_by_passkey(self) -> Any:
        api = ApiClient()
        begun = api.post("/auth/passkeys/sign-in/options", {}).json()
        body = {"challenge_id": begun["challenge_id"], "credential": self.passkey.get(begun["options"])}
        return api.post("/auth/passkeys/sign-in", body)


class TestBeforeTheProof:
    def test_the_right_password_is_answered_like_a_wrong_one(self, api: ApiClient) -> None:
        registered(api, PLANTED)
        answers = [signed_in(api, PLANTED), signed_in(api, "another long phrase here")]
        told = [(answer.status_code, {**answer.json(), "request_id": ""}, set(answer.headers)) for answer in answers]
        assert told[0] == told[1]
        assert told[0][0] == 401

    @pytest.mark.parametrize("role", ["patient", "professional", "nurse"])
    def test_nobody_gets_a_session_or_the_way_to_a_second_factor(self, api: ApiClient, role: str) -> None:
        account = make_account(role, email_verified=False, email=ADDRESS)
        assert signed_in(api, PASSWORD).status_code == 401
        with pytest.raises(Unauthenticated):
            services.open_session(user_id=account.id)
        assert not Session.objects.filter(user_id=account.id).exists()

    def test_a_planted_passkey_signs_nobody_in(self, api: ApiClient) -> None:
        assert Planter(registered(api, PLANTED)).enters_by_passkey().status_code == 401

    def test_a_token_from_before_opens_nothing(self, api: ApiClient) -> None:
        user = registered(api, PLANTED)
        who = principal_for(services.get_account(user_id=user.id))
        for path in ("/profile/me", "/proxies", "/cases", "/auth/passkeys", "/notifications", "/sessions"):
            answer = api.as_(who).get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "email_unverified")

    def test_nothing_is_offered_to_a_registration(self, api: ApiClient) -> None:
        user = registered(api, PLANTED)
        ends_at = clock.now() + timedelta(days=9)
        services.offer_proxy(principal=make_patient(), email=ADDRESS, scopes=["read"], ends_at=ends_at)
        assert not OutboxEntry.objects.filter(name="identity.proxy.offered.v1").exists()
        account = services.verify_email(token=link(user), password=PLANTED)
        assert len(services.list_proxies(principal=principal_for(account))) == 1

    def test_it_is_given_no_role(self, api: ApiClient) -> None:
        with pytest.raises(Conflict, match="confirmed"):
            services.request_role_change(
                principal=make_person("administrator"), user_id=registered(api, PLANTED).id, role="nurse",
                granted=True, reason="joins the nursing team",
            )  # fmt: skip

    def test_it_is_joined_with_no_account(self, api: ApiClient) -> None:
        real, planted = make_account(), make_account(email_verified=False)
        with pytest.raises(Conflict, match="confirmed"):
            services.propose_merge(
                principal=make_person("coordinator"), survivor_id=planted.id, alias_id=real.id, reason="the same person"
            )


class TestTheProof:
    @pytest.mark.parametrize("proof", ["link", "reset"])
    def test_it_ends_whatever_was_put_there_before(self, api: ApiClient, proof: str) -> None:
        planter = Planter(registered(api, PLANTED))
        assert all(planter.left().values())
        if proof == "link":
            body = {"token": link(planter.user), "password": PLANTED}
            assert api.post("/auth/verify-email", body).status_code == 200
        else:
            body = {"token": link(planter.user, "reset"), "password": OWN}
            assert api.post("/auth/reset-password", body).status_code == 200
        left = planter.left() | ({"devices": 0} if proof == "reset" else {})
        assert not any(left.values()), left
        assert planter.enters_by_passkey().status_code == 401
        with pytest.raises(Invalid):
            services.confirm_email_change(token=planter.change, password=PLANTED)

    def test_a_reset_is_a_proof_and_locks_the_owner_not_out(self, api: ApiClient) -> None:
        planter = Planter(registered(api, PLANTED))
        body = {"token": link(planter.user, "reset"), "password": OWN}
        assert api.post("/auth/reset-password", body).status_code == 200
        assert "access" in signed_in(api, OWN).json()
        assert signed_in(api, PLANTED).status_code == 401

    @pytest.mark.parametrize("role", ["patient", "professional"])
    def test_what_a_planter_said_of_the_person_does_not_outlive_a_reset(self, role: str) -> None:
        told = {"country": "US", "region": "NY", "locale": "fr"}
        planted = make_account(role, email=ADDRESS, email_verified=False, password=PLANTED, **told)
        services.reset_password(token=link(User.objects.get(id=planted.id), "reset"), password=OWN)
        account = services.find_account(email=ADDRESS)
        assert account
        assert (account.full_name, account.date_of_birth, account.sex, account.email_verified) == ("", None, None, True)
        assert (account.country, account.region, account.locale, account.time_zone) == ("", "", "en", "UTC")
        assert account.roles == {"patient"}
        assert not User.objects.waiting().filter(email=ADDRESS).exists()
        with pytest.raises(Conflict, match="full_name"):
            services.require_named(user_id=account.id)

    def test_the_mailbox_alone_confirms_nothing_that_others_registered(self, api: ApiClient) -> None:
        user = registered(api, PLANTED)
        token = link(user)
        answer = api.post("/auth/verify-email", {"token": token, "password": OWN})
        assert (answer.status_code, answer.json()["code"]) == (400, "password_wrong")
        assert api.post("/auth/verify-email", {"token": token}).status_code == 400
        assert not User.objects.confirmed().filter(email=ADDRESS).exists()
        assert services.verify_email(token=token, password=PLANTED).id == user.id

    def test_passwords_are_not_tried_at_a_link_without_end(self, api: ApiClient) -> None:
        body = {"token": link(registered(api, PLANTED)), "password": OWN}
        answers = [api.post("/auth/verify-email", body).status_code for _ in range(7)]
        assert answers == [400] * 5 + [429] * 2

    def test_a_factor_that_is_older_than_the_proof_goes_with_a_reset_and_a_younger_one_stays(self) -> None:
        older, younger = make_account("patient"), make_account("patient")
        for account in (older, younger):
            with_totp(principal_for(account))
        User.objects.filter(id=older.id).update(email_verified_at=clock.now() + timedelta(seconds=1))
        for account in (older, younger):
            user = User.objects.get(id=account.id)
            services.reset_password(token=link(user, "reset"), password=OWN)
        assert not services.has_second_factor(user_id=older.id)
        assert services.has_second_factor(user_id=younger.id)


class TestTwoRegistrationsOfOneAddress:
    def test_each_waits_for_itself_and_the_password_says_whose_it_is(self, api: ApiClient) -> None:
        planted = registered(api, PLANTED)
        owner = registered(api, OWN, "Maria Keller")
        assert owner.id != planted.id
        # Whichever of the two mails she opens.
        services.verify_email(token=link(planted), password=OWN)
        account = services.find_account(email=ADDRESS)
        assert account
        assert (account.id, account.full_name) == (owner.id, "Maria Keller")
        assert "access" in signed_in(api, OWN).json()
        assert signed_in(api, PLANTED).status_code == 401

    def test_the_other_is_erased_and_can_never_be_confirmed(self, api: ApiClient) -> None:
        planted, owner = registered(api, PLANTED), registered(api, OWN, "Maria Keller")
        late = link(planted)
        services.verify_email(token=link(owner), password=OWN)
        with pytest.raises(Invalid):
            services.verify_email(token=late, password=PLANTED)
        with pytest.raises(Invalid):
            services.reset_password(token=link(planted, "reset"), password=PLANTED)
        assert not User.objects.get(id=planted.id).is_active
        assert OutboxEntry.objects.filter(name="identity.erasure.requested.v1", aggregate_id=planted.id).exists()

    def test_a_planter_who_comes_later_keeps_nobody_out(self, api: ApiClient) -> None:
        owner = registered(api, OWN, "Maria Keller")
        mine = link(owner)
        registered(api, PLANTED)
        assert services.verify_email(token=mine, password=OWN).full_name == "Maria Keller"

    def test_a_planted_role_is_not_the_owners(self, api: ApiClient) -> None:
        make_account("professional", email=ADDRESS, email_verified=False, password=PLANTED)
        owner = registered(api, OWN, "Maria Keller")
        assert services.verify_email(token=link(owner), password=OWN).roles == {"patient"}

    def test_once_somebody_holds_it_a_registration_only_tells_them(self, api: ApiClient) -> None:
        holder = make_account(email=ADDRESS)
        shadow = make_account("professional", email=ADDRESS, email_verified=False, password=PLANTED)
        assert OutboxEntry.objects.get(name="identity.registration.repeated.v1").aggregate_id == holder.id
        with pytest.raises(Invalid):
            services.verify_email(token=link(User.objects.get(id=shadow.id)), password=PLANTED)
        assert services.find_account(email=ADDRESS) == services.get_account(user_id=holder.id)

    @pytest.mark.django_db(transaction=True)
    def test_two_proofs_at_once_make_one_account(self, api: ApiClient) -> None:
        one, two = registered(api, PLANTED), registered(api, OWN)
        verify, reset = link(one), link(two, "reset")

        def prove(number: int) -> Any:
            if number % 2:
                return services.verify_email(token=verify, password=PLANTED).id
            return services.reset_password(token=reset, password=OWN).id

        results, errors = at_once(prove, 2)
        assert (len(results), [type(error) for error in errors]) == (1, [Invalid])
        assert User.objects.confirmed().filter(email=ADDRESS, is_active=True).count() == 1
        assert User.objects.waiting().filter(email=ADDRESS).count() == 0


class TestAChangeOfAddress:
    def change(self, email: str = ADDRESS) -> tuple[services.AccountDTO, str]:
        thief = make_account()
        services.request_email_change(principal=principal_for(thief), email=email)
        about = EmailChange.objects.get(user_id=thief.id).id
        return thief, services.issue_email_token(user_id=thief.id, purpose="change", about=about)

    def test_a_stranger_who_presses_the_button_does_not_join_their_mailbox_with_the_thiefs_account(
        self, api: ApiClient
    ) -> None:
        thief, token = self.change()
        assert api.post("/auth/email/confirm", {"token": token}).status_code == 400
        assert api.post("/auth/email/confirm", {"token": token, "password": OWN}).status_code == 401
        assert services.get_account(user_id=thief.id).email == thief.email

    def test_an_owner_who_registers_meanwhile_has_the_address(self, api: ApiClient) -> None:
        _, token = self.change()
        owner = registered(api, OWN, "Maria Keller")
        services.verify_email(token=link(owner), password=OWN)
        with pytest.raises(Invalid):
            services.confirm_email_change(token=token, password=PASSWORD)

    def test_registrations_of_the_new_address_that_wait_are_erased(self, api: ApiClient) -> None:
        planted = registered(api, PLANTED)
        account, token = self.change()
        assert services.confirm_email_change(token=token, password=PASSWORD).email == ADDRESS
        assert not User.objects.get(id=planted.id).is_active
        assert services.find_account(email=ADDRESS) == services.get_account(user_id=account.id)

    def test_a_second_factor_of_the_owner_stays_with_a_change_of_address_and_a_reset_after_it(self) -> None:
        account, token = self.change()
        with_totp(principal_for(account))
        services.confirm_email_change(token=token, password=PASSWORD)
        services.reset_password(token=link(User.objects.get(id=account.id), "reset"), password=OWN)
        assert services.has_second_factor(user_id=account.id)
