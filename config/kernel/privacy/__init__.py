"""What is held about a person, found by the models themselves."""

from config.kernel.privacy.inventory import PersonalModel, personal_models
from config.kernel.privacy.rows import EXPORT_PARTS, ExportPart, exported_rows

__all__ = ["EXPORT_PARTS", "ExportPart", "PersonalModel", "exported_rows", "personal_models"]
