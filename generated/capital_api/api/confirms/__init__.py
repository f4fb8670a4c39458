"""``capital.confirms``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...types import UNSET
from . import confirms_get

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.confirmation import Confirmation

__all__ = ["AsyncConfirmsApi", "ConfirmsApi"]


class ConfirmsApi:
    """How a deal ended. The only source that says whether an order was accepted or refused."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def get(
        self,
        deal_reference: str,
    ) -> Confirmation:
        """Get how a deal ended.

        Read `dealStatus` first. The confirmation may be 404 for a while after the order; ask again for some
        seconds. For an update or a close of a position, and for the cancelling of an order, the reference
        is used again, so the answer can still be the one of the event before: wait until `status` or `date`
        has moved.

        ``GET /api/v1/confirms/{dealReference}``

        Args:
            deal_reference: The reference that the order call returned. `o_` stands for a new order or a
                change of one, `p_` for the change of a position.

        Raises:
            NotFoundError: ``error.not-found.dealReference``: Not confirmed yet, or the reference is unknown
                or too old. The answer is the same for all three.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "Confirmation",
            self._call(
                confirms_get._get_kwargs(
                    deal_reference=wire.segment(deal_reference, "deal_reference"),
                ),
                confirms_get._parse_response,
                ok=(200,),
            ),
        )


class AsyncConfirmsApi:
    """How a deal ended. The only source that says whether an order was accepted or refused."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def get(
        self,
        deal_reference: str,
    ) -> Confirmation:
        """Get how a deal ended.

        Read `dealStatus` first. The confirmation may be 404 for a while after the order; ask again for some
        seconds. For an update or a close of a position, and for the cancelling of an order, the reference
        is used again, so the answer can still be the one of the event before: wait until `status` or `date`
        has moved.

        ``GET /api/v1/confirms/{dealReference}``

        Args:
            deal_reference: The reference that the order call returned. `o_` stands for a new order or a
                change of one, `p_` for the change of a position.

        Raises:
            NotFoundError: ``error.not-found.dealReference``: Not confirmed yet, or the reference is unknown
                or too old. The answer is the same for all three.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "Confirmation",
            await self._call(
                confirms_get._get_kwargs(
                    deal_reference=wire.segment(deal_reference, "deal_reference"),
                ),
                confirms_get._parse_response,
                ok=(200,),
            ),
        )
