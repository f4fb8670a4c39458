"""``capital.orders``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.create_order_request import CreateOrderRequest
from ...models.direction import Direction
from ...models.order_type import OrderType
from ...models.time_in_force import TimeInForce
from ...models.update_order_request import UpdateOrderRequest
from ...types import UNSET
from . import orders_all, orders_cancel, orders_create, orders_update

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.deal_reference import DealReference
    from ...models.working_order_list import WorkingOrderList

__all__ = ["AsyncOrdersApi", "OrdersApi"]


class OrdersApi:
    """Working orders: limit and stop orders that wait for their price.

    Creating, updating and cancelling are queued by the server; `capital.confirms.get(...)` tells how they ended."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def all(
        self,
    ) -> WorkingOrderList:
        """Get all working orders of the active account.

        Each comes with a snapshot of its market. Not paged, and the only way to read an order: there is no
        call for a single one.

        ``GET /api/v1/workingorders``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "WorkingOrderList",
            self._call(
                orders_all._get_kwargs(),
                orders_all._parse_response,
                ok=(200,),
            ),
        )

    def create(
        self,
        *,
        direction: Direction | Literal["BUY", "SELL"],
        epic: str,
        size: float,
        level: float,
        type_: OrderType | Literal["LIMIT", "STOP"],
        good_till_date: datetime.datetime | None = None,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Create a limit or stop order.

        The order waits until the market reaches `level`, or until `goodTillDate`. A level on the wrong side
        of the market is refused, not filled. A 200 means queued: pass the `dealReference` to
        `capital.confirms.get(...)` and read `dealStatus`. There is no idempotency key, so the client never
        sends it twice unless the first one certainly was not executed: if the answer is lost, look at the
        orders before you try again. At most one order every 0.1 s, on demo 1000 an hour.

        ``POST /api/v1/workingorders``

        Args:
            direction: BUY or SELL, once the level is reached.
            epic: Market to trade, upper case.
            size: Size in units of the instrument, above 0. The market's `minDealSize`, `maxDealSize` and
                `minSizeIncrement` apply.
            level: Price the order waits for.
            type_: LIMIT for a better price than now, STOP for a worse one.
            good_till_date: UTC. When the order expires; it must be in the future. Without it the order
                stays until it is cancelled.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of `stopLevel`,
                `stopDistance`, `stopAmount`; not together with `trailingStop`, and not on an account with
                hedging on. The server takes false when nothing is given.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. The server takes false when nothing is given.
            stop_level: Price at which to close with a loss.
            stop_distance: Distance of the stop from the order's level, in points of price, above 0.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back.
            profit_level: Price at which to close with a profit.
            profit_distance: Distance of the profit target from the order's level, in points of price, above
                0.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back.

        Raises:
            BadRequestError: ``error.validation.limit.price``: A limit order's level is already reached: a
                buy needs a level below the market, a sell above it.
            BadRequestError: ``error.validation.stop.price``: A stop order's level is already passed or too
                near: a buy needs a level above the market, a sell below it.
            BadRequestError: ``error.not-in-future.goodTillDate``: `goodTillDate` is not in the future.
            BadRequestError: ``error.invalid.daterange``: `goodTillDate` is malformed or carries a zone
                (reported, not documented).
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed; that price follows the colon.
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
                orders_create._get_kwargs(
                    body=CreateOrderRequest(
                        direction=wire.choice(direction, "direction", Direction),
                        epic=wire.text(epic, "epic", minimum=1),
                        size=wire.number(size, "size", above=0),
                        level=wire.number(level, "level"),
                        type_=wire.choice(type_, "type_", OrderType),
                        good_till_date=UNSET
                        if good_till_date is None
                        else wire.aware(good_till_date, "good_till_date"),
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
                orders_create._parse_response,
                ok=(200,),
            ),
        )

    def update(
        self,
        deal_id: str,
        *,
        level: float | None = None,
        good_till_date: datetime.datetime | None = None,
        time_in_force: TimeInForce | Literal["GOOD_TILL_CANCELLED", "GOOD_TILL_DATE"] | None = None,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Change the level, the expiry or the protection of an order.

        Level, stop and profit target stay as they are when you leave them out, but `guaranteedStop` and
        `trailingStop` become false unless you send true (observed, not documented). Market, direction, type
        and size cannot be changed. A 200 means queued; the confirm decides. The client never sends it twice
        unless the first one certainly was not executed; repeating it sets the same values again.

        ``PUT /api/v1/workingorders/{dealId}``

        Args:
            deal_id: Id of the working order.
            level: New price the order waits for. Stays as it is when left out.
            good_till_date: UTC. New expiry, in the future. Stays as it is when left out; `timeInForce` can
                drop it.
            time_in_force: GOOD_TILL_CANCELLED drops the expiry (observed, not documented). Stays as it is
                when left out.
            guaranteed_stop: Guarantee the stop at its exact level. Needs a stop; not together with
                `trailingStop`, and not on an account with hedging on. Becomes false when left out.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. Becomes false when left out.
            stop_level: Price at which to close with a loss. The stop stays as it is when no stop field is
                given.
            stop_distance: Distance of the stop from the order's level, in points of price, above 0. The
                stop stays as it is when no stop field is given.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back. The
                stop stays as it is when no stop field is given.
            profit_level: Price at which to close with a profit. The profit target stays as it is when no
                profit field is given.
            profit_distance: Distance of the profit target from the order's level, in points of price, above
                0. The profit target stays as it is when no profit field is given.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back. The
                profit target stays as it is when no profit field is given.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No working order has this id in the active account;
                it was filled, cancelled or has expired.
            BadRequestError: ``error.validation.limit.price``: A limit order's level is already reached: a
                buy needs a level below the market, a sell above it.
            BadRequestError: ``error.validation.stop.price``: A stop order's level is already passed or too
                near: a buy needs a level above the market, a sell below it.
            BadRequestError: ``error.not-in-future.goodTillDate``: `goodTillDate` is not in the future.
            BadRequestError: ``error.invalid.daterange``: `goodTillDate` is malformed or carries a zone
                (reported, not documented).
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed; that price follows the colon.
            BadRequestError: ``error.vallidation.guaranteed-stop-loss.required``: This account must use a
                guaranteed stop: send `guaranteedStop` true again. The double l is the server's.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            self._call(
                orders_update._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                    body=UpdateOrderRequest(
                        level=UNSET if level is None else wire.number(level, "level"),
                        good_till_date=UNSET
                        if good_till_date is None
                        else wire.aware(good_till_date, "good_till_date"),
                        time_in_force=UNSET
                        if time_in_force is None
                        else wire.choice(time_in_force, "time_in_force", TimeInForce),
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
                orders_update._parse_response,
                ok=(200,),
            ),
        )

    def cancel(
        self,
        deal_id: str,
    ) -> DealReference:
        """Cancel a working order.

        A 200 means queued; the confirm decides. The reference can be the one the order was created with:
        its confirmation then turns from open to deleted. The client never sends it twice unless the first
        one certainly was not executed; repeating it after success gives 404.

        ``DELETE /api/v1/workingorders/{dealId}``

        Args:
            deal_id: Id of the working order.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No working order has this id in the active account;
                it was filled, cancelled or has expired.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            self._call(
                orders_cancel._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                ),
                orders_cancel._parse_response,
                ok=(200,),
            ),
        )


