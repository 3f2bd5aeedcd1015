"""Words of a file that may stand over the image: known ones, never free text.

Explanations of windows and LUTs are free text and may hold anything, a name or the finding too.
So a name is shown where each of its words is a known one of this kind, and is a number else.
"""

from __future__ import annotations

import re

_WORDS = """
ABDOMEN ALGO AUTO AVERAGE BASE BONE BONES BRAIN BRIGHT BROAD CHEST CONTRAST CUSTOM DARK DEFAULT
DENSE DETAIL ENHANCED FAT FLAT GAMMA HARD HARDER HEAD HIGH HU INVERTED LIGHT LINEAR LOG LOW LUNG
LUNGS LUT MAMMO MAX MEDIASTINUM MEDIUM MIN NARROW NEUTRAL NORM NORMAL ORIGINAL PRESET REFERENCE
SHARP SIGMOID SKIN SMOOTH SOFT SOFTER SOFTTISSUE SPINE STANDARD STRONG TISSUE USER VIEW VOI WEAK
WIDE WINDOW WL
"""
_POSITIONS = """
AP PA LL RL LLD RLD LLO RLO CC MLO ML LM LMO XCCL XCCM FB SIO AT CV AXIAL LATERAL OBLIQUE FRONTAL
SUNRISE TUNNEL
"""
KNOWN_WORDS = frozenset(_WORDS.split())
VIEW_POSITIONS = frozenset(_POSITIONS.split())
_PART = re.compile(r"[A-Za-z]+|[0-9]+")
_ONLY = re.compile(r"[A-Za-z0-9 _.+/()-]{1,24}")


def harmless_name(name: str, number: int) -> str:
    """The name of the image's window `number` (from 1) if it says nothing but known words.

    Examples
    --------
    >>> harmless_name("SOFT TISSUE", 2)
    'SOFT TISSUE'
    >>> harmless_name("Fracture left", 2)
    'window 2'
    """
    parts = _PART.findall(name)
    is_known = all(
        part.upper() in KNOWN_WORDS or re.fullmatch("[0-9]{1,2}", part) for part in parts
    )
    return name if parts and is_known and _ONLY.fullmatch(name) else f"window {number}"


def harmless_view(modality: str, view_position: str) -> str:
    """Modality (two letters) and view position as far as they are defined terms."""
    kept = [modality] if re.fullmatch(r"[A-Z]{2}", modality) else []
    kept += [view_position] if view_position in VIEW_POSITIONS else []
    return " ".join(kept)
