"""Providers of language models behind one protocol; each SDK is imported when it is first asked."""

from analysis.adapters.providers.configured_providers import KINDS, LOCAL, access_to, configured_providers
from analysis.adapters.providers.protocol import Answer, Fault, Provider, ProviderFailed
from analysis.adapters.providers.provider_call import ask_within

__all__ = [
    "KINDS",
    "LOCAL",
    "Answer",
    "Fault",
    "Provider",
    "ProviderFailed",
    "access_to",
    "ask_within",
    "configured_providers",
]
