"""A sample of coils -> the models of a step, and what is to be known of them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import pyarrow as pa

from pipelines.coil_strips import Rolled, signals_of_steps, strips, together
from pipelines.normal_models import Fitted, fit_normal
from pipelines.strip_faults import StepModel
from pipelines.strip_views import VIEWS, View, view
from pipelines.usual_ranges import mode_known
from schemas.contract import Table

MOST_OF_A_MODE = 40
"""Coils: more make a model slower and hardly better."""

Views = Mapping[tuple[str, str], View]
"""Step and view -> its rows."""


class Sample(NamedTuple):
    """A training coil, with its rows of every view."""

    coil_id: str
    views: Views


class Trained(NamedTuple):
    """The model of a step, view by view with what was held out, and the training coils."""

    model: StepModel
    fitted: Mapping[str, Fitted]
    views: Mapping[str, View]
    fingerprint: str


def chosen(rolled: Mapping[str, Rolled]) -> list[str]:
    """Some coils of every mode, spread over all days by a hash of their numbers."""
    of_mode: dict[str, list[str]] = {}
    for coil_id in sorted(rolled, key=lambda coil_id: (crc32(coil_id.encode()), coil_id)):
        of_mode.setdefault(rolled[coil_id].modes[0], []).append(coil_id)
    return sorted(coil_id for coils in of_mode.values() for coil_id in coils[:MOST_OF_A_MODE])


def samples(
    coils: Iterable[tuple[str, pa.Table]], rolled: Mapping[str, Rolled], segments: Table
) -> Iterator[Sample]:
    """The rows of every view of every coil that has segments; ``coils``: coil -> all of them."""
    for coil_id, rows in coils:
        if len(rows):
            alone = together([(coil_id, rows)])
            yield Sample(
                coil_id,
                {
                    (step, name): view(kind, signals, strips(alone, signals, rolled))
                    for step, signals in signals_of_steps(segments).items()
                    if signals
                    for name, kind in VIEWS.items()
                },
            )


def train_step(step: str, model_id: str, coils: Sequence[Sample]) -> Trained | None:
    """The models of a step from all samples; None where no view has a signal that moves."""
    views = {name: joined([coil.views[step, name] for coil in coils]) for name in VIEWS}
    fitted = {name: fit_normal(seen.rows, VIEWS[name].asked) for name, seen in views.items()}
    there = {name: found for name, found in fitted.items() if found is not None}
    if not there:
        return None
    model = StepModel(model_id, step, {name: found.model for name, found in there.items()})
    return Trained(model, there, views, _fingerprint(coils, views))


def joined(views: Sequence[View]) -> View:
    """Views of different strips, one after the other."""
    pieces = np.cumsum([0, *(len(seen.strip_no) for seen in views)])
    strip_no = np.cumsum([0, *(int(seen.strip_no.max()) + 1 for seen in views)])
    rows = views[0].rows._replace(
        values=np.concatenate([seen.rows.values for seen in views]),
        piece=np.concatenate([seen.rows.piece + no for seen, no in zip(views, pieces, strict=False)]),
        part=np.concatenate([seen.rows.part for seen in views]),
        modes=[modes for seen in views for modes in seen.rows.modes],
        block=np.concatenate([seen.rows.block for seen in views]),
    )
    return View(
        rows,
        np.concatenate([seen.from_m for seen in views]),
        np.concatenate([seen.to_m for seen in views]),
        np.concatenate([seen.strip_no + no for seen, no in zip(views, strip_no, strict=False)]),
        [band for seen in views for band in seen.band],
    )


def _fingerprint(coils: Sequence[Sample], views: Mapping[str, View]) -> str:
    """A hash of the coils and of all values that the models were fitted to."""
    digest = hashlib.sha256("\n".join(coil.coil_id for coil in coils).encode())
    for seen in views.values():
        digest.update(seen.rows.values.tobytes())
    return digest.hexdigest()[:16]


def cards(trained: Trained) -> Iterator[dict[str, Any]]:
    """One row a detector and mode: what the model was fitted to, its limits, its alarms on held-out days."""
    for name, fitted in trained.fitted.items():
        model, rows = fitted.model, trained.views[name].rows
        days = np.unique(rows.block)
        of_view = {
            "model_id": trained.model.model_id,
            "first_day": date.fromordinal(int(days[0])),
            "days": len(days),
            "rows": model.rows_n,
            "signals": list(model.signals),
            "components": model.components.loadings.shape[1],
            "fingerprint": trained.fingerprint,
            "false_alarms_pct": 100 * model.asked.false_alarms,
        }
        for statistic, limit in model.limits.items():
            of_statistic = {
                "detector": f"{name} {statistic}",
                "limit_ratio": _finite(limit.enter),
                "leave_ratio": _finite(limit.leave),
                "textbook_ratio": _finite(limit.textbook),
            }
            for row in _of_modes(
                trained.views[name], fitted, fitted.held_out[statistic] > limit.enter, statistic
            ):
                yield of_view | of_statistic | row


def _of_modes(seen: View, fitted: Fitted, is_alarm: np.ndarray, statistic: str) -> Iterator[dict[str, Any]]:
    first = np.array([modes[0] for modes in seen.rows.modes])
    judged = np.isfinite(fitted.held_out[statistic])
    for mode in np.unique(first).tolist():
        of_mode = first == mode
        coils = np.unique(seen.strip_no[of_mode])
        held_out = np.unique(seen.strip_no[of_mode & judged])
        alarms = np.unique(seen.strip_no[of_mode & is_alarm])
        modes = seen.rows.modes[int(of_mode.argmax())]
        yield {
            "mode": mode,
            "judged_as": mode_known(fitted.model.ranges, modes),
            "coils": len(coils),
            "held_out_coils": len(held_out),
            "held_out_alarms_pct": 100 * len(alarms) / len(held_out) if len(held_out) else None,
        }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
