"""Templates that two people have published."""

from __future__ import annotations

from typing import Any

from config.kernel import clock
from notifications.models import Edition
from tests.factories.notifications import EditionFactory

BODY = {
    "category": "announcements",
    "variables": "count: count\nday: date?",
    "in_app_text_en": "There are {{count}} new pages to read.",
    "in_app_text_de": "Es gibt {{count}} neue Seiten zu lesen.",
    "email_subject_en": "News of the platform",
    "email_text_en": "There are {{count}} new pages to read. Sign in to read them.",
    "email_subject_de": "Neues von der Plattform",
    "email_text_de": "Es gibt {{count}} neue Seiten zu lesen. Melden Sie sich an.",
}
VALUES = {"count": 3}


def publish_template(code: str = "autumn_news", **changes: Any) -> Edition:
    """In force from now on, in place of the version before it."""
    versions = Edition.objects.filter(kind="template", code=code)
    versions.filter(state="PUBLISHED").update(state="RETIRED")
    number = versions.count() + 1
    return EditionFactory(kind="template", code=code, number=number, body=BODY | changes, published_at=clock.now())
