"""Rows of DICOMweb: images are read by whom documents are read."""

from __future__ import annotations

from tests.authorization.row import Row

BASE = "/cases/{imaged}/dicomweb"
STUDY = BASE + "/studies/{study}"
SERIES = STUDY + "/series/{series}"
INSTANCE = SERIES + "/instances/{instance}"
#        AN PO OP DE PU PA PR SS SA SV
CELLS = "1 Y 4 D 4 Y 3 B 3 4"

ROWS = (
    Row("search images", "GET", f"{BASE}/studies", CELLS),
    Row("retrieve an image", "GET", INSTANCE, CELLS),
    Row("frames of an image", "GET", INSTANCE + "/frames/1", CELLS),
)

# Which scope opens a delegate's cells.
SCOPES = {row.name: "read" for row in ROWS}

# One test asks all of them as every role: the world of a matrix row takes longer to make than these to be asked.
ROUTES = (
    "series",
    "instances",
    "studies/<str:study>",
    "studies/<str:study>/metadata",
    "studies/<str:study>/series",
    "studies/<str:study>/instances",
    "studies/<str:study>/series/<str:series>",
    "studies/<str:study>/series/<str:series>/metadata",
    "studies/<str:study>/series/<str:series>/instances",
    "studies/<str:study>/series/<str:series>/instances/<str:instance>/metadata",
    "studies/<str:study>/series/<str:series>/instances/<str:instance>/rendered",
    "studies/<str:study>/series/<str:series>/instances/<str:instance>/frames/<int:number>/rendered",
)
ELSEWHERE = {
    f"GET /api/v1/cases/<uuid:case_id>/dicomweb/{route}": "tests/cases/documents/imaging/test_dicomweb.py"
    for route in ROUTES
}
ELSEWHERE |= {"POST /api/v1/cases/<uuid:case_id>/dicomweb/studies": "tests/cases/documents/imaging/test_stow.py"}
