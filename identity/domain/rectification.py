"""Correcting what is held about a person (Article 16 GDPR)."""

from datetime import timedelta

# What the claim is about. Name, birth date, sex and contact people change by themselves, in their profile.
ABOUT = ("account", "case", "document", "message", "opinion", "other")
# Article 12 (3) GDPR: within one month of receipt.
ANSWERED_WITHIN = timedelta(days=30)
OPEN_AT_ONCE = 10
