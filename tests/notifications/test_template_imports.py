"""A folder of another system's Handlebars files becomes drafts, and all that is to be mended is told."""

from __future__ import annotations

from io import StringIO
from pathlib import Path, PurePosixPath

import pytest
from django.core.management import CommandError, call_command

from config.kernel import editions
from notifications.domain.template_files import place_of_file
from notifications.models import Edition
from notifications.services import templates
from notifications.services.templates.editions import TEMPLATES
from tests.factories import make_account, make_person

pytestmark = pytest.mark.django_db
LEGACY = Path(__file__).with_name("legacy_templates")


def run(*arguments: str, folder: Path = LEGACY) -> list[str]:
    out = StringIO()
    call_command("import_templates", str(folder), *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_what_is_right_becomes_a_draft_that_another_person_publishes() -> None:
    author = make_account("medical_director")
    lines = run("--author", str(author.id))
    ready = {
        line.split(": ")[1].split(",")[0] for line in lines if line.startswith("draft") and line.endswith(", 0 to mend")
    }
    assert ready == {"appointment_reminder", "billing_payment_received", "consult_ready", "maintenance", "welcome"}
    rows = Edition.objects.filter(kind="template", code="appointment_reminder")
    assert rows.get().writers == [str(author.id)]
    editions.publish(kind=TEMPLATES, principal=make_person("administrator"), edition_id=rows.get().id, version=2)
    found = templates.template_in_force(code="appointment_reminder")
    assert found is not None
    assert found.variables == {
        "appointmentDate": "date",
        "appointmentTime": "time",
        "platformName": "platform",
        "videoLink": "link?",
    }
    values = {"appointmentDate": "2026-12-24", "appointmentTime": "09:30"}
    said = templates.render(template=found, channel="sms", language="es", values=values)
    assert said.text == "Cita el 24 de diciembre de 2026, 09:30. Second Opinion"
    assert templates.render(template=found, channel="push", language="en", values=values).subject == "Appointment"


def test_what_is_outside_the_subset_is_listed_at_its_file_line_and_column_with_advice() -> None:
    lines = run("--dry-run")
    for where, advice in (
        ("billing/invoice.en.hbs:3:33", "Helpers are not called"),
        ("billing/payment_failed.en.hbs:2:1", "with is not read"),
        ("billing/payment_failed.en.hbs:3:1", "Helpers are not called"),
        ("broken.en.hbs:2:1", "not closed"),
        ("legacy-raw.en.hbs:2:1", "Raw blocks"),
        ("partials/footer.hbs:1:1", "inline partials"),
        ("results/lab-results-ready.hbs:4:60", "always escaped"),
        ("survey.en.hbs:3:1", "Only if, unless and each"),
        ("survey.sms.en.hbs:1:1", "Helpers are not called"),
        ("latin1.en.hbs", "UTF-8"),
        ("results/lab-results-ready.sms.hbs", "health"),
        ("results_lab_ready", "{{patientName}}"),
        ("emails/appointment-reminder/en/body.html.hbs", "plain text"),
    ):
        assert any(line.startswith(f"{where}: ") and advice in line for line in lines), (where, advice, lines)
    assert lines[-1].startswith("39 files, ")


def test_a_dry_run_writes_nothing_and_needs_no_author() -> None:
    run("--dry-run")
    assert not Edition.objects.filter(kind="template").exists()


def test_a_template_that_somebody_writes_already_is_left_alone() -> None:
    author = make_account("administrator")
    run("--author", str(author.id))
    before = Edition.objects.get(kind="template", code="welcome")
    lines = run("--author", str(make_account("medical_director").id))
    assert "welcome: Somebody writes a version of it; it was left alone." in lines
    before.refresh_from_db()
    assert before.writers == [str(author.id)]


@pytest.mark.parametrize("role", ["patient", "coordinator"])
def test_only_those_who_write_templates_own_drafts(role: str) -> None:
    with pytest.raises(CommandError):
        run("--author", str(make_account(role).id))
    with pytest.raises(CommandError):
        run()


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.en.hbs"
    secret.write_text("{{secret}}")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "linked.en.hbs").symlink_to(secret)
    assert run("--dry-run", folder=folder) == ["0 files, 0 templates, 0 of them ready to publish, 0 findings."]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a/visitReminder.de.hbs", ("a_visit_reminder", "email", "de", "text")),
        ("sms/visit.es.txt.hbs", ("visit", "sms", "es", "text")),
        ("visit/push.en-US.title.hbs", ("visit", "push", "en", "subject")),
        ("in_app/visit.handlebars", ("visit", "in_app", "en", "text")),
        ("visit.html", None),
        ("en.hbs", None),
        ("1.hbs", None),
    ],
)
def test_what_a_file_is_stands_in_its_path(path: str, told: tuple[str, str, str, str] | None) -> None:
    place = place_of_file(PurePosixPath(path))
    assert (place and (place.code, place.channel, place.language, place.part)) == told
