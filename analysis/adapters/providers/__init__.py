"""Providers of language models behind one protocol; each SDK is imported when it is first asked."""

from analysis.adapters.providers.protocol import Answer, Fault, Provider, ProviderFailed
from analysis.adapters.providers.provider_call import ask_within
from analysis.adapters.providers.settings import configured_providers

__all__ = ["Answer", "Fault", "Provider", "ProviderFailed", "ask_within", "configured_providers"]
