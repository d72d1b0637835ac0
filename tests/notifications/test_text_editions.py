"""Texts of mails as versions: what two people published is said by the next mail, and the mail's row names it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from config.kernel import editions
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, Invalid
from identity import services as identity
from notifications import services
from notifications.domain.notice_texts import notice_text
from notifications.models import Delivery, Edition
from notifications.services.text_editions import MAIL_TEXTS
from tests.factories import PASSWORD, make_account, make_person
from tests.factories.notifications import EditionFactory
from tests.notifications.support import draft_text, hurry, link_in, parts, publish_text
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db
LETTER: dict[str, Any] = {"subject_en": "A letter for you", "text_en": "Please read it here:\n\n{link}\n\nThank you."}


def tell(account: identity.AccountDTO, kind: str = "report_ready") -> Delivery:
    services.notify(user_id=account.id, kind=kind, event_key=str(uuid4()))
    return Delivery.objects.get(notice__user_id=account.id, notice__kind=kind)


def said(delivery: Delivery) -> tuple[str, str, int | None]:
    delivery.refresh_from_db()
    return delivery.state, delivery.text_code, delivery.text_version


class TestWhatAMailSays:
    def test_a_published_text_is_said_by_mails_that_waited_already(self, smtp, maria) -> None:
        delivery = tell(maria)
        publish_text("news", **LETTER)
        drain()
        (message,) = smtp.to(maria.email)
        text, html = parts(message)
        assert message["Subject"] == "A letter for you"
        assert text.splitlines()[:5:2] == ["Please read it here:", link_in(message), "Thank you."]
        assert "<p>Please read it here:</p>" in html
        assert "<p>Thank you.</p>" in html
        assert said(delivery) == ("SENT", "news", 1)

    def test_until_then_the_release_counts(self, smtp, maria) -> None:
        draft_text("news", **LETTER)
        delivery = tell(maria)
        drain()
        assert smtp.to(maria.email)[0]["Subject"] == "News about your second opinion"
        assert said(delivery) == ("SENT", "news", 0)

    def test_other_texts_and_languages_stay_as_they_are(self, smtp, maria) -> None:
        publish_text("news", **LETTER)
        german = make_account("patient", locale="de")
        rows = [tell(german), tell(maria, "password_changed"), tell(maria, "break_glass_used")]
        drain()
        assert smtp.to(german.email)[0]["Subject"] == "Neues zu Ihrer Zweitmeinung"
        subjects = {message["Subject"] for message in smtp.to(maria.email)}
        assert subjects == {"Your password was changed", "About your account"}
        assert [said(row)[1:] for row in rows] == [("news", 1), ("password_changed", 0), ("account", 0)]

    def test_the_secret_link_stands_in_a_text_that_staff_wrote(self, smtp) -> None:
        publish_text("verify_email", text_en="Welcome. One step is left:\n{link}")
        identity.register_patient(email="new@example.org", password=PASSWORD, full_name="Maria Keller")
        drain()
        (message,) = smtp.to("new@example.org")
        assert parts(message)[0].startswith("Welcome. One step is left:")
        token = link_in(message).partition("#token=")[2]
        assert identity.verify_email(token=token, password=PASSWORD).email_verified

    def test_the_next_version_replaces_it_and_a_retired_one_gives_way_to_the_release(self, smtp) -> None:
        first = publish_text("news", **LETTER)
        second = publish_text("news", subject_en="Something to read")
        assert Edition.objects.get(id=first).body["subject_en"] == "A letter for you"
        subjects = []
        for step in range(2):
            account = make_account("patient")
            delivery = tell(account)
            drain()
            subjects.append((smtp.to(account.email)[0]["Subject"], said(delivery)[2]))
            if not step:
                by = make_person("administrator")
                editions.retire(kind=MAIL_TEXTS, principal=by, edition_id=second, reason="Too short.")
        assert subjects == [("Something to read", 2), ("News about your second opinion", 0)]

    def test_a_mail_that_is_tried_again_says_and_names_what_counts_then(self, smtp, maria) -> None:
        smtp.answers = ["451 later"]
        delivery = tell(maria)
        drain()
        assert said(delivery) == ("QUEUED", "", None)
        publish_text("news", **LETTER)
        hurry()
        drain()
        assert smtp.to(maria.email)[0]["Subject"] == "A letter for you"
        assert said(delivery) == ("SENT", "news", 1)

    @pytest.mark.parametrize(("answer", "state"), [("550 no", "FAILED"), ("", "SKIPPED")])
    def test_a_mail_that_was_not_sent_names_no_text(self, smtp, maria, answer, state) -> None:
        smtp.answers = [answer]
        services.set_email_preference(user_id=maria.id, email=bool(answer))
        delivery = tell(maria)
        drain()
        assert said(delivery) == (state, "", None)

    def test_a_language_that_a_version_lacks_is_the_releases(self, smtp) -> None:
        # As after a release that brought a language: what was published before knows nothing of it.
        EditionFactory(number=4, body=LETTER | {"subject_de": "Ein Brief"})
        english, german = make_account("patient", locale="en"), make_account("patient", locale="de")
        rows = [tell(english), tell(german)]
        drain()
        found = [smtp.to(account.email)[0]["Subject"] for account in (english, german)]
        assert found == ["A letter for you", "Neues zu Ihrer Zweitmeinung"]
        assert [said(row)[2] for row in rows] == [4, 0]


class TestWhoWritesAndWhatIsRefused:
    def test_the_writer_does_not_publish(self) -> None:
        author = make_person("administrator")
        row = editions.start(kind=MAIL_TEXTS, principal=author, code="news")
        body = Edition.objects.get(id=row).body | LETTER
        editions.save(kind=MAIL_TEXTS, principal=author, edition_id=row, version=1, body=body, note="")
        with pytest.raises(Forbidden, match="second person"):
            editions.publish(kind=MAIL_TEXTS, principal=author, edition_id=row, version=2)

    @pytest.mark.parametrize("role", ["coordinator", "nurse", "support", "privacy_officer", "professional", "patient"])
    def test_other_roles_write_nothing(self, role: str) -> None:
        with pytest.raises(Forbidden):
            editions.start(kind=MAIL_TEXTS, principal=make_person(role), code="news")

    def test_a_mail_that_the_release_does_not_send_has_no_text(self) -> None:
        with pytest.raises(Invalid):
            editions.start(kind=MAIL_TEXTS, principal=make_person("administrator"), code="report_ready")

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"text_en": "Dear {name}, read it:\n{link}"}, "text_en"),
            ({"text_es": "Sin enlace."}, "text_es"),
            ({"subject_de": ""}, "subject_de"),
            ({"subject_en": "News\nBcc: everybody"}, "subject_en"),
        ],
    )
    def test_a_wrong_text_is_not_published_and_not_sent(self, smtp, maria, changes, where) -> None:
        row = draft_text("news", **changes)
        with pytest.raises(Invalid) as refused:
            editions.publish(kind=MAIL_TEXTS, principal=make_person("administrator"), edition_id=row, version=2)
        assert {one.pointer for one in refused.value.errors} == {f"#/{where}"}
        tell(maria)
        drain()
        assert smtp.to(maria.email)[0]["Subject"] == "News about your second opinion"

    def test_the_releases_words_are_not_published_again(self) -> None:
        row = draft_text("news")
        with pytest.raises(Conflict, match="nothing to publish"):
            editions.publish(kind=MAIL_TEXTS, principal=make_person("administrator"), edition_id=row, version=2)


class TestPages:
    def begin(self, client: Any, code: str) -> tuple[str, dict[str, str]]:
        answer = client.post("/admin/notifications/edition/begin/", {"what": f"mail_text {code}"})
        assert answer.status_code == 302, answer.content.decode()
        row = Edition.objects.get(code=code, state="DRAFT")
        return f"/admin/notifications/edition/{row.id}/desk/", row.body

    def test_two_people_write_look_and_publish_on_the_page(self, smtp, maria, settings) -> None:
        settings.PUBLIC_URL = "https://opinion.example/"
        author, second = signed_in("medical_director"), signed_in("administrator")
        path, body = self.begin(author, "reset_password")
        text = "Your new password:\r\n\r\n{link}\r\n\r\nNot you? Call us."
        sent = {"form": "save", "version": "1", "note": "Plainer.", **body, "text_en": text}
        assert author.post(path, sent).status_code == 302
        told = author.get(path).content.decode()
        assert '<h3 class="font-semibold">English: Set a new password for your account</h3>' in told
        for line in ("Your new password:", "https://opinion.example/reset-password#token=SAMPLE", "Not you? Call us."):
            assert f"<li>{line}</li>" in told
        assert '<h3 class="font-semibold">Spanish: Contraseña nueva para su cuenta</h3>' in told
        assert f"<li>Reset password: {notice_text('reset_password', 'en')}</li>" in told
        assert "A second person publishes" in told
        author.post(path, {"form": "publish", "version": "2"})
        assert Edition.objects.get().state == "DRAFT"
        second.post(path, {"form": "publish", "version": "2"})
        identity.request_password_reset(email=maria.email)
        drain()
        lines = parts(smtp.to(maria.email)[0])[0].splitlines()
        assert lines[:2] + lines[3:6] == ["Your new password:", "", "", "Not you? Call us.", ""]
        assert lines[2].startswith("https://opinion.example/reset-password#token=")
        assert "SAMPLE" not in lines[2]

    def test_the_lines_of_a_browser_are_no_difference(self) -> None:
        author = signed_in("medical_director")
        path, body = self.begin(author, "news")
        as_browsers_send = {name: value.replace("\n", "\r\n") for name, value in body.items()}
        author.post(path, {"form": "save", "version": "1", "note": "", **as_browsers_send})
        row = Edition.objects.get()
        assert (row.version, row.body) == (2, body)

    def test_a_wrong_draft_is_kept_and_told_by_field_without_a_preview(self) -> None:
        author = signed_in("administrator")
        path, body = self.begin(author, "news")
        wrong = {"subject_en": "a" * 61, "text_de": "Liebe {name}:\n{link}", "text_es": ""}
        author.post(path, {"form": "save", "version": "1", "note": "", **body, **wrong})
        told = author.get(path).content.decode()
        assert re.findall(r"<li><b>([^<]+)</b>", told) == ["Subject, English", "Text, German", "Text, Spanish"]
        assert "Preview" not in told
        assert Edition.objects.get().body == body | wrong

    def test_a_text_that_no_mail_has_any_more_stays_readable(self) -> None:
        row = EditionFactory(code="gone", state="RETIRED")
        told = signed_in("administrator").get(f"/admin/notifications/edition/{row.id}/desk/").content.decode()
        assert "No mail has this text any more" in told

    def test_the_row_of_a_mail_shows_which_text_it_had(self, smtp, maria) -> None:
        client = signed_in("support")
        rows = [tell(maria, "roles_changed")]
        drain()
        publish_text("news", **LETTER)
        rows.append(tell(maria))
        drain()
        for row, text in zip(rows, ("Roles changed of the release", "News 1"), strict=True):
            assert text in client.get("/admin/notifications/delivery/").content.decode()
            assert text in client.get(f"/admin/notifications/delivery/{row.id}/change/").content.decode()
