"""What DICOMweb answers, for the API's description."""

from typing import Any

# The DICOM JSON model (PS3.18, annex F): for each study, series or instance an object of tags and elements.
DICOM_OBJECT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"vr": {"type": "string"}, "Value": {"type": "array", "items": {}}},
        "required": ["vr"],
    },
}
DICOM_OBJECTS: dict[str, Any] = {"type": "array", "items": DICOM_OBJECT}
