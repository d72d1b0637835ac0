"""The admin: staff with a second factor only; every view leaves an audit row; nothing personal by default."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.kernel import clock
from config.kernel.admin import PlatformModelAdmin
from config.kernel.auth import Principal, acting_as
from config.kernel.db import context_labels
from identity import services
from identity.db import atomic
from identity.models import AuditEntry, Job, OutboxEntry, RecoveryCode, RoleGrant, Session, User
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_patient, make_person, totp_code
from tests.factories.identity import JobFactory

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
IDENTITY_MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "identity"), key=lambda m: m.__name__
)


def _staff(*roles: str) -> services.AccountDTO:
    account = make_account(*roles)
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    return account


def _sign_in(client: Client, account: services.AccountDTO, **changes: str) -> Any:
    form = {"email": account.email, "password": PASSWORD, "code": totp_code()} | changes
    return client.post(LOGIN, form)


@pytest.fixture
def administrator(client: Client) -> Client:
    _sign_in(client, _staff("administrator"))
    return client


def _list(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _form_page(response: Any) -> bool:
    return response.status_code == 200 and b'name="code"' in response.content


def test_staff_get_in_with_address_password_and_code(client: Client) -> None:
    account = _staff("coordinator")
    answer = _sign_in(client, account)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get(_list(User)).status_code == 200
    session = Session.objects.get(user_id=account.id)
    assert session.mfa_at is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "000000"},
        {"code": ""},
        {"password": "wrong"},
        {"email": "nobody@example.org"},
        {"code": "abcdef"},
        {"email": "x"},
    ],
)
def test_staff_without_one_of_the_three_do_not_get_in(client: Client, changes: dict[str, str]) -> None:
    assert _form_page(_sign_in(client, _staff("administrator"), **changes))
    assert client.get("/admin/").status_code == 302


def test_a_wrong_password_and_a_wrong_code_look_the_same(client: Client) -> None:
    import re

    account = _staff("administrator")
    pages = [_sign_in(client, account, **changes) for changes in ({"password": "wrong"}, {"code": "000000"})]
    texts = [re.sub(rb'(csrfmiddlewaretoken" value="|nonce=")[^"]+', b"", page.content) for page in pages]
    assert texts[0] == texts[1]


def test_staff_who_never_set_a_second_factor_up_do_not_get_in(client: Client) -> None:
    assert _form_page(_sign_in(client, make_account("administrator")))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("role", ["patient", "professional"])
def test_who_is_no_staff_does_not_get_in(client: Client, role: str) -> None:
    assert _form_page(_sign_in(client, _staff(role)))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("role", ["administrator", "support", "patient"])
def test_a_django_session_alone_opens_nothing(client: Client, role: str) -> None:
    user = User.objects.get(id=_staff(role).id)
    User.objects.filter(id=user.id).update(is_staff=True)
    client.force_login(user)
    for path in ("/admin/", _list(User), _list(AuditEntry)):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, LOGIN)


def test_an_access_token_does_not_open_the_admin(client: Client) -> None:
    account = _staff("administrator")
    access = services.open_session(user_id=account.id, mfa_at=clock.now()).access
    assert client.get("/admin/", headers={"Authorization": f"Bearer {access}"}).status_code == 302


def test_the_code_that_got_in_gets_in_once(client: Client) -> None:
    account, code = _staff("administrator"), totp_code()
    assert _sign_in(client, account, code=code).status_code == 302
    assert _form_page(_sign_in(Client(), account, code=code))


def test_the_session_key_is_new_after_signing_in(client: Client) -> None:
    client.get(LOGIN)
    client.session["planted"] = "x"
    before = client.session.session_key
    _sign_in(client, _staff("administrator"))
    assert client.cookies["sop_session"].value != before


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/admin/login/"])
def test_signing_in_never_leads_elsewhere(client: Client, target: str) -> None:
    account = _staff("administrator")
    answer = client.post(f"{LOGIN}?next={target}", {"email": account.email, "password": PASSWORD, "code": totp_code()})
    assert answer["Location"] == "/admin/"


@pytest.mark.parametrize(("minutes", "path_open"), [(29, True), (30, False), (60 * 12, False)])
def test_an_idle_session_ends(administrator: Client, minutes: int, path_open: bool) -> None:
    with clock.shifted(timedelta(minutes=minutes)):
        assert administrator.get(_list(User)).status_code == (200 if path_open else 302)
    assert (Session.objects.get().ended_at is None) is path_open


def test_a_busy_session_ends_after_twelve_hours(administrator: Client) -> None:
    start = clock.now()
    for minutes in range(0, 12 * 60, 29):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert administrator.get(_list(User)).status_code == 200
    with clock.frozen(start + timedelta(hours=12, seconds=1)):
        assert administrator.get("/admin/").status_code == 302
    assert Session.objects.get().end_reason == "absolute"


def test_ending_the_session_from_elsewhere_closes_the_admin(administrator: Client) -> None:
    session = Session.objects.get()
    services.end_all_sessions(user_id=session.user_id, reason="administrator")
    assert administrator.get("/admin/").status_code == 302


def test_a_role_taken_away_closes_the_admin(administrator: Client) -> None:
    RoleGrant.objects.all().delete()
    assert administrator.get("/admin/").status_code == 302


def test_an_account_switched_off_is_out(administrator: Client) -> None:
    User.objects.update(is_active=False)
    assert administrator.get("/admin/").status_code == 302


def test_signing_out_ends_the_session_row(administrator: Client) -> None:
    assert administrator.post("/admin/logout/").status_code == 302
    assert administrator.get("/admin/").status_code == 302
    assert Session.objects.get().end_reason == "logout"


def test_no_password_is_changed_in_the_admin(administrator: Client) -> None:
    assert administrator.get("/admin/password_change/").status_code == 404


def _rows() -> None:
    """One of each that a page shows."""
    patient, staff = make_patient(), make_person("administrator")
    services.offer_proxy(
        principal=patient, email="a@example.org", scopes=["read"], ends_at=clock.now() + timedelta(days=9)
    )
    with acting_as(staff):
        services.request_role_change(
            principal=staff, user_id=patient.require_user_id(), role="nurse", granted=True, reason="joins the team"
        )
        services.create_service_key(
            principal=staff,
            name="bridge",
            scopes=["notify"],
            networks=["10.0.0.0/8"],
            expires_at=clock.now() + timedelta(days=3),
        )
    _of_privacy(patient, staff)
    with atomic():
        JobFactory()


def _of_privacy(patient: Principal, staff: Principal) -> None:
    who, erased = patient.require_user_id(), make_patient().require_user_id()
    with acting_as(patient):
        services.request_export(principal=patient, user_id=who)
        services.request_rectification(principal=patient, user_id=who, about="case", wrong="left", right="right")
    with acting_as(staff):
        services.propose_merge(
            principal=staff, survivor_id=who, alias_id=make_patient().require_user_id(), reason="Told us by telephone."
        )
        services.place_legal_hold(principal=staff, user_id=who, reason="A dispute.")
        services.request_erasure(principal=staff, user_id=erased)


@pytest.mark.parametrize("model", IDENTITY_MODELS, ids=lambda m: m.__name__)
def test_every_list_opens_is_audited_and_costs_few_queries(administrator: Client, model: Any) -> None:
    for _ in range(5):
        patient = make_patient()
        services.open_session(user_id=patient.user_id or uuid4())
    administrator.get(_list(model))
    with CaptureQueriesContext(connections["default"]) as queries:
        answer = administrator.get(_list(model))
    assert answer.status_code == 200
    assert len(queries) <= 12, [q["sql"] for q in queries]
    assert AuditEntry.objects.filter(action="admin.list", object_type=model._meta.model_name).count() == 2


@pytest.mark.parametrize("model", IDENTITY_MODELS, ids=lambda m: m.__name__)
def test_every_row_opens_read_only_and_is_audited(administrator: Client, model: Any) -> None:
    _rows()
    row = model.objects.first()
    answer = administrator.get(_page(row))
    assert answer.status_code == 200
    assert b'name="_save"' not in answer.content
    assert AuditEntry.objects.filter(action="admin.read", object_type=model._meta.model_name).count() == 1
    assert administrator.post(_page(row), {}).status_code == 403


@pytest.mark.parametrize("model", IDENTITY_MODELS, ids=lambda m: m.__name__)
def test_nothing_is_added_or_deleted_by_hand(administrator: Client, model: Any) -> None:
    _rows()
    base = _list(model)
    assert administrator.get(f"{base}add/").status_code == 403
    assert administrator.post(f"{base}{model.objects.first().pk}/delete/", {"post": "yes"}).status_code == 403


def test_pages_show_no_address_name_or_secret(administrator: Client) -> None:
    person = make_patient(email="zelda.quint@example.org", full_name="Zelda Quint")
    user = User.objects.get(id=person.user_id)
    session = Session.objects.get(id=services.open_session(user_id=user.id, device="Phone").session_id)
    for path in (_list(User), _page(user), _list(Session), _page(session)):
        content = administrator.get(path).content.lower()
        assert b"zelda" not in content
        assert b"quint" not in content
        assert user.password.encode() not in content
    assert "z…@example.org" in administrator.get(_list(User)).content.decode()


def test_reading_a_persons_page_names_them_in_the_audit(administrator: Client) -> None:
    person = make_patient()
    administrator.get(_page(User.objects.get(id=person.user_id)))
    row = AuditEntry.objects.get(action="admin.read")
    assert (row.patient_id, row.object_id, row.actor_roles) == (person.user_id, person.user_id, "administrator")
    assert row.actor_id == Session.objects.get(user_id=row.actor_id).user_id


def test_people_are_found_by_a_whole_address_or_id_only(administrator: Client) -> None:
    person = make_patient(email="zelda.quint@example.org")

    def found(term: str) -> bool:
        return str(person.user_id)[-12:] in administrator.get(_list(User), {"q": term}).content.decode()

    assert found("Zelda.Quint@example.org")
    assert found(str(person.user_id))
    for term in ("zelda", "@example.org", "zelda.quint@", "quint", "z", "1", "'; --"):
        assert not found(term), term


RIGHTS = {"Export", "Erasure", "LegalHold", "Rectification"}
GOVERNED = {
    "PatientMerge",
    "User",
    "RoleGrant",
    "RoleChange",
    "ServiceKey",
    "Proxy",
    "Consent",
    "Session",
    "AuditEntry",
} | RIGHTS


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("administrator", GOVERNED | {"OutboxEntry", "Job"}),
        ("privacy_officer", GOVERNED),
        ("support", {"PatientMerge", "User", "Session", "OutboxEntry", "Job"}),
        ("coordinator", {"PatientMerge", "User", "Consent", "Session", "Proxy"}),
        ("nurse", set()),
        ("medical_director", set()),
    ],
)
def test_each_role_sees_its_own_pages_only(client: Client, role: str, sees: set[str]) -> None:
    _sign_in(client, _staff(role))
    opened = {model.__name__ for model in IDENTITY_MODELS if client.get(_list(model)).status_code == 200}
    assert opened == sees


def test_a_page_that_cannot_be_audited_is_not_shown(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from config.kernel.audit import AuditUnavailable

    def broken(**_: Any) -> None:
        raise AuditUnavailable("The audit log does not answer.")

    monkeypatch.setattr("config.kernel.admin.audited_pages.record", broken)
    answer = administrator.get(_list(User))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"example.org" not in answer.content


def test_a_refusal_by_a_service_is_told_on_the_page(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from config.kernel.errors import Conflict

    def refuse(**_: Any) -> None:
        raise Conflict("Somebody ended it a moment ago.")

    person = make_patient()
    sign_in = services.open_session(user_id=person.user_id or uuid4())
    monkeypatch.setattr("identity.admin.accounts.services.end_session", refuse)
    form = {"action": "end_selected", "_selected_action": [str(sign_in.session_id)]}
    answer = administrator.post(_list(Session), form, follow=True)
    assert b"Somebody ended it a moment ago." in answer.content


def test_dead_events_are_sent_again_by_an_administrator(administrator: Client) -> None:
    make_account()
    dead = OutboxEntry.objects.order_by("position").first()
    assert dead
    OutboxEntry.objects.filter(position=dead.position).update(status="DEAD", tries=8, last_error="ValueError")
    sent = OutboxEntry.objects.exclude(position=dead.position).first()
    assert sent
    OutboxEntry.objects.filter(position=sent.position).update(status="SENT")
    form = {"action": "resubmit_dead", "_selected_action": [dead.position, sent.position]}
    assert administrator.post(_list(OutboxEntry), form).status_code == 302
    states = dict(OutboxEntry.objects.values_list("position", "status"))
    assert (states[dead.position], states[sent.position]) == ("PENDING", "SENT")
    assert AuditEntry.objects.get(action="admin.resubmit").detail == {"events": "1"}


def test_dead_jobs_are_queued_again_with_new_tries(administrator: Client) -> None:
    dead = JobFactory(dead=True)
    done = JobFactory(done=True)
    administrator.post(_list(Job), {"action": "resubmit_dead", "_selected_action": [str(dead.id), str(done.id)]})
    dead.refresh_from_db()
    done.refresh_from_db()
    assert (dead.state, dead.tries, dead.last_error, done.state) == ("QUEUED", 0, "", "DONE")


def test_support_sees_dead_events_and_cannot_send_them(client: Client) -> None:
    make_account()
    OutboxEntry.objects.update(status="DEAD")
    _sign_in(client, _staff("support"))
    position = OutboxEntry.objects.filter(status="DEAD").values_list("position", flat=True)[0]
    client.post(_list(OutboxEntry), {"action": "resubmit_dead", "_selected_action": [position]})
    assert OutboxEntry.objects.get(position=position).status == "DEAD"


def test_only_audited_pages_of_the_contexts_are_there() -> None:
    assert all(isinstance(page, PlatformModelAdmin) for page in admin.site._registry.values())
    assert {model._meta.app_label for model in admin.site._registry} <= set(context_labels())


@pytest.mark.parametrize("path", ["otp_totp/totpdevice/", "otp_static/staticdevice/", "auth/group/"])
def test_pages_that_libraries_bring_along_do_not_exist(administrator: Client, path: str) -> None:
    assert administrator.get(f"/admin/{path}").status_code == 404


def test_a_page_that_is_not_audited_cannot_be_registered() -> None:
    from unfold.admin import ModelAdmin

    with pytest.raises(ImproperlyConfigured, match=r"identity\.RecoveryCode"):
        admin.site.register(RecoveryCode, ModelAdmin)


def test_the_form_is_protected_against_forgery() -> None:
    client = Client(enforce_csrf_checks=True)
    assert _sign_in(client, _staff("administrator")).status_code == 403
