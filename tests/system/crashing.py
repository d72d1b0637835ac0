"""A piece of work done by a forked child that is killed -9 at one named place: a statement, a commit, a file write."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.adapters.storage.disk import DiskStorage

FAILED = 70


class Places:
    """Counts the places that a piece of work passes; at the ``fatal`` one the process is gone."""

    def __init__(self, fatal: int, told: Path) -> None:
        self._fatal, self._told, self._passed = fatal, told, 0

    def __call__(self, name: str) -> None:
        self._passed += 1
        if self._passed == self._fatal:
            self._told.write_text(name)
            os.kill(os.getpid(), signal.SIGKILL)

    def done(self) -> None:
        self._told.write_text(str(self._passed))


def killed_at(number: int, work: Callable[[], Any], folder: Path) -> str | None:
    """Fork, do the work, die at its ``number``-th place; returns the place's name, ``None`` when the work ended before.

    The child leaves our connections alone and opens its own.
    """
    told = folder / "place"
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        _child(Places(number, told), work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return told.read_text()
    assert os.waitstatus_to_exitcode(status) == 0, "the work failed by itself"
    return None


def _child(passing: Places, work: Callable[[], Any]) -> None:
    try:
        for connection in connections.all():
            connection.connection = None
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(_statement(passing)))
            stack.enter_context(mock.patch.object(BaseDatabaseWrapper, "_commit", _commit(passing)))
            stack.enter_context(mock.patch.object(DiskStorage, "put", _put(passing)))
            work()
        passing.done()
        os._exit(0)
    except BaseException:  # whatever it is, no test of the parent may go on in the child
        traceback.print_exc()
        os._exit(FAILED)


def _statement(passing: Places) -> Callable[..., Any]:
    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        passing(f"before {' '.join(sql.split())[:60]}")
        return run(sql, params, many, context)

    return execute


def _commit(passing: Places) -> Callable[[BaseDatabaseWrapper], None]:
    real = BaseDatabaseWrapper._commit

    def commit(self: BaseDatabaseWrapper) -> None:
        passing("before a commit")
        real(self)
        passing("after a commit")

    return commit


def _put(passing: Places) -> Callable[..., Any]:
    real = DiskStorage.put

    def put(self: DiskStorage, key: str, chunks: Iterable[bytes]) -> Any:
        def watched() -> Iterator[bytes]:
            passing("before a file")
            yield from chunks
            passing("at the end of a file")

        kept = real(self, key, watched())
        passing("after a file")
        return kept

    return put
