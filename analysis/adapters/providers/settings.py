"""Which providers this installation asks, in which order."""

from __future__ import annotations

from collections.abc import Callable

from analysis.adapters.providers.anthropic_messages import AnthropicMessages
from analysis.adapters.providers.google_genai import GoogleGenAI
from analysis.adapters.providers.openai_responses import OpenAIResponses
from analysis.adapters.providers.protocol import Access, Provider
from config.kernel.conf import setting

_KINDS: dict[str, Callable[[Access], Provider]] = {
    "openai": OpenAIResponses,
    "anthropic": AnthropicMessages,
    "google": GoogleGenAI,
}


def configured_providers() -> tuple[Provider, ...]:
    """The providers named in ANALYSIS_PROVIDERS that have a key and a model, in that order."""
    found = []
    for name in setting("ANALYSIS_PROVIDERS"):
        kind = _KINDS.get(name)
        access = _access(name) if kind else None
        if kind and access:
            found.append(kind(access))
    return tuple(found)


def _access(name: str) -> Access | None:
    key, model, url = (str(setting(f"{name.upper()}_{part}", "")) for part in ("API_KEY", "MODEL", "BASE_URL"))
    return Access(key, model, url) if key and model else None
