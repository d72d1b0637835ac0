"""DICOM made anew from what was kept: files for other programs, pictures for people."""

from cases.adapters.imaging.frame_images import PICTURE_TYPES, rendered
from cases.adapters.imaging.part10 import part10

__all__ = ["PICTURE_TYPES", "part10", "rendered"]
