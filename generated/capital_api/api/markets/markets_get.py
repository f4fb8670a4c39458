from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.market_details import MarketDetails
from ...types import Response


def _get_kwargs(
    epic: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/markets/{epic}".format(
            epic=quote(str(epic), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | MarketDetails:
    if response.status_code == 200:
        response_200 = MarketDetails.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | MarketDetails]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorBody | MarketDetails]:
    """Get one market with its dealing rules and prices.

     The instrument, the rules for sizes and distances, and a snapshot of the prices. For many markets at
    once use `search()` with epics.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | MarketDetails]
    """

    kwargs = _get_kwargs(
        epic=epic,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorBody | MarketDetails | None:
    """Get one market with its dealing rules and prices.

     The instrument, the rules for sizes and distances, and a snapshot of the prices. For many markets at
    once use `search()` with epics.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | MarketDetails
    """

    return sync_detailed(
        epic=epic,
        client=client,
    ).parsed


async def asyncio_detailed(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorBody | MarketDetails]:
    """Get one market with its dealing rules and prices.

     The instrument, the rules for sizes and distances, and a snapshot of the prices. For many markets at
    once use `search()` with epics.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | MarketDetails]
    """

    kwargs = _get_kwargs(
        epic=epic,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorBody | MarketDetails | None:
    """Get one market with its dealing rules and prices.

     The instrument, the rules for sizes and distances, and a snapshot of the prices. For many markets at
    once use `search()` with epics.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | MarketDetails
    """

    return (
        await asyncio_detailed(
            epic=epic,
            client=client,
        )
    ).parsed
