"""Turning a requested stop and profit into price levels, within the distances that the market allows."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .catalogue import Instrument
from .deals import Direction, Protection, ProtectionRequest
from .refusals import Refusal

# Percent of the price, the same for every market: so they were on all real captures.
MIN_DISTANCE = Decimal("0.01")
MIN_GUARANTEED_DISTANCE = Decimal(1)
MAX_DISTANCE = Decimal(60)


def resolve(
    request: ProtectionRequest,
    instrument: Instrument,
    direction: Direction,
    size: Decimal,
    *,
    opened: Decimal,
    price: Decimal,
    rate: Decimal,
) -> Protection:
    """The levels that a request means, or the refusal that it earns.

    ``price`` is where the deal would close now: distances and limits are measured from it. Amounts are
    measured from the ``opened`` level and converted with ``rate``, the instrument currency per unit of
    account currency. Of several ways to state a stop, the level wins over the distance over the amount; of a
    trailing stop it is the distance that counts.
    """
    check_flags(request, instrument)
    stop = profit = None
    if request.has_stop:
        away = -direction.sign
        level = None if request.trailing else request.stop_level
        stop = _level(level, request.stop_distance, request.stop_amount, away, size, opened, price, rate)
        stop = instrument.on_grid(stop)
        nearest = MIN_GUARANTEED_DISTANCE if request.guaranteed else MIN_DISTANCE
        _within("error.invalid.stoploss", stop, price, away, nearest, instrument)
    if request.has_profit:
        away = direction.sign
        profit = _level(
            request.profit_level,
            request.profit_distance,
            request.profit_amount,
            away,
            size,
            opened,
            price,
            rate,
        )
        profit = instrument.on_grid(profit)
        _within("error.invalid.takeprofit", profit, price, away, MIN_DISTANCE, instrument)
    trailing = abs(price - stop) if request.trailing and stop is not None else None
    return Protection(stop, profit, request.guaranteed, trailing)


def check_flags(request: ProtectionRequest, instrument: Instrument) -> None:
    """The rules between the flags. Their error codes are not documented; this is the nearest known one."""
    if request.guaranteed and (request.trailing or not request.has_stop or not instrument.guaranteed_stop):
        raise Refusal(400, "error.invalid.stoploss")
    if request.trailing and request.stop_distance is None:
        raise Refusal(400, "error.invalid.stoploss")


def _level(
    level: Decimal | None,
    distance: Decimal | None,
    amount: Decimal | None,
    away: int,
    size: Decimal,
    opened: Decimal,
    price: Decimal,
    rate: Decimal,
) -> Decimal:
    if level is not None:
        return level
    if distance is not None:
        return price + away * distance
    return opened + away * (amount or Decimal(0)) * rate / size


def _within(code: str, level: Decimal, price: Decimal, away: int, nearest: Decimal, instrument: Instrument) -> None:
    """Refuse a level nearer or farther than allowed, naming the bound as the API does: a price.

    The bounds are rounded inwards: on a coarse grid the nearest level would otherwise be the price itself.
    """
    near = _on_grid(price * (100 + away * nearest) / 100, instrument, ROUND_CEILING if away > 0 else ROUND_FLOOR)
    far = _on_grid(price * (100 + away * MAX_DISTANCE) / 100, instrument, ROUND_FLOOR if away > 0 else ROUND_CEILING)
    lowest, highest = min(near, far), max(near, far)
    if level < lowest:
        raise Refusal(400, f"{code}.minvalue", lowest)
    if level > highest:
        raise Refusal(400, f"{code}.maxvalue", highest)


def _on_grid(level: Decimal, instrument: Instrument, rounding: str) -> Decimal:
    return (level / instrument.tick).quantize(Decimal(1), rounding) * instrument.tick
