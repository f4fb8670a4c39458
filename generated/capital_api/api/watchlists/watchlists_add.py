from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.add_to_watchlist_request import AddToWatchlistRequest
from ...models.error_body import ErrorBody
from ...models.status_result import StatusResult
from ...types import Response


def _get_kwargs(
    watchlist_id: str,
    *,
    body: AddToWatchlistRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/watchlists/{watchlist_id}".format(
            watchlist_id=quote(str(watchlist_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | StatusResult:
    if response.status_code == 200:
        response_200 = StatusResult.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | StatusResult]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    watchlist_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: AddToWatchlistRequest,
) -> Response[ErrorBody | StatusResult]:
    """Add one market to a watchlist.

     One market per call. The client never sends it twice unless the first one certainly was not
    executed.

    Args:
        watchlist_id (str): Id of the watchlist. Example: 482915.
        body (AddToWatchlistRequest): The market to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | StatusResult]
    """

    kwargs = _get_kwargs(
        watchlist_id=watchlist_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    watchlist_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: AddToWatchlistRequest,
) -> ErrorBody | StatusResult | None:
    """Add one market to a watchlist.

     One market per call. The client never sends it twice unless the first one certainly was not
    executed.

    Args:
        watchlist_id (str): Id of the watchlist. Example: 482915.
        body (AddToWatchlistRequest): The market to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | StatusResult
    """

    return sync_detailed(
        watchlist_id=watchlist_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    watchlist_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: AddToWatchlistRequest,
) -> Response[ErrorBody | StatusResult]:
    """Add one market to a watchlist.

     One market per call. The client never sends it twice unless the first one certainly was not
    executed.

    Args:
        watchlist_id (str): Id of the watchlist. Example: 482915.
        body (AddToWatchlistRequest): The market to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | StatusResult]
    """

    kwargs = _get_kwargs(
        watchlist_id=watchlist_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    watchlist_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: AddToWatchlistRequest,
) -> ErrorBody | StatusResult | None:
    """Add one market to a watchlist.

     One market per call. The client never sends it twice unless the first one certainly was not
    executed.

    Args:
        watchlist_id (str): Id of the watchlist. Example: 482915.
        body (AddToWatchlistRequest): The market to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | StatusResult
    """

    return (
        await asyncio_detailed(
            watchlist_id=watchlist_id,
            client=client,
            body=body,
        )
    ).parsed
