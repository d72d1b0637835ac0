"""The counters in Valkey. All counters of a request are looked at and raised by one script: one round trip, atomic."""

import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.valkey import valkey_client

TIMEOUT_SECONDS = 0.5
# After a failure nobody asks for a moment: a store that does not answer must not hold up every request.
SILENT_SECONDS = 2.0
log = structlog.get_logger(__name__)
_silent_until = 0.0

# Nothing is raised when one of the counters is full, so that a refused try does not use up the others.
_SPEND = """
local full = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then full = 1 end
end
local answer = {full}
for i, key in ipairs(KEYS) do
  local count = 0
  if full == 0 then
    count = redis.call('INCR', key)
    if count == 1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
  else
    count = tonumber(redis.call('GET', key) or '0')
  end
  answer[2 * i] = count
  answer[2 * i + 1] = redis.call('PTTL', key)
end
return answer
"""
# Several groups in one round trip: each is counted whole or not at all, and sees what those before it took.
_SPEND_EACH = """
local groups, first, last, answer = tonumber(ARGV[1]), 1, 0, {}
local bound = groups + 1
for group = 1, groups do
  last = last + tonumber(ARGV[group + 1])
  local counted = 1
  for i = first, last do
    if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[bound + 2 * i - 1]) then counted = 0 end
  end
  if counted == 1 then
    for i = first, last do
      if redis.call('INCR', KEYS[i]) == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[bound + 2 * i]) end
    end
  end
  answer[group], first = counted, last + 1
end
return answer
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
"""


class StoreDown(Exception):
    """Nobody can count now."""


def count(keys: Sequence[str], bounds: Sequence[tuple[int, int]]) -> tuple[bool, list[tuple[int, int]]]:
    """Raise every counter, unless one is full; ``bounds`` are (capacity, milliseconds).

    Returns whether one was full, and for each its (count, milliseconds until it starts again; ≤ 0 where none runs).
    """
    answer = _run(_SPEND, keys, [number for bound in bounds for number in bound])
    pairs = [(int(answer[i]), int(answer[i + 1])) for i in range(1, len(answer), 2)]
    return bool(answer[0]), pairs


def count_each(groups: Sequence[Sequence[tuple[str, int, int]]]) -> list[bool]:
    """Raise the counters of each group, unless one of its own is full; whether each was counted.

    A counter is (key, capacity, milliseconds).
    """
    counters = [counter for group in groups for counter in group]
    sizes = [len(group) for group in groups]
    bounds = [number for _, capacity, milliseconds in counters for number in (capacity, milliseconds)]
    answer = _run(_SPEND_EACH, [key for key, _, _ in counters], [len(groups), *sizes, *bounds])
    return [bool(counted) for counted in answer]


def lower(keys: Sequence[str]) -> None:
    """Take one off every counter that is running."""
    _run(_GIVE_BACK, keys, ())


def _run(script: str, keys: Sequence[str], arguments: Sequence[int]) -> Any:
    global _silent_until
    if time.monotonic() < _silent_until:
        raise StoreDown
    try:
        return _script(script, setting("REDIS_URL"))(keys=keys, args=arguments)
    except RedisError as error:
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("limit_store_down", error=type(error).__name__)
        raise StoreDown from error


def ask_again() -> None:
    """End the silence after a failure (between tests)."""
    global _silent_until
    _silent_until = 0.0


@cache
def _script(text: str, url: str) -> Any:
    return valkey_client(url, TIMEOUT_SECONDS).register_script(text)
