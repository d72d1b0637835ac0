"""Providers of language models behind one protocol; each SDK is imported when it is first asked."""

from analysis.adapters.providers.protocol import Answer, Fault, Provider, ProviderFailed
from analysis.adapters.providers.provider_call import ask_within
from analysis.adapters.providers.settings import KINDS, LOCAL, access_to, configured_providers

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
