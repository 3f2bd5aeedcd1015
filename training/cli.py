"""The trainer's commands: predictor, predict, pretrain, evaluate, compare.

Progress goes to stdout and the run's folder as JSON lines (`gazecore.messages`); a run stops in
order on SIGTERM and goes on when started again with the same settings and folder. With --json
progress goes to stderr instead, and stdout gets one JSON document at the end: the result.
Each command imports what it needs itself: help and a mistyped option answer without torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gazecore.errors import FocusStationError, InvalidSettingError
from training.config import PredictorConfig, PretrainConfig
from training.engine.durable import make_folder, write_json
from training.engine.progress import RunReport
from training.engine.stopping import StopRequest

program = typer.Typer(
    name="training",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_RUN = PretrainConfig()

Out = Annotated[Path, typer.Option(help="Folder of the run; made if need be.")]
Data = Annotated[Path, typer.Option(help=".npz file or class folders of labelled images.")]
Maps = Annotated[Path | None, typer.Option(help=".npz file of attention maps for the images.")]
Backbone = Annotated[str, typer.Option(help="tiny, small or resnet18.")]
Size = Annotated[int, typer.Option(help="Side of the views, pixels.")]
Epochs = Annotated[int, typer.Option(help="Passes over the images.")]
Batch = Annotated[int, typer.Option(help="Images per step.")]
Rate = Annotated[float, typer.Option(help="Peak learning rate.")]
Momentum = Annotated[float, typer.Option(help="Of MoCo's and BYOL's slow network.")]
Degrees = Annotated[float, typer.Option(help="Most that views rotate; 45 in the paper.")]
Contrast = Annotated[float, typer.Option(help="Most their contrast changes; .8 in the paper.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print the result as one JSON document, progress to stderr.")
]


@program.command()
def predictor(
    out: Out,
    study: Annotated[Path | None, typer.Option(help="Study with derivatives/attention.")] = None,
    data: Annotated[Path | None, typer.Option(help=".npz file with images and maps.")] = None,
    size: Annotated[int, typer.Option(help="Side of images and maps, pixels.")] = 64,
    epochs: Annotated[int, typer.Option(help="Passes over the training cases.")] = 120,
    batch: Annotated[int, typer.Option(help="Cases per step.")] = 8,
    seconds: Annotated[float, typer.Option(help="Stop training after so long; 0: never.")] = 0,
    rate: Annotated[float, typer.Option(help="Learning rate.")] = 2e-3,
    seed: Annotated[int, typer.Option(help="Of split, start and order.")] = 0,
    threads: Annotated[int, typer.Option(help="CPU threads.")] = 1,
    as_json: Json = False,
) -> None:
    """Train the attention predictor; metrics.json holds what it does on held-out patients."""
    from training.data.attention import read_file, read_study
    from training.engine.processor import use_threads
    from training.predictor.training import train_predictor

    use_threads(threads)
    config = PredictorConfig(
        size_px=size, epochs=epochs, batch=batch, seconds=seconds, learning_rate=rate, seed=seed
    )
    if (study is None) == (data is None):
        raise InvalidSettingError("study and data", None, "one of --study and --data")
    if study is not None:
        cases = read_study(study, size_px=size)
    else:
        cases = read_file(data or Path(), size_px=size)
    report = RunReport(out, "predictor", to_stderr=as_json)
    with StopRequest() as stop:
        metrics = train_predictor(cases, config, report, stop)
    if as_json:
        _print_result("predictor", out, metrics)


@program.command()
def predict(
    model: Annotated[Path, typer.Option(help="Run of the predictor, or its .safetensors.")],
    data: Annotated[Path, typer.Option(help=".npz file with images, uint8 (n, h, w).")],
    out: Annotated[Path, typer.Option(help=".npz file to write: maps, simulated.")],
    as_json: Json = False,
) -> None:
    """Predict an attention map for each image; maps have the predictor's own size."""
    import numpy as np
    import torch

    from training.data.npz import read_arrays
    from training.data.pixels import resize
    from training.engine.processor import use_threads
    from training.networks.saved import find_network, read_card
    from training.predictor.predicting import predict_attention

    use_threads(1)
    card = read_card(find_network(model, "predictor"), "predictor")
    images = read_arrays(data, ("images",))["images"]
    if images.ndim != 3 or images.dtype != np.uint8:
        raise InvalidSettingError("images", f"{images.dtype} {images.shape}", "uint8 (n, h, w)")
    side = card.size_px
    small = resize(torch.from_numpy(images)[:, None].float() / 255, (side, side))
    maps = predict_attention(model, small)[:, 0].numpy()
    make_folder(out.parent)
    np.savez_compressed(out, maps=maps, simulated=np.array(card.simulated))
    if as_json:
        result = {"maps": len(maps), "size_px": side, "simulated": card.simulated}
        _print_result("predict", out, result)
    else:
        typer.echo(f"{len(maps)} maps of {side} x {side} in {out}")


