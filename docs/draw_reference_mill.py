"""Draws pictures/reference_mill.png and fills the table of ranges in reference_mill.md."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from pipelines.reference_mill.casting_readings import casting_table
from pipelines.reference_mill.grades import GRADES
from pipelines.reference_mill.mill import CLEAN, Mill
from pipelines.reference_mill.process_fault import ProcessFault
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.speed import SENSORS, position_at
from pipelines.reference_mill.strip_readings import SIGNALS, strip_readings

DOCS = Path(__file__).parent
MILL = Mill(coils_a_day=600, readings_hz=5, casting_hz=1, dirt=CLEAN, faults=0)
FAULTY = replace(MILL, faults=1)
DAY = date(2026, 11, 20)
STANDS = [f"F{no}" for no in range(1, 8)]
FAMILIES = {
    "ultra-low carbon": "tab:gray",
    "low carbon": "tab:blue",
    "structural": "tab:orange",
    "HSLA": "tab:red",
}
TEMPERATURES = {"entry_temp_c": "tab:red", "finishing_temp_c": "tab:orange", "coiling_temp_c": "tab:blue"}
CORRELATED = (
    ("thickness_mm", "mn_pct", "discharge_temp_c", "entry_temp_c", "finishing_temp_c", "coiling_temp_c")
    + ("f1_force_kn", "f4_force_kn", "f7_force_kn", "f7_gap_mm", "f7_bending_kn", "strip_speed_m_s")
    + ("cooling_water_m3_h", "crown_um", "flatness_iu", "worn")
)
RANGES = {
    "slab_t": "Slab, t",
    "coil_t": "Coil, t",
    "coil_m": "Coil length, m",
    "thickness_mm": "Thickness, mm",
    "width_mm": "Width, mm",
    "strip_speed_m_s": "Strip speed, m/s",
    "mass_flow_t_h": "Mass flow, t/h",
    "discharge_temp_c": "Discharge temperature, °C",
    "entry_temp_c": "Temperature before F1, °C",
    "finishing_temp_c": "Finishing temperature, °C",
    "coiling_temp_c": "Coiling temperature, °C",
    "f1_force_kn": "Force F1, kN",
    "f4_force_kn": "Force F4, kN",
    "f7_force_kn": "Force F7, kN",
    "f4_torque_knm": "Torque F4, kN·m",
    "cooling_water_m3_h": "Cooling water, m³/h",
    "crown_um": "Crown, µm",
}


def readings_of(rolled: RollingDay, coil: int) -> pd.DataFrame:
    """The readings of one coil with their time in seconds."""
    since_s = np.arange(0, rolled.cone.at_s[coil, -1], 1 / MILL.readings_hz)
    readings = strip_readings(rolled, coil, since_s)
    return pd.DataFrame(readings, columns=list(SIGNALS)).assign(since_s=since_s)


def coil_summaries(rolled: RollingDay) -> pd.DataFrame:
    """Means of the body of every coil, with what else is known of it."""
    coils = rolled.coils
    bodies = []
    for coil in coils.tolist():
        readings, length_m = readings_of(rolled, coil), rolled.length_m[coil]
        bodies.append(readings[readings.length_m.between(0.2 * length_m, 0.8 * length_m)].mean())
    frame = pd.DataFrame(bodies)
    return frame.assign(
        family=[GRADES[no].family for no in rolled.slabs.grade_no[coils]],
        target_mm=rolled.strip.thickness_mm[coils],
        target_width_mm=rolled.strip.width_mm[coils],
        mass_flow_t_h=frame.strip_speed_m_s * frame.thickness_mm * frame.width_mm * 7.85e-6 * 3600,
        coil_m=rolled.length_m[coils],
        coil_t=rolled.masses.coil_t[coils],
        slab_t=rolled.masses.slab_t[coils],
        discharge_temp_c=rolled.heated.discharge_temp_c[coils],
        mn_pct=rolled.strip.mn_pct[coils],
        worn=rolled.behaves.worn[coils],
    )


def draw(rolled: RollingDay, coils: pd.DataFrame) -> None:
    """All panels on one page."""
    thin = int(rolled.coils[rolled.strip.thickness_mm[rolled.coils] == 2.5][5])
    thick = int(rolled.coils[rolled.strip.thickness_mm[rolled.coils] >= 8][0])
    figure, axes = plt.subplots(6, 3, figsize=(19, 31), constrained_layout=True)
    draw_strip(axes[0], rolled, thin)
    draw_strip(axes[1], rolled, thick)
    draw_stands(axes[2], rolled, coils)
    draw_products(axes[3], coils)
    draw_day(axes[4], rolled, coils)
    draw_faults(axes[5], rolling_day(FAULTY, DAY))
    figure.suptitle(f"The reference mill: {MILL.coils_a_day} slabs of {DAY}, seed {MILL.seed}", fontsize=18)
    figure.savefig(DOCS / "pictures" / "reference_mill.png", dpi=75, metadata={"Software": None})


def draw_strip(axes: Any, rolled: RollingDay, coil: int) -> None:
    """Force, speed and temperature of one strip over time."""
    readings = readings_of(rolled, coil)
    name = f"{rolled.strip.thickness_mm[coil]:g} mm, {rolled.strip.width_mm[coil]:g} mm wide"
    for no in range(1, 8):
        axes[0].plot(readings.since_s, readings[f"f{no}_force_kn"] / 1000, label=f"F{no}", lw=1)
    axes[0].set(title=f"Roll force, {name}", xlabel="s from the head before F1", ylabel="MN")
    axes[0].legend(ncol=7, fontsize=7, loc="lower center")
    for no in (1, 4, 7):
        axes[1].plot(readings.since_s, readings[f"f{no}_speed_m_s"], label=f"F{no} rolls")
    axes[1].plot(readings.since_s, readings.strip_speed_m_s, "k--", lw=1, label="strip behind F7")
    axes[1].set(title=f"Speed, {name}", xlabel="s", ylabel="m/s")
    axes[1].legend(fontsize=8)
    for signal, colour in TEMPERATURES.items():
        axes[2].plot(readings.since_s, readings[signal], color=colour, lw=1, label=signal)
    axes[2].axhline(rolled.setup.finishing_temp_c[coil], color="tab:orange", ls=":")
    axes[2].axhline(rolled.target_coiling_temp_c[coil], color="tab:blue", ls=":")
    axes[2].set(title=f"Temperature, {name} (dotted: asked for)", xlabel="s", ylabel="°C")
    axes[2].legend(fontsize=8)


def draw_stands(axes: Any, rolled: RollingDay, coils: pd.DataFrame) -> None:
    """Force, power and reduction by stand."""
    force, speed, torque = (
        coils[[f"f{no}_{quantity}" for no in range(1, 8)]].to_numpy()
        for quantity in ("force_kn", "speed_m_s", "torque_knm")
    )
    radius_m = rolled.strip.work_roll_radius_mm[rolled.coils] / 1000
    boxes = {"tick_labels": STANDS, "whis": (1, 99), "showfliers": False}
    axes[0].boxplot(force / 1000, **boxes)
    axes[0].set(title="Roll force of the body, all coils (box: quartiles, whiskers 1 and 99 %)", ylabel="MN")
    axes[1].boxplot(torque * speed / radius_m / 1000, **boxes)
    axes[1].set(title="Power at the rolls", ylabel="MW")
    entry_mm = np.column_stack([rolled.setup.bar_mm, rolled.setup.exit_mm[:, :-1]])
    for thickness_mm in (2.0, 3.0, 4.0, 6.0, 8.0):
        of = rolled.strip.thickness_mm == thickness_mm
        reduction_pct = 100 * (1 - rolled.setup.exit_mm[of] / entry_mm[of]).mean(axis=0)
        axes[2].plot(STANDS, reduction_pct, "o-", label=f"{thickness_mm:g} mm")
    axes[2].set(title="Reduction by stand", ylabel="%", ylim=(0, 50))
    axes[2].legend(fontsize=8)


def draw_products(axes: Any, coils: pd.DataFrame) -> None:
    """Force against temperature by family, finishing and coiling temperature, speed against thickness."""
    for family, colour in FAMILIES.items():
        of = coils[coils.family == family]
        alike = of[of.target_mm.between(2.5, 3.5)]
        load = alike.f6_force_kn / alike.target_width_mm
        axes[0].scatter(alike.finishing_temp_c, load, s=12, color=colour, label=family)
        axes[1].scatter(of.finishing_temp_c, of.coiling_temp_c, s=8, color=colour)
    axes[0].set(title="F6 force per width, 2.5 to 3.5 mm", xlabel="finishing temperature, °C", ylabel="kN/mm")
    axes[0].legend(fontsize=8)
    axes[1].set(title="Coiling against finishing temperature", xlabel="finishing, °C", ylabel="coiling, °C")
    axes[2].scatter(coils.thickness_mm, coils.strip_speed_m_s, s=8, label="speed, m/s")
    axes[2].scatter(coils.thickness_mm, coils.mass_flow_t_h / 100, s=8, label="mass flow, 100 t/h")
    axes[2].scatter(coils.thickness_mm, coils.coil_m / 100, s=8, label="coil length, 100 m")
    axes[2].set(title="Speed, mass flow, length", xlabel="thickness, mm", ylim=(0, None))
    axes[2].legend(fontsize=8)


def draw_day(axes: Any, rolled: RollingDay, coils: pd.DataFrame) -> None:
    """Where the mass goes, when the mill stood still, what moves together."""
    kept = ("slab_t", "coil_t")
    lost = {name: values for name, values in vars(rolled.masses).items() if name not in kept}
    share_pct = [100 * values.sum() / rolled.masses.slab_t.sum() for values in lost.values()]
    axes[0].bar([name.removesuffix("_t").replace("_", " ") for name in lost], share_pct)
    axes[0].set(title=f"Losses, together {sum(share_pct):.2f} % of the slabs", ylabel="%")
    axes[0].tick_params(axis="x", rotation=25)
    strip = rolled.strip
    points = axes[1].scatter(
        rolled.schedule.f1_in_s / 3600, strip.width_mm, s=8, c=strip.thickness_mm, cmap="viridis_r"
    )
    plt.colorbar(points, ax=axes[1], label="thickness, mm", shrink=0.7)
    for stop in rolled.schedule.stoppages:
        colour = "tab:green" if stop.is_planned else "tab:red"
        axes[1].axvspan(stop.from_s / 3600, stop.to_s / 3600, color=colour, alpha=0.4)
    axes[1].set(title="Every strip of the day; stops: green planned, red not", xlabel="h", ylabel="width, mm")
    matrix = coils[coils.target_mm.between(2.5, 4)][list(CORRELATED)].corr()
    image = axes[2].imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1)
    axes[2].set_xticks(range(len(CORRELATED)), CORRELATED, rotation=90, fontsize=8)
    axes[2].set_yticks(range(len(CORRELATED)), CORRELATED, fontsize=8)
    axes[2].set(title="Correlation of coil means, 2.5 to 4 mm")
    plt.colorbar(image, ax=axes[2], shrink=0.7)


def draw_faults(axes: Any, rolled: RollingDay) -> None:
    """What three faults do, with the place where the truth has them."""
    faults = {fault.kind: fault for fault in process_faults(rolled)}
    for axis, kind, sensor, signal in (
        (axes[0], "cold slab end", "entry", "entry_temp_c"),
        (axes[1], "cooling bank loss", "coiling", "coiling_temp_c"),
    ):
        fault = faults[kind]
        axis.plot(*readings_by_place(rolled, fault, sensor, signal), lw=1)
        axis.axvspan(fault.from_m, fault.to_m, color="tab:red", alpha=0.2)
        axis.set(title=f"Planted: {kind}, {fault.strength:.0f} K", xlabel="m of the hot coil", ylabel=signal)
    axes[2].plot(*mould_level(rolled, faults["mould level burst"]), lw=1)
    axes[2].set(title="Planted: mould level burst", xlabel="m of the slab", ylabel="mould_level_mm")


def readings_by_place(
    rolled: RollingDay, fault: ProcessFault, sensor: str, signal: str
) -> tuple[np.ndarray, np.ndarray]:
    """A signal of the fault's strip over the true place under its sensor."""
    coil = fault.slab_no
    since_s = np.arange(0, rolled.cone.at_s[coil, -1], 1 / MILL.readings_hz)
    readings = strip_readings(rolled, coil, since_s, [fault])[:, SIGNALS.index(signal)]
    at_f7_m, _ = position_at(rolled.cone, coil, since_s)
    return at_f7_m + rolled.offsets_m[coil, SENSORS.index(sensor)], readings


