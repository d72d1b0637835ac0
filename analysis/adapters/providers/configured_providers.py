"""Which providers this release can ask, and which of them this installation asks, in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error

from analysis.adapters.providers.anthropic_messages import AnthropicMessages
from analysis.adapters.providers.google_genai import GoogleGenAI
from analysis.adapters.providers.openai_responses import OpenAIResponses
from analysis.adapters.providers.protocol import Access, Provider
from config.kernel.conf import setting

LOCAL = "local"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A provider that can be asked, and what the list of models says of it."""

    connect: Callable[[Access], Provider]
    note: str


# By the name that ANALYSIS_PROVIDERS gives it, and its settings begin with.
KINDS = {
    "openai": Kind(connect=OpenAIResponses, note="Responses API, nothing stored by the provider."),
    "anthropic": Kind(connect=AnthropicMessages, note="Messages API."),
    "google": Kind(connect=GoogleGenAI, note="Gemini API."),
}


def configured_providers() -> tuple[Provider, ...]:
    """The providers named in ANALYSIS_PROVIDERS that have a key and a model, in that order."""
    found = ((KINDS[name], access_to(name)) for name in setting("ANALYSIS_PROVIDERS") if name in KINDS)
    return tuple(kind.connect(access) for kind, access in found if access is not None)


def access_to(name: str) -> Access | None:
    """How this installation reaches a provider; ``None`` when it is not named, or has no key or no model."""
    if name not in KINDS or name not in setting("ANALYSIS_PROVIDERS"):
        return None
    access = Access(**setting("ANALYSIS_ACCESS")[name])
    return access if access.api_key and access.model else None


def every_named_provider_can_be_asked(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E001: a provider that was meant to be asked, and never would be."""
    problems: list[CheckMessage] = []
    for name in setting("ANALYSIS_PROVIDERS"):
        if name not in (LOCAL, *KINDS):
            text = f"ANALYSIS_PROVIDERS names {name}; there are {', '.join((LOCAL, *KINDS))}."
            problems.append(Error(text, id="analysis.E001"))
        elif name != LOCAL and access_to(name) is None:
            text = f"ANALYSIS_PROVIDERS names {name}: set {name.upper()}_API_KEY and {name.upper()}_MODEL too."
            problems.append(Error(text, id="analysis.E001"))
    return problems
