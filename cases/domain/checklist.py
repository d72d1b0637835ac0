"""Which records a case needs before triage."""

from dataclasses import dataclass

ANY_RECORD = "medical_record"


@dataclass(frozen=True)
class Required:
    """One item: its code and what it is called."""

    code: str
    title: str


GENERAL: tuple[Required, ...] = (Required(ANY_RECORD, "at least one readable medical record"),)
