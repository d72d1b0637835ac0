"""A specialist's registration that somebody planted is gone once the mailbox's owner has reset the password."""

from __future__ import annotations

import pytest

from config.kernel.due_work import drain
from identity import services as identity
from professionals import services as professionals
from professionals.models import Professional
from tests.client import ApiClient

pytestmark = pytest.mark.django_db
ADDRESS, OWN = "victim@example.org", "eleven quiet lighthouses"


def test_a_planted_specialist_leaves_no_profile_after_a_reset() -> None:
    planted = professionals.register_professional(
        email=ADDRESS,
        password="seven hidden garden doors",
        full_name="Dr Planter",
        specialty="oncology",
        languages=["en"],
        organisation="Planted Clinic",
    )
    token = identity.issue_email_token(user_id=planted.user_id, purpose="reset")
    answer = ApiClient().post("/auth/reset-password", {"token": token, "password": OWN})
    assert answer.status_code == 200
    drain()
    assert not Professional.objects.exists()
    account = identity.find_account(email=ADDRESS)
    assert account
    assert (account.roles, account.full_name) == ({"patient"}, "")
    assert "access" in ApiClient().post("/auth/login", {"email": ADDRESS, "password": OWN}).json()