@program.command()
def pretrain(
    data: Data,
    out: Out,
    attention: Maps = None,
    method: Annotated[str, typer.Option(help="simclr, moco or byol.")] = "simclr",
    arm: Annotated[str, typer.Option(help="Views and attention, as in compare.")] = "focuscontrast",
    seed: Annotated[int, typer.Option()] = 0,
    backbone: Backbone = _RUN.backbone,
    size: Size = _RUN.size_px,
    epochs: Epochs = _RUN.epochs,
    batch: Batch = _RUN.batch,
    rate: Rate = _RUN.learning_rate,
    momentum: Momentum = _RUN.momentum,
    degrees: Degrees = _RUN.degrees,
    contrast: Contrast = _RUN.contrast,
    threads: Annotated[int, typer.Option(help="CPU threads; 1 makes runs repeatable.")] = 1,
    as_json: Json = False,
) -> None:
    """Pre-train a backbone with a contrastive method, then probe it."""
    from training.engine.processor import use_threads
    from training.evaluation.runs import make_pretraining, read_data, run_one

    use_threads(threads)
    config = PretrainConfig(
        method=method,
        arm=arm,
        seed=seed,
        backbone=backbone,
        size_px=size,
        epochs=epochs,
        batch=batch,
        learning_rate=rate,
        momentum=momentum,
        degrees=degrees,
        contrast=contrast,
    )
    examples = read_data(data, attention, size_px=size)
    make_pretraining(config, examples)  # refuses bad settings before a folder is made
    with StopRequest() as stop:
        result = run_one(config, examples, RunReport(out, "pretrain", to_stderr=as_json), stop)
    if as_json:
        _print_result("pretrain", out, result)


@program.command("evaluate")
def evaluate_backbone(
    model: Annotated[Path, typer.Option(help="Run of pretrain, or its .safetensors.")],
    data: Data,
    out: Out,
    threads: Annotated[int, typer.Option(help="CPU threads.")] = 1,
    as_json: Json = False,
) -> None:
    """Probe a saved backbone: evaluation.json holds what a linear classifier makes of it."""
    from training.data.sources import load_examples
    from training.engine.processor import use_threads
    from training.evaluation.runs import evaluate
    from training.networks.loading import load_backbone
    from training.networks.saved import find_network, read_card

    use_threads(threads)
    card = read_card(find_network(model, "backbone"), "backbone")
    examples = load_examples(data, size_px=card.size_px)
    backbone = load_backbone(model)
    report = RunReport(out, "evaluate", to_stderr=as_json)
    report.started(1)
    result = evaluate(backbone, examples, card.size_px)
    write_json(out / "evaluation.json", {"schema_version": 1, **result})
    report.finished(result)
    if as_json:
        _print_result("evaluate", out, result)


