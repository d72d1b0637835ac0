"""What would be sent, and what each channel would do, if a message were sent now. Nothing is written or counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.kernel.auth import Principal
from identity import services as identity
from notifications.domain.categories import Category, ChannelName
from notifications.domain.deciding import Decision, Hold, Send
from notifications.services.deciding import decide_for
from notifications.services.send.checks import channels_of
from notifications.services.send.requests import Message, TemplateVersion, checked, require_sender
from notifications.services.templates import Template, render


@dataclass(frozen=True, kw_only=True)
class ChannelDecision:
    """One channel: ``send``, ``hold`` (``until``, ``why``) or ``skip`` (``why``); and its words, in whose language."""

    channel: str
    decision: str
    until: datetime | None
    why: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What would be sent."""

    template: TemplateVersion
    channels: tuple[ChannelDecision, ...]


def try_message(*, principal: Principal, message: Message) -> DryRun:
    """As ``send_message`` would take it, with every fault it would name."""
    require_sender(principal)
    template = checked(principal, message)
    person = identity.contacts(user_ids=[identity.person_now(user_id=message.user_id)])
    locale = next((one.locale for one in person.values()), "en")
    return DryRun(
        template=TemplateVersion(code=template.code, version=template.version),
        channels=tuple(
            _told(template, ChannelName(channel), message, locale)
            for channel in message.channels or channels_of(template)
        ),
    )


def _told(template: Template, channel: ChannelName, message: Message, locale: str) -> ChannelDecision:
    decision: Decision = Send()
    if channel is not ChannelName.IN_APP:
        decision = decide_for(
            user_id=identity.person_now(user_id=message.user_id),
            category=Category(template.category),
            channel=channel,
            not_before=message.send_at,
        )
    rendered = render(template=template, channel=channel, language=locale, values=message.values)
    said: dict[str, Any] = {"decision": type(decision).__name__.lower(), "until": None, "why": ""}
    if not isinstance(decision, Send):
        said["why"] = str(decision.why)
    if isinstance(decision, Hold):
        said["until"] = decision.until
    return ChannelDecision(
        channel=channel.value, language=rendered.language, subject=rendered.subject, text=rendered.text, **said
    )
