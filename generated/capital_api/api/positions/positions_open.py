from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.deal_reference import DealReference
from ...models.error_body import ErrorBody
from ...models.open_position_request import OpenPositionRequest
from ...types import Response


def _get_kwargs(
    *,
    body: OpenPositionRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/positions",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DealReference | ErrorBody:
    if response.status_code == 200:
        response_200 = DealReference.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[DealReference | ErrorBody]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: OpenPositionRequest,
) -> Response[DealReference | ErrorBody]:
    """Open a position at the market price.

     A 200 means queued, not executed: pass the `dealReference` to `capital.confirms.get(...)` and read
    `dealStatus`. The position's own id is the first of the confirmation's affected deals, not its
    `dealId`. With hedging off an opposite position is reduced first. There is no idempotency key, so
    the client never sends it twice unless the first one certainly was not executed: if the answer is
    lost, look at the positions before you try again. At most one order every 0.1 s, on demo 1000 an
    hour.

    Args:
        body (OpenPositionRequest): A position to open at the market price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DealReference | ErrorBody]
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
    body: OpenPositionRequest,
) -> DealReference | ErrorBody | None:
    """Open a position at the market price.

     A 200 means queued, not executed: pass the `dealReference` to `capital.confirms.get(...)` and read
    `dealStatus`. The position's own id is the first of the confirmation's affected deals, not its
    `dealId`. With hedging off an opposite position is reduced first. There is no idempotency key, so
    the client never sends it twice unless the first one certainly was not executed: if the answer is
    lost, look at the positions before you try again. At most one order every 0.1 s, on demo 1000 an
    hour.

    Args:
        body (OpenPositionRequest): A position to open at the market price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DealReference | ErrorBody
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: OpenPositionRequest,
) -> Response[DealReference | ErrorBody]:
    """Open a position at the market price.

     A 200 means queued, not executed: pass the `dealReference` to `capital.confirms.get(...)` and read
    `dealStatus`. The position's own id is the first of the confirmation's affected deals, not its
    `dealId`. With hedging off an opposite position is reduced first. There is no idempotency key, so
    the client never sends it twice unless the first one certainly was not executed: if the answer is
    lost, look at the positions before you try again. At most one order every 0.1 s, on demo 1000 an
    hour.

    Args:
        body (OpenPositionRequest): A position to open at the market price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DealReference | ErrorBody]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: OpenPositionRequest,
) -> DealReference | ErrorBody | None:
    """Open a position at the market price.

     A 200 means queued, not executed: pass the `dealReference` to `capital.confirms.get(...)` and read
    `dealStatus`. The position's own id is the first of the confirmation's affected deals, not its
    `dealId`. With hedging off an opposite position is reduced first. There is no idempotency key, so
    the client never sends it twice unless the first one certainly was not executed: if the answer is
    lost, look at the positions before you try again. At most one order every 0.1 s, on demo 1000 an
    hour.

    Args:
        body (OpenPositionRequest): A position to open at the market price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DealReference | ErrorBody
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
