"""What the pages of templates and campaigns name in words is taken in words."""

from typing import Any

import pytest

from notifications.admin.campaign_forms import PlanForm
from notifications.domain.template_bodies import variables_of
from tests.notifications.templates_in_force import publish_template


def test_a_type_is_taken_in_words_and_as_a_code() -> None:
    assert variables_of("a: support contact\nb: support_contact\nc: count?")[0] == {
        "a": "support_contact",
        "b": "support_contact",
        "c": "count?",
    }


PLAN = {
    "name": "News",
    "template": "autumn_news",
    "roles": ["medical_director", "privacy_officer"],
    "locales": ["de"],
    "countries": "DE, AT",
    "specialties": ["cardiology"],
    "starts_at": "2026-12-01T09:00",
    "zone": "recipient",
    "per_minute": "600",
}


@pytest.mark.django_db
def test_what_is_chosen_is_named_in_words_and_taken_as_codes() -> None:
    publish_template()
    publish_template("one_case", category="case")
    form = PlanForm(PLAN)
    assert form.is_valid(), form.errors
    assert form.plan().audience == {
        "roles": ["medical_director", "privacy_officer"],
        "locales": ["de"],
        "countries": ["DE", "AT"],
        "specialties": ["cardiology"],
    }
    page = str(form)
    for words in ("Autumn news", "Medical director", "German", "Cardiology", "wherever each of them is"):
        assert words in page
    # What is about one case is said to nobody else, and no zone is anything that only this machine knows.
    assert not any(code in page for code in ("one_case", "One case", "localtime", "Factory"))


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"template": "nothing"}, {"roles": ["owner"]}, {"zone": "Mars/Base"}])
def test_what_there_is_not_cannot_be_chosen(wrong: dict[str, Any]) -> None:
    publish_template()
    assert list(PlanForm(PLAN | wrong).errors) == list(wrong)
