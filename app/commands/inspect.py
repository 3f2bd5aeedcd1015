"""``focusstation inspect``: what image files are, how they would be shown, or why not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gazecore.errors import FocusStationError

if TYPE_CHECKING:
    from gazecore.dicom import XrayImage
    from gazecore.dicom.decoder import Decoder
    from gazecore.dicom.overlays import OverlayPlane

command = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})


@command.command()
def inspect(
    files: list[str] = typer.Argument(..., metavar="FILE...", help="Image files; any content."),
    as_json: bool = typer.Option(False, "--json", help="One JSON document per file and line."),
    frame: int = typer.Option(1, "--frame", min=1, help="Frame of multi-frame files, from 1."),
    timeout_s: float = typer.Option(20.0, "--timeout", min=0.1, help="Seconds for one file."),
) -> None:
    """Say what each file is, how it would be shown, or why it would be refused."""
    from gazecore.dicom.decoder import Decoder

    with Decoder(timeout_s=timeout_s) as decoder:
        for file in files:
            verdict = judge(decoder, file, frame - 1)
            typer.echo(json.dumps(verdict) if as_json else describe(verdict))


def judge(decoder: Decoder, file: str, frame: int = 0) -> dict[str, Any]:
    """What is known of a file after the decoder opened or refused it."""
    try:
        image = decoder.request(Path(file), frame).result()
    except FocusStationError as error:
        kind = type(error).__name__
        reason = getattr(error, "reason", "") or str(error)
        return {"file": file, "shown": False, "refused": kind, "reason": reason}
    return {"file": file, "shown": True, **_display(image)}


def _display(image: XrayImage) -> dict[str, Any]:
    from dataclasses import asdict

    names = (
        "source_format", "transfer_syntax", "modality", "bits_stored", "signed", "photometric",
        "frame", "frames", "padding_range", "spacing_mm", "spacing_source", "pixel_aspect",
        "laterality", "view_position", "simulated", "warnings",
    )  # fmt: skip
    return {
        "width_px": image.width_px,
        "height_px": image.height_px,
        **{name: getattr(image, name) for name in names},
        "windows": [{"name": p.name, **asdict(p.window)} for p in image.windows],
        "default_window": asdict(image.default_window),
        "modality_step": _modality_step(image),
        "badges": [badge.code for badge in image.badges],
        "shutter": None if image.shutter is None else asdict(image.shutter),
        "overlays": [_overlay(plane) for plane in image.overlays],
    }


def _overlay(plane: OverlayPlane) -> dict[str, Any]:
    names = ("kind", "rows", "columns", "origin_px")
    return {"group": f"{plane.group:04X}", **{name: getattr(plane, name) for name in names}}


def _modality_step(image: XrayImage) -> str:
    if image.modality_lut is not None:
        return "lut"
    return "none" if image.slope is None else "rescale"


def describe(verdict: dict[str, Any]) -> str:
    """A verdict as one line for people; nothing in it breaks the line or drives the terminal."""
    name = os.fsencode(verdict["file"]).decode(errors="replace")
    says = _shown(verdict) if verdict["shown"] else f"refused: {verdict['reason']}"
    return "".join(c if c.isprintable() else "?" for c in f"{name}: {says}")


def _shown(verdict: dict[str, Any]) -> str:
    window = verdict["default_window"]
    shown_by = (
        f"VOI LUT {window['voi_index'] + 1}"
        if window["voi_index"] is not None
        else f"window {window['center']:g}/{window['width']:g} {window['function']}"
    )
    parts = [
        f"{verdict['source_format']} {verdict['modality']}".strip(),
        f"{verdict['width_px']} x {verdict['height_px']}, {verdict['bits_stored']} bit",
        verdict["photometric"],
        shown_by,
        *(["SIMULATED"] if verdict["simulated"] else []),
        *verdict["warnings"],
    ]
    return f"shown: {'; '.join(parts)}"
