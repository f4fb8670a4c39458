"""Time stays where everything can be computed, and moves no further at once than can be caught up with."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from capital_sandbox import DEFAULT_START, Limits, ManualClock, RealClock, Sandbox
from capital_sandbox.clock import BEGINNING, END, MOST_AT_ONCE, MOST_SPEED

from .conftest import Api

YEARS = 366 * 86_400


@pytest.mark.parametrize("year", [1, 1970, 1991, 2200, 9999])
def test_no_clock_starts_in_an_impossible_year(year: int) -> None:
    start, message = datetime(year, 1, 1, tzinfo=UTC), "a clock starts between 1992-01-01 and 2200-01-01, not at"
    with pytest.raises(ValueError, match=message):
        ManualClock(start)
    with pytest.raises(ValueError, match=message):
        RealClock(1, start)


@pytest.mark.parametrize(
    "by", [MOST_AT_ONCE + timedelta(seconds=1), YEARS + 1, 1e18, 1e300, float("inf"), float("nan")]
)
def test_no_clock_is_advanced_by_an_age(by: Any) -> None:
    clock = ManualClock()
    with pytest.raises(ValueError, match="a clock is advanced by at most 366 days at once"):
        clock.advance(by)
    assert clock.now() == DEFAULT_START


def test_time_ends() -> None:
    clock = ManualClock(END - timedelta(days=1))
    with pytest.raises(ValueError, match="a clock goes no further than 2200-01-01, and it is 2199-12-31"):
        clock.advance(86_401)
    assert clock.advance(86_400) == END
    fast = RealClock(MOST_SPEED, END - timedelta(seconds=1))
    time.sleep(0.001)
    assert fast.now() == END
    fast.speed = 0
    assert fast.now() == END


@pytest.mark.parametrize("speed", [MOST_SPEED * 1.01, 1e200])
def test_impossible_speeds_change_nothing(speed: float) -> None:
    clock = RealClock(2, DEFAULT_START)
    with pytest.raises(ValueError, match="the speed of a clock is a number from 0 to 1000000"):
        clock.speed = speed
    assert clock.speed == 2
    assert clock.now() - DEFAULT_START < timedelta(minutes=1)


@pytest.mark.parametrize("start", [BEGINNING, END - timedelta(seconds=1)])
def test_everything_works_on_the_first_day_and_on_the_last(start: datetime) -> None:
    api = Api(Sandbox(clock=ManualClock(start), limits=Limits.off()))
    api.login()
    epics = list(api.sandbox.world.catalogue)
    assert len(api.ok(api.get("markets"))["markets"]) == len(epics)
    for path in ("accounts", "positions", "workingorders", "clientsentiment", "history/activity", "watchlists"):
        api.ok(api.get(path))
    for resolution in ("MINUTE", "HOUR", "WEEK"):
        api.ok(api.get("prices/BTCUSD", resolution=resolution, max=50))
    api.confirm(api.post("positions", epic="BTCUSD", direction="BUY", size=0.01))
    assert api.sandbox.state.now == start


@pytest.mark.parametrize(
    "body",
    [{"speed": 1e200}, {"speed": 1.1e6}, {"advance": 1e300}, {"advance": YEARS + 1}, {"advance": 1e9, "speed": 2}],
)
def test_over_http_it_is_refused_in_words(body: dict[str, float]) -> None:
    sandbox = Sandbox(clock=ManualClock())
    with sandbox.serve() as server:
        answer = httpx.post(f"{server.url}/_sandbox/clock", json=body)
        assert answer.status_code == 400
        assert "clock" in answer.json()["error"]
        assert httpx.get(f"{server.url}/api/v1/time").json() == {"serverTime": 1781100000000}
        assert httpx.get(f"{server.url}/_sandbox/clock").json() == {"now": "2026-06-10T14:00:00+00:00", "speed": 0}


def test_a_year_with_open_positions_is_over_soon(api: Api) -> None:
    for epic, size in (("BTCUSD", 0.001), ("EURUSD", 100), ("GOLD", 0.01)):
        api.open(epic, size=size)
    started = time.monotonic()
    api.clock.advance(MOST_AT_ONCE)
    assert api.sandbox.state.now == DEFAULT_START + MOST_AT_ONCE
    assert time.monotonic() - started < 20
