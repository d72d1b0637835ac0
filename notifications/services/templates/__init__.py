"""Templates that staff write: versions in force, what they say with values, and imported drafts."""

from notifications.services.templates.editions import TEMPLATES, surroundings
from notifications.services.templates.imports import ImportFinding, ImportReport, import_folder
from notifications.services.templates.versions import (
    Rendered,
    Template,
    TemplateVersions,
    render,
    template_in_force,
    template_of,
    template_version,
    value_faults,
)

__all__ = [
    "TEMPLATES",
    "ImportFinding",
    "ImportReport",
    "Rendered",
    "Template",
    "TemplateVersions",
    "import_folder",
    "render",
    "surroundings",
    "template_in_force",
    "template_of",
    "template_version",
    "value_faults",
]
