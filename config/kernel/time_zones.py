"""The zones that somebody may live by: those of the IANA database that mean one place's clock, here and everywhere."""

from functools import cache
from zoneinfo import available_timezones

# "localtime" is whatever this machine is set to, "Factory" a machine that nobody has set, "posixrules" a file of rules.
_NOBODYS = frozenset({"localtime", "Factory", "posixrules"})


@cache
def zone_names() -> frozenset[str]:
    """Their names. Read once: the machine's files are walked for it."""
    return frozenset(available_timezones()) - _NOBODYS
