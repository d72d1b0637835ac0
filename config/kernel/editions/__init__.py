"""Content that staff write in versions: a draft, published by a second person, retired; a published one never changes.

A context needs a table (``AbstractEdition``), and for each kind of content a ``Kind``; what is in force is read by
``in_force``.
"""

from typing import TYPE_CHECKING

from config.kernel.editions.kinds import Body, EditionField, Kind, Problem, Shown, choices_of
from config.kernel.editions.version_steps import discard, publish, retire, save, start
from config.kernel.editions.versions_in_force import all_in_force, differences, fingerprint, in_force

if TYPE_CHECKING:
    from config.kernel.editions.models import AbstractEdition

__all__ = [
    "AbstractEdition",
    "Body",
    "EditionField",
    "Kind",
    "Problem",
    "Shown",
    "all_in_force",
    "choices_of",
    "differences",
    "discard",
    "fingerprint",
    "in_force",
    "publish",
    "retire",
    "save",
    "start",
]


def __getattr__(name: str) -> type:
    # The model is resolved late: services import this package before the app registry is ready.
    if name == "AbstractEdition":
        from config.kernel.editions.models import AbstractEdition

        return AbstractEdition
    raise AttributeError(name)
