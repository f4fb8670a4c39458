"""``capital.prices``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.resolution import Resolution
from ...types import UNSET
from . import prices_history

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.candle_list import CandleList

__all__ = ["AsyncPricesApi", "PricesApi"]


class PricesApi:
    """Historical candles with bid and ask prices."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def history(
        self,
        epic: str,
        *,
        resolution: Resolution
        | Literal["MINUTE", "MINUTE_5", "MINUTE_15", "MINUTE_30", "HOUR", "HOUR_4", "DAY", "WEEK"]
        | None = None,
        max_: int | None = None,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
    ) -> CandleList:
        """Get historical candles, oldest first.

        Without dates: the newest `max` candles, of which the last is still forming. With `from`: forward
        from there. With `from` and `to`: both edges count, and the span may be at most `max` - 1 candles of
        calendar time, closed hours included, so raise `max` together with the range. Hours without trading
        leave gaps. Candles of a day or a week begin with the market's own session, not at midnight UTC.

        ``GET /api/v1/prices/{epic}``

        Args:
            epic: Epic of the market, upper case.
            resolution: Length of one candle. The server takes MINUTE when nothing is given.
            max_: How many candles to return at most, 1 to 1000. The server takes 10 when nothing is given.
            from_: UTC. First candle, compared with `snapshotTimeUTC` and included. Whole seconds.
            to: UTC. Last candle, compared with `snapshotTimeUTC` and included. Whole seconds, not in the
                future.

        Raises:
            BadRequestError: ``error.invalid.resolution``: The resolution is unknown.
            BadRequestError: ``error.invalid.max``: `max` is above 1000.
            BadRequestError: ``error.invalid.max.daterange``: The range holds more than `max` - 1 steps of
                the resolution. Raise `max` or shorten the range.
            BadRequestError: ``error.invalid.from``: `from` is malformed or carries a zone.
            BadRequestError: ``error.invalid.to``: `to` is malformed or carries a zone.
            BadRequestError: ``error.invalid.daterange``: `from` is after `to`, or `to` lies in the future.
            NotFoundError: ``error.prices.not-found``: No candle in this window: a weekend, closed hours, or
                before the history begins. It does not mean that the epic is unknown.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "CandleList",
            self._call(
                prices_history._get_kwargs(
                    epic=wire.segment(epic, "epic"),
                    resolution=UNSET
                    if resolution is None
                    else wire.choice(resolution, "resolution", Resolution),
                    max_=UNSET if max_ is None else wire.whole(max_, "max_", minimum=1, maximum=1000),
                    from_=UNSET if from_ is None else wire.aware(from_, "from_"),
                    to=UNSET if to is None else wire.aware(to, "to"),
                ),
                prices_history._parse_response,
                ok=(200,),
            ),
        )


class AsyncPricesApi:
    """Historical candles with bid and ask prices."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def history(
        self,
        epic: str,
        *,
        resolution: Resolution
        | Literal["MINUTE", "MINUTE_5", "MINUTE_15", "MINUTE_30", "HOUR", "HOUR_4", "DAY", "WEEK"]
        | None = None,
        max_: int | None = None,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
    ) -> CandleList:
        """Get historical candles, oldest first.

        Without dates: the newest `max` candles, of which the last is still forming. With `from`: forward
        from there. With `from` and `to`: both edges count, and the span may be at most `max` - 1 candles of
        calendar time, closed hours included, so raise `max` together with the range. Hours without trading
        leave gaps. Candles of a day or a week begin with the market's own session, not at midnight UTC.

        ``GET /api/v1/prices/{epic}``

        Args:
            epic: Epic of the market, upper case.
            resolution: Length of one candle. The server takes MINUTE when nothing is given.
            max_: How many candles to return at most, 1 to 1000. The server takes 10 when nothing is given.
            from_: UTC. First candle, compared with `snapshotTimeUTC` and included. Whole seconds.
            to: UTC. Last candle, compared with `snapshotTimeUTC` and included. Whole seconds, not in the
                future.

        Raises:
            BadRequestError: ``error.invalid.resolution``: The resolution is unknown.
            BadRequestError: ``error.invalid.max``: `max` is above 1000.
            BadRequestError: ``error.invalid.max.daterange``: The range holds more than `max` - 1 steps of
                the resolution. Raise `max` or shorten the range.
            BadRequestError: ``error.invalid.from``: `from` is malformed or carries a zone.
            BadRequestError: ``error.invalid.to``: `to` is malformed or carries a zone.
            BadRequestError: ``error.invalid.daterange``: `from` is after `to`, or `to` lies in the future.
            NotFoundError: ``error.prices.not-found``: No candle in this window: a weekend, closed hours, or
                before the history begins. It does not mean that the epic is unknown.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "CandleList",
            await self._call(
                prices_history._get_kwargs(
                    epic=wire.segment(epic, "epic"),
                    resolution=UNSET
                    if resolution is None
                    else wire.choice(resolution, "resolution", Resolution),
                    max_=UNSET if max_ is None else wire.whole(max_, "max_", minimum=1, maximum=1000),
                    from_=UNSET if from_ is None else wire.aware(from_, "from_"),
                    to=UNSET if to is None else wire.aware(to, "to"),
                ),
                prices_history._parse_response,
                ok=(200,),
            ),
        )
