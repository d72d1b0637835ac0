"""What is held about a person, found by the models themselves."""

from config.kernel.privacy.inventory import PersonalModel, personal_models
from config.kernel.privacy.rows import ExportPart, exported_rows

__all__ = ["ExportPart", "PersonalModel", "exported_rows", "personal_models"]
