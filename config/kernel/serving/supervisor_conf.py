"""The configuration of supervisord, written at each start."""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from config.kernel.serving.options import ROOT, Options
from config.kernel.serving.programs import Program

_HEAD = """\
[unix_http_server]
file={sockets}/supervisor.sock
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{sockets}/supervisor.sock

[supervisord]
nodaemon=true
silent=true
logfile={log}
logfile_maxbytes={log_bytes}
pidfile={run}/supervisord.pid
childlogdir={run}
directory={root}
{user}
"""

# All in one group: supervisord stops the members of a group at once, but group after group.
_GROUP = """
[group:sop]
programs={names}
"""

_PROGRAM = """
[program:{name}]
command={command}
environment={environment}
autostart=true
autorestart=true
startsecs=1
startretries=1000000
stopsignal=TERM
stopwaitsecs={stop}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes={log_bytes}
stdout_logfile_backups=1
"""


def render(options: Options, programs: Iterable[Program], *, sockets: Path, as_root: bool) -> str:
    """The text of ``supervisord.conf``."""
    listed = list(programs)
    parts = [
        _HEAD.format(
            sockets=_plain(sockets),
            run=_plain(options.run),
            root=_plain(ROOT),
            log=_plain(options.data / "logs" / "supervisord.log") if options.logs_to_files else "/dev/null",
            log_bytes="5MB" if options.logs_to_files else "0",
            user="user=root" if as_root else "",
        )
    ]
    parts += [_program(options, program) for program in listed]
    parts.append(_GROUP.format(names=",".join(program.name for program in listed)))
    return "".join(parts)


def _program(options: Options, program: Program) -> str:
    tied = (sys.executable, "-m", "config.kernel.serving.tied", *program.command)
    return _PROGRAM.format(
        name=program.name,
        command=_command(tied),
        environment=",".join(f'{key}="{_plain(value)}"' for key, value in program.environment.items()),
        stop=options.stop,
        log=_plain(options.data / "logs" / f"{program.name}.log") if options.logs_to_files else "/dev/fd/1",
        log_bytes="5MB" if options.logs_to_files else "0",
    )


def _command(parts: Iterable[str]) -> str:
    # supervisord itself fills in %(host_node_name)s; every other percent sign is text.
    text = " ".join(shlex.quote(part) for part in parts)
    return text.replace("%", "%%").replace("%%(host_node_name)s", "%(host_node_name)s")


def _plain(value: object) -> str:
    return str(value).replace("%", "%%")
