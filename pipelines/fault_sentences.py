"""What happened on a strip, in a sentence for people."""

from collections.abc import Sequence

from schemas.contract import UNITS

WORDS = {"temp": "temperature"}
MOST_SIGNALS = 3
"""That a sentence names."""


def signal_in_words(name: str) -> str:
    """A signal as people say it.

    >>> signal_in_words("coiling_temp_c"), signal_in_words("f7_force_kn"), signal_in_words("speed_m_s")
    ('coiling temperature', 'F7 force', 'speed')
    """
    words = name.split("_")
    for length in (3, 2, 1):
        if length < len(words) and "_".join(words[-length:]) in UNITS:
            words = words[:-length]
            break
    is_stand = len(words[0]) == 2 and words[0][0] == "f" and words[0][1].isdigit()
    first = words[0].upper() if is_stand else WORDS.get(words[0], words[0])
    return " ".join([first, *(WORDS.get(word, word) for word in words[1:])])


def level_sentence(signals: Sequence[str], sigmas: Sequence[float], metres: float, whole: bool) -> str:
    """Of signals that lay off, the furthest first.

    >>> level_sentence(["coiling_temp_c", "cooling_water_m3_h"], [4.2, -2.1], 70.0, False)
    'Coiling temperature 4.2 standard deviations above normal, cooling water 2.1 below, for 70 m.'
    """
    told = []
    for no, (signal, off) in enumerate(list(zip(signals, sigmas, strict=True))[:MOST_SIGNALS]):
        side = "above" if off > 0 else "below"
        unit = f" standard deviations {side} normal" if no == 0 else f" {side}"
        told.append(f"{signal_in_words(signal)} {abs(off):.1f}{unit}")
    return _sentence(", ".join(told), metres, whole)


def swing_sentence(
    signals: Sequence[str], sigmas: Sequence[float], band: str | None, metres: float, whole: bool
) -> str:
    """Of signals that swung more than normal, with the band of their period.

    >>> swing_sentence(["thickness_mm"], [5.0], "10 to 24 m", 120.0, False)
    'Thickness swings more than normal, once in 10 to 24 m, 5.0 standard deviations at most, for 120 m.'
    """
    named = [signal_in_words(signal) for signal in signals[:MOST_SIGNALS]]
    listed = ", ".join(named[:-1]) + f" and {named[-1]}" if len(named) > 1 else named[0]
    verb = "swing" if len(named) > 1 else "swings"
    period = f", once in {band}" if band else ""
    return _sentence(
        f"{listed} {verb} more than normal{period}, {max(sigmas):.1f} standard deviations at most",
        metres,
        whole,
    )


def drift_sentence(signals: Sequence[str], sigmas: Sequence[float]) -> str:
    """Of signals that drifted from coil to coil.

    >>> drift_sentence(["coiling_temp_c"], [5.1])
    'Coiling temperature has drifted upwards over the last coils of its mode, 5.1 sigmas of their mean.'
    """
    told = []
    for signal, off in list(zip(signals, sigmas, strict=True))[:MOST_SIGNALS]:
        told.append(f"{signal_in_words(signal)} has drifted {'upwards' if off > 0 else 'downwards'}")
    listed = ", ".join(told)
    text = f"{listed} over the last coils of its mode, {abs(sigmas[0]):.1f} sigmas of their mean."
    return text[0].upper() + text[1:]


def sensor_sentence(signals: Sequence[str], flag: str, metres: float) -> str:
    """Of sensors that were frozen, jumping or missing.

    >>> sensor_sentence(["coiling_temp_c"], "frozen", 64.0)
    'The sensor of coiling temperature was frozen for 64 m.'
    """
    named = ", ".join(signal_in_words(signal) for signal in signals[:MOST_SIGNALS])
    more = f" and {len(signals) - MOST_SIGNALS} more" if len(signals) > MOST_SIGNALS else ""
    return f"The sensor of {named}{more} was {flag} for {metres:.0f} m."


def _sentence(told: str, metres: float, whole: bool) -> str:
    where = "on the whole coil" if whole else f"for {metres:.0f} m"
    text = f"{told}, {where}." if "," in told or not whole else f"{told} {where}."
    return text[0].upper() + text[1:] if text[0].islower() else text
