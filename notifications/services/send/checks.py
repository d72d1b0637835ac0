"""Whether a template can say what is asked of it, by the channels that are wanted, with the values that are given."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.kernel.errors import FieldError
from notifications.adapters.protocol import channels_on
from notifications.domain.categories import ChannelName
from notifications.services.templates import Rendered, Template, render, value_faults


def channels_of(template: Template) -> tuple[str, ...]:
    """The channels by which it says something, of those that are on; the notice on the platform is always one."""
    on = {ChannelName.IN_APP, *channels_on()}
    return tuple(one.value for one in ChannelName if one in on and one in template.channels)


def message_faults(
    template: Template | None, *, channels: Iterable[str] | None, values: Mapping[str, Any], pointer: str = "#"
) -> Iterator[FieldError]:
    """Everything that keeps it from being sent so."""
    if template is None:
        yield FieldError(f"{pointer}/template", "unknown_choice", "There is no such template in force.")
        return
    can = channels_of(template)
    for number, channel in enumerate(channels or ()):
        if channel not in can:
            advice = f"It is not set up, or the template says nothing by it; there are {', '.join(can)}."
            yield FieldError(f"{pointer}/channels/{number}", "unknown_choice", advice)
    for fault in value_faults(template=template, values=values):
        yield FieldError(f"{pointer}{fault.pointer.removeprefix('#')}", fault.code, fault.detail)


def shown_texts(
    template: Template, *, channels: Iterable[str], values: Mapping[str, Any]
) -> Iterator[tuple[str, Rendered]]:
    """(channel, text) in each language that is written."""
    for channel in channels:
        for language in template.texts.get(channel, {}):
            yield channel, render(template=template, channel=channel, language=language, values=values)
