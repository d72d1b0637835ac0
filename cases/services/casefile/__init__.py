"""The case as people see it: lists, page, workspace, timeline, search, who acts in it."""

from cases.domain.casefile.access_rules import Relation
from cases.queries.case_selection import ListFilter
from cases.queries.list_order import ORDERS
from cases.services.casefile.break_glass import BreakGlassDTO, break_glass, list_break_glass, review_break_glass
from cases.services.casefile.case_calendar import case_calendar
from cases.services.casefile.case_names import CaseName, case_names
from cases.services.casefile.case_reads import case_access, case_page, get_case, list_cases, worklist
from cases.services.casefile.case_search import search_cases
from cases.services.casefile.coverage import case_coverage, document_coverage
from cases.services.casefile.coverage_dto import (
    CaseCoverage,
    CoverageTotals,
    DocumentCoverage,
    FileNotTaken,
    ImportCoverage,
    JudgedCoverage,
    NotTaken,
    PlaceInText,
)
from cases.services.casefile.delegates import add_delegate, list_delegates, remove_delegate
from cases.services.casefile.document_search import Found, PageHit, find_in_documents
from cases.services.casefile.dto import CaseAccess, CaseDTO, WorkItem
from cases.services.casefile.open_cases import people_with_open_case
from cases.services.casefile.timeline import TimelineEntry, timeline
from cases.services.casefile.vocabulary import Vocabulary, vocabulary
from cases.services.casefile.workspace import WorkspaceDTO, workspace

# In which orders cases are listed: by name, the field of a row that decides (empty: its id).
CASE_ORDERS = tuple((name, order.column) for name, order in ORDERS.items())

__all__ = [
    "CASE_ORDERS",
    "BreakGlassDTO",
    "CaseAccess",
    "CaseCoverage",
    "CaseDTO",
    "CaseName",
    "CoverageTotals",
    "DocumentCoverage",
    "FileNotTaken",
    "Found",
    "ImportCoverage",
    "JudgedCoverage",
    "ListFilter",
    "NotTaken",
    "PageHit",
    "PlaceInText",
    "Relation",
    "TimelineEntry",
    "Vocabulary",
    "WorkItem",
    "WorkspaceDTO",
    "add_delegate",
    "break_glass",
    "case_access",
    "case_calendar",
    "case_coverage",
    "case_names",
    "case_page",
    "document_coverage",
    "find_in_documents",
    "get_case",
    "list_break_glass",
    "list_cases",
    "list_delegates",
    "people_with_open_case",
    "remove_delegate",
    "review_break_glass",
    "search_cases",
    "timeline",
    "vocabulary",
    "worklist",
    "workspace",
]
