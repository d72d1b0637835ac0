"""The specialists' pages speak English, German and Spanish, whole sentences of each."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from cases.services.casefile import vocabulary
from identity.pages.links import LINKS
from notifications.templatetags.notices import CATEGORIES, CHANNELS, CHOICES
from professionals.dashboard.figures import NAMES, PUBLICATION
from professionals.dashboard.image_words import IMAGES, KEYS
from professionals.dashboard.review import VERDICTS
from professionals.dashboard.words import (
    COVERAGE,
    DATE_MEANS,
    DUES,
    EVENTS,
    HEADINGS,
    LABELS,
    OUTCOMES,
    SCRIPT,
    STATES,
    TURNS,
)
from tests.cases.support import Story
from tests.dashboard.test_pages import as_specialist

ROOT = Path(__file__).resolve().parents[2]
APPS = ("identity", "professionals", "cases", "notifications")
LANGUAGES = ("de", "es")
# The same word in another language.
SAME = {("de", "Passkeys"), ("de", "Code"), ("de", "Version"), ("de", "Name"), ("es", "No")}


def in_templates(app: str) -> set[str]:
    """Every string that a template of the app marks for translation."""
    text = "".join(path.read_text() for path in (ROOT / app / "templates").rglob("*.html"))
    found = re.findall(r"""\{% translate (?:"([^"]*)"|'([^']*)')|_\("([^"]*)"\)""", text)
    return {next(filter(None, groups)) for groups in found}


def in_code() -> set[str]:
    """Every string that the dashboard's code marks."""
    with translation.override("en"):
        labels = [*LABELS.values(), *HEADINGS.values(), *SCRIPT.values(), *STATES.values()]
        labels += [*IMAGES.values(), *dict(KEYS).values(), *NAMES.values(), *PUBLICATION.values()]
        labels += [*EVENTS.values(), *OUTCOMES.values(), *DUES.values(), *TURNS.values(), *DATE_MEANS.values()]
        labels += [text for one in LINKS.values() for text in (one.title, one.text, one.button, one.done)]
        labels += COVERAGE.values()
        labels += ["date not certain: “%s”", "date not printed"]
        labels += [*CATEGORIES.values(), *CHANNELS.values(), *CHOICES.values()]
        labels += ["Reading program, version %s", "Language model %s"]
        return {str(text) for text in [*labels, *dict(VERDICTS).values(), *vocabulary().coi_questions.values()]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_its_translation(language: str) -> None:
    wanted = in_code().union(*(in_templates(app) for app in APPS))
    with translation.override(language):
        same = {text for text in wanted if translation.gettext(text) == text}
    assert same == {text for tongue, text in SAME if tongue == language}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("app", APPS)
def test_what_is_compiled_is_what_is_written(app: str, language: str) -> None:
    folder = ROOT / app / "locale" / language / "LC_MESSAGES"
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text(), re.MULTILINE)
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert len(pairs) > 5
    assert not [(source, told) for source, told in pairs if compiled.gettext(source) != told]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("de", "Arbeitsliste"), ("es", "Lista de trabajo"), ("en", "Worklist")])
def test_a_page_speaks_the_browsers_language(language: str, word: str) -> None:
    story = Story().in_review()
    client = as_specialist(story.author, headers={"accept-language": language})
    page = client.get("/dashboard/").content.decode()
    assert f"<h1>{word}</h1>" in page
    assert f'lang="{language}"' in page
    assert f'lang="{language}"' in client.get(f"/dashboard/cases/{story.id}").content.decode()


def test_a_language_that_is_not_there_reads_english() -> None:
    assert b"Sign in" in Client(headers={"accept-language": "fi"}).get("/dashboard/sign-in").content
