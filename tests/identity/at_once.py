"""Do one thing in many threads at the same instant, each with its own database connections."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(act: Callable[[int], Any], times: int = 20) -> tuple[list[Any], list[Exception]]:
    """Call ``act(number)`` from ``times`` threads that wait for each other; returns (results, errors)."""
    barrier = threading.Barrier(times)
    results: list[Any] = []
    errors: list[Exception] = []

    def run(number: int) -> None:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=300)
            results.append(act(number))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors
