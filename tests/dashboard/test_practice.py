"""A specialist changes what patients read and how many cases come; nobody else's profile is touched."""

from __future__ import annotations

from typing import Any

import pytest

from config.kernel.due_work import drain
from notifications import services as notifications
from professionals import services
from professionals.models import AuditEntry
from tests.cases.support import make_specialist
from tests.dashboard.test_pages import as_specialist

pytestmark = pytest.mark.django_db


def test_profile_capacity_and_mail_are_saved_and_shown() -> None:
    who, other = make_specialist(), make_specialist()
    before = services.get_by_user(user_id=other.require_user_id())
    client = as_specialist(who)
    page = client.get("/dashboard/practice").content.decode()
    assert "DE" in page
    mine = services.get_by_user(user_id=who.require_user_id())
    form = {"languages": "de, EN", "biography": "Valves since 1999.", "version": str(mine.version)}
    assert client.post("/dashboard/practice/profile", form).status_code == 302
    assert client.post("/dashboard/practice/availability", {"capacity": "7"}).status_code == 302
    assert client.post("/dashboard/practice/news", {}).status_code == 302
    now = services.get_by_user(user_id=who.require_user_id())
    assert (now.languages, now.biography, now.capacity, now.accepting) == (("de", "en"), "Valves since 1999.", 7, False)
    assert notifications.email_preference(user_id=who.require_user_id()) is False
    assert services.get_by_user(user_id=other.require_user_id()) == before
    assert "Valves since 1999." in client.get("/dashboard/practice").content.decode()
    drain()
    assert AuditEntry.objects.filter(action="professional.update", object_id=now.id).count() == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("profile", {"languages": "german", "biography": "kept as written"}),
        ("profile", {"languages": "", "biography": "kept as written"}),
        ("profile", {"languages": "de", "biography": "kept as written", "version": "999"}),
        ("availability", {"capacity": "0"}),
        ("availability", {"capacity": "many"}),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_kept(path: str, form: dict[str, Any]) -> None:
    who = make_specialist()
    before = services.get_by_user(user_id=who.require_user_id())
    answer = as_specialist(who).post(f"/dashboard/practice/{path}", form)
    assert answer.status_code in (400, 412)
    assert b'role="alert"' in answer.content
    if "biography" in form:
        assert b"kept as written" in answer.content
    assert services.get_by_user(user_id=who.require_user_id()) == before
