"""``capital.positions``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.direction import Direction
from ...models.open_position_request import OpenPositionRequest
from ...models.update_position_request import UpdatePositionRequest
from ...types import UNSET
from . import positions_all, positions_close, positions_get, positions_open, positions_update

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.deal_reference import DealReference
    from ...models.open_position import OpenPosition
    from ...models.position_list import PositionList

__all__ = ["AsyncPositionsApi", "PositionsApi"]


class PositionsApi:
    """Open positions: read, open, protect, close.

    Opening, updating and closing are queued by the server; `capital.confirms.get(...)` tells how they ended."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def all(
        self,
    ) -> PositionList:
        """Get all open positions of the active account.

        Each comes with a snapshot of its market. Not paged; an account without positions gives an empty
        list.

        ``GET /api/v1/positions``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "PositionList",
            self._call(
                positions_all._get_kwargs(),
                positions_all._parse_response,
                ok=(200,),
            ),
        )

    def open(
        self,
        *,
        direction: Direction | Literal["BUY", "SELL"],
        epic: str,
        size: float,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Open a position at the market price.

        A 200 means queued, not executed: pass the `dealReference` to `capital.confirms.get(...)` and read
        `dealStatus`. The position's own id is the first of the confirmation's affected deals, not its
        `dealId`. With hedging off an opposite position is reduced first. There is no idempotency key, so
        the client never sends it twice unless the first one certainly was not executed: if the answer is
        lost, look at the positions before you try again. At most one order every 0.1 s, on demo 1000 an
        hour.

        ``POST /api/v1/positions``

        Args:
            direction: BUY to go long, SELL to go short.
            epic: Market to trade, upper case.
            size: Size in units of the instrument, above 0. The market's `minDealSize`, `maxDealSize` and
                `minSizeIncrement` apply.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of `stopLevel`,
                `stopDistance`, `stopAmount`; not together with `trailingStop`, and not on an account with
                hedging on. The server takes false when nothing is given.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. The server takes false when nothing is given.
            stop_level: Price at which to close with a loss.
            stop_distance: Distance of the stop from the opening price, in points of price, above 0.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back.
            profit_level: Price at which to close with a profit.
            profit_distance: Distance of the profit target from the opening price, in points of price, above
                0.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back.

        Raises:
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.size``: The size is not a multiple of the market's
                `minSizeIncrement`.
            BadRequestError: ``error.invalid.size.minvalue``: The size is below the market's `minDealSize`;
                the bound follows the colon.
            BadRequestError: ``error.invalid.size.maxvalue``: The size is above the market's `maxDealSize`;
                the bound follows the colon.
            BadRequestError: ``error.vallidation.guaranteed-stop-loss.required``: This account must use a
                guaranteed stop. The double l is the server's.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            self._call(
                positions_open._get_kwargs(
                    body=OpenPositionRequest(
                        direction=wire.choice(direction, "direction", Direction),
                        epic=wire.text(epic, "epic", minimum=1),
                        size=wire.number(size, "size", above=0),
                        guaranteed_stop=UNSET
                        if guaranteed_stop is None
                        else wire.flag(guaranteed_stop, "guaranteed_stop"),
                        trailing_stop=UNSET
                        if trailing_stop is None
                        else wire.flag(trailing_stop, "trailing_stop"),
                        stop_level=UNSET if stop_level is None else wire.number(stop_level, "stop_level"),
                        stop_distance=UNSET
                        if stop_distance is None
                        else wire.number(stop_distance, "stop_distance", above=0),
                        stop_amount=UNSET
                        if stop_amount is None
                        else wire.number(stop_amount, "stop_amount", above=0),
                        profit_level=UNSET
                        if profit_level is None
                        else wire.number(profit_level, "profit_level"),
                        profit_distance=UNSET
                        if profit_distance is None
                        else wire.number(profit_distance, "profit_distance", above=0),
                        profit_amount=UNSET
                        if profit_amount is None
                        else wire.number(profit_amount, "profit_amount", above=0),
                    ),
                ),
                positions_open._parse_response,
                ok=(200,),
            ),
        )

    def get(
        self,
        deal_id: str,
    ) -> OpenPosition:
        """Get one open position.

        A position that was closed, even a moment ago, is not found any more.

        ``GET /api/v1/positions/{dealId}``

        Args:
            deal_id: Id of the position.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No position has this id in the active account, or it
                is closed.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "OpenPosition",
            self._call(
                positions_get._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                ),
                positions_get._parse_response,
                ok=(200,),
            ),
        )

    def update(
        self,
        deal_id: str,
        *,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Replace the stop and the profit target of a position.

        Replaces the whole protection: a stop or profit target that you leave out is removed, and
        `guaranteedStop` and `trailingStop` become false unless you send true (observed, not documented).
        Send everything that shall hold afterwards. A 200 means queued; the confirm decides. Its reference
        is the same for every change of this position, so the confirm can still show the event before. The
        client never sends it twice unless the first one certainly was not executed; repeating it sets the
        same protection again.

        ``PUT /api/v1/positions/{dealId}``

        Args:
            deal_id: Id of the position.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of `stopLevel`,
                `stopDistance`, `stopAmount`; not together with `trailingStop`, and not on an account with
                hedging on. Becomes false when left out.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. Becomes false when left out.
            stop_level: Price at which to close with a loss. The stop is removed when no stop field is
                given.
            stop_distance: Distance of the stop, in points of price, above 0. The stop is removed when no
                stop field is given.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back. The
                stop is removed when no stop field is given.
            profit_level: Price at which to close with a profit. The profit target is removed when no profit
                field is given.
            profit_distance: Distance of the profit target, in points of price, above 0. The profit target
                is removed when no profit field is given.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back. The
                profit target is removed when no profit field is given.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No position has this id in the active account, or it
                is closed.
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.vallidation.guaranteed-stop-loss.required``: This account must use a
                guaranteed stop: send `guaranteedStop` true again. The double l is the server's.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            self._call(
                positions_update._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                    body=UpdatePositionRequest(
                        guaranteed_stop=UNSET
                        if guaranteed_stop is None
                        else wire.flag(guaranteed_stop, "guaranteed_stop"),
                        trailing_stop=UNSET
                        if trailing_stop is None
                        else wire.flag(trailing_stop, "trailing_stop"),
                        stop_level=UNSET if stop_level is None else wire.number(stop_level, "stop_level"),
                        stop_distance=UNSET
                        if stop_distance is None
                        else wire.number(stop_distance, "stop_distance", above=0),
                        stop_amount=UNSET
                        if stop_amount is None
                        else wire.number(stop_amount, "stop_amount", above=0),
                        profit_level=UNSET
                        if profit_level is None
                        else wire.number(profit_level, "profit_level"),
                        profit_distance=UNSET
                        if profit_distance is None
                        else wire.number(profit_distance, "profit_distance", above=0),
                        profit_amount=UNSET
                        if profit_amount is None
                        else wire.number(profit_amount, "profit_amount", above=0),
                    ),
                ),
                positions_update._parse_response,
                ok=(200,),
            ),
        )

    def close(
        self,
        deal_id: str,
    ) -> DealReference:
        """Close a position completely.

        Closes the whole position at the market price; a part cannot be closed with it. To reduce a position
        open the opposite direction with hedging off. A 200 means queued; the confirm decides. Its reference
        is the same for every change of this position, so the confirm can still show the event before. The
        client never sends it twice unless the first one certainly was not executed; repeating it after
        success gives 404.

        ``DELETE /api/v1/positions/{dealId}``

        Args:
            deal_id: Id of the position.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No position has this id in the active account, or it
                is closed.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            self._call(
                positions_close._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                ),
                positions_close._parse_response,
                ok=(200,),
            ),
        )


class AsyncPositionsApi:
    """Open positions: read, open, protect, close.

    Opening, updating and closing are queued by the server; `capital.confirms.get(...)` tells how they ended."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def all(
        self,
    ) -> PositionList:
        """Get all open positions of the active account.

        Each comes with a snapshot of its market. Not paged; an account without positions gives an empty
        list.

        ``GET /api/v1/positions``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "PositionList",
            await self._call(
                positions_all._get_kwargs(),
                positions_all._parse_response,
                ok=(200,),
            ),
        )

    async def open(
        self,
        *,
        direction: Direction | Literal["BUY", "SELL"],
        epic: str,
        size: float,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Open a position at the market price.

        A 200 means queued, not executed: pass the `dealReference` to `capital.confirms.get(...)` and read
        `dealStatus`. The position's own id is the first of the confirmation's affected deals, not its
        `dealId`. With hedging off an opposite position is reduced first. There is no idempotency key, so
        the client never sends it twice unless the first one certainly was not executed: if the answer is
        lost, look at the positions before you try again. At most one order every 0.1 s, on demo 1000 an
        hour.

        ``POST /api/v1/positions``

        Args:
            direction: BUY to go long, SELL to go short.
            epic: Market to trade, upper case.
            size: Size in units of the instrument, above 0. The market's `minDealSize`, `maxDealSize` and
                `minSizeIncrement` apply.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of `stopLevel`,
                `stopDistance`, `stopAmount`; not together with `trailingStop`, and not on an account with
                hedging on. The server takes false when nothing is given.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. The server takes false when nothing is given.
            stop_level: Price at which to close with a loss.
            stop_distance: Distance of the stop from the opening price, in points of price, above 0.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back.
            profit_level: Price at which to close with a profit.
            profit_distance: Distance of the profit target from the opening price, in points of price, above
                0.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back.

        Raises:
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.size``: The size is not a multiple of the market's
                `minSizeIncrement`.
            BadRequestError: ``error.invalid.size.minvalue``: The size is below the market's `minDealSize`;
                the bound follows the colon.
            BadRequestError: ``error.invalid.size.maxvalue``: The size is above the market's `maxDealSize`;
                the bound follows the colon.
            BadRequestError: ``error.vallidation.guaranteed-stop-loss.required``: This account must use a
                guaranteed stop. The double l is the server's.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            await self._call(
                positions_open._get_kwargs(
                    body=OpenPositionRequest(
                        direction=wire.choice(direction, "direction", Direction),
                        epic=wire.text(epic, "epic", minimum=1),
                        size=wire.number(size, "size", above=0),
                        guaranteed_stop=UNSET
                        if guaranteed_stop is None
                        else wire.flag(guaranteed_stop, "guaranteed_stop"),
                        trailing_stop=UNSET
                        if trailing_stop is None
                        else wire.flag(trailing_stop, "trailing_stop"),
                        stop_level=UNSET if stop_level is None else wire.number(stop_level, "stop_level"),
                        stop_distance=UNSET
                        if stop_distance is None
                        else wire.number(stop_distance, "stop_distance", above=0),
                        stop_amount=UNSET
                        if stop_amount is None
                        else wire.number(stop_amount, "stop_amount", above=0),
                        profit_level=UNSET
                        if profit_level is None
                        else wire.number(profit_level, "profit_level"),
                        profit_distance=UNSET
                        if profit_distance is None
                        else wire.number(profit_distance, "profit_distance", above=0),
                        profit_amount=UNSET
                        if profit_amount is None
                        else wire.number(profit_amount, "profit_amount", above=0),
                    ),
                ),
                positions_open._parse_response,
                ok=(200,),
            ),
        )

    async def get(
        self,
        deal_id: str,
    ) -> OpenPosition:
        """Get one open position.

        A position that was closed, even a moment ago, is not found any more.

        ``GET /api/v1/positions/{dealId}``

        Args:
            deal_id: Id of the position.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No position has this id in the active account, or it
                is closed.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "OpenPosition",
            await self._call(
                positions_get._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                ),
                positions_get._parse_response,
                ok=(200,),
            ),
        )

    async def update(
        self,
        deal_id: str,
        *,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Replace the stop and the profit target of a position.

        Replaces the whole protection: a stop or profit target that you leave out is removed, and
        `guaranteedStop` and `trailingStop` become false unless you send true (observed, not documented).
        Send everything that shall hold afterwards. A 200 means queued; the confirm decides. Its reference
        is the same for every change of this position, so the confirm can still show the event before. The
        client never sends it twice unless the first one certainly was not executed; repeating it sets the
        same protection again.

        ``PUT /api/v1/positions/{dealId}``

        Args:
            deal_id: Id of the position.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of `stopLevel`,
                `stopDistance`, `stopAmount`; not together with `trailingStop`, and not on an account with
                hedging on. Becomes false when left out.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. Becomes false when left out.
            stop_level: Price at which to close with a loss. The stop is removed when no stop field is
                given.
            stop_distance: Distance of the stop, in points of price, above 0. The stop is removed when no
                stop field is given.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back. The
                stop is removed when no stop field is given.
            profit_level: Price at which to close with a profit. The profit target is removed when no profit
                field is given.
            profit_distance: Distance of the profit target, in points of price, above 0. The profit target
                is removed when no profit field is given.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back. The
                profit target is removed when no profit field is given.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No position has this id in the active account, or it
                is closed.
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed now; that price follows the colon.
            BadRequestError: ``error.vallidation.guaranteed-stop-loss.required``: This account must use a
                guaranteed stop: send `guaranteedStop` true again. The double l is the server's.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            await self._call(
                positions_update._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                    body=UpdatePositionRequest(
                        guaranteed_stop=UNSET
                        if guaranteed_stop is None
                        else wire.flag(guaranteed_stop, "guaranteed_stop"),
                        trailing_stop=UNSET
                        if trailing_stop is None
                        else wire.flag(trailing_stop, "trailing_stop"),
                        stop_level=UNSET if stop_level is None else wire.number(stop_level, "stop_level"),
                        stop_distance=UNSET
                        if stop_distance is None
                        else wire.number(stop_distance, "stop_distance", above=0),
                        stop_amount=UNSET
                        if stop_amount is None
                        else wire.number(stop_amount, "stop_amount", above=0),
                        profit_level=UNSET
                        if profit_level is None
                        else wire.number(profit_level, "profit_level"),
                        profit_distance=UNSET
                        if profit_distance is None
                        else wire.number(profit_distance, "profit_distance", above=0),
                        profit_amount=UNSET
                        if profit_amount is None
                        else wire.number(profit_amount, "profit_amount", above=0),
                    ),
                ),
                positions_update._parse_response,
                ok=(200,),
            ),
        )

    async def close(
        self,
        deal_id: str,
    ) -> DealReference:
        """Close a position completely.

        Closes the whole position at the market price; a part cannot be closed with it. To reduce a position
        open the opposite direction with hedging off. A 200 means queued; the confirm decides. Its reference
        is the same for every change of this position, so the confirm can still show the event before. The
        client never sends it twice unless the first one certainly was not executed; repeating it after
        success gives 404.

        ``DELETE /api/v1/positions/{dealId}``

        Args:
            deal_id: Id of the position.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No position has this id in the active account, or it
                is closed.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            await self._call(
                positions_close._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                ),
                positions_close._parse_response,
                ok=(200,),
            ),
        )
