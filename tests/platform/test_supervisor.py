"""The supervisor with programs of its own, in a process of its own: it reaps whatever ends beside it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import os, signal, sys, time
from pathlib import Path
from config.runtime.serving.programs import Program
from config.runtime import children, heartbeats, supervisor
from config.runtime.supervisor_handover import Plan, running_programs

folder = Path(sys.argv[1])
(folder / "beats").mkdir(); (folder / "logs").mkdir()
os.environ["SOP_BEATS_DIR"] = str(folder / "beats")
WAIT = (sys.executable, "-c", "import time; time.sleep(3600)")


def begun(*programs, **options):
    plan = Plan(programs=programs, run=folder, stop=options.get("stop", 15), logs=folder / "logs")
    one = supervisor.Supervisor(plan)
    one.turn(children.now())
    return one


def until(condition, one):
    while not condition():
        one.turn(children.now())
        time.sleep(0.05)


def run_of(one, name):
    return next(child.pid for child in one.children if child.program.name == name)


def runs(pid):
    return children._state(pid) not in ("", "Z")
"""


def scenario(folder: Path, text: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", BEGIN + text, str(folder)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_who_ends_is_begun_again_and_nobody_else(tmp_path: Path) -> None:
    scenario(
        tmp_path,
        """
one = begun(Program(name="a", command=WAIT), Program(name="b", command=WAIT))
a, b = run_of(one, "a"), run_of(one, "b")
assert running_programs(folder) == {"a": a, "b": b}
os.kill(a, signal.SIGKILL)
until(lambda: run_of(one, "a") not in (0, a), one)
assert run_of(one, "b") == b and runs(b)
assert running_programs(folder) == {"a": run_of(one, "a"), "b": b}
one._end_all()
assert running_programs(folder) == {}
""",
    )


def test_who_cannot_run_is_begun_ever_more_slowly(tmp_path: Path) -> None:
    scenario(
        tmp_path,
        """
child = children.Child(Program(name="a", command=WAIT), None)
moment, pauses = 0.0, []
for _ in range(8):
    child._begun = moment
    child.ended(moment + 1)
    pauses.append(child._next - moment - 1)
    moment = child._next
assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0], pauses
child._begun = moment
child.ended(moment + 60)
assert child.due(moment + 60)
""",
    )


def test_a_forked_program_goes_on_as_the_module_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(
        "import os, sys\n"
        "assert __name__ == '__main__'\n"
        "alone = os.getsid(0) == os.getpid()\n"
        "told = f\"{sys.argv[1:]} {os.environ['PLANTED']} {os.environ['SOP_PROGRAM']} {alone}\"\n"
        "open(sys.argv[1] + '.part', 'w').write(told)\n"
        "os.replace(sys.argv[1] + '.part', sys.argv[1])\n"
        "sys.exit(3)\n"
    )
    scenario(
        tmp_path,
        """
sys.path.insert(0, str(folder))
command = (sys.executable, "-m", "planted", str(folder / "told"), "--y")
one = begun(Program(name="a", command=command, environment={"PLANTED": "yes"}, forked=True))
until((folder / "told").exists, one)
one._end_all()
""",
    )
    told = tmp_path / "told"
    assert told.read_text() == f"['{told}', '--y'] yes a True"


def test_a_reader_who_leaves_does_not_end_a_forked_program(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(
        "import os, socket, sys\n"
        "ours, theirs = socket.socketpair()\n"
        "theirs.close()\n"
        "try:\n"
        "    ours.send(b'an answer')\n"
        "    told = 'sent'\n"
        "except OSError as error:\n"
        "    told = type(error).__name__\n"
        "open(sys.argv[1] + '.part', 'w').write(told)\n"
        "os.replace(sys.argv[1] + '.part', sys.argv[1])\n"
    )
    scenario(
        tmp_path,
        """
sys.path.insert(0, str(folder))
command = (sys.executable, "-m", "planted", str(folder / "told"))
one = begun(Program(name="a", command=command, forked=True))
pid = run_of(one, "a")
until(lambda: (folder / "told").exists() or run_of(one, "a") != pid, one)
assert (folder / "told").exists() and (folder / "told").read_text() == "BrokenPipeError"
one._end_all()
""",
    )


def test_who_is_frozen_is_ended_and_begun_again(tmp_path: Path) -> None:
    scenario(
        tmp_path,
        """
one = begun(Program(name="a", command=WAIT), Program(name="b", command=WAIT))
a, b = run_of(one, "a"), run_of(one, "b")
os.kill(a, signal.SIGSTOP)  # it has no beat of its own: seen by its state
while children._state(a) != "T":
    time.sleep(0.05)
moment = children.now()
one.turn(moment + 2)
one.turn(moment + 2 + heartbeats.FROZEN_SECONDS / 2)
assert run_of(one, "a") == a
one.turn(moment + 4 + heartbeats.FROZEN_SECONDS)
until(lambda: run_of(one, "a") not in (0, a), one)
beat = folder / "beats" / f"b.{b}"
beat.touch()
os.utime(beat, (time.time() - heartbeats.FROZEN_SECONDS - 5,) * 2)
one.turn(moment + 100 + heartbeats.FROZEN_SECONDS)
until(lambda: run_of(one, "b") not in (0, b), one)
one._end_all()
""",
    )


def test_a_beat_of_a_process_that_is_not_ours_ends_nobody(tmp_path: Path) -> None:
    scenario(
        tmp_path,
        """
import subprocess
other = subprocess.Popen(WAIT, start_new_session=True)
one = begun(Program(name="a", command=WAIT))
beat = folder / "beats" / f"web.{other.pid}"
beat.touch()
os.utime(beat, (0, 0))
one.turn(children.now() + 5)
assert runs(other.pid)
other.kill()
one._end_all()
""",
    )


def test_who_does_not_stop_is_ended_with_all_it_started(tmp_path: Path) -> None:
    deaf = (
        "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']).pid, flush=True);"
        "time.sleep(3600)"
    )
    scenario(
        tmp_path,
        f"""
one = begun(Program(name="a", command=(sys.executable, "-c", {deaf!r})), stop=0)
log = folder / "logs" / "a.log"
until(lambda: log.exists() and log.read_text().strip(), one)
below = int(log.read_text())
one._end_all()
while runs(below):
    time.sleep(0.05)
""",
    )


def test_a_log_is_kept_small_and_its_writer_goes_on(tmp_path: Path) -> None:
    talker = "import time\nwhile True: print('x' * 999, flush=True); time.sleep(0.001)"
    scenario(
        tmp_path,
        f"""
supervisor.LOG_BYTES = 20_000
one = begun(Program(name="a", command=(sys.executable, "-c", {talker!r})))
log = folder / "logs" / "a.log"
moment = children.now()
until(lambda: log.exists() and log.stat().st_size > 20_000, one)
one.turn(moment + 3600)
until(lambda: log.with_suffix(".log.1").exists() and log.stat().st_size, one)
assert log.stat().st_size < 5_000_000
one._end_all()
""",
    )
