"""The texts of mails: the release's own, what stands against a new one, and that words stay words."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import pytest

from notifications.adapters.email.mail import written
from notifications.domain.kinds import KINDS, RECORDS_WANTED
from notifications.domain.mail_check import _ONLY_LINK, MAX_SUBJECT_LENGTH, MAX_TEXT_LENGTH, text_faults
from notifications.domain.mail_texts import LANGUAGES, SUMMARY, MailText, code_of, frame_of, kinds_with, release_texts

SENT = [kind for kind in (*KINDS.values(), RECORDS_WANTED) if kind.email]


def faults(**changes: Any) -> dict[str, list[str]]:
    """The advice for each field of a text that is right but for the changes."""
    found: dict[str, list[str]] = {}
    for field, advice in text_faults(release_texts()["news"] | changes):
        found.setdefault(field, []).append(advice)
    return found


@pytest.mark.parametrize("code", release_texts())
def test_the_release_has_a_right_text_in_every_language_for_each_code(code: str) -> None:
    assert list(text_faults(release_texts()[code], counts=code == SUMMARY)) == []
    assert kinds_with(code)


def test_every_mail_has_a_text() -> None:
    codes = {code_of(kind, at_work=at_work) for kind in SENT for at_work in (True, False)}
    assert codes | {SUMMARY} == set(release_texts())
    assert {kind.name for code in release_texts() for kind in kinds_with(code)} == {kind.name for kind in SENT}


def test_who_works_here_tells_an_offer_from_a_deadline_by_the_subject() -> None:
    """And nobody tells from a subject whom, or which illness, it is about."""
    codes = {name: code_of(KINDS[name], at_work=True) for name in ("offer_made", "promise_broken", "message_received")}
    assert codes == {"offer_made": "offer", "promise_broken": "deadline", "message_received": "work"}
    for language in LANGUAGES:
        assert len({release_texts()[code][f"subject_{language}"] for code in codes.values()}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", release_texts())
def test_every_mail_says_who_writes_and_why(code: str, language: str) -> None:
    body = release_texts()[code]
    text = MailText(code, 0, language, body[f"subject_{language}"], body[f"text_{language}"])
    frame = frame_of(text, "opinion.example")
    plain, html = written(text, "https://opinion.example/x")
    assert "opinion.example" in frame.origin
    for words in (frame.origin, frame.why):
        assert words in plain
        assert escape(words) in html
    assert f">{escape(frame.button)}</a>" in html
    others = [frame_of(replace(text, language=other), "opinion.example") for other in LANGUAGES if other != language]
    assert all(frame.why != other.why and frame.button != other.button for other in others)


def test_how_many_pieces_there_are_is_said_in_their_mail_alone() -> None:
    for language in LANGUAGES:
        assert "{count}" in release_texts()[SUMMARY][f"text_{language}"]
    assert faults(text_en="{count} pieces:\n{link}") == {"text_en": [_ONLY_LINK]}
    assert list(text_faults(release_texts()[SUMMARY] | {"text_en": "News:\n{link}"}, counts=True)) == []


def test_no_text_tells_which_news_it_is() -> None:
    news = {kind.name for kind in KINDS.values() if not kind.security}
    assert {code_of(KINDS[name]) for name in news} == {"news"}
    # What staff did with somebody's records is told on the page alone.
    assert {code_of(KINDS[name]) for name in ("break_glass_used", "merge_proposed")} == {"account"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["subject", "text"])
@pytest.mark.parametrize("value", ["", " \n ", None, 7])
def test_no_language_may_be_missing(language: str, part: str, value: Any) -> None:
    field = f"{part}_{language}"
    assert faults(**{field: value}) == {field: [f"Write it in {LANGUAGES[language]} too."]}
    body = {name: text for name, text in release_texts()["news"].items() if name != field}
    assert [where for where, _ in text_faults(body)] == [field]


def test_a_part_that_no_mail_has_is_refused() -> None:
    assert list(faults(subject_fr="Nouvelles")) == ["subject_fr"]


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Neuigkeiten für {name}", "Only {link}"),
        ("Neues: {link}", "Only {link}"),
        ("Neues\nBcc: all", "one line"),
        ("Neues\r\nBcc: all", "one line"),
        ("Neues\u2028Bcc: all", "one line"),
        ("Neues <b>hier</b>", "plain words"),
        ("Neues auf evil.example", "no address"),
        ("Neues\u202egnuhcsa", "nobody can see"),
        ("Neu\u200bes", "nobody can see"),
        ("Neu\x00es", "nobody can see"),
    ],
)
def test_a_wrong_subject_is_told(subject: str, said: str) -> None:
    told = faults(subject_de=subject)
    assert list(told) == ["subject_de"]
    assert any(said in advice for advice in told["subject_de"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Without the way on, twice, glued to other signs, or with nothing said of it.
        ("There is news.", "once, on a line"),
        ("News:\n{link}\n{link}", "once, on a line"),
        ("Go to {link}", "once, on a line"),
        ("News:\n{link}.", "once, on a line"),
        ("News:\n${link}", "once, on a line"),
        ("News:\n{{link}}", "once, on a line"),
        ("News {link}\n{link}", "once, on a line"),
        ("{link}\nNews", "Say before"),
        # Other places to fill in, in whatever language of templates.
        ("Dear {name},\n{link}", "Only {link}"),
        ("Dear {{ patient.name }},\n{link}", "Only {link}"),
        ("{% include 'x' %}\n{link}", "Only {link}"),
        ("{# x #} News\n{link}", "Only {link}"),
        ("Dear { name },\n{link}", "Only {link}"),
        ("Dear {link.__class__},\n{link}", "Only {link}"),
        ("Dear $name,\n{link}", "Only {link}"),
        ("Dear $(name),\n{link}", "Only {link}"),
        ("Dear %(name)s,\n{link}", "Only {link}"),
        ("Dear [name],\n{link}", "Only {link}"),
        ("Dear {\nname\n},\n{link}", "Only {link}"),
        ("<script>alert(1)</script> News\n{link}", "plain words"),
        ("News <b\n{link}", "plain words"),
        ("News &amp; more\n{link}", "plain words"),
        ("News &#60; more\n{link}", "plain words"),
        ("Sign in at https:// here\n{link}", "no address"),
        ("Sign in at WWW.evil\n{link}", "no address"),
        ("Sign in at evil.example\n{link}", "no address"),
        ("Write to me@localhost\n{link}", "no address"),
        ("News\u202e\n{link}", "nobody can see"),
        ("Ne\u200bws\n{link}", "nobody can see"),
    ],
)
def test_a_wrong_text_is_told(text: str, said: str) -> None:
    told = faults(text_en=text)
    assert list(told) == ["text_en"]
    assert any(said in advice for advice in told["text_en"])


@pytest.mark.parametrize(
    "text",
    [
        "News, z. B. a letter (50 % read, 5 $):\n\n{link}\n\nCall us: +49 30 1234.",
        "News:\r\n\r\n  {link}  \r\nThank you & goodbye.",
    ],
)
def test_plain_words_around_the_link_are_right(text: str) -> None:
    assert faults(text_en=text) == {}


def test_lengths_are_told_from_the_first_sign_too_many() -> None:
    link = "\n{link}"
    assert faults(subject_es="a" * MAX_SUBJECT_LENGTH, text_es="a" * (MAX_TEXT_LENGTH - len(link)) + link) == {}
    told = faults(subject_es="a" * (MAX_SUBJECT_LENGTH + 1), text_es="a" * (MAX_TEXT_LENGTH - len(link) + 1) + link)
    assert told == {
        "subject_es": ["A subject has at most 60 characters; this one has 61."],
        "text_es": ["A text has at most 2000 characters; this one has 2001."],
    }


def test_words_stay_words_whatever_is_in_them() -> None:
    """Were the check gone, nothing in a text would be run, filled in or read as HTML."""
    words = "{% now 'Y' %} {{ link }} {name} ${x} %(y)s <script>alert(1)</script>"
    plain, html = written(MailText("news", 1, "es", "s", f"{words}\n{{link}}\n{words}"), "https://x.example/?a=1&b=2")
    assert plain.startswith(f"{words}\n\nhttps://x.example/?a=1&b=2\n\n{words}\n\n-- \nSecond Opinion\n")
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert html.count("{{ link }}") == html.count("{% now") == 2
    assert html.count("https://x.example/?a=1&amp;b=2") == 1
    assert 'lang="es"' in html


def test_a_mail_without_words_behind_the_link_ends_with_the_name() -> None:
    plain, html = written(MailText("news", 1, "en", "s", "One\r\nTwo\r\n\r\nThree\r\n{link}"), "https://x.example/")
    assert plain.startswith("One\nTwo\n\nThree\n\nhttps://x.example/\n\n-- \nSecond Opinion\n")
    assert "<p>One<br>Two</p>\n\n<p>Three</p>\n" in html
    assert html.count("<p>") == 2
