"""What the launcher writes for supervisord and for the front, from what the environment says."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from config.kernel.serving import caddyfile, supervisor_conf
from config.kernel.serving.options import ROLES, WORKERS, Options, read_options
from config.kernel.serving.programs import programs
from config.kernel.serving.sockets import socket_folder

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


def configuration(tmp_path: Path, **kwargs: bool) -> configparser.RawConfigParser:
    chosen = options(tmp_path, **kwargs)
    listed = programs(chosen, sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=2525)
    parser = configparser.RawConfigParser()
    parser.read_string(supervisor_conf.render(chosen, listed, sockets=tmp_path, as_root=False))
    return parser


def test_all_is_eight_processes_and_a_mailbox_where_asked(tmp_path: Path) -> None:
    eight = ["front", "web", "realtime", *WORKERS, "relay", "scheduler"]
    assert names(tmp_path, "all") == eight
    assert names(tmp_path, "all", mail_port=2525) == [*eight, "mail-sink"]


def test_worker_is_every_queue_and_every_other_role_is_itself(tmp_path: Path) -> None:
    assert names(tmp_path, "worker") == list(WORKERS)
    for role in set(ROLES) - {"all", "worker"}:
        assert names(tmp_path, role) == [role]


def test_metrics_get_a_listener_of_their_own_only_when_a_port_is_given(tmp_path: Path) -> None:
    assert "metrics" not in names(tmp_path, "all")
    chosen = options(tmp_path, METRICS_PORT="9464")
    listed = programs(chosen, sockets=tmp_path, caddyfile=tmp_path / "C", mail_port=None)
    assert "metrics" in [program.name for program in listed]


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
    parser = configuration(tmp_path)
    for name in WORKERS:
        assert 'REMAP_SIGTERM="SIGQUIT"' in parser[f"program:{name}"]["environment"]


def test_one_group_so_that_all_stop_at_once_and_each_restarts_alone(tmp_path: Path) -> None:
    parser = configuration(tmp_path)
    sections = [name.split(":")[1] for name in parser.sections() if name.startswith("program:")]
    assert parser["group:sop"]["programs"].split(",") == sections
    assert all(parser[f"program:{name}"]["autorestart"] == "true" for name in sections)
    assert all("config.kernel.serving.tied" in parser[f"program:{name}"]["command"] for name in sections)


def test_the_stop_time_leaves_room_below_25_seconds(tmp_path: Path) -> None:
    chosen = options(tmp_path)
    assert chosen.drain + chosen.stop + 2 + 4 < 25
    assert configuration(tmp_path)["program:web"]["stopwaitsecs"] == str(chosen.stop)


def test_logs_go_to_standard_output_or_to_files(tmp_path: Path) -> None:
    assert configuration(tmp_path)["program:web"]["stdout_logfile"] == "/dev/fd/1"
    to_files = configuration(tmp_path, logs_to_files=True)
    assert to_files["program:web"]["stdout_logfile"] == str(tmp_path / "logs" / "web.log")


def test_a_percent_sign_in_a_path_is_text(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()
    chosen = options(folder, logs_to_files=True)
    listed = programs(chosen, sockets=folder, caddyfile=folder / "C", mail_port=None)
    text = supervisor_conf.render(chosen, listed, sockets=folder, as_root=False)
    parser = configparser.ConfigParser({"host_node_name": "host"})
    parser.read_string(text)
    assert parser["program:front"]["command"].count(str(folder)) == 1
    assert "interactive@host" in parser["program:worker-interactive"]["command"]


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