def mould_level(rolled: RollingDay, fault: ProcessFault) -> tuple[np.ndarray, np.ndarray]:
    """Steel level in the mould while the fault's slab was cast, over metres of the slab."""
    heats, no = rolled.heats, fault.slab_no
    readings = casting_table(rolled.mill, rolled.day - timedelta(days=2)).to_pandas()
    cut_at = rolled.mill.day_start(rolled.day) + timedelta(seconds=float(heats.cast_s[no]))
    since_m = readings.cast_length_m - heats.cast_from_m[no]
    is_slab = (readings.strand == str(heats.strand[no])) & since_m.between(0, rolled.slabs.length_m[no])
    is_slab &= readings.sampled_at.between(cut_at - timedelta(hours=1.5), cut_at)
    return since_m[is_slab].to_numpy(), readings.mould_level_mm[is_slab].to_numpy()


def fill_ranges(coils: pd.DataFrame) -> None:
    """Write the table of ranges between its marks in reference_mill.md."""
    lines = [
        "| mean of the body of a coil | least | 5 % | median | 95 % | most |",
        "|---|---|---|---|---|---|",
    ]
    for name, words in RANGES.items():
        values = coils[name].quantile([0, 0.05, 0.5, 0.95, 1])
        digits = 1 if values.median() < 100 else 0
        lines.append(f"| {words} | " + " | ".join(f"{value:,.{digits}f}" for value in values) + " |")
    page = DOCS / "reference_mill.md"
    before, _, rest = page.read_text().partition("<!-- ranges -->\n")
    _, _, after = rest.partition("<!-- end of ranges -->\n")
    table = "\n".join(lines)
    page.write_text(f"{before}<!-- ranges -->\n{table}\n<!-- end of ranges -->\n{after}")


if __name__ == "__main__":
    day = rolling_day(MILL, DAY)
    summaries = coil_summaries(day)
    draw(day, summaries)
    fill_ranges(summaries)
