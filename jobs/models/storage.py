"""Models of normal behaviour in files: plain arrays and JSON, nothing that runs code when it is read.

One file a step and training: `models/normal/<step>/<last training day>.npz`.
"""

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.mspc_limits import Limit
from pipelines.normal_models import Asked, Normal
from pipelines.robust_pca import Components
from pipelines.strip_faults import StepModel
from pipelines.usual_ranges import Usual

FORMAT = 2
KIND = "normal"


class ModelError(ValueError):
    """A stored model cannot be used."""


def model_id(step: str, last_day: date) -> str:
    """The model's name: its kind, its step, its last training day."""
    return f"{KIND}/{step}/{last_day}"


def save(models: Path, model: StepModel) -> Path:
    """Write the model, whole or not at all; one of the same name is replaced."""
    path = models / f"{model.model_id}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"format": FORMAT, "step": model.step, "views": {n: _about(v) for n, v in model.views.items()}}
    arrays = {f"{name}/{part}": a for name, v in model.views.items() for part, a in _arrays(v).items()}
    content = io.BytesIO()
    stored: dict[str, Any] = {"about": np.array(json.dumps(about)), **arrays}
    np.savez_compressed(content, **stored)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content.getvalue())
    os.replace(part, path)
    return path


def newest_before(models: Path, day: date) -> list[StepModel]:
    """Of each step the model that was trained until the latest day before that one; none where none was."""
    found = []
    for folder in sorted(path for path in (models / KIND).glob("*") if path.is_dir()):
        trained = [last for last in _last_days(folder) if last < day]
        if trained:
            found.append(load(folder / f"{max(trained)}.npz"))
    return found


def _last_days(folder: Path) -> Iterator[date]:
    for path in folder.glob("*.npz"):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", path.stem):
            yield date.fromisoformat(path.stem)


def load(path: Path) -> StepModel:
    """The model of a file; a ModelError where it is not whole, or of another format."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            if about["format"] != FORMAT:
                raise ModelError(
                    f"A model promises format {FORMAT}, but {path} has {about['format']}; train it again: "
                    f"`coilmart train {KIND} --until {path.stem}`."
                )
            views = {name: _normal(stored, name, told) for name, told in about["views"].items()}
            return StepModel(f"{KIND}/{about['step']}/{path.stem}", about["step"], views)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(
            f"A model promises to be the file that training wrote, but {path} cannot be read "
            f"({type(error).__name__}: {error}); train it again: `coilmart train {KIND} --until {path.stem}`."
        ) from error


def _about(model: Normal) -> dict[str, Any]:
    return {
        "signals": model.signals,
        "asked": model.asked._asdict(),
        "strata": list(model.ranges),
        "pieces": [usual.pieces_n for usual in model.ranges.values()],
        "limits": {name: list(limit) for name, limit in model.limits.items()},
        "rows_n": model.rows_n,
        "pieces_n": model.pieces_n,
    }


def _arrays(model: Normal) -> dict[str, np.ndarray]:
    usual = [np.stack([u.centre, u.below, u.above]) for u in model.ranges.values()]
    return {"ranges": np.stack(usual), "spread": model.spread, **model.components._asdict()}


def _normal(stored: Mapping[str, np.ndarray], name: str, about: Mapping[str, Any]) -> Normal:
    ranges = {
        (mode, part): Usual(usual[0], usual[1], usual[2], pieces_n)
        for (mode, part), usual, pieces_n in zip(
            about["strata"], stored[f"{name}/ranges"], about["pieces"], strict=True
        )
    }
    return Normal(
        tuple(about["signals"]),
        Asked(**about["asked"]),
        ranges,
        Components(*(stored[f"{name}/{part}"] for part in Components._fields)),
        stored[f"{name}/spread"],
        {statistic: Limit(*limit) for statistic, limit in about["limits"].items()},
        about["rows_n"],
        about["pieces_n"],
    )


def all_of(models: Path, days: Sequence[date]) -> dict[date, list[StepModel]]:
    """Of each of these days the models that judge it: trained until a day before it."""
    return {day: newest_before(models, day) for day in days}
