"""Limits on how often something may be tried, counted in Valkey by one atomic operation."""

from config.kernel.limits.consumption import give_back, give_back_for_failure, spend, spend_each
from config.kernel.limits.headers import Standing, limit_headers, standings, starting
from config.kernel.limits.networks import network_of
from config.kernel.limits.rules import Counter, Limit, per_account, per_network, per_subject

__all__ = [
    "Counter",
    "Limit",
    "Standing",
    "give_back",
    "give_back_for_failure",
    "limit_headers",
    "network_of",
    "per_account",
    "per_network",
    "per_subject",
    "spend",
    "spend_each",
    "standings",
    "starting",
]
