"""Values of options on the command line, as they are read. What cannot be is told with the rule that it breaks."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

from .bounds import Bounds
from .clock import possible_speed, possible_start
from .fault_specs import instant


def number(bounds: Bounds, read: Callable[[str], float] = float) -> Callable[[str], float]:
    """Reads a number within bounds."""

    def number_of(text: str) -> float:
        try:
            value = read(text)
        except ValueError:
            value = float("nan")
        if not bounds.holds(value):
            raise ArgumentTypeError(f"{bounds}, not {text!r}")
        return value

    return number_of


def speed(text: str) -> float:
    """Reads the speed of a clock."""
    try:
        return possible_speed(float(text))
    except ValueError as error:
        raise ArgumentTypeError(f"{error}, not {text!r}") from None


def start(text: str) -> datetime:
    """Reads the instant at which a clock starts."""
    try:
        moment = instant(text)
    except ValueError:
        raise ArgumentTypeError(f"a UTC time, as 2026-06-10T14:00, not {text!r}") from None
    try:
        return possible_start(moment)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def host(text: str) -> str:
    """Reads the interface to listen on."""
    if not text.strip():  # which would be all of them, open to everybody
        raise ArgumentTypeError(f"an interface, as 127.0.0.1, not {text!r}")
    return text


@contextmanager
def naming(option: str) -> Generator[None]:
    """Says of what goes wrong in it that an option is to blame, as argparse does."""
    try:
        yield
    except (ValueError, TypeError, OSError, ImportError) as error:
        raise ArgumentTypeError(f"argument {option}: {error}") from None
