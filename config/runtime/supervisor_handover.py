"""What the supervisor is told to run: written by the launcher, read once at the supervisor's start."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from config.runtime.serving.programs import Program


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The programs, the seconds they get to stop, and where their output goes (``None``: to ours)."""

    programs: tuple[Program, ...]
    run: Path
    stop: int
    logs: Path | None

    @property
    def forked(self) -> bool:
        """Whether anything needs the project to be loaded."""
        return any(program.forked for program in self.programs)

    @property
    def pids(self) -> Path:
        """The file that names the running programs."""
        return self.run / "programs.json"


def write_plan(plan: Plan, path: Path) -> None:
    """Keep the plan for ``read_plan``."""
    given = asdict(plan) | {"run": str(plan.run), "logs": str(plan.logs) if plan.logs else None}
    path.write_text(json.dumps(given))


def read_plan(path: Path) -> Plan:
    """The plan of ``write_plan``."""
    given = json.loads(path.read_text())
    return Plan(
        programs=tuple(Program(**one | {"command": tuple(one["command"])}) for one in given["programs"]),
        run=Path(given["run"]),
        stop=given["stop"],
        logs=Path(given["logs"]) if given["logs"] else None,
    )


def running_programs(run: Path) -> dict[str, int]:
    """Process ids by program, as the supervisor of this folder last wrote them."""
    try:
        found: dict[str, int] = json.loads((run / "programs.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found
