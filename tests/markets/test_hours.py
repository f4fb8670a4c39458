"""Opening hours, against a check that walks through time second by second."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from capital_api import models
from capital_ext.errors import InvalidInputError
from capital_ext.markets.hours import DAYS, TradingHours

UTC = timezone.utc
MONDAY = datetime(2026, 6, 8, tzinfo=UTC)
STEP = 600
"""Seconds: the made-up timetables change at multiples of it only, so that a week is quickly walked through."""
WEEK = 7 * 86_400

Timetable = dict[str, list[tuple[int, int]]]


def text(second: int) -> str:
    hour, rest = divmod(second % 86_400, 3600)
    minute, second = divmod(rest, 60)
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def of(zone_name: str = "UTC", /, monday_to_friday: object = None, **days: object) -> TradingHours:
    odd: Any = {day: days.get(day, (monday_to_friday or []) if day in DAYS[:5] else []) for day in DAYS}
    return TradingHours.of(models.OpeningHours(**odd, zone=zone_name))


def printed(timetable: Timetable, zone: str = "UTC") -> TradingHours:
    return of(zone, **{day: [f"{text(a)} - {text(b)}" for a, b in ranges] for day, ranges in timetable.items()})


def at(day: int, clock: str, **more: int) -> datetime:
    hour, minute, second = (int(part) for part in [*clock.split(":"), "0"][:3])
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second, **more)


# --- what the API prints ----------------------------------------------------------------------------------------------

EURUSD = of(monday_to_friday=["00:00 - 20:59:50", "21:05 - 00:00"], fri=["00:00 - 20:59:50"], sun=["21:05 - 00:00"])


@pytest.mark.parametrize(
    ("moment", "is_open", "opens", "closes"),
    [
        (at(0, "12:00"), True, at(0, "12:00"), at(0, "20:59:50")),
        (at(0, "20:59:49"), True, at(0, "20:59:49"), at(0, "20:59:50")),
        (at(0, "20:59:49", microseconds=999_999), True, at(0, "20:59:49", microseconds=999_999), at(0, "20:59:50")),
        (at(0, "20:59:50"), False, at(0, "21:05"), at(1, "20:59:50")),  # the end itself is closed
        (at(0, "21:05"), True, at(0, "21:05"), at(1, "20:59:50")),
        (at(1, "00:00"), True, at(1, "00:00"), at(1, "20:59:50")),  # midnight is no seam
        (at(4, "21:00"), False, at(6, "21:05"), at(7, "20:59:50")),  # over the weekend
        (at(5, "12:00"), False, at(6, "21:05"), at(7, "20:59:50")),
        (at(6, "23:00"), True, at(6, "23:00"), at(7, "20:59:50")),  # Sunday runs into Monday
    ],
)
def test_a_week_of_eurusd(moment: datetime, is_open: bool, opens: datetime, closes: datetime) -> None:
    assert (EURUSD.is_open(moment), EURUSD.next_open(moment), EURUSD.next_close(moment)) == (is_open, opens, closes)
    elsewhere = moment.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (EURUSD.is_open(elsewhere), EURUSD.next_open(elsewhere)) == (is_open, opens)
    answer = EURUSD.next_open(elsewhere)
    assert answer is not None
    assert answer.tzinfo is UTC


def test_a_market_that_never_opens_and_one_that_never_closes() -> None:
    never = of(sat=["-"], sun=[])
    assert (never.known, never.is_open(MONDAY), never.next_open(MONDAY), never.next_close(MONDAY)) == (
        True, False, None, None,
    )  # fmt: skip
    always = of(monday_to_friday=["00:00 - 00:00"], sat=["00:00 - 00:00"], sun=["00:00 - 00:00"])
    assert (always.is_open(MONDAY), always.next_open(MONDAY), always.next_close(MONDAY)) == (True, MONDAY, None)


def test_ranges_of_a_day_in_any_order_touching_and_overlapping() -> None:
    hours = of(mon=["12:00 - 14:00", "8:00-9:00", " 09:00 - 10:00 ", "13:00 - 15:30", "13:15 - 13:30", "-", ""])
    assert hours.known
    assert hours.next_close(at(0, "08:30")) == at(0, "10:00")
    assert hours.next_open(at(0, "10:00")) == at(0, "12:00")
    assert hours.next_close(at(0, "12:30")) == at(0, "15:30")


@pytest.mark.parametrize("end", ["00:00", "24:00", "00:00:00"])
def test_midnight_is_the_end_of_the_day(end: str) -> None:
    assert of(mon=[f"22:00 - {end}"]).next_close(at(0, "23:59:59")) == at(1, "00:00")


# --- odd bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "kept"),
    [
        (["closed"], ["tue: 'closed'"]),
        (["09:00 - 25:00"], ["tue: '09:00 - 25:00'"]),
        (["09:60 - 10:00"], ["tue: '09:60 - 10:00'"]),
        (["09:00 - 10:00:99"], ["tue: '09:00 - 10:00:99'"]),
        (["24:30 - 00:00"], ["tue: '24:30 - 00:00'"]),
        (["22:00 - 02:00", "03:00 - 04:00"], ["tue: '22:00 - 02:00'"]),
        (["10:00 - 10:00"], ["tue: '10:00 - 10:00'"]),
        (["\N{FULLWIDTH DIGIT NINE}:00 - 10:00"], ["tue: '\N{FULLWIDTH DIGIT NINE}:00 - 10:00'"]),
        ([900, None, {"open": "9"}], ["tue: 900", "tue: None", "tue: {'open': '9'}"]),
        ("09:00 - 10:00", ["tue: '09:00 - 10:00'"]),
        (None, ["tue: None"]),
    ],
)
def test_what_cannot_be_read_is_kept_and_nothing_is_guessed(entries: object, kept: list[str]) -> None:
    hours = of(mon=["09:00 - 10:00"], tue=entries)
    assert (hours.known, list(hours.unreadable)) == (False, kept)
    moment = at(0, "09:30")
    assert (hours.is_open(moment), hours.next_open(moment), hours.next_close(moment)) == (None, None, None)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe", "/", "UTC\0", 0, None])
def test_a_zone_that_does_not_exist(zone: str) -> None:
    hours = of(zone, mon=["09:00 - 10:00"])
    assert hours.unreadable == (f"zone: {zone!r}",)
    assert hours.is_open(at(0, "09:30")) is None


@pytest.mark.parametrize("hours", [EURUSD, of(mon=["?"])])
def test_a_naive_datetime_is_refused_even_where_nothing_is_known(hours: TradingHours) -> None:
    for ask in (hours.is_open, hours.next_open, hours.next_close):
        with pytest.raises(InvalidInputError, match="no time zone"):
            ask(datetime(2026, 6, 8))


@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_the_ends_of_time(moment: datetime) -> None:
    with pytest.raises(InvalidInputError, match="too far out"):
        EURUSD.is_open(moment.replace(tzinfo=UTC))


# --- other zones ------------------------------------------------------------------------------------------------------

NEW_YORK = of("America/New_York", ["09:30 - 16:00"], sun=["01:30 - 03:30"])


def test_another_zone_follows_its_clocks() -> None:
    # On 8 March the clocks go forward at 02:00, so that this session lasts one hour instead of two.
    assert NEW_YORK.next_open(datetime(2026, 3, 6, 22, tzinfo=UTC)) == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    assert NEW_YORK.next_close(datetime(2026, 3, 8, 7, tzinfo=UTC)) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert NEW_YORK.next_open(datetime(2026, 3, 6, 12, tzinfo=UTC)) == datetime(2026, 3, 6, 14, 30, tzinfo=UTC)
    assert NEW_YORK.next_open(datetime(2026, 3, 9, 12, tzinfo=UTC)) == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    november = datetime(2026, 11, 1, tzinfo=UTC)  # 01:30 comes twice, and the first one counts
    assert NEW_YORK.next_open(november) == november.replace(hour=5, minute=30)
    assert NEW_YORK.next_close(november) == november.replace(hour=8, minute=30)


def test_ranges_in_the_hour_that_is_skipped() -> None:
    # 2026-03-08 in New York goes from 01:59:59 to 03:00:00.
    hours = of("America/New_York", sun=["02:45 - 03:00", "02:30 - 02:40", "03:00 - 04:00"])
    assert hours.is_open(datetime(2026, 3, 8, 7, 10, tzinfo=UTC))
    assert hours.next_open(datetime(2026, 3, 8, 6, tzinfo=UTC)) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    swallowed = of("America/New_York", sun=["02:45 - 03:00"])
    assert swallowed.next_open(datetime(2026, 3, 8, 0, tzinfo=UTC)) == datetime(2026, 3, 15, 6, 45, tzinfo=UTC)
    day = ["00:00 - 00:00"]
    whole = of("America/New_York", day, sat=day, sun=["00:00 - 02:00", "03:00 - 00:00"])
    assert whole.next_close(datetime(2026, 3, 1, 8, tzinfo=UTC)) == datetime(2026, 3, 15, 6, tzinfo=UTC)


# --- against brute force ----------------------------------------------------------------------------------------------


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    found: Timetable = {}
    for day in DAYS:
        edges = draw(st.lists(st.integers(0, 86_400 // STEP), max_size=6, unique=True).map(sorted))
        found[day] = [(a * STEP, b * STEP) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return found


def open_by_the_book(timetable: Timetable, moment: datetime) -> bool:
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    return any(start <= second < end for start, end in timetable[DAYS[moment.weekday()]])


def walk(timetable: Timetable, moment: datetime, wanted: bool) -> datetime | None:
    """The first instant at or after the given one at which the market is open, or is closed: found step by step."""
    start = moment
    while moment <= start + timedelta(seconds=WEEK + STEP):
        if open_by_the_book(timetable, moment) is wanted:
            return moment
        moment += timedelta(seconds=STEP - (moment - MONDAY).total_seconds() % STEP)
    return None


WHOLE_WEEK: Timetable = {day: [(0, 86_400)] for day in DAYS}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(timetables(), st.integers(0, WEEK - 1), st.integers(-60, 60))
@example(WHOLE_WEEK, 0, 0)
@example({day: [] for day in DAYS}, 5, 0)
@example(WHOLE_WEEK | {"mon": [(0, 600), (1200, 86_400)]}, 1200, 0)
def test_every_answer_is_that_of_a_walk_through_time(timetable: Timetable, second: int, weeks: int) -> None:
    hours, moment = printed(timetable), MONDAY + timedelta(weeks=weeks, seconds=second)
    assert hours.known
    assert hours.is_open(moment) is open_by_the_book(timetable, moment)
    opens = walk(timetable, moment, True)
    assert hours.next_open(moment) == opens
    assert hours.next_close(moment) == (None if opens is None else walk(timetable, opens, False))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(timetables(), st.integers(0, 2 * 366 * 86_400), st.sampled_from(["Europe/London", "Asia/Kolkata"]))
def test_in_another_zone_the_clock_on_the_wall_decides(timetable: Timetable, second: int, name: str) -> None:
    hours, zone = printed(timetable, name), ZoneInfo(name)
    wall = (MONDAY + timedelta(seconds=second)).astimezone(zone)
    if not clocks_change_near(wall.date(), zone):
        assert hours.is_open(wall) is open_by_the_book(timetable, wall)


def clocks_change_near(day: date, zone: ZoneInfo) -> bool:
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=zone) + timedelta(days=days) for days in (-2, 2)]
    return len({noon.utcoffset() for noon in noons}) > 1


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(DAYS), st.none() | st.text() | st.lists(st.text() | st.integers() | st.none())),
    st.text(),
    st.datetimes(timezones=st.just(UTC)),
)
def test_no_body_makes_it_fail(days: dict[str, object], zone: str, moment: datetime) -> None:
    hours = of(zone, **days)
    if 2 <= moment.year <= 9998:
        assert (hours.is_open(moment) is None) is not hours.known
        hours.next_open(moment)
        hours.next_close(moment)
