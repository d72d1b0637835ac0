"""DICOM made anew from what was kept: files for other programs, pictures for people."""

from cases.adapters.imaging.part10 import part10
from cases.adapters.imaging.rendering import PICTURE_TYPES, rendered

__all__ = ["PICTURE_TYPES", "part10", "rendered"]
