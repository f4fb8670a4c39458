from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.sentiment_list import SentimentList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    market_ids: list[str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_market_ids: list[str] | Unset = UNSET
    if not isinstance(market_ids, Unset):
        json_market_ids = market_ids

    params["marketIds"] = wire.comma_separated(json_market_ids)

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/clientsentiment",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | SentimentList:
    if response.status_code == 200:
        response_200 = SentimentList.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | SentimentList]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    market_ids: list[str] | Unset = UNSET,
) -> Response[ErrorBody | SentimentList]:
    """Get the client sentiment of several markets.

     Percentages of long and short positions. What the server returns without `marketIds` is not
    documented.

    Args:
        market_ids (list[str] | Unset): Markets to look up; the market id is the epic. Sent as one
            list with commas. Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | SentimentList]
    """

    kwargs = _get_kwargs(
        market_ids=market_ids,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    market_ids: list[str] | Unset = UNSET,
) -> ErrorBody | SentimentList | None:
    """Get the client sentiment of several markets.

     Percentages of long and short positions. What the server returns without `marketIds` is not
    documented.

    Args:
        market_ids (list[str] | Unset): Markets to look up; the market id is the epic. Sent as one
            list with commas. Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | SentimentList
    """

    return sync_detailed(
        client=client,
        market_ids=market_ids,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    market_ids: list[str] | Unset = UNSET,
) -> Response[ErrorBody | SentimentList]:
    """Get the client sentiment of several markets.

     Percentages of long and short positions. What the server returns without `marketIds` is not
    documented.

    Args:
        market_ids (list[str] | Unset): Markets to look up; the market id is the epic. Sent as one
            list with commas. Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | SentimentList]
    """

    kwargs = _get_kwargs(
        market_ids=market_ids,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    market_ids: list[str] | Unset = UNSET,
) -> ErrorBody | SentimentList | None:
    """Get the client sentiment of several markets.

     Percentages of long and short positions. What the server returns without `marketIds` is not
    documented.

    Args:
        market_ids (list[str] | Unset): Markets to look up; the market id is the epic. Sent as one
            list with commas. Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | SentimentList
    """

    return (
        await asyncio_detailed(
            client=client,
            market_ids=market_ids,
        )
    ).parsed
