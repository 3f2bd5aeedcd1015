"""``focusstation study``: make a study, bring images and readers in, look at it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gazecore.errors import InputError

if TYPE_CHECKING:
    from gazecore.study import Case, Study

command = typer.Typer(
    help="Make and look after a study.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_FOLDER = typer.Argument(help="The study's folder.")
_JSON = typer.Option(False, "--json", help="Print one JSON document.")


@command.callback(invoke_without_command=True)
def choose(ctx: typer.Context) -> None:
    """Make and look after a study."""
    if ctx.invoked_subcommand is None:
        names = (
            each.name or each.callback.__name__
            for each in command.registered_commands
            if each.callback
        )
        raise InputError(f"study: choose one of {', '.join(names)}")


@command.command()
def create(
    folder: Path = _FOLDER,
    name: str = typer.Option("", help="The study's name; else the folder's."),
    seed: int = typer.Option(0, help="Seed of the case order."),
    consent: str = typer.Option(
        "fixations", help="What readers let out: maps, fixations or raw gaze."
    ),
    as_json: bool = _JSON,
) -> None:
    """Make a study in a new or empty folder."""
    from gazecore.study import Study
    from gazecore.study.protocol import changed_protocol

    changes = {"order.seed": str(seed), "consent_level": consent}
    with Study.create(folder, name=name, protocol=changed_protocol(None, changes)) as study:
        _print(_summary(study), as_json, [f"study {study.name} made in {folder}"])


@command.command("import")
def import_images(
    folder: Path = _FOLDER,
    images: list[Path] = typer.Argument(help="Images, or folders of images."),
    reference: Path | None = typer.Option(
        None, help="CSV with the columns file and answer: the reference answers."
    ),
    simulated: bool = typer.Option(False, "--simulated", help="The images are synthetic."),
    as_json: bool = _JSON,
) -> None:
    """Copy images into a study under pseudonymous names.

    Files that are no images are named and left out; the exit status is 2 when one of them was
    named on the command line, or when nothing was imported.
    """
    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study
    from gazecore.study.importing import read_reference

    answers = read_reference(reference) if reference else {}
    refused: dict[Path, str] = {}
    with Study.open(folder) as study, Decoder() as decoder:
        before = len(study.cases())
        cases = study.import_images(
            images,
            reference=answers,
            simulated=simulated,
            on_refused=lambda path, error: refused.update({path: str(error)}),
            open_with=lambda path: decoder.request(path).result(),
        )
        added = len(study.cases()) - before
    for reason in refused.values():
        typer.echo(f"focusstation: {reason}", err=True)
    report = {"imported": added, "known": len(cases) - added, "refused": list(refused.values())}
    lines = [f"{added} imported, {len(cases) - added} known already, {len(refused)} refused"]
    _print({**report, "cases": [case.case_id for case in cases]}, as_json, lines)
    if not cases or set(images) & set(refused):
        raise typer.Exit(2)


@command.command()
def info(folder: Path = _FOLDER, as_json: bool = _JSON) -> None:
    """Say what a study holds."""
    with _reading(folder) as study:
        summary = _summary(study)
    words = {**summary, "cut_off": ", ".join(summary["cut_off"]) or "none"}
    _print(summary, as_json, [f"{name:<14} {value}" for name, value in words.items()])


@command.command()
def protocol(
    folder: Path = _FOLDER,
    change: list[str] = typer.Option(
        [], "--set", help="NAME=VALUE, for example order.seed=7; may be given again."
    ),
    keys: bool = typer.Option(False, "--keys", help="Print the sheet of keys instead."),
    keys_html: Path | None = typer.Option(
        None, "--keys-html", help="Write the sheet of keys as a page to print."
    ),
    as_json: bool = _JSON,
) -> None:
    """Show the protocol of a study, change settings of it, or print its sheet of keys."""
    from gazecore.study import Study
    from gazecore.study.key_sheet import sheet_html, sheet_text
    from gazecore.study.protocol import changed_protocol, split_changes
    from gazecore.study.settings import settings_text

    if change:
        with Study.open(folder) as study:
            study.set_protocol(changed_protocol(study.protocol, split_changes(change)))
    with _reading(folder) as study:
        settings = study.settings
    if keys_html is not None:
        _write(keys_html, sheet_html(settings.protocol, settings.name))
    if keys:
        bound = settings.protocol.tool_keys()
        _print({"keys": bound}, as_json, [sheet_text(settings.protocol)])
    elif keys_html is not None:
        _print({"written": str(keys_html)}, as_json, [f"sheet of keys written to {keys_html}"])
    else:
        _print(settings.model_dump(mode="json"), as_json, [settings_text(settings).rstrip()])


@command.command()
def cases(
    folder: Path = _FOLDER,
    reader: str = typer.Option("", help="In the order of this reader, with what is unread."),
    as_json: bool = _JSON,
) -> None:
    """List the cases of a study."""
    with _reading(folder) as study:
        known = {case.case_id: case for case in study.cases()}
        if reader:
            study.consent_of(reader)  # names an unknown reader
        order = study.case_order(reader) if reader else list(known)
        unread = set(study.unread_cases(reader)) if reader else set()
    rows = [_case_row(known[name]) for name in order]
    for row in rows if reader else []:
        row["read"] = row["case_id"] not in unread
    lines = ["  ".join(str(value) for value in row.values()) for row in rows]
    _print(rows, as_json, lines or ["no cases yet; bring images in with 'study import'"])


@command.command()
def readers(
    folder: Path = _FOLDER,
    add: str = typer.Option("", help="Add a reader under this pseudonym."),
    dominant_eye: str = typer.Option("", help="left, right or unknown."),
    glasses: bool = typer.Option(False, "--glasses", help="The reader wears glasses."),
    consent: str = typer.Option("", help="maps, fixations or raw; else the protocol's level."),
    change: str = typer.Option("", help="Change this reader's --consent, --dominant-eye or both."),
    as_json: bool = _JSON,
) -> None:
    """List the readers of a study, add one, or change what one lets out."""
    from gazecore.study import Study

    if change and not (consent or dominant_eye):
        raise InputError("--change needs --consent or --dominant-eye with it, to say what")
    if dominant_eye and not (add or change):
        raise InputError("--dominant-eye needs --add or --change with it, to say whose")
    if consent and not (add or change):
        raise InputError("--consent needs --add or --change with it, to say whose")
    level: Any = consent or None  # checked by the study
    eye: Any = dominant_eye or "unknown"  # checked by the study
    if add:
        with Study.open(folder) as study:
            study.add_reader(add, dominant_eye=eye, glasses=glasses, consent_level=level)
    if change:
        with Study.open(folder) as study:
            if level:
                study.set_consent(change, level)
            if dominant_eye:
                study.set_dominant_eye(change, eye)
    with _reading(folder) as study:
        rows = [
            {**asdict(reader), "unread": len(study.unread_cases(reader.reader_id))}
            for reader in study.readers()
        ]
    lines = [f"{row['reader_id']}  {row['unread']} cases unread" for row in rows]
    _print(rows, as_json, lines or ["no readers yet; add one with --add NAME"])


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}); name another file"
        ) from None


def _reading(folder: Path) -> Study:
    from gazecore.study import Study

    return Study.open(folder, read_only=True)


def _summary(study: Study) -> dict[str, Any]:
    from gazecore.recording import says_simulated
    from gazecore.recording.recovery import find_unsettled

    unsettled = (path.stem for path in find_unsettled(study.recordings))
    readings = study.readings()
    recordings = [session.recording_path for session in study.sessions()]
    return {
        "name": study.name,
        "study_id": study.study_id,
        "schema_version": study.settings.schema_version,
        "consent_level": study.protocol.consent_level,
        "cases": len(study.cases()),
        "readers": len(study.readers()),
        "sessions": len(study.sessions()),
        "readings": len(readings),
        "answered": sum(reading.state == "answered" for reading in readings),
        "recordings": sum(path.is_file() for path in recordings),
        "cut_off": sorted({*study.recovered(), *unsettled}),
        "simulated": any(case.simulated for case in study.cases())
        or any(says_simulated(path) for path in recordings),
    }


def _case_row(case: Case) -> dict[str, Any]:
    return {**asdict(case), "path": case.path.name}


def _print(document: Any, as_json: bool, lines: list[str]) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        typer.echo("\n".join(lines))