class AsyncOrdersApi:
    """Working orders: limit and stop orders that wait for their price.

    Creating, updating and cancelling are queued by the server; `capital.confirms.get(...)` tells how they ended."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def all(
        self,
    ) -> WorkingOrderList:
        """Get all working orders of the active account.

        Each comes with a snapshot of its market. Not paged, and the only way to read an order: there is no
        call for a single one.

        ``GET /api/v1/workingorders``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "WorkingOrderList",
            await self._call(
                orders_all._get_kwargs(),
                orders_all._parse_response,
                ok=(200,),
            ),
        )

    async def create(
        self,
        *,
        direction: Direction | Literal["BUY", "SELL"],
        epic: str,
        size: float,
        level: float,
        type_: OrderType | Literal["LIMIT", "STOP"],
        good_till_date: datetime.datetime | None = None,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Create a limit or stop order.

        The order waits until the market reaches `level`, or until `goodTillDate`. A level on the wrong side
        of the market is refused, not filled. A 200 means queued: pass the `dealReference` to
        `capital.confirms.get(...)` and read `dealStatus`. There is no idempotency key, so the client never
        sends it twice unless the first one certainly was not executed: if the answer is lost, look at the
        orders before you try again. At most one order every 0.1 s, on demo 1000 an hour.

        ``POST /api/v1/workingorders``

        Args:
            direction: BUY or SELL, once the level is reached.
            epic: Market to trade, upper case.
            size: Size in units of the instrument, above 0. The market's `minDealSize`, `maxDealSize` and
                `minSizeIncrement` apply.
            level: Price the order waits for.
            type_: LIMIT for a better price than now, STOP for a worse one.
            good_till_date: UTC. When the order expires; it must be in the future. Without it the order
                stays until it is cancelled.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of `stopLevel`,
                `stopDistance`, `stopAmount`; not together with `trailingStop`, and not on an account with
                hedging on. The server takes false when nothing is given.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. The server takes false when nothing is given.
            stop_level: Price at which to close with a loss.
            stop_distance: Distance of the stop from the order's level, in points of price, above 0.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back.
            profit_level: Price at which to close with a profit.
            profit_distance: Distance of the profit target from the order's level, in points of price, above
                0.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back.

        Raises:
            BadRequestError: ``error.validation.limit.price``: A limit order's level is already reached: a
                buy needs a level below the market, a sell above it.
            BadRequestError: ``error.validation.stop.price``: A stop order's level is already passed or too
                near: a buy needs a level above the market, a sell below it.
            BadRequestError: ``error.not-in-future.goodTillDate``: `goodTillDate` is not in the future.
            BadRequestError: ``error.invalid.daterange``: `goodTillDate` is malformed or carries a zone
                (reported, not documented).
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed; that price follows the colon.
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
                orders_create._get_kwargs(
                    body=CreateOrderRequest(
                        direction=wire.choice(direction, "direction", Direction),
                        epic=wire.text(epic, "epic", minimum=1),
                        size=wire.number(size, "size", above=0),
                        level=wire.number(level, "level"),
                        type_=wire.choice(type_, "type_", OrderType),
                        good_till_date=UNSET
                        if good_till_date is None
                        else wire.aware(good_till_date, "good_till_date"),
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
                orders_create._parse_response,
                ok=(200,),
            ),
        )

    async def update(
        self,
        deal_id: str,
        *,
        level: float | None = None,
        good_till_date: datetime.datetime | None = None,
        time_in_force: TimeInForce | Literal["GOOD_TILL_CANCELLED", "GOOD_TILL_DATE"] | None = None,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> DealReference:
        """Change the level, the expiry or the protection of an order.

        Level, stop and profit target stay as they are when you leave them out, but `guaranteedStop` and
        `trailingStop` become false unless you send true (observed, not documented). Market, direction, type
        and size cannot be changed. A 200 means queued; the confirm decides. The client never sends it twice
        unless the first one certainly was not executed; repeating it sets the same values again.

        ``PUT /api/v1/workingorders/{dealId}``

        Args:
            deal_id: Id of the working order.
            level: New price the order waits for. Stays as it is when left out.
            good_till_date: UTC. New expiry, in the future. Stays as it is when left out; `timeInForce` can
                drop it.
            time_in_force: GOOD_TILL_CANCELLED drops the expiry (observed, not documented). Stays as it is
                when left out.
            guaranteed_stop: Guarantee the stop at its exact level. Needs a stop; not together with
                `trailingStop`, and not on an account with hedging on. Becomes false when left out.
            trailing_stop: Let the stop follow the price. Needs `stopDistance`; not together with
                `guaranteedStop`. Becomes false when left out.
            stop_level: Price at which to close with a loss. The stop stays as it is when no stop field is
                given.
            stop_distance: Distance of the stop from the order's level, in points of price, above 0. The
                stop stays as it is when no stop field is given.
            stop_amount: Loss at which to close, as an amount of money above 0. Cannot be read back. The
                stop stays as it is when no stop field is given.
            profit_level: Price at which to close with a profit. The profit target stays as it is when no
                profit field is given.
            profit_distance: Distance of the profit target from the order's level, in points of price, above
                0. The profit target stays as it is when no profit field is given.
            profit_amount: Profit at which to close, as an amount of money above 0. Cannot be read back. The
                profit target stays as it is when no profit field is given.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No working order has this id in the active account;
                it was filled, cancelled or has expired.
            BadRequestError: ``error.validation.limit.price``: A limit order's level is already reached: a
                buy needs a level below the market, a sell above it.
            BadRequestError: ``error.validation.stop.price``: A stop order's level is already passed or too
                near: a buy needs a level above the market, a sell below it.
            BadRequestError: ``error.not-in-future.goodTillDate``: `goodTillDate` is not in the future.
            BadRequestError: ``error.invalid.daterange``: `goodTillDate` is malformed or carries a zone
                (reported, not documented).
            BadRequestError: ``error.invalid.stoploss.minvalue``: The stop lies below the lowest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss.maxvalue``: The stop lies above the highest level
                allowed; that price follows the colon.
            BadRequestError: ``error.invalid.stoploss``: The stop is not possible; no bound is given
                (reported, not documented).
            BadRequestError: ``error.invalid.takeprofit.minvalue``: The profit target lies below the lowest
                level allowed; that price follows the colon.
            BadRequestError: ``error.invalid.takeprofit.maxvalue``: The profit target lies above the highest
                level allowed; that price follows the colon.
            BadRequestError: ``error.vallidation.guaranteed-stop-loss.required``: This account must use a
                guaranteed stop: send `guaranteedStop` true again. The double l is the server's.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            await self._call(
                orders_update._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                    body=UpdateOrderRequest(
                        level=UNSET if level is None else wire.number(level, "level"),
                        good_till_date=UNSET
                        if good_till_date is None
                        else wire.aware(good_till_date, "good_till_date"),
                        time_in_force=UNSET
                        if time_in_force is None
                        else wire.choice(time_in_force, "time_in_force", TimeInForce),
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
                orders_update._parse_response,
                ok=(200,),
            ),
        )

    async def cancel(
        self,
        deal_id: str,
    ) -> DealReference:
        """Cancel a working order.

        A 200 means queued; the confirm decides. The reference can be the one the order was created with:
        its confirmation then turns from open to deleted. The client never sends it twice unless the first
        one certainly was not executed; repeating it after success gives 404.

        ``DELETE /api/v1/workingorders/{dealId}``

        Args:
            deal_id: Id of the working order.

        Raises:
            NotFoundError: ``error.not-found.dealId``: No working order has this id in the active account;
                it was filled, cancelled or has expired.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "DealReference",
            await self._call(
                orders_cancel._get_kwargs(
                    deal_id=wire.segment(deal_id, "deal_id"),
                ),
                orders_cancel._parse_response,
                ok=(200,),
            ),
        )
