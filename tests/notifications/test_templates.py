"""Templates: what two people published is what people get, with values that can tell nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from config.kernel import editions
from config.kernel.errors import Forbidden, Invalid
from notifications.models import Edition
from notifications.services import templates
from notifications.services.templates.editions import TEMPLATES
from tests.factories import make_person

pytestmark = pytest.mark.django_db
VISITS: dict[str, str] = {
    "category": "reminders",
    "variables": "count: count\nlink: link\nvisits[].date: date\nvisits[].time: time\nuntil: date?",
    "in_app_text_en": "You have {{count}} visits:{{#each visits}}\n- {{date}}, {{time}}{{/each}}",
    "in_app_text_de": "Sie haben {{count}} Termine:{{#each visits}}\n- {{date}}, {{time}}{{/each}}",
    "email_subject_en": "Your visits",
    "email_text_en": "You have {{count}} visits{{#if until}} until {{until}}{{/if}}. Read more here:\n\n{{link}}",
    "sms_text_en": "{{count}} visits: {{link}}",
    "push_subject_en": "Visits",
    "push_text_en": "{{count}} visits",
}
SOON = "2026-12-24"
VALUES: dict[str, Any] = {"count": 2, "link": "/account/", "visits": [{"date": SOON, "time": "09:30"}]}


def draft(code: str = "visits", **changes: str) -> UUID:
    author = make_person("medical_director")
    row = editions.start(kind=TEMPLATES, principal=author, code=code)
    body = {**Edition.objects.get(id=row).body, **VISITS, **changes}
    editions.save(kind=TEMPLATES, principal=author, edition_id=row, version=1, body=body, note="")
    return row


def published(code: str = "visits", **changes: str) -> templates.Template:
    row = draft(code, **changes)
    editions.publish(kind=TEMPLATES, principal=make_person("administrator"), edition_id=row, version=2)
    found = templates.template_in_force(code=code)
    assert found is not None
    return found


def refused(**changes: str) -> dict[str, list[str]]:
    """What is told of a draft with these changes when somebody wants to publish it."""
    row = draft(**changes)
    with pytest.raises(Invalid) as caught:
        editions.publish(kind=TEMPLATES, principal=make_person("administrator"), edition_id=row, version=2)
    told: dict[str, list[str]] = {}
    for error in caught.value.errors:
        told.setdefault(error.pointer.removeprefix("#/"), []).append(error.detail)
    return told


def said(template: templates.Template, channel: str = "email", language: str = "en", **values: Any) -> str:
    return templates.render(template=template, channel=channel, language=language, values=VALUES | values).text


class TestInForce:
    def test_nobody_publishes_what_they_wrote_and_until_then_nothing_is_in_force(self) -> None:
        row = draft()
        author = make_person("medical_director")
        editions.save(kind=TEMPLATES, principal=author, edition_id=row, version=2, body=VISITS, note="")
        with pytest.raises(Forbidden):
            editions.publish(kind=TEMPLATES, principal=author, edition_id=row, version=3)
        assert templates.template_in_force(code="visits") is None
        editions.publish(kind=TEMPLATES, principal=make_person("administrator"), edition_id=row, version=3)
        found = templates.template_in_force(code="visits")
        assert found is not None
        assert (found.version, found.category, found.channels) == (1, "reminders", ("in_app", "email", "sms", "push"))

    def test_a_version_stays_what_it_was_when_the_next_one_is_published_and_when_it_is_retired(self) -> None:
        published()
        assert published(push_text_en="Only {{count}}").version == 2
        first = templates.template_version(code="visits", version=1)
        assert first is not None
        assert said(first, "push") == "2 visits"
        assert templates.template_version(code="visits", version=3) is None

    def test_a_draft_is_no_version(self) -> None:
        draft()
        assert templates.template_version(code="visits", version=1) is None

    def test_a_retired_template_is_in_force_no_more(self) -> None:
        published()
        row = Edition.objects.get(kind="template", code="visits")
        editions.retire(kind=TEMPLATES, principal=make_person("administrator"), edition_id=row.id, reason="Old.")
        assert templates.template_in_force(code="visits") is None

    @pytest.mark.parametrize("code", ["X", "a b", "../x", "über", "a" * 61, "1a"])
    def test_a_code_is_plain(self, code: str) -> None:
        with pytest.raises(Invalid):
            editions.start(kind=TEMPLATES, principal=make_person("administrator"), code=code)


class TestWhatItSays:
    def test_each_channel_says_its_own_and_each_language_writes_its_days(self) -> None:
        template = published()
        assert said(template, "in_app") == "You have 2 visits:\n- 24 December 2026, 09:30"
        assert said(template, "in_app", "de") == "Sie haben 2 Termine:\n- 24. Dezember 2026, 09:30"
        mail = templates.render(template=template, channel="email", language="es", values=VALUES)
        assert (mail.subject, mail.language) == ("Your visits", "en")
        assert "\n\nhttp" in mail.text
        assert mail.text.endswith("/account/")

    def test_what_may_be_missing_is_left_out(self) -> None:
        template = published()
        assert "until" not in said(template)
        assert "visits until 31 December 2026." in said(template, until="2026-12-31")

    def test_an_old_notice_reads_as_it_was_and_no_day_of_birth_is_sent(self) -> None:
        template = published()
        old = {**VALUES, "visits": [{"date": "1961-04-17", "time": "09:30"}]}
        assert "17 April 1961" in said(template, "in_app", **old)
        with pytest.raises(Invalid):
            said(template, "email", **old)
        (fault,) = templates.value_faults(template=template, values=old)
        assert fault.pointer == "#/values/visits[0]/date"

    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        template = published()
        wrong = {"count": "two", "link": "https://evil.example/", "visits": [{"date": "24.12."}], "name": "Maria"}
        with pytest.raises(Invalid) as caught:
            templates.render(template=template, channel="email", language="en", values=wrong)
        told = {error.pointer for error in caught.value.errors}
        assert told == {
            "#/values/values",
            "#/values/count",
            "#/values/link",
            "#/values/visits[0]/date",
            "#/values/visits[0]/time",
        }
        assert "Maria" not in str(caught.value.errors)

    def test_a_channel_without_a_text_is_refused(self) -> None:
        template = published(sms_text_en="")
        assert "sms" not in template.channels
        with pytest.raises(Invalid, match="sms"):
            said(template, "sms")

    def test_words_are_looked_at_as_the_values_put_them_together(self) -> None:
        template = published(push_text_en="{{#if count}}Vitamin{{else}}News{{/if}} {{#if until}}two{{else}}d{{/if}}")
        with pytest.raises(Invalid, match="health"):
            said(template, "push")
        assert said(template, "push", count=0) == "News d"


class TestPublishing:
    def test_a_right_template_has_no_faults(self) -> None:
        assert list(TEMPLATES.check("visits", VISITS)) == []

    @pytest.mark.parametrize(
        ("field", "text", "told"),
        [
            ("email_text_en", "Dear {{name}}", "no such variable"),
            ("email_text_en", "{{{link}}}", "Line 1, column 1"),
            ("email_text_en", "Your biopsy is back. {{link}}", "health"),
            ("email_text_en", "Go to evil.example", "no address"),
            ("email_text_en", "<b>Hello</b>", "no tags"),
            ("email_text_en", "From Dr. Miller: {{link}}", "person"),
            ("sms_text_en", "{{count}} visits " + "x" * 480, "parts"),
            ("sms_text_en", "á" * 210, "parts"),
            ("push_text_en", "Ihr Cholesterin ist da", "health"),
            ("push_text_en", "C{{count}}", "whole"),
            ("push_text_en", "Code C50.1", "code"),
            ("push_subject_en", "a\nb", "one line"),
            ("in_app_text_en", "", "English first"),
            ("in_app_text_en", "{{#each count}}x{{/each}}", "only a list"),
            ("in_app_text_en", "{{visits}}", "no single value"),
            ("email_subject_en", "", "subject too"),
            ("email_text_de", "Hallo", "subject too"),
            ("variables", "count: string", "no type"),
            ("variables", "count", "a colon"),
            ("category", "anything", "Choose one of"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, field: str, text: str, told: str) -> None:
        faults = refused(**{field: text})
        where = field.replace("text_de", "subject_de")
        assert any(told in advice for advice in faults[where]), faults

    def test_a_single_brace_is_told_and_the_value_that_nobody_would_read(self) -> None:
        told = refused(in_app_text_en="Closed for {count} days")
        assert told["in_app_text_en"] == ["“{count}” would be read as it stands: write {{count}} to have it filled in."]
        told = refused(code="other", variables=f"{VISITS['variables']}\nweeks: count")
        assert told == {"variables": ["weeks stands in no text: take it out, or write it where it is to be filled in."]}

    def test_english_is_read_where_another_language_is_missing(self) -> None:
        faults = refused(email_subject_en="", email_text_en="", email_subject_de="Termine", email_text_de="Hallo")
        assert "English too" in faults["email_text_en"][0]
