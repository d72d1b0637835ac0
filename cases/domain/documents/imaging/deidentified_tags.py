"""Which elements of a DICOM header are kept: an allow-list, so that what nobody thought of stays out.

After the Basic Application Level Confidentiality Profile (DICOM PS3.15, table E.1-1) with four of its options: dates,
the patient's age, sex, size and weight, and the device's make and model are kept, because a reader needs them;
descriptions are kept after cleaning. Everything else of the profile is removed, and so is what the profile would keep
and no reader needs. UIDs are replaced (``cases.domain.documents.imaging.instances``).
"""

from typing import Final

#: Tag → keyword, as in DICOM PS3.6.
KEPT: Final = {
    "00080008": "ImageType",
    "00080016": "SOPClassUID",
    "00080018": "SOPInstanceUID",
    "00080020": "StudyDate",
    "00080021": "SeriesDate",
    "00080022": "AcquisitionDate",
    "00080023": "ContentDate",
    "00080030": "StudyTime",
    "00080031": "SeriesTime",
    "00080032": "AcquisitionTime",
    "00080033": "ContentTime",
    "00080060": "Modality",
    "00080070": "Manufacturer",
    "0008103E": "SeriesDescription",
    "00081030": "StudyDescription",
    "00081090": "ManufacturerModelName",
    "00100040": "PatientSex",
    "00101010": "PatientAge",
    "00101020": "PatientSize",
    "00101030": "PatientWeight",
    "00180010": "ContrastBolusAgent",
    "00180015": "BodyPartExamined",
    "00180020": "ScanningSequence",
    "00180022": "ScanOptions",
    "00180050": "SliceThickness",
    "00180060": "KVP",
    "00180080": "RepetitionTime",
    "00180081": "EchoTime",
    "00180082": "InversionTime",
    "00180087": "MagneticFieldStrength",
    "00180088": "SpacingBetweenSlices",
    "00181030": "ProtocolName",
    "00181120": "GantryDetectorTilt",
    "00181150": "ExposureTime",
    "00181151": "XRayTubeCurrent",
    "00181152": "Exposure",
    "00181164": "ImagerPixelSpacing",
    "00181210": "ConvolutionKernel",
    "00181314": "FlipAngle",
    "00185100": "PatientPosition",
    "00185101": "ViewPosition",
    "0020000D": "StudyInstanceUID",
    "0020000E": "SeriesInstanceUID",
    "00200011": "SeriesNumber",
    "00200012": "AcquisitionNumber",
    "00200013": "InstanceNumber",
    "00200020": "PatientOrientation",
    "00200032": "ImagePositionPatient",
    "00200037": "ImageOrientationPatient",
    "00200052": "FrameOfReferenceUID",
    "00200060": "Laterality",
    "00200062": "ImageLaterality",
    "00201041": "SliceLocation",
    "00209111": "FrameContentSequence",
    "00209113": "PlanePositionSequence",
    "00209116": "PlaneOrientationSequence",
    "00280002": "SamplesPerPixel",
    "00280004": "PhotometricInterpretation",
    "00280006": "PlanarConfiguration",
    "00280008": "NumberOfFrames",
    "00280010": "Rows",
    "00280011": "Columns",
    "00280030": "PixelSpacing",
    "00280034": "PixelAspectRatio",
    "00280100": "BitsAllocated",
    "00280101": "BitsStored",
    "00280102": "HighBit",
    "00280103": "PixelRepresentation",
    "00280301": "BurnedInAnnotation",
    "00281050": "WindowCenter",
    "00281051": "WindowWidth",
    "00281052": "RescaleIntercept",
    "00281053": "RescaleSlope",
    "00281054": "RescaleType",
    "00281055": "WindowCenterWidthExplanation",
    "00281056": "VOILUTFunction",
    "00282110": "LossyImageCompression",
    "00289110": "PixelMeasuresSequence",
    "00289132": "FrameVOILUTSequence",
    "00289145": "PixelValueTransformationSequence",
    "52009229": "SharedFunctionalGroupsSequence",
    "52009230": "PerFrameFunctionalGroupsSequence",
}
TAG: Final = {keyword: tag for tag, keyword in KEPT.items()}
#: Free text, in which a name may stand.
DESCRIPTIONS: Final = frozenset(
    TAG[name]
    for name in (
        "StudyDescription",
        "SeriesDescription",
        "ProtocolName",
        "ContrastBolusAgent",
        "WindowCenterWidthExplanation",
    )
)
#: Objects that hold another doctor's reading or marks, not pictures alone: reports, presentation states, key objects,
#: encapsulated documents, segmentations (DICOM PS3.4, table B.5-1).
READINGS: Final = (
    "1.2.840.10008.5.1.4.1.1.88.",
    "1.2.840.10008.5.1.4.1.1.11.",
    "1.2.840.10008.5.1.4.1.1.104.",
    "1.2.840.10008.5.1.4.1.1.66.",
)
#: UIDs under this root are the standard's own names of classes and codes; they belong to no patient.
STANDARD_ROOT: Final = "1.2.840.10008."
