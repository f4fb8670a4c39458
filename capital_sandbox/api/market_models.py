"""Markets as generated models: the list item, the detail, candles."""

from capital_api import models

from ..catalogue import Instrument
from ..feed import Candle, NoPrices
from ..hours import DAY_MS, DAYS
from ..passage import OVERNIGHT_LONG, OVERNIGHT_SHORT, SWAP_TIME
from ..protection import MAX_DISTANCE, MIN_DISTANCE, MIN_GUARANTEED_DISTANCE
from .calls import Call
from .numbers import number


def market(call: Call, instrument: Instrument) -> models.Market:
    """The list item, as in searches, categories, watchlists and beside deals."""
    item = models.Market(
        epic=instrument.epic,
        instrument_name=instrument.name,
        symbol=instrument.symbol,
        instrument_id=instrument.number,
        instrument_type=models.InstrumentType(instrument.type),
        market_status=status(call, instrument),
        market_modes=modes(instrument),
        expiry=instrument.expiry,
        lot_size=1,
        delay_time=0,
        streaming_prices_available=True,
        scaling_factor=1,
        pip_position=instrument.pip_position,
        tick_size=number(instrument.tick),
    )
    quote = _show_prices(call, instrument, item)
    item.update_time = call.local(quote)
    item.update_time_utc = call.utc(quote)
    return item


def details(call: Call, instrument: Instrument) -> models.MarketDetails:
    """Instrument, dealing rules and snapshot."""
    return models.MarketDetails(
        instrument=_instrument(call, instrument),
        dealing_rules=_rules(instrument),
        snapshot=_snapshot(call, instrument),
    )


def status(call: Call, instrument: Instrument) -> models.MarketStatus:
    """Whether the market trades now."""
    is_open = call.world.feed.is_open(instrument, call.now)
    return models.MarketStatus.TRADEABLE if is_open else models.MarketStatus.CLOSED


def modes(instrument: Instrument) -> list[models.MarketMode]:
    """What may be done on the market."""
    return [models.MarketMode(mode) for mode in instrument.modes]


def candle(call: Call, instrument: Instrument, candle: Candle) -> models.Candle:
    """One candle, with both sides of the spread."""

    bids, asks = candle.bar, candle.bar.offer(instrument)

    def both(bid: int, ask: int) -> models.BidAsk:
        return models.BidAsk(bid=number(instrument.level(bid)), ask=number(instrument.level(ask)))

    return models.Candle(
        snapshot_time=call.local(candle.start),
        snapshot_time_utc=call.utc(candle.start),
        open_price=both(bids.open, asks.open),
        close_price=both(bids.close, asks.close),
        high_price=both(bids.high, asks.high),
        low_price=both(bids.low, asks.low),
        last_traded_volume=bids.volume,
    )


def _instrument(call: Call, instrument: Instrument) -> models.Instrument:
    charged = call.now - (call.now - SWAP_TIME) % DAY_MS + DAY_MS
    result = models.Instrument(
        epic=instrument.epic,
        symbol=instrument.symbol,
        name=instrument.name,
        expiry=instrument.expiry,
        type_=models.InstrumentType(instrument.type),
        lot_size=1,
        currency=instrument.currency,
        guaranteed_stop_allowed=instrument.guaranteed_stop,
        streaming_prices_available=True,
        # Not the customer's margin: the real service says 100 here whatever the leverage.
        margin_factor=100,
        margin_factor_unit="PERCENTAGE",
        opening_hours=models.OpeningHours(
            zone="UTC", **{day: list(hours) for day, hours in zip(DAYS, instrument.hours.days, strict=True)}
        ),
        overnight_fee=models.OvernightFee(
            long_rate=float(OVERNIGHT_LONG),
            short_rate=float(OVERNIGHT_SHORT),
            swap_charge_timestamp=charged,
            swap_charge_interval=1440,
        ),
    )
    if instrument.country is not None:
        result.country = instrument.country
    return result


def _rules(instrument: Instrument) -> models.DealingRules:
    points, percent = models.DealingRuleUnit.POINTS, models.DealingRuleUnit.PERCENTAGE
    return models.DealingRules(
        min_step_distance=models.DealingRule(points, number(instrument.tick)),
        min_deal_size=models.DealingRule(points, number(instrument.min_size)),
        max_deal_size=models.DealingRule(points, number(instrument.max_size)),
        min_size_increment=models.DealingRule(points, number(instrument.size_step)),
        min_guaranteed_stop_distance=models.DealingRule(percent, number(MIN_GUARANTEED_DISTANCE)),
        min_stop_or_profit_distance=models.DealingRule(percent, number(MIN_DISTANCE)),
        max_stop_or_profit_distance=models.DealingRule(percent, number(MAX_DISTANCE)),
        market_order_preference=models.MarketOrderPreference.AVAILABLE_DEFAULT_ON,
        # So says the real service although trailing stops work.
        trailing_stops_preference=models.TrailingStopsPreference.NOT_AVAILABLE,
    )


def _snapshot(call: Call, instrument: Instrument) -> models.MarketSnapshot:
    exponent = instrument.tick.normalize().as_tuple().exponent
    snapshot = models.MarketSnapshot(
        market_status=status(call, instrument),
        market_modes=modes(instrument),
        delay_time=0,
        decimal_places_factor=max(0, -int(exponent)),
        scaling_factor=1,
    )
    # Local, and without a UTC twin: a quirk of the real service.
    snapshot.update_time = call.local(_show_prices(call, instrument, snapshot))
    return snapshot


def _show_prices(call: Call, instrument: Instrument, shown: models.Market | models.MarketSnapshot) -> int:
    """Write the present prices into a market; returns when they last changed. Without prices they stay away."""
    try:
        quote = call.world.feed.quote(instrument, call.now)
    except NoPrices:
        return call.now
    shown.bid, shown.offer = number(quote.bid), number(quote.offer)
    if instrument.shows_range:
        day = call.world.feed.day(instrument, call.now)
        shown.high, shown.low = number(day.high), number(day.low)
        shown.net_change, shown.percentage_change = number(day.change), number(day.percentage)
    return quote.time
