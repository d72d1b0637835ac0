"""What the pages of templates and campaigns name in words is taken in words."""

from notifications.admin.campaign_forms import PlanForm
from notifications.domain.template_bodies import variables_of


def test_a_type_is_taken_in_words_and_as_a_code() -> None:
    assert variables_of("a: support contact\nb: support_contact\nc: count?")[0] == {
        "a": "support_contact",
        "b": "support_contact",
        "c": "count?",
    }


def test_roles_are_taken_in_words_and_as_codes() -> None:
    form = PlanForm(
        {
            "name": "News",
            "template": "news",
            "roles": "Medical director, privacy_officer",
            "starts_at": "2026-12-01T09:00",
            "zone": "recipient",
            "per_minute": "600",
        }
    )
    assert form.is_valid(), form.errors
    assert form.plan().audience == {"roles": ["medical_director", "privacy_officer"]}
