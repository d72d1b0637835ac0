"""Medicines: the dictionary, the lists in documents, and what does not go together."""

from analysis.domain.medicines.interactions import interaction_findings
from analysis.domain.medicines.medicine_lines import Mention, medicine_findings, mentions

__all__ = ["Mention", "interaction_findings", "medicine_findings", "mentions"]
