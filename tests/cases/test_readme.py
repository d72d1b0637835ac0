"""The diagram of the machine is drawn from its table, and every subject has a row on the context's page."""

from pathlib import Path
from pkgutil import iter_modules

import cases.services
from cases.domain.workflow.transitions import TABLE
from tests.cases.workflow.diagram import with_diagram

CASES = Path(cases.__file__).parent
WORKFLOW = (CASES / "services/workflow/README.md").read_text()


def test_the_diagram_is_the_table_of_today() -> None:
    assert with_diagram(WORKFLOW) == WORKFLOW
    assert all(f": {row.transition} (" in WORKFLOW for row in TABLE if row.transition.startswith("T"))


def test_every_subject_is_named() -> None:
    rows = "".join(line for line in (CASES / "README.md").read_text().splitlines() if line.startswith("|"))
    assert not [one.name for one in iter_modules(cases.services.__path__) if one.name not in rows]
