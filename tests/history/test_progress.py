"""A bar for a person who is looking, and none otherwise."""

from __future__ import annotations

import contextlib
import io
import sys

import pytest

from capital_ext.history import progress
from capital_ext.history.progress import progress_bar

from .world import Stage


class Terminal(io.StringIO):
    """Somebody is looking."""

    def isatty(self) -> bool:
        return True


def somebody_looks(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """In the test itself: pytest puts a stream of its own there between a fixture and a test."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    return terminal


def year(walks: object, progress: bool | None) -> object:
    return walks.candles("SILVER", "DAY", "2026-01-01", progress=progress)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


def test_a_bar_comes_after_a_moment_and_goes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    stage.all(lambda walks: walks.candles("SILVER", "HOUR", "2026-06-01"))
    assert terminal.getvalue() == ""  # a short walk needs none
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    stage.all(lambda walks: year(walks, None))
    assert "SILVER DAY" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")  # the line is wiped
    assert sys.stderr is terminal
    stage.all(lambda walks: walks.iter_activity("2026-06-01", "2026-06-05"))
    assert "activity" in terminal.getvalue()


def test_none_when_it_is_not_wanted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    stage.all(lambda walks: year(walks, False))
    assert terminal.getvalue() == ""


def test_none_when_nobody_looks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    stage.all(lambda walks: year(walks, None))
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", None)  # a program without a console
    stage.all(lambda walks: year(walks, None))


def test_a_bar_on_demand_comes_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    stage.all(lambda walks: year(walks, True))
    assert "SILVER DAY" in terminal.getvalue()


def test_on_demand_too_a_file_gets_none(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.all(lambda walks: year(walks, True))
    assert capsys.readouterr() == ("", "")


def test_an_abandoned_walk_takes_its_bar_along(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    with progress_bar("first", True) as first:
        first(0.5)
        shown = terminal.getvalue()
        with progress_bar("second", True) as second:  # there is one bar at a time
            second(0.5)
        assert terminal.getvalue() == shown
    with contextlib.suppress(ZeroDivisionError), progress_bar("third", True) as third:
        third(0.5)
        raise ZeroDivisionError
    with progress_bar("fourth", True) as fourth:
        fourth(1.0)
    assert ["second" in terminal.getvalue(), "third" in terminal.getvalue(), "fourth" in terminal.getvalue()] == [
        False,
        True,
        True,
    ]


def test_what_is_printed_meanwhile_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = somebody_looks(monkeypatch)
    with progress_bar("walk", True) as advance:
        advance(0.5)
        print("data")  # to a pipe: it must stay there
        advance(1.0)
    assert capsys.readouterr().out == "data\n"
    assert "data" not in terminal.getvalue()
