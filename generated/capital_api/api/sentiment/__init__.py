"""``capital.sentiment``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...types import UNSET
from . import sentiment_all, sentiment_get

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.sentiment import Sentiment
    from ...models.sentiment_list import SentimentList

__all__ = ["AsyncSentimentApi", "SentimentApi"]


class SentimentApi:
    """Which share of the clients' open positions is long, and which is short, market by market."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def all(
        self,
        *,
        market_ids: str | Sequence[str] | None = None,
    ) -> SentimentList:
        """Get the client sentiment of several markets.

        Percentages of long and short positions. What the server returns without `marketIds` is not
        documented.

        ``GET /api/v1/clientsentiment``

        Args:
            market_ids: Markets to look up; the market id is the epic. Sent as one list with commas.

        Raises:
            NotFoundError: ``error.not-found.epic``: One of the markets does not exist.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "SentimentList",
            self._call(
                sentiment_all._get_kwargs(
                    market_ids=UNSET
                    if market_ids is None
                    else wire.texts(market_ids, "market_ids", minimum=1, commas=True),
                ),
                sentiment_all._parse_response,
                ok=(200,),
            ),
        )

    def get(
        self,
        market_id: str,
    ) -> Sentiment:
        """Get the client sentiment of one market.

        Percentages of long and short positions; together they make 100.

        ``GET /api/v1/clientsentiment/{marketId}``

        Args:
            market_id: Market to look up; the market id is the epic.

        Raises:
            NotFoundError: ``error.not-found.epic``: No market has this id.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "Sentiment",
            self._call(
                sentiment_get._get_kwargs(
                    market_id=wire.segment(market_id, "market_id"),
                ),
                sentiment_get._parse_response,
                ok=(200,),
            ),
        )


class AsyncSentimentApi:
    """Which share of the clients' open positions is long, and which is short, market by market."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def all(
        self,
        *,
        market_ids: str | Sequence[str] | None = None,
    ) -> SentimentList:
        """Get the client sentiment of several markets.

        Percentages of long and short positions. What the server returns without `marketIds` is not
        documented.

        ``GET /api/v1/clientsentiment``

        Args:
            market_ids: Markets to look up; the market id is the epic. Sent as one list with commas.

        Raises:
            NotFoundError: ``error.not-found.epic``: One of the markets does not exist.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "SentimentList",
            await self._call(
                sentiment_all._get_kwargs(
                    market_ids=UNSET
                    if market_ids is None
                    else wire.texts(market_ids, "market_ids", minimum=1, commas=True),
                ),
                sentiment_all._parse_response,
                ok=(200,),
            ),
        )

    async def get(
        self,
        market_id: str,
    ) -> Sentiment:
        """Get the client sentiment of one market.

        Percentages of long and short positions; together they make 100.

        ``GET /api/v1/clientsentiment/{marketId}``

        Args:
            market_id: Market to look up; the market id is the epic.

        Raises:
            NotFoundError: ``error.not-found.epic``: No market has this id.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "Sentiment",
            await self._call(
                sentiment_get._get_kwargs(
                    market_id=wire.segment(market_id, "market_id"),
                ),
                sentiment_get._parse_response,
                ok=(200,),
            ),
        )
