"""What DICOMweb answers, for the API's description."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class DicomElementOut(Data):
    vr = serializers.CharField(help_text="value representation, PS3.5")
    Value = serializers.ListField(child=serializers.JSONField(), required=False)


class DicomObjectOut(serializers.DictField):
    """Tags to elements: the DICOM JSON model, PS3.18 annex F."""

    child = DicomElementOut()


class DicomObjectsOut(serializers.ListField):
    """One object for each study, series or instance."""

    child = DicomObjectOut()
