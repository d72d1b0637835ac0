"""Writing what leaves the platform: the one place that makes an ``Outward``, out of texts, a link, and nothing else."""

import re
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from config.kernel.conf import setting
from identity import services as identity
from notifications.adapters.email.mail import written
from notifications.adapters.protocol import Outward
from notifications.domain.categories import Category, ChannelName
from notifications.domain.digest_texts import DigestCounts, digest_subject, digest_text
from notifications.domain.kinds import FRONT, INBOX, Kind
from notifications.domain.mail_texts import ACCOUNT, LINK, NEWS, MailText, release_texts
from notifications.models import Notice
from notifications.services.deciding import Considered
from notifications.services.digest_counts import digest_counts
from notifications.services.link_targets import is_workplace, path_for
from notifications.services.templates import TemplateVersions, template_in_force
from notifications.services.text_editions import text_in_force
from notifications.services.unsubscribe_links import DIGESTS, unsubscribe_url

PLATFORM: Final = "Second Opinion"
NEWS_PAGE: Final = "/dashboard/news"


@dataclass(frozen=True, kw_only=True)
class Written:
    """The messages of one delivery (several where there are several devices), and which text they have."""

    outwards: tuple[Outward, ...] = field(repr=False)
    code: str
    version: int | None


@dataclass(frozen=True, kw_only=True)
class _Words:
    code: str
    version: int
    language: str
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    link: str = field(repr=False)


def write(considered: Considered, versions: TemplateVersions | None = None) -> Written:
    """The messages of a delivery that leaves now. A secret of its link is made for it, and stands in them alone.

    ``versions``: of the templates that the deliveries beside it need too.
    """
    contact, delivery = considered.contact, considered.delivery
    if contact is None:
        raise LookupError("a message to nobody")
    words = _words(considered, contact, versions or TemplateVersions())
    stop = ""
    if considered.facts.channel is ChannelName.EMAIL:
        kind_of_mails = considered.facts.category if delivery.notice is not None else DIGESTS
        stop = unsubscribe_url(user_id=contact.user_id, category=kind_of_mails)
        words = _as_mail(words, considered.facts.category, stop)
    elif considered.facts.channel is ChannelName.SMS:
        words = replace(words, text=words.text.replace(LINK, words.link))
    return Written(
        outwards=tuple(
            Outward(
                delivery_id=delivery.id,
                message_id=str(delivery.id),
                address=address,
                subject=words.subject or PLATFORM,
                text=words.text,
                html=words.html,
                link=words.link,
                category=considered.facts.category,
                unsubscribe_url=stop,
                language=words.language,
            )
            for address in considered.devices or (considered.address,)
        ),
        code=words.code,
        version=words.version,
    )


def _words(considered: Considered, contact: identity.ContactDTO, versions: TemplateVersions) -> _Words:
    notice, kind, channel = considered.delivery.notice, considered.kind, considered.facts.channel
    if notice is None:
        return _of_digest(considered, contact)
    if notice.template:
        return _of_template(notice, considered, contact, versions)
    if kind is None:
        raise LookupError(f"no kind {notice.kind}")
    path = _path(kind, notice, contact)
    if considered.pieces > 1:
        # Of several pieces of news none is the thing itself: they are read together.
        path = NEWS_PAGE if path.startswith("/dashboard/") else INBOX
    text = text_in_force(
        kind=kind, locale=contact.locale, channel=channel, at_work=is_workplace(path), pieces=considered.pieces
    )
    return _of_mail_text(text, _origin() + path + _secret(kind, notice, contact))


def _as_mail(words: _Words, category: Category, stop: str) -> _Words:
    """In the frame of all mails. Templates and digests have no code that a frame knows: theirs is that of news."""
    framed = words.code if words.code in release_texts() else NEWS
    if framed == NEWS and category is Category.SECURITY:
        framed = ACCOUNT
    text = MailText(framed, words.version, words.language, words.subject, words.text)
    plain, html = written(text, words.link, stop_url=stop)
    return replace(words, text=plain, html=html)


def _of_mail_text(text: MailText, link: str) -> _Words:
    return _Words(
        code=text.code, version=text.version, language=text.language, subject=text.subject, text=text.text, link=link
    )


def _of_digest(considered: Considered, contact: identity.ContactDTO) -> _Words:
    counts = digest_counts(delivery_ids=[considered.delivery.id]).get(considered.delivery.id, DigestCounts())
    words = _of_mail_text(digest_text(counts, contact.locale), _origin() + INBOX)
    if considered.facts.channel is ChannelName.EMAIL:
        return words
    short = digest_subject(counts, contact.locale)
    text = f"{PLATFORM}: {short}. {LINK}" if considered.facts.channel is ChannelName.SMS else short
    return replace(words, subject="", text=text)


def _of_template(
    notice: Notice, considered: Considered, contact: identity.ContactDTO, versions: TemplateVersions
) -> _Words:
    """The version that the notice was written under, whatever is in force by now.

    Its first link stands apart in a mail; a mail without any, and a push, lead to the inbox.
    """
    template = (
        template_in_force(code=notice.template)
        if notice.template_version is None
        else versions.get(code=notice.template, version=notice.template_version)
    )
    if template is None:
        raise LookupError(f"no template {notice.template}")
    channel = considered.facts.channel
    said = versions.render(template=template, channel=channel, language=contact.locale, values=notice.values)
    text, own = said.text, _own_link(said.text)
    if channel is ChannelName.EMAIL:
        text = text.replace(own, LINK, 1) if own else f"{text}\n\n{LINK}"
    return _Words(
        code=template.code,
        version=template.version,
        language=said.language,
        subject=said.subject,
        text=text,
        link=own or _origin() + INBOX,
    )


def _own_link(text: str) -> str:
    found = re.search(re.escape(_origin()) + r"/[^\s<>\"]*", text)
    return found[0].rstrip(".,;:!?)") if found else ""


def _origin() -> str:
    origin: str = setting("PUBLIC_URL").rstrip("/")
    return origin


@dataclass(frozen=True, kw_only=True)
class _Reader:
    id: UUID
    roles: frozenset[str]


def _path(kind: Kind, notice: Notice, contact: identity.ContactDTO) -> str:
    reader = _Reader(
        id=contact.user_id,
        roles=identity.roles_for(user_id=contact.user_id) if kind.link == FRONT else frozenset(),
    )
    return path_for(account=reader, kind=kind, subject_id=notice.subject_id)


def _secret(kind: Kind, notice: Notice, contact: identity.ContactDTO) -> str:
    """Of a link that works once. After the #, so that it reaches no server log and no Referer."""
    if not kind.secret:
        return ""
    about = notice.subject_id if kind.to else None
    return f"#token={identity.issue_email_token(user_id=contact.user_id, purpose=kind.secret, about=about)}"
