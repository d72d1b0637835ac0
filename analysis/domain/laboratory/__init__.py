"""Laboratory results: reading tables and sentences, units, ranges and flags."""

from analysis.domain.laboratory.coded_results import coded_findings, without_coded
from analysis.domain.laboratory.interpret import laboratory_findings
from analysis.domain.laboratory.results import Result
from analysis.domain.laboratory.tables import read_page

__all__ = ["Result", "coded_findings", "laboratory_findings", "read_page", "without_coded"]
