"""What people type, and what is not guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.tz import gettz

from capital_ext import InvalidInputError
from capital_ext.history.spans import Moment, instant, span

UTC = timezone.utc
DAY, AFTERNOON = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (AFTERNOON, AFTERNOON),
        (datetime(2026, 1, 5, 9, tzinfo=gettz("America/New_York")), AFTERNOON),
        (date(2026, 1, 5), DAY),
        ("2026-01-05", DAY),
        (" 2026-01-05 ", DAY),
        ("20260105", DAY),
        ("2026-1-5", DAY),
        ("2026/01/05", DAY),
        ("5 Jan 2026", DAY),
        ("January 5, 2026", DAY),
        ("Mon 5 Jan 2026", DAY),
        ("2026-01-05T14:00Z", AFTERNOON),
        ("2026-01-05 14:00+00:00", AFTERNOON),
        ("2026-01-05T16:00+02:00", AFTERNOON),
        ("2026-01-05 14:00 UTC", AFTERNOON),
        ("5 Jan 2026 14:00Z", AFTERNOON),
        ("5 Jan 2026 2pm GMT", AFTERNOON),
        ("5 Jan 2026 16:00 +0200", AFTERNOON),
        ("5 Jan 2026 00:00Z", DAY),
        ("13/01/2026", datetime(2026, 1, 13, tzinfo=UTC)),  # there is no thirteenth month
        ("29 Feb 2028", datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_understood(given: Moment, meant: datetime) -> None:
    found = instant(given, "start")
    assert found == meant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "can be understood"),
        ("soon", "can be understood"),
        ("30 Feb 2026", "not a date"),
        ("2026-01-05T25:00Z", "not a date"),
        ("5 Jan 2026 14:00 EST", "not a date"),  # Eastern of which country?
        ("Jan 5 2026 10:00 CET", "not a date"),
        ("1767225600", "not a date"),
        ("14:00", "not a complete date"),
        ("14:00Z", "not a complete date"),
        ("2026", "not a complete date"),
        ("Jan 2026", "not a complete date"),
        ("5 January", "not a complete date"),
        ("Monday", "not a complete date"),
        ("5 Jan 26", "not a complete date"),
        ("01-02-03", "not a complete date"),
        ("05/01/2026", "more than one day"),
        ("1.5.2026 14:00Z", "more than one day"),
        ("Tue 5 Jan 2026", "contradicts itself"),
        ("5 Jan 2026 14:00 GMT+3", "contradicts itself"),
        ("2026-01-05 14:00", "no zone"),
        ("5 Jan 2026 14:00", "no zone"),
        ("5 Jan 2026 00:00", "no zone"),
        (datetime(2026, 1, 5), "no time zone"),
    ],
)
def test_refused(given: Moment, why: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(why)):
        instant(given, "start")


def test_a_subclass_of_datetime_becomes_a_plain_one() -> None:
    pandas = pytest.importorskip("pandas")
    found = instant(pandas.Timestamp("2026-01-05T14:00:00.123456789Z"), "start")
    assert type(found) is datetime
    assert found == AFTERNOON + timedelta(microseconds=123456)


def test_last_is_counted_back_from_the_end_in_the_calendar() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert span(None, None, timedelta(hours=1)).at(now) == (now - timedelta(hours=1), now)
    assert span(None, None, relativedelta(months=1)).at(now)[0] == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert span(None, "2026-01-05", relativedelta(years=1)).at(now)[0] == datetime(2025, 1, 5, tzinfo=UTC)


def test_a_machine_in_another_zone_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the machine's own zone are no zone either."""
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        with pytest.raises(InvalidInputError):
            instant("5 Jan 2026 14:00 CET", "start")
        assert instant("5 Jan 2026", "start") == DAY
    finally:
        monkeypatch.undo()
        time.tzset()
