from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.sentiment import Sentiment
from ...types import Response


def _get_kwargs(
    market_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/clientsentiment/{market_id}".format(
            market_id=quote(str(market_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | Sentiment:
    if response.status_code == 200:
        response_200 = Sentiment.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | Sentiment]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    market_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorBody | Sentiment]:
    """Get the client sentiment of one market.

     Percentages of long and short positions; together they make 100.

    Args:
        market_id (str): Market to look up; the market id is the epic. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | Sentiment]
    """

    kwargs = _get_kwargs(
        market_id=market_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    market_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorBody | Sentiment | None:
    """Get the client sentiment of one market.

     Percentages of long and short positions; together they make 100.

    Args:
        market_id (str): Market to look up; the market id is the epic. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | Sentiment
    """

    return sync_detailed(
        market_id=market_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    market_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorBody | Sentiment]:
    """Get the client sentiment of one market.

     Percentages of long and short positions; together they make 100.

    Args:
        market_id (str): Market to look up; the market id is the epic. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | Sentiment]
    """

    kwargs = _get_kwargs(
        market_id=market_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    market_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorBody | Sentiment | None:
    """Get the client sentiment of one market.

     Percentages of long and short positions; together they make 100.

    Args:
        market_id (str): Market to look up; the market id is the epic. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | Sentiment
    """

    return (
        await asyncio_detailed(
            market_id=market_id,
            client=client,
        )
    ).parsed
