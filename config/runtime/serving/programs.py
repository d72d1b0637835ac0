"""The processes of the product and how each is started."""

import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.runtime.serving.launch_options import Options

# Each context's connection takes on its own role, so that PostgreSQL itself refuses another's tables.
_WALLED = {"SOP_ASSUME_ROLES": "1"}
OPS_SOCKET = "ops.sock"


@dataclass(frozen=True, kw_only=True)
class Program:
    """One supervised process; ``environment`` is added to the launcher's own.

    A ``forked`` one is a module of Python that goes on from the project as the supervisor has loaded it.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    forked: bool = False


def programs(options: Options, *, sockets: Path, caddyfile: Path, mail_port: int | None) -> list[Program]:
    """The processes of ``options.role``; the mailbox only when ``mail_port`` is given."""
    everything = [
        _front(caddyfile, options),
        _web(options, sockets),
        _realtime(options, sockets),
        _worker("interactive", options.interactive),
        _worker("bulk", options.bulk),
        _worker("documents", options.documents),
        _loops("relay"),
        _loops("scheduler"),
        _loops("relay", "scheduler"),
        _loops("feeds"),
    ]
    chosen = [program for program in everything if _belongs(program.name, options)]
    if options.role != "front":
        chosen.append(_ops(options, sockets, [program.name for program in chosen if program.forked]))
    if mail_port:
        folder = str(options.data / "mail")
        arguments = ("--port", str(mail_port), "--folder", folder)
        chosen.append(_module("mail-sink", "config.runtime.embedded.mail_sink", *arguments))
    return [replace(program, environment=_WALLED | program.environment) for program in chosen]


def _belongs(name: str, options: Options) -> bool:
    role = options.role
    if role == "all":
        # Two loops that mostly wait need one process; feeds may be slow, and run only where there is somebody to feed.
        return name not in ("relay", "scheduler", "feeds") or (name == "feeds" and options.feeds)
    return role == name or (role == "worker" and name.startswith("worker-"))


def _tool(name: str) -> str:
    """A program of this virtual environment, whether or not it is activated."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else (shutil.which(name) or name)


def _front(caddyfile: Path, options: Options) -> Program:
    home = str(options.run / "caddy")
    return Program(
        name="front",
        command=(_tool("caddy"), "run", "--config", str(caddyfile), "--adapter", "caddyfile"),
        # The Go runtime gives memory back earlier when it knows a limit.
        environment={"XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "GOMEMLIMIT": "64MiB"},
    )


def _gunicorn(options: Options, name: str, bind: str, *arguments: str) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "gunicorn", "--config", "python:config.runtime.serving.gunicorn_hooks"),
        *("--bind", bind, "--name", f"sop-{name}", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"),  # noqa: S108  heart-beat files belong into memory
        *("--graceful-timeout", str(max(2, options.stop - 3)), "--log-level", "warning"),
        *("--forwarded-allow-ips", "*", *arguments),
    )


def _web(options: Options, sockets: Path) -> Program:
    bind = f"unix:{sockets}/web.sock" if options.role == "all" else f"{options.bind}:{options.port}"
    # A thread is held by a running request, not by a connection; the recycling bounds what a leak can cost.
    command = _gunicorn(
        options,
        "web",
        bind,
        *("--worker-class", "config.runtime.http.worker.Worker", "--workers", str(options.web_workers)),
        *("--threads", str(options.web_threads), "--preload", "--timeout", "60"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000", "config.wsgi:application"),
    )
    return Program(name="web", command=command, forked=True)


def _realtime(options: Options, sockets: Path) -> Program:
    bind = f"unix:{sockets}/realtime.sock" if options.role == "all" else f"{options.bind}:{options.port}"
    worker = ("--worker-class", "config.runtime.serving.realtime_worker.RealtimeWorker", "--workers", "1")
    command = _gunicorn(options, "realtime", bind, *worker, "config.asgi:application")
    return Program(name="realtime", command=command, forked=True)


def _worker(queue: str, processes: int) -> Program:
    command = (
        *(
            sys.executable,
            "-m",
            "config.runtime.worker",
            "--quiet",
            "--app",
            "config.celery",
            "worker",
            "--pool",
            "prefork",
        ),
        *("--queues", queue, "--concurrency", str(processes), "--hostname", f"{queue}@%(host_node_name)s"),
        *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
    )
    # A plain SIGTERM would wait for the running task; this way it goes back into the queue in time.
    return Program(name=f"worker-{queue}", command=command, environment={"REMAP_SIGTERM": "SIGQUIT"}, forked=True)


def _loops(*names: str) -> Program:
    command = (sys.executable, "-m", "config.runtime.loops", *names)
    return Program(name="-".join(names), command=command, forked=True)


def _ops(options: Options, sockets: Path, expected: list[str]) -> Program:
    listeners = [part for address, port in options.listeners.values() for part in ("--listen", f"{address}:{port}")]
    module = ("-m", "config.runtime.operations_listener")
    command = (
        sys.executable,
        *module,
        "--socket",
        str(sockets / OPS_SOCKET),
        *listeners,
    )
    return Program(name="ops", command=(*command, "--expect", *expected), forked=True)


def _module(name: str, module: str, *arguments: str) -> Program:
    return Program(name=name, command=(sys.executable, "-m", module, *arguments), forked=True)
