"""What gives power is decided on staff pages by the right people, and shows no secret."""

import pytest
from django.test import Client

from identity import services
from identity.models import AuditEntry, RoleChange, ServiceKey, Session, User
from tests.factories import make_patient
from tests.identity.test_admin import _list, _page, _rows, _sign_in, _staff
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    _sign_in(client, _staff("administrator"))
    return client


def test_the_second_administrator_decides_on_the_page(administrator: Client) -> None:
    _rows()
    change = RoleChange.objects.get()
    administrator.post(_list(RoleChange), {"action": "approve_selected", "_selected_action": [str(change.id)]})
    assert "nurse" in services.roles_for(user_id=change.user_id)


def test_who_asked_does_not_decide_on_the_page_either(administrator: Client) -> None:
    _rows()
    own = Session.objects.get(ended_at=None).user_id
    RoleChange.objects.update(requested_by=own)
    change = RoleChange.objects.get()
    data = {"action": "approve_selected", "_selected_action": [str(change.id)]}
    answer = administrator.post(_list(RoleChange), data, follow=True)
    assert b"Another administrator must decide this" in answer.content
    assert "nurse" not in services.roles_for(user_id=change.user_id)


def test_a_key_is_ended_on_the_page_and_its_hash_never_shown(administrator: Client) -> None:
    _rows()
    key = ServiceKey.objects.get()
    assert bytes(key.secret_hash).hex().encode() not in administrator.get(_page(key)).content
    administrator.post(_list(ServiceKey), {"action": "end_selected", "_selected_action": [str(key.id)]})
    assert ServiceKey.objects.get().ended_at is not None


def test_an_account_is_switched_off_and_on_by_administrators_only(administrator: Client) -> None:
    person = make_patient()
    selected = {"_selected_action": [str(person.user_id)]}
    administrator.post(_list(User), {"action": "switch_off", **selected})
    assert not services.get_account(user_id=person.require_user_id()).active
    administrator.post(_list(User), {"action": "switch_on", **selected})
    assert services.get_account(user_id=person.require_user_id()).active
    support = Client()
    _sign_in(support, _staff("support"))
    support.post(_list(User), {"action": "switch_off", **selected})
    assert services.get_account(user_id=person.require_user_id()).active


def test_staff_end_the_sessions_of_an_account(administrator: Client) -> None:
    person = make_patient()
    sign_in = services.open_session(user_id=person.require_user_id())
    administrator.post(_list(User), {"action": "end_sessions", "_selected_action": [str(person.user_id)]})
    assert not session_is_open(session_id=sign_in.session_id)
    assert AuditEntry.objects.get(action="admin.end_sessions").patient_id == person.user_id


def test_staff_end_one_session(administrator: Client) -> None:
    person = make_patient()
    kept, ended = (services.open_session(user_id=person.require_user_id()).session_id for _ in range(2))
    administrator.post(_list(Session), {"action": "end_selected", "_selected_action": [str(ended)]})
    assert session_is_open(session_id=kept)
    assert not session_is_open(session_id=ended)
