"""Texts of mails as versions that two people make; the next mail that is sent says what is in force."""

from collections.abc import Iterator

from config.kernel.conf import setting
from config.kernel.editions import Body, EditionField, Kind, Problem, Shown, in_force
from config.kernel.labels import label
from notifications.adapters.email.mail import written
from notifications.domain import kinds
from notifications.domain.mail_check import MAX_SUBJECT_LENGTH, MAX_TEXT_LENGTH, text_faults
from notifications.domain.mail_texts import (
    LANGUAGES,
    LINK,
    RELEASE,
    SUMMARY,
    MailText,
    code_of,
    in_language,
    kinds_with,
    language_of,
    release_texts,
    short_text,
)
from notifications.domain.notice_texts import notice_text

SAMPLE_TOKEN = "SAMPLE"


def text_in_force(
    *, kind: kinds.Kind, locale: str, channel: str = "email", at_work: bool = False, pieces: int = 1
) -> MailText:
    """What a mail, ``sms`` or ``push`` of this kind says now: the published version's words, else the release's.

    One query. A version that lacks the language gives way to the release. Only mails have a subject, and say to
    somebody ``at_work`` here what kind of work waits. ``pieces``: of how many pieces of news it tells.
    """
    code, language = code_of(kind, at_work=at_work) if pieces == 1 else SUMMARY, language_of(locale)
    found = in_force(context="notifications", kind=MAIL_TEXTS.name, code=code)
    if channel != "email":
        own = found if found and found[2].get(f"{channel}_{language}") else (RELEASE, "", {})
        return MailText(code, own[0], language, "", short_text(code, own[2], channel, language))
    if found is None or in_language(found[2], language) is None:
        found = RELEASE, "", release_texts()[code]
    version, _, body = found
    text = MailText(code, version, language, body[f"subject_{language}"], body[f"text_{language}"])
    return text.counting(pieces) if code == SUMMARY else text


def _shipped(code: str) -> Body | None:
    return release_texts().get(code)


def _fields(code: str) -> tuple[EditionField, ...]:
    # Longer than the check allows, so that a draft is kept and told what is wrong.
    found: list[EditionField] = []
    for language, name in LANGUAGES.items():
        found += (
            EditionField(f"subject_{language}", f"Subject, {name}", longest=2 * MAX_SUBJECT_LENGTH),
            EditionField(
                f"text_{language}",
                f"Text, {name}",
                rows=6,
                longest=2 * MAX_TEXT_LENGTH,
                help=f"Plain words; {LINK} on a line of its own is the only thing that is filled in.",
            ),
            EditionField(
                f"sms_{language}",
                f"Text message, {name}",
                longest=500,
                help=f"With {LINK} once. Empty: the release's words.",
            ),
            EditionField(f"push_{language}", f"Push, {name}", longest=500, help="Empty: the release's words."),
        )
    return tuple(found)


def _check(code: str, body: Body) -> Iterator[Problem]:
    for where, advice in text_faults(body, counts=code == SUMMARY):
        yield Problem(where, advice)


def _preview(code: str, body: Body) -> Iterator[Shown]:
    """The mail in every language, with a link that opens nothing; and what it is sent for."""
    told = kinds_with(code)
    if not told:
        yield Shown("No mail has this text any more", ())
        return
    for language, name in LANGUAGES.items():
        words = in_language(body, language)
        if words:
            text = MailText(code, RELEASE, language, *words).counting(3)
            plain, _ = written(text, _sample_link(told[0]))
            yield Shown(f"{name}: {words[0]}", tuple(line for line in plain.splitlines() if line))
            sms, push = (short_text(code, body, channel, language) for channel in ("sms", "push"))
            yield Shown(f"{name}: text message and push", (sms.replace(LINK, _sample_link(told[0])), push))
    yield Shown(
        f"Sent for {len(told)} {'kind' if len(told) == 1 else 'kinds'} of notice",
        tuple(f"{label(one.name)}: {notice_text(one.name, 'en')}" for one in told),
    )


def _sample_link(kind: kinds.Kind) -> str:
    """A link as a mail of this kind has it, with a token that is none."""
    secret = f"#token={SAMPLE_TOKEN}" if kind.secret or kind is kinds.RECORDS_WANTED else ""
    return f"{setting('PUBLIC_URL').rstrip('/')}{kind.link}{secret}"


MAIL_TEXTS = Kind(
    context="notifications",
    name="mail_text",
    title="Text of a mail",
    codes=lambda: tuple(release_texts()),
    shipped=_shipped,
    check=_check,
    preview=_preview,
    fields=_fields,
)
