"""One role's generated requests to every operation: what was sent, and what went wrong."""

from __future__ import annotations

from collections import Counter
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from config.kernel.auth import Principal
from config.kernel.auth.tokens import encode_access
from tests.authorization.world import World, undone

schemathesis.serializer.alias("application/fhir+json", "application/json")


class Server(WSGIHandler):
    """Ends each answer as a server does: uploads' temporary files are closed."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        response = super().__call__(environ, start_response)
        try:
            return [b"".join(response)]
        finally:
            response.close()


def described() -> Any:
    """The API as it describes itself."""
    return schemathesis.openapi.from_wsgi("/api/schema", Server(), headers={"Accept": "application/json"})


class Attack:
    """Requests of one role, each undone, so that all meet the same world."""

    def __init__(self, role: str, checks: list[Any]) -> None:
        world = World()
        who = world.person(role)
        self.checks = checks
        self.headers = {"Authorization": f"Bearer {encode_access(who)[0]}"} if isinstance(who, Principal) else {}
        # Ids that exist, so that requests get further than "not found".
        self.ids = [str(world[name]) for name in ("c", "draft", "signed", "doc", "p", "n")]
        self.sent: Counter[int] = Counter()
        self.faults: dict[str, str] = {}

    def on(self, operation: Any, *, mode: GenerationMode, examples: int, number: int) -> None:
        """Send generated requests to one operation."""

        def send(case: Any) -> None:
            self.send(f"{operation.method.upper()} {operation.path}", case)

        attack = given(case=operation.as_strategy(generation_mode=mode))(send)
        quiet = how(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(number)(quiet(attack))()
        except Unsatisfiable:
            # Where every text is right (a secret in a path, an optional header), nothing wrong can be made.
            if mode is GenerationMode.POSITIVE:
                raise

    def send(self, name: str, case: Any) -> None:
        """Send one, and keep what each check has against its answer."""
        response = self.answer(case)
        self.sent[response.status_code] += 1
        try:
            case.validate_response(response, checks=self.checks)
        except (FailureGroup, AssertionError) as fault:
            self.faults.setdefault(f"{name} {response.status_code}", str(fault))

    def answer(self, case: Any) -> Any:
        """The answer to one, mostly about what there is."""
        turn = self.sent.total()
        for key in case.path_parameters or {}:
            if key.endswith("_id") and turn % 3:
                case.path_parameters[key] = self.ids[turn % len(self.ids)]
        with undone():
            return case.call(headers=self.headers)

    def told(self) -> str:
        """All that went wrong, for people."""
        return f"{self.sent}\n" + "\n\n".join(f"== {name}\n{fault[:900]}" for name, fault in self.faults.items())
