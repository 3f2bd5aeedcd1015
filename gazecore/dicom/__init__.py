"""Radiographs: opened defensively, shown exactly as the standard says."""

from gazecore.dicom.auto_window import auto_window
from gazecore.dicom.image import LookupTable, NamedWindow, Window, XrayHeader, XrayImage
from gazecore.dicom.levels import display_table
from gazecore.dicom.opening import open_image

__all__ = [
    "LookupTable",
    "NamedWindow",
    "Window",
    "XrayHeader",
    "XrayImage",
    "auto_window",
    "display_table",
    "open_image",
]
