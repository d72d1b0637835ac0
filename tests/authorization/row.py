"""What a row of the authorization matrix is.

Columns: AN anonymous, PO the patient who owns the case, OP another patient, DE a delegate of PO, PU a specialist who
is not assigned, PA the assigned specialist, PR the case's peer reviewer, SS a coordinator, SA an administrator, SV a
service key without scopes. UC, PO before her address was confirmed, has no cells: on every row UC is nobody.

Cells: Y 2xx, S 2xx with fewer fields, D 2xx only with a delegation's scope (else 404), N 200 without the object, B only
in break-glass (else 403 or 404), 1 401, 3 403, 4 404, 9 409, L redirect to the sign-in, - not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One action. ``why`` says where and for what reason a cell is not the design's."""

    name: str
    method: str
    path: str
    cells: str
    body: Any = None
    why: dict[str, str] = field(default_factory=dict)
    absent: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def cell(self, role: str) -> str:
        from tests.authorization.world import ROLES

        return self.cells.split()[ROLES.index(role)]
