"""Thousands of further markets, so that a list of all of them is as long as the real one.

They are shares of companies that do not exist. Each takes the course of a market of the catalogue, scaled and
shifted, so that a quote of one of them costs next to nothing once the other's is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from .catalogue import Course, Instrument

_CONSONANTS, _VOWELS = "BCDFGHKLMNPRSTVWXZ", "AEIOU"
_ENDINGS = ("Inc", "Corp", "PLC", "SA", "Holdings Ltd", "Group", "Technologies", "Bancorp", "REIT", "ETF")
_SUFFIXES = ("", "", "", ".A", ".B", "-P", "L", "D")
_MODES: tuple[tuple[str, ...], ...] = (("REGULAR",),) * 17 + (("VIEW_ONLY",), ("LONG_ONLY",), ("CLOSE_ONLY",), ())


def generated_markets(known: Mapping[str, Instrument], count: int) -> Iterator[Instrument]:
    """So many markets, always the same ones, none of which is known yet."""
    models = [each for each in known.values() if each.type == "SHARES" and each.shows_range and each.tick < 1]
    random = Random("markets")  # noqa: S311
    taken = set(known)
    while count:
        epic = _epic(random)
        if epic not in taken:
            taken.add(epic)
            count -= 1
            yield _market(epic, random, models)


def _market(epic: str, random: Random, models: Sequence[Instrument]) -> Instrument:
    model = random.choice(models)
    factor = random.randint(1, 4)
    shift = random.randint(0, model.start_ticks * 3)
    name = f"{''.join(_syllable(random) for _ in range(random.randint(2, 4))).title()} {random.choice(_ENDINGS)}"
    return replace(
        model,
        epic=epic,
        symbol=epic,
        name=name,
        start=model.tick * (model.start_ticks * factor + shift),
        spread=model.spread * factor,
        modes=random.choice(_MODES),
        guaranteed_stop=False,
        groups=(f"{model.groups[-1]}_{epic[0]}".lower(),),
        max_size=min(model.max_size, Decimal(5000)),
        course=Course(model, factor, shift),
    )


def _epic(random: Random) -> str:
    letters = "".join(_syllable(random) for _ in range(2))[: random.randint(2, 5)]
    digits = str(random.randint(1, 9)) if random.random() < 0.1 else ""
    return digits + letters + random.choice(_SUFFIXES)


def _syllable(random: Random) -> str:
    return random.choice(_CONSONANTS) + random.choice(_VOWELS) + random.choice(_CONSONANTS)
