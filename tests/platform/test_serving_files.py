"""What the launcher writes for the supervisor and for the front, from what the environment says."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.runtime.serving import caddyfile
from config.runtime.serving.launch_options import ROLES, WORKERS, Options, read_options
from config.runtime.serving.programs import programs
from config.runtime.serving.sockets import socket_folder
from config.runtime.supervisor_handover import Plan, read_plan, write_plan

CADDY = str(Path(sys.executable).with_name("caddy"))


def options(tmp_path: Path, role: str = "all", logs_to_files: bool = False, **environment: str) -> Options:
    given = {"SOP_DATA_DIR": str(tmp_path), **environment}
    return read_options(given, role=role, seed=False, migrate=None, logs_to_files=logs_to_files)


def names(tmp_path: Path, role: str, mail_port: int | None = None) -> list[str]:
    listed = programs(options(tmp_path, role), sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=mail_port)
    return [program.name for program in listed]


def command(tmp_path: Path, role: str, name: str, **environment: str) -> str:
    listed = programs(
        options(tmp_path, role, **environment), sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=None
    )
    return " ".join(next(program.command for program in listed if program.name == name))


def test_all_is_eight_processes_and_a_mailbox_where_asked(tmp_path: Path) -> None:
    eight = ["front", "web", "realtime", *WORKERS, "relay-scheduler", "ops"]
    assert names(tmp_path, "all") == eight
    assert names(tmp_path, "all", mail_port=2525) == [*eight, "mail-sink"]


def test_feeds_are_a_process_of_their_own_where_there_is_somebody_to_feed(tmp_path: Path) -> None:
    fed = options(tmp_path, EVENT_SINKS="kafka")
    listed = [one.name for one in programs(fed, sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=None)]
    assert listed == ["front", "web", "realtime", *WORKERS, "relay-scheduler", "feeds", "ops"]
    assert "feeds" not in names(tmp_path, "all")
    assert names(tmp_path, "feeds") == ["feeds", "ops"]


def test_worker_is_every_queue_and_every_other_role_is_itself_beside_who_tells_how_it_is(tmp_path: Path) -> None:
    assert names(tmp_path, "worker") == [*WORKERS, "ops"]
    assert names(tmp_path, "front") == ["front"]
    for role in set(ROLES) - {"all", "worker", "front"}:
        assert names(tmp_path, role) == [role, "ops"]
        assert f"--expect {role}" in command(tmp_path, role, "ops")


def test_health_and_metrics_are_told_on_ports_only_when_they_are_given(tmp_path: Path) -> None:
    assert "--listen" not in command(tmp_path, "all", "ops")
    told = command(tmp_path, "all", "ops", METRICS_PORT="9464", OPS_PORT="9000", SOP_BIND="0.0.0.0")
    assert "--listen 127.0.0.1:9464 --listen 0.0.0.0:9000" in told


def test_every_python_program_is_forked_from_the_one_that_loaded_the_project(tmp_path: Path) -> None:
    listed = programs(options(tmp_path), sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=2525)
    assert [program.name for program in listed if not program.forked] == ["front"]
    assert all(program.command[:2] == (sys.executable, "-m") for program in listed if program.forked)


def test_a_lone_web_role_takes_the_port_and_one_behind_the_front_a_socket(tmp_path: Path) -> None:
    assert "--bind 0.0.0.0:9000" in command(tmp_path, "web", "web", SOP_BIND="0.0.0.0", PORT="9000")
    assert f"--bind unix:{tmp_path}/web.sock" in command(tmp_path, "all", "web")


def test_sizes_come_from_the_environment(tmp_path: Path) -> None:
    assert "--workers 7 --threads 3" in command(tmp_path, "all", "web", WEB_WORKERS="7", WEB_THREADS="3")
    assert "--concurrency 5" in command(tmp_path, "worker", "worker-bulk", WORKER_BULK_PROCESSES="5")


def test_a_number_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="WEB_WORKERS must be a whole number, not 'many'"):
        options(tmp_path, WEB_WORKERS="many")


def test_workers_give_their_task_back_on_sigterm(tmp_path: Path) -> None:
    listed = programs(options(tmp_path, "worker"), sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=None)
    assert all(one.environment["REMAP_SIGTERM"] == "SIGQUIT" for one in listed if one.name in WORKERS)


def test_the_stop_time_leaves_room_below_25_seconds(tmp_path: Path) -> None:
    chosen = options(tmp_path)
    assert chosen.drain + chosen.stop + 2 + 3 < 25


def test_the_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    listed = programs(options(tmp_path), sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=2525)
    for logs in (None, tmp_path / "100%"):
        plan = Plan(programs=tuple(listed), run=tmp_path, stop=15, logs=logs)
        write_plan(plan, tmp_path / "plan.json")
        assert read_plan(tmp_path / "plan.json") == plan


@pytest.mark.parametrize(
    "environment", [{}, {"SOP_SITE_NAME": "a.example"}, {"SOP_TRUSTED_PROXIES": "10.0.0.0/8, ::1"}]
)
def test_caddy_accepts_the_configuration(tmp_path: Path, environment: dict[str, str]) -> None:
    path = tmp_path / "Caddyfile"
    path.write_text(caddyfile.render(options(tmp_path, **environment), sockets=tmp_path))
    arguments = ["validate", "--config", str(path), "--adapter", "caddyfile"]
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([CADDY, *arguments], capture_output=True, text=True, check=False, env=home)
    assert done.returncode == 0, done.stderr


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(tmp_path: Path) -> None:
    assert socket_folder(tmp_path / "run") == tmp_path / "run"
    long = tmp_path / ("x" * 90) / "run"
    found = socket_folder(long)
    assert len(str(found)) < 90
    assert found == socket_folder(long)
    assert found.stat().st_mode & 0o077 == 0
    found.rmdir()


def test_the_folder_of_sockets_is_private_whoever_made_it_before(tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    place.chmod(0o777)
    assert socket_folder(place).stat().st_mode & 0o777 == 0o700
    link = tmp_path / "link"
    link.symlink_to(place)
    with pytest.raises(PermissionError):
        socket_folder(link)
