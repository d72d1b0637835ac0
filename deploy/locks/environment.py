"""The interpreters and machines that we serve: how markers are judged there, and which wheels fit."""

import itertools
from dataclasses import dataclass
from functools import cache

from packaging.tags import Tag, compatible_tags, cpython_tags

# The first and a late release of each: markers may name 3.11.3, and Debian 12 has 3.11.2.
PYTHONS = ("3.11.2", "3.11.14", "3.12.0", "3.12.12", "3.13.0", "3.13.9")
MACHINES = ("x86_64", "aarch64")
GLIBC = 36  # 2.36: Debian 12 and the image that is built on it


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """One interpreter on one kind of machine, under Linux."""

    python: str
    machine: str

    def markers(self, extra: str) -> dict[str, str]:
        """What markers are judged by."""
        return {
            "implementation_name": "cpython",
            "implementation_version": self.python,
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": self.python,
            "python_version": ".".join(self.python.split(".")[:2]),
            "sys_platform": "linux",
            "extra": extra,
        }

    def __str__(self) -> str:
        return f"Python {self.python} on {self.machine}"


ALL = tuple(Surroundings(python=python, machine=machine) for python in PYTHONS for machine in MACHINES)


@cache
def tags(python: str, machine: str) -> frozenset[Tag]:
    """The wheels that this interpreter takes on a machine with Debian 12's C library."""
    version = tuple(int(part) for part in python.split(".")[:2])
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 4, -1)]
    platforms += [f"manylinux{old}_{machine}" for old in ("2014", "2010", "1")] + [f"linux_{machine}"]
    interpreter = f"cp{version[0]}{version[1]}"
    return frozenset(
        itertools.chain(cpython_tags(version, platforms=platforms), compatible_tags(version, interpreter, platforms))
    )
