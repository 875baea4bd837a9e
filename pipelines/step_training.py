"""A sample of coils -> the models of a step, and what is to be known of them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import pyarrow as pa

from pipelines.coil_levels import Levels, fit_coils
from pipelines.coil_strips import Rolled, signals_of_steps, strips, together
from pipelines.normal_models import Fitted, fit_normal
from pipelines.strip_faults import StepModel
from pipelines.strip_views import VIEWS, Seen, seen
from pipelines.usual_ranges import Rows, mode_known
from schemas.contract import Table

MOST_OF_A_MODE = 40
"""Coils: more make a model slower and hardly better."""


class Sample(NamedTuple):
    """A training coil: step -> its rows, view by view."""

    coil_id: str
    seen: Mapping[str, Sequence[Seen]]


class Trained(NamedTuple):
    """The model of a step; each way to judge with what was held out, and the rows that it was fitted to."""

    model: StepModel
    fitted: Mapping[str, Fitted]
    seen: Mapping[str, Seen]
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
            of_steps = {
                step: [seen(view, signals, strips(alone, signals, rolled)) for view in VIEWS]
                for step, signals in signals_of_steps(segments).items()
                if signals
            }
            yield Sample(coil_id, of_steps)


def train_step(step: str, model_id: str, coils: Sequence[Sample], levels: Levels) -> Trained | None:
    """The models of a step from samples, and from the levels of all coils; None where no signal moves."""
    fitted, of_name = dict[str, Fitted](), dict[str, Seen]()
    digest = hashlib.sha256("\n".join(coil.coil_id for coil in coils).encode())
    for no, view in enumerate(VIEWS):
        rows = joined([coil.seen[step][no] for coil in coils])
        digest.update(rows.rows.values.tobytes())
        fitted |= fit_normal(rows.rows, view.judged)
        of_name |= dict.fromkeys(view.judged, rows)
    of_coils = fit_coils(levels)
    digest.update(levels.values.tobytes())
    fitted |= of_coils
    of_name |= dict.fromkeys(of_coils, _as_seen(levels))
    if not fitted:
        return None
    model = StepModel(model_id, step, {name: found.model for name, found in fitted.items()})
    return Trained(model, fitted, of_name, digest.hexdigest()[:16])


def _as_seen(levels: Levels) -> Seen:
    """Coils as rows of a piece each."""
    coil_no = np.arange(len(levels.values))
    rows = Rows(levels.signals, levels.values, coil_no, np.zeros_like(coil_no), levels.modes, levels.days)
    nowhere = np.full(len(coil_no), np.nan)
    return Seen(rows, nowhere, nowhere, coil_no, [None] * len(coil_no))


def joined(views: Sequence[Seen]) -> Seen:
    """Views of different strips, one after the other."""
    pieces = np.cumsum([0, *(len(one.strip_no) for one in views)])
    strip_no = np.cumsum([0, *(int(one.strip_no.max()) + 1 for one in views)])
    rows = views[0].rows._replace(
        values=np.concatenate([one.rows.values for one in views]),
        piece=np.concatenate([one.rows.piece + no for one, no in zip(views, pieces, strict=False)]),
        part=np.concatenate([one.rows.part for one in views]),
        modes=[modes for one in views for modes in one.rows.modes],
        block=np.concatenate([one.rows.block for one in views]),
    )
    return Seen(
        rows,
        np.concatenate([one.from_m for one in views]),
        np.concatenate([one.to_m for one in views]),
        np.concatenate([one.strip_no + no for one, no in zip(views, strip_no, strict=False)]),
        [band for one in views for band in one.band],
    )


def cards(trained: Trained) -> Iterator[dict[str, Any]]:
    """One row a detector and mode: what the model was fitted to, its limits, its alarms on held-out days."""
    for name, fitted in trained.fitted.items():
        model, rows = fitted.model, trained.seen[name].rows
        days = np.unique(rows.block)
        of_view = {
            "model_id": trained.model.model_id,
            "first_day": date.fromordinal(int(days[0])),
            "days": len(days),
            "rows": model.rows_n,
            "signals": list(model.signals),
            "components": model.components.loadings.shape[1],
            "fingerprint": trained.fingerprint,
        }
        for statistic, limit in model.limits.items():
            of_statistic = {
                "detector": f"{name} {statistic}",
                "false_alarms_pct": 100 * model.asked.statistics[statistic],
                "limit_ratio": _finite(limit.enter),
                "leave_ratio": _finite(limit.leave),
                "textbook_ratio": _finite(limit.textbook),
            }
            for row in _of_modes(trained.seen[name], fitted, statistic):
                yield of_view | of_statistic | row


def _of_modes(seen: Seen, fitted: Fitted, statistic: str) -> Iterator[dict[str, Any]]:
    first = np.array([modes[0] for modes in seen.rows.modes])
    reached = fitted.held_out[statistic]
    for mode in np.unique(first).tolist():
        of_mode = first == mode
        held_out = np.unique(seen.strip_no[of_mode & np.isfinite(reached)])
        alarms = np.unique(seen.strip_no[of_mode & (reached > fitted.model.limits[statistic].enter)])
        yield {
            "mode": mode,
            "judged_as": mode_known(fitted.model.ranges, seen.rows.modes[int(of_mode.argmax())]),
            "coils": len(np.unique(seen.strip_no[of_mode])),
            "held_out_coils": len(held_out),
            "held_out_alarms_pct": 100 * len(alarms) / len(held_out) if len(held_out) else None,
        }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
