from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.create_watchlist_request import CreateWatchlistRequest
from ...models.created_watchlist import CreatedWatchlist
from ...models.error_body import ErrorBody
from ...types import Response


def _get_kwargs(
    *,
    body: CreateWatchlistRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/watchlists",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CreatedWatchlist | ErrorBody:
    if response.status_code == 200:
        response_200 = CreatedWatchlist.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[CreatedWatchlist | ErrorBody]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchlistRequest,
) -> Response[CreatedWatchlist | ErrorBody]:
    """Create a watchlist.

     Epics that cannot be added do not fail the call: the list is created without them, and `status` says
    so. The client never sends it twice unless the first one certainly was not executed; repeating it
    can create a second list.

    Args:
        body (CreateWatchlistRequest): A watchlist to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreatedWatchlist | ErrorBody]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchlistRequest,
) -> CreatedWatchlist | ErrorBody | None:
    """Create a watchlist.

     Epics that cannot be added do not fail the call: the list is created without them, and `status` says
    so. The client never sends it twice unless the first one certainly was not executed; repeating it
    can create a second list.

    Args:
        body (CreateWatchlistRequest): A watchlist to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreatedWatchlist | ErrorBody
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchlistRequest,
) -> Response[CreatedWatchlist | ErrorBody]:
    """Create a watchlist.

     Epics that cannot be added do not fail the call: the list is created without them, and `status` says
    so. The client never sends it twice unless the first one certainly was not executed; repeating it
    can create a second list.

    Args:
        body (CreateWatchlistRequest): A watchlist to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreatedWatchlist | ErrorBody]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchlistRequest,
) -> CreatedWatchlist | ErrorBody | None:
    """Create a watchlist.

     Epics that cannot be added do not fail the call: the list is created without them, and `status` says
    so. The client never sends it twice unless the first one certainly was not executed; repeating it
    can create a second list.

    Args:
        body (CreateWatchlistRequest): A watchlist to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreatedWatchlist | ErrorBody
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
