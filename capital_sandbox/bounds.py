"""Within what a sandbox can be set up, from Python and on the command line alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The values that a setting can have."""

    what: str
    least: float
    most: float

    def holds(self, value: float) -> bool:
        """Whether a value is one of them; NaN never is."""
        return self.least <= value <= self.most

    def check(self, name: str, value: float) -> None:
        """Refuse a value that is none of them, with a ValueError."""
        if not self.holds(value):
            raise ValueError(f"{name} is {self}, not {value!r}")

    def __str__(self) -> str:
        return f"{self.what} from {self.least:.10g} to {self.most:.10g}"


CONFIRM_DELAY = Bounds("seconds", 0, 86_400)
SESSION_CAP = Bounds("seconds", 0.001, 366 * 86_400)
MARKETS = Bounds("a whole number", 0, 20_000)
"""More would be several times as many as the real service has, and take minutes to make."""
TIMEZONE_OFFSET = Bounds("a whole number", -12, 14)
"""Hours: there are no zones beyond."""
