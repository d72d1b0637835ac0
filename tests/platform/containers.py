"""compose.yaml's containers without a container engine: a mount namespace for each role, with exactly its mounts.

The root is read-only, the secrets too, also for root; /tmp and /data are memory of this role alone. What differs from
compose is the network: names of hosts become ports of the loopback.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
IMAGE = {"SOP_DATA_DIR": "/data", "STATIC_ROOT": "/app/static", "SOP_BIND": "127.0.0.1", "HOME": "/tmp"}
# What the host lends to a container besides the image: none of it may be written to.
_LENT = ("bin", "boot", "etc", "home", "lib", "lib32", "lib64", "opt", "root", "sbin", "srv", "usr", "var", "work")


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A named volume or a folder beside compose.yaml, at a place of the container."""

    source: str
    target: str
    read_only: bool


@dataclass(frozen=True, kw_only=True)
class Container:
    """One service of compose.yaml."""

    command: tuple[str, ...]
    mounts: tuple[Mount, ...]
    memory: tuple[str, ...]
    environment: Mapping[str, str]
    read_only: bool


@cache
def _services() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]


def containers(given: Mapping[str, str]) -> dict[str, Container]:
    """Every service that runs the product; ``given`` fills the file's variables in."""
    services = _services().items()
    return {name: _container(service, given) for name, service in services if "second-opinion" in service["image"]}


def _container(service: Mapping[str, Any], given: Mapping[str, str]) -> Container:
    filled = {
        name: re.sub(r"\$\{(\w+):([?-])\}", lambda found: given[found[1]] if found[2] == "?" else "", text)
        for name, text in service["environment"].items()
    }
    mounts = []
    for text in service["volumes"]:
        source, target, *options = text.split(":")
        mounts.append(Mount(source=source, target=target, read_only="ro" in options))
    return Container(
        command=tuple(service["command"]),
        mounts=tuple(mounts),
        memory=tuple(text.partition(":")[0] for text in service["tmpfs"]),
        environment=filled,
        read_only=service["read_only"],
    )


@cache
def can_mount() -> bool:
    """Whether this machine lets us make mount namespaces: root may, others where user namespaces are allowed."""
    return subprocess.run([*_namespace(), "true"], capture_output=True, check=False).returncode == 0


def run_inside(
    container: Container, host: Path, command: Sequence[str], environment: Mapping[str, str], **options: Any
) -> "subprocess.Popen[bytes]":
    """Start ``command`` in the container; volumes lie in ``host`` under their names, and outlive it.

    Where no namespace may be made, the places are folders of the host instead: a write among the secrets is then
    not refused, and whoever calls must look for it.
    """
    if not can_mount():
        return _run_beside(container, host, command, environment, **options)
    script = "\n".join((*_tree(host), *_volumes(container, host), _enter(command)))
    surroundings = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | IMAGE | dict(environment)
    return subprocess.Popen([*_namespace(), "sh", "-euc", script], env=surroundings, **options)


def _run_beside(
    container: Container, host: Path, command: Sequence[str], environment: Mapping[str, str], **options: Any
) -> "subprocess.Popen[bytes]":
    places = {mount.target: host / mount.source for mount in container.mounts} | {"/app/static": host / "static"}
    for target in container.memory:
        places[target] = Path(tempfile.mkdtemp(prefix="sop-memory-", dir="/dev/shm"))
    surroundings = {"PATH": os.environ["PATH"]} | IMAGE | dict(environment)
    for name, value in surroundings.items():
        # The innermost place that holds it: /state/key-shares before /state.
        for target in sorted(places, key=len, reverse=True):
            if value == target or value.startswith(f"{target}/"):
                surroundings[name] = f"{places[target]}{value.removeprefix(target)}"
                break
    if environment.get("SOP_STATE_DIR") == "/state":
        surroundings["KEY_SHARES_DIR"] = str(places["/state/key-shares"])
    return subprocess.Popen(command, env=surroundings, cwd=ROOT, **options)


def _namespace() -> tuple[str, ...]:
    as_user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    return ("unshare", *as_user, "--mount", "--propagation", "private")


def _tree(host: Path) -> list[str]:
    """A root of our own: what is lent, read-only, and empty places for all else."""
    lines = [f"root={shlex.quote(str(host / 'root'))}", 'mkdir -p "$root"', 'mount -t tmpfs none "$root"']
    for name in _LENT:
        path = Path("/") / name
        if path.is_symlink():
            lines.append(f'ln -s {path.readlink()} "$root/{name}"')
        elif path.is_dir():
            lines += _bound(str(path), str(path), read_only=True)
    lines += ['mkdir "$root/dev" "$root/proc"', 'mount --rbind /dev "$root/dev"', 'mount --rbind /proc "$root/proc"']
    return lines


def _volumes(container: Container, host: Path) -> list[str]:
    lines = []
    for target in container.memory:
        lines += [f'mkdir -p "$root{target}"', f'mount -t tmpfs -o mode=1777 none "$root{target}"']
    for path in _needed():
        if not path.relative_to("/").parts[0].startswith(_LENT):
            lines += _bound(str(path), str(path), read_only=True)
    lines += _bound(str(host / "static"), "/app/static", read_only=True)
    for mount in container.mounts:
        source = host / mount.source
        source.mkdir(parents=True, exist_ok=True)
        lines += _bound(str(source), mount.target, read_only=mount.read_only)
    if container.read_only:
        lines.append('mount -o remount,ro "$root"')
    return lines


def _needed() -> set[Path]:
    """The project and its Python, wherever they lie: /tmp is the container's own."""
    return {ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}


def _bound(source: str, target: str, *, read_only: bool) -> list[str]:
    place = f'"$root"{shlex.quote(target)}'
    lines = [f"mkdir -p {place}", f"mount --bind {shlex.quote(source)} {place}"]
    return [*lines, f"mount -o remount,bind,ro {place}"] if read_only else lines


def _enter(command: Sequence[str]) -> str:
    inner = f"cd {shlex.quote(str(ROOT))} && exec {shlex.join(command)}"
    return f'exec chroot "$root" /bin/sh -c {shlex.quote(inner)}'