@program.command("compare")
def compare_arms(
    data: Data,
    out: Out,
    attention: Maps = None,
    methods: Annotated[str, typer.Option(help="Separated by commas.")] = "simclr,moco,byol",
    arms: Annotated[
        str, typer.Option(help="Separated by commas.")
    ] = "conventional,area-matched,focuscontrast",
    seeds: Annotated[int, typer.Option(help="Runs per method and arm; 5 or more to conclude.")] = 3,
    jobs: Annotated[int, typer.Option(help="Runs side by side, one thread each.")] = 1,
    backbone: Backbone = _RUN.backbone,
    size: Size = _RUN.size_px,
    epochs: Epochs = _RUN.epochs,
    batch: Batch = _RUN.batch,
    rate: Rate = _RUN.learning_rate,
    momentum: Momentum = _RUN.momentum,
    degrees: Degrees = _RUN.degrees,
    contrast: Contrast = _RUN.contrast,
    as_json: Json = False,
) -> None:
    """Compare methods x arms x seeds: results.json has a row per run, summary.json the gains."""
    from training.engine.processor import use_threads
    from training.evaluation.comparing import ComparePlan, compare
    from training.evaluation.runs import make_pretraining, read_data

    base = PretrainConfig(
        backbone=backbone,
        size_px=size,
        epochs=epochs,
        batch=batch,
        learning_rate=rate,
        momentum=momentum,
        degrees=degrees,
        contrast=contrast,
    )
    plan = ComparePlan(
        base, _names("methods", methods), _names("arms", arms), seeds, data, attention, jobs
    )
    if min(seeds, jobs) < 1:
        raise InvalidSettingError("seeds and jobs", (seeds, jobs), "at least 1 each")
    use_threads(1)
    examples = read_data(data, attention, size_px=size)
    for config in plan.configs():
        if config.seed == 0:
            make_pretraining(config, examples)
    with StopRequest() as stop:
        results = compare(plan, RunReport(out, "compare", to_stderr=as_json), stop)
    if as_json and results is None:
        _print_result("compare", out, None)
    elif as_json:
        summary = json.loads((out / "summary.json").read_text("utf-8"))
        _print_result("compare", out, {**summary, "runs": results})


@program.command("views")
def show_views(
    data: Data,
    out: Annotated[Path, typer.Option(help=".npz file to write: pairs of views per arm.")],
    attention: Maps = None,
    arms: Annotated[
        str, typer.Option(help="Separated by commas.")
    ] = "conventional,area-matched,focuscontrast",
    count: Annotated[int, typer.Option(min=1, help="Images shown.")] = 8,
    size: Annotated[int, typer.Option(help="Side of the views, pixels.")] = 64,
    seed: Annotated[int, typer.Option()] = 0,
    as_json: Json = False,
) -> None:
    """Make pairs of views under each arm, to look at."""
    import numpy as np

    from training.evaluation.runs import read_data
    from training.evaluation.sheet import view_sheet

    examples = read_data(data, attention, size_px=size)
    sheet = view_sheet(examples, _names("arms", arms), count=count, size_px=size, seed=seed)
    make_folder(out.parent)
    arrays: dict[str, Any] = dict(sheet)
    np.savez_compressed(out, **arrays)
    if as_json:
        _print_result("views", out, {"images": len(sheet["images"]), "arrays": sorted(sheet)})
    else:
        typer.echo(f"views of {len(sheet['images'])} images in {out}")


def _print_result(task: str, out: Path, result: dict[str, Any] | None) -> None:
    """The one document of --json; without a result the run was asked to stop."""
    document = {
        "schema_version": 1,
        "task": task,
        "outcome": "stopped" if result is None else "finished",
        "out": str(out),
        "result": result,
    }
    typer.echo(json.dumps(document, allow_nan=False))


def _names(option: str, text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise InvalidSettingError(option, text, "names separated by commas")
    return names


def _usage_error_type() -> type[Exception]:
    """Click's error for wrong usage, from whichever click this typer uses."""
    return next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 2 with one line on stderr."""
    command = typer.main.get_command(program)
    try:
        status = command(args=arguments, prog_name="training", standalone_mode=False)
    except FocusStationError as error:
        typer.echo(f"training: {error}", err=True)
        return 2
    except _usage_error_type() as error:
        typer.echo(f"training: {error.format_message()}", err=True)  # type: ignore[attr-defined]
        return 2
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("training: stopped", err=True)
        return 130
    return status if isinstance(status, int) else 0
