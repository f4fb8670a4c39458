from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.market_search_result import MarketSearchResult
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    search_term: str | Unset = UNSET,
    epics: list[str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["searchTerm"] = search_term

    json_epics: list[str] | Unset = UNSET
    if not isinstance(epics, Unset):
        json_epics = epics

    params["epics"] = wire.comma_separated(json_epics)

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/markets",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | MarketSearchResult:
    if response.status_code == 200:
        response_200 = MarketSearchResult.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | MarketSearchResult]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    search_term: str | Unset = UNSET,
    epics: list[str] | Unset = UNSET,
) -> Response[ErrorBody | MarketSearchResult]:
    """Find markets by text or by epic.

     A text fills `markets`; epics fill `marketDetails`, with dealing rules and opening hours. If both
    are given the text wins. With neither the answer holds all markets: thousands of rows and several
    megabytes. No match is an empty list.

    Args:
        search_term (str | Unset): Text to look for, such as a part of a market's name. Wins over
            `epics`. Example: silver.
        epics (list[str] | Unset): Epics to look up, at most 50. Sent as one list with commas.
            Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | MarketSearchResult]
    """

    kwargs = _get_kwargs(
        search_term=search_term,
        epics=epics,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    search_term: str | Unset = UNSET,
    epics: list[str] | Unset = UNSET,
) -> ErrorBody | MarketSearchResult | None:
    """Find markets by text or by epic.

     A text fills `markets`; epics fill `marketDetails`, with dealing rules and opening hours. If both
    are given the text wins. With neither the answer holds all markets: thousands of rows and several
    megabytes. No match is an empty list.

    Args:
        search_term (str | Unset): Text to look for, such as a part of a market's name. Wins over
            `epics`. Example: silver.
        epics (list[str] | Unset): Epics to look up, at most 50. Sent as one list with commas.
            Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | MarketSearchResult
    """

    return sync_detailed(
        client=client,
        search_term=search_term,
        epics=epics,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    search_term: str | Unset = UNSET,
    epics: list[str] | Unset = UNSET,
) -> Response[ErrorBody | MarketSearchResult]:
    """Find markets by text or by epic.

     A text fills `markets`; epics fill `marketDetails`, with dealing rules and opening hours. If both
    are given the text wins. With neither the answer holds all markets: thousands of rows and several
    megabytes. No match is an empty list.

    Args:
        search_term (str | Unset): Text to look for, such as a part of a market's name. Wins over
            `epics`. Example: silver.
        epics (list[str] | Unset): Epics to look up, at most 50. Sent as one list with commas.
            Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | MarketSearchResult]
    """

    kwargs = _get_kwargs(
        search_term=search_term,
        epics=epics,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    search_term: str | Unset = UNSET,
    epics: list[str] | Unset = UNSET,
) -> ErrorBody | MarketSearchResult | None:
    """Find markets by text or by epic.

     A text fills `markets`; epics fill `marketDetails`, with dealing rules and opening hours. If both
    are given the text wins. With neither the answer holds all markets: thousands of rows and several
    megabytes. No match is an empty list.

    Args:
        search_term (str | Unset): Text to look for, such as a part of a market's name. Wins over
            `epics`. Example: silver.
        epics (list[str] | Unset): Epics to look up, at most 50. Sent as one list with commas.
            Example: ['SILVER', 'NATURALGAS'].

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | MarketSearchResult
    """

    return (
        await asyncio_detailed(
            client=client,
            search_term=search_term,
            epics=epics,
        )
    ).parsed
