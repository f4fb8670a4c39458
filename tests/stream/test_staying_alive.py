"""What ends a connection, and how the stream comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from capital_ext import Candle, Gap, LoginError, Quote, Reconnected, Stale
from capital_sandbox import StreamSettings

from .world import Live, Making, candles_in, minute, quotes_in


def test_a_lost_line_is_told_and_mended(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    last = one.a(Quote)
    one.sandbox.streams.drop()
    stale = one.a(Stale)
    assert stale.reason == "disconnected"
    assert stale.since == last.time
    back = one.a(Reconnected)
    gap = one.a(Gap)
    assert gap.start == last.time
    assert back.at <= gap.end < back.at + timedelta(seconds=5)  # as well as can be known
    assert [str(topic) for topic in back.topics] == [str(gap.topic)] == ["SILVER"]
    quote = one.a(Quote)
    assert quote.time > gap.end - timedelta(seconds=1)


def test_all_is_subscribed_to_again(one: Live) -> None:
    one.quotes("SILVER", "GOLD")
    one.candles("SILVER", resolution="MINUTE_5", kind="heikin-ashi")
    before = set(one.live().subscriptions)
    one.sandbox.streams.drop()
    one.a(Reconnected)
    assert set(one.live().subscriptions) == before


def test_waits_double_up_to_a_minute_and_begin_anew_after_health(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.sandbox.streams.refuse(8)
    began = len(one.pauses)
    one.sandbox.streams.drop()
    one.a(Reconnected)
    long = [pause for pause in one.pauses[began:] if pause in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)]
    assert [pause for pause in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0) if pause in long] == [1, 2, 4, 8, 16, 32, 60]
    one.pass_by(31)  # it was well for long enough
    lost = one.clock.now()
    one.sandbox.streams.drop()
    one.a(Reconnected)
    assert one.clock.now() - lost < timedelta(seconds=5)


@pytest.mark.parametrize(("luck", "wait"), [(0.0, 0.8), (1.0, 1.2)])
def test_waits_differ_by_chance(make: Making, luck: float, wait: float) -> None:
    one = make(luck=luck)
    one.quotes("SILVER")
    one.live()
    one.sandbox.streams.drop()
    one.a(Reconnected)
    assert any(pause == pytest.approx(wait, abs=1e-6) for pause in one.pauses)


def test_a_short_life_does_not_begin_the_waits_anew(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    waits: list[float] = []
    for _ in range(4):
        began = one.clock.now()
        one.sandbox.streams.drop()
        one.a(Reconnected)
        waits.append((one.clock.now() - began).total_seconds())
    assert waits[3] >= 7


def test_pings_keep_an_idle_line_open(make: Making) -> None:
    one = make(stream=StreamSettings(edge_drop=60))
    one.candles("SILVER", resolution="HOUR")
    one.live()
    one.pass_by(900, step=5)
    assert one.sandbox.streams.opened == 1
    pings = [record for record in one.sandbox.streams.log if record.destination == "ping"]
    assert 28 <= len(pings) <= 31


def test_a_line_that_is_dead_is_given_up(one: Live) -> None:
    one.quotes("SILVER")
    one.live().stall()
    began = one.clock.now()
    one.a(Stale)
    assert timedelta(seconds=30) < one.clock.now() - began <= timedelta(seconds=60)
    one.a(Reconnected)
    assert one.a(Quote)
    assert one.sandbox.streams.opened == 2


def test_a_subscription_that_is_not_acknowledged_is_asked_for_again(one: Live) -> None:
    one.faults.lose(destination="marketData.subscribe", times=1)
    one.quotes("SILVER")
    one.pass_by(30)
    one.live()
    assert one.sandbox.streams.opened == 2


def test_a_silent_market_is_looked_at_and_subscribed_to_anew(one: Live) -> None:
    one.quotes("SILVER", "GOLD")
    connection = one.live()
    last = one.until(lambda event: isinstance(event, Quote) and event.epic == "SILVER")
    connection.silence("SILVER")
    stale = one.a(Stale)
    assert stale.reason == "silent"
    assert [str(topic) for topic in stale.topics] == ["SILVER"]
    assert stale.since >= last.time
    back = one.a(Reconnected)
    assert [str(topic) for topic in back.topics] == ["SILVER"]
    assert one.a(Gap).start == stale.since
    assert one.until(lambda event: isinstance(event, Quote) and event.epic == "SILVER")
    assert one.sandbox.streams.opened == 1  # the other subscription was not touched


def test_a_closed_market_is_no_silence(make: Making) -> None:
    one = make()
    one.quotes("SILVER")
    one.live()
    one.clock.advance(timedelta(days=3))  # Saturday
    one.sandbox.streams.drop()
    one.pass_by(60, step=10)
    asked = one.sent("GET", "/markets/SILVER")
    assert not [event for event in one.pass_by(3600, step=30) if isinstance(event, Stale) and event.reason == "silent"]
    assert one.sent("GET", "/markets/SILVER") - asked <= 2


def test_a_market_without_movement_is_no_silence(make: Making) -> None:
    one = make()
    one.quotes("SILVER")
    connection = one.live()
    quote = one.a(Quote)
    connection.silence("SILVER")
    rule = one.sandbox.faults.answer(200, "GET", "/markets/SILVER", body=_market(one, quote))
    assert not [event for event in one.pass_by(300, step=5) if isinstance(event, Stale)]
    assert 2 <= rule.hits <= 4  # less and less often


def _market(one: Live, quote: Quote) -> dict[str, Any]:
    """The market as it is, at the price of the newest quote."""
    import httpx

    known = one.sandbox.credentials
    with httpx.Client(transport=one.sandbox.transport(), base_url="http://sandbox/api/v1") as http:
        login = http.post(
            "/session",
            json={"identifier": known.identifier, "password": known.password},
            headers={"X-CAP-API-KEY": known.api_key},
        )
        tokens = {name: login.headers[name] for name in ("CST", "X-SECURITY-TOKEN")}
        market: dict[str, Any] = http.get("/markets/SILVER", headers=tokens).json()
    market["snapshot"].update(bid=quote.bid, offer=quote.offer)
    return market


def test_silent_candles_are_found_in_the_history_and_subscribed_to_anew(one: Live) -> None:
    one.candles("SILVER")
    connection = one.live()
    one.a(Candle)
    connection.silence("SILVER", candles=True)
    stale = one.a(Stale)
    assert stale.reason == "silent"
    one.a(Reconnected)
    one.pass_by(300, step=5)
    times = [candle.time for candle in candles_in(one.events)]
    assert times == [minute(f"14:{number:02}") for number in range(len(times))]
    assert len(times) >= 6


def test_a_quiet_history_is_no_silence(one: Live) -> None:
    one.clock.advance(timedelta(hours=6, minutes=50))  # New York closes at 21:00
    one.candles("US100")
    one.live()
    events = one.pass_by(3600, step=30)
    assert not [event for event in events if isinstance(event, Stale)]
    assert one.sandbox.streams.opened == 1


def test_a_server_that_can_not_be_reached_at_first_is_told(one: Live) -> None:
    one.sandbox.streams.refuse(3)
    one.quotes("SILVER")
    stale = one.a(Stale)
    assert stale.reason == "disconnected"
    one.a(Reconnected)
    one.a(Quote)


# --- the session ------------------------------------------------------------------------------------------------------


def logins(one: Live) -> int:
    return one.sent("POST", "/session")


def test_an_ended_session_is_renewed_once(one: Live) -> None:
    one.quotes("SILVER")
    one.candles("SILVER")
    one.live()
    assert logins(one) == 1
    one.sandbox.expire_sessions()
    one.a(Reconnected)
    one.a(Quote)
    assert logins(one) == 2


def test_calls_and_stream_share_a_login(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.sandbox.expire_sessions()
    one.call(lambda capital: capital.accounts.all())
    one.a(Reconnected)
    one.a(Quote)
    assert logins(one) == 2


def test_tokens_that_only_the_stream_refuses_are_given_up(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    error = '{"status":"ERROR","destination":"ping","errorCode":"error.invalid.session.token"}'
    rule = one.faults.send(error, destination="marketData.subscribe", times=2)
    one.sandbox.streams.drop()
    one.a(Quote, within=120)
    one.live()
    assert rule.hits == 2
    assert logins(one) == 2


def test_an_account_switch_takes_the_stream_along(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.a(Quote)
    accounts = one.call(lambda capital: capital.accounts.all()).accounts
    other = next(account.account_id for account in accounts if not account.preferred)
    switched = one.clock.now()
    one.call(lambda capital: capital.session.switch(account_id=other))
    one.a(Reconnected)
    assert one.clock.now() - switched < timedelta(seconds=10)  # not only when a ping is refused
    one.a(Quote)
    assert logins(one) == 1
    assert one.sandbox.streams.opened == 2


def test_the_session_of_a_stream_does_not_fall_asleep(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.pass_by(1500, step=10)
    assert logins(one) == 1
    assert one.sandbox.streams.opened == 1
    assert one.sent("GET", "/ping") >= 2


@pytest.mark.filterwarnings("error")
def test_a_refused_login_ends_the_stream_and_says_so(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.sandbox.faults.answer(401, "POST", "/session", body={"errorCode": "error.invalid.details"})
    one.sandbox.expire_sessions()
    with pytest.raises(LoginError) as caught:
        one.pass_by(240)
    assert caught.value.error_code == "error.invalid.details"
    assert one.stream.closed
    with pytest.raises(LoginError):  # now and ever after
        one.take()


def test_a_server_in_trouble_does_not_end_the_stream(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.sandbox.faults.server_error("html", "GET", "/session", times=4)
    one.sandbox.streams.drop()
    one.a(Reconnected)
    assert quotes_in([one.a(Quote)])
