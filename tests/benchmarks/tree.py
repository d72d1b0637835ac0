"""What a running product's processes hold: memory by program, and the database's processes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from config.runtime.embedded.process import everyone
from config.runtime.supervisor_handover import running_programs


@dataclass(frozen=True)
class Process:
    """One process of the tree: which program it belongs to, its share of memory, and what it calls itself."""

    pid: int
    program: str
    megabytes: float
    title: str


def tree(data: Path, launcher: int) -> list[Process]:
    """Every process below ``launcher``, embedded servers included: they are its children, too."""
    parents = {pid: _parent(pid) for pid in everyone()}
    programs = {pid: name for name, pid in running_programs(data / "run").items()}
    supervisor = int((data / "run" / "supervisor.pid").read_text())
    known = programs | {launcher: "launcher", supervisor: "supervisor"}
    found = []
    for pid in parents:
        line = _line(pid, parents)
        if launcher in line:
            name = next((known[one] for one in line if one in known and one not in (launcher, supervisor)), "")
            name = name or _server(pid) or known.get(line[0], "other")
            try:
                found.append(Process(pid, name, _pss(pid), _title(pid)))
            except OSError:
                continue
    return found


def by_program(processes: list[Process]) -> dict[str, tuple[int, float]]:
    """How many processes each program has, and their memory in MB (PSS: a shared page counts once in all)."""
    found: dict[str, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for one in processes:
        number, total = found[one.program]
        found[one.program] = number + 1, total + one.megabytes
    return dict(sorted(found.items()))


def database_processes(processes: list[Process]) -> tuple[int, int]:
    """The database's processes, and how many of them serve a connection."""
    ours = [one for one in processes if one.program == "PostgreSQL"]
    return len(ours), sum("127.0.0.1(" in one.title or "[local]" in one.title for one in ours)


def _line(pid: int, parents: dict[int, int]) -> list[int]:
    """The process and all that it descends from."""
    line = [pid]
    while (above := parents.get(line[-1], 0)) > 1:
        line.append(above)
    return line


def _server(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
    if command.startswith("postgres"):
        return "PostgreSQL"
    return "Valkey" if "valkey" in command or "redis" in command else ""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def _title(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
