"""What express is given to do the same work as ours: the product's own statements, fields and data key, as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from config.kernel.auth import Principal

_PLACE = re.compile(r"%\((\w+)\)s")


def write_work(file: Path, principal: Principal, case_id: UUID) -> None:
    """Statements as they are sent for a patient's list and page; values that are each request's own come from it."""
    from cases.domain.workflow.states import State
    from cases.services import casefile
    from cases.services.casefile import case_reads
    from config.kernel.auth import acting_as
    from identity import services as identity

    def sent(read: Callable[[], Any]) -> dict[str, Any]:
        with mock.patch("cases.queries.case_reads._run", wraps=run) as seen, acting_as(principal):
            read()
        statement, values = seen.call_args.args[:2]
        return _numbered(statement, values)

    from cases.queries.case_reads import _run as run

    key = identity.data_key(subject_id=principal.require_user_id())
    lists = sent(lambda: casefile.list_cases(principal=principal, limit=25))
    page = sent(lambda: casefile.case_page(principal=principal, case_id=case_id))
    shown, _ = casefile.list_cases(principal=principal, limit=1)
    made = {"title", "relation", "turn", "clock_running", "clock_stopped_by"}
    work = {
        "list": lists,
        "page": page,
        "key": {"version": key.version, "secret": key.secret.hex()},
        "line": [name for name in shown[0] if name not in made],
        "progress": case_reads._PROGRESS,
        "standing": {
            f"{state} {json.dumps(held)}": dict(case_reads._standing(state, held))
            for state in State
            for held in (True, False)
        },
    }
    file.write_text(json.dumps(work, default=str))
    file.chmod(0o600)


def _numbered(statement: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """As node's driver wants it: places by number, each name once."""
    names = list(dict.fromkeys(_PLACE.findall(statement)))
    text = _PLACE.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
    return {"text": text, "names": names, "values": {name: values[name] for name in names}}
