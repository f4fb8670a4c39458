from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.deal_reference import DealReference
from ...models.error_body import ErrorBody
from ...models.update_order_request import UpdateOrderRequest
from ...types import Response


def _get_kwargs(
    deal_id: str,
    *,
    body: UpdateOrderRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/workingorders/{deal_id}".format(
            deal_id=quote(str(deal_id), safe=""),
        ),
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
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateOrderRequest,
) -> Response[DealReference | ErrorBody]:
    """Change the level, the expiry or the protection of an order.

     Level, stop and profit target stay as they are when you leave them out, but `guaranteedStop` and
    `trailingStop` become false unless you send true (observed, not documented). Market, direction, type
    and size cannot be changed. A 200 means queued; the confirm decides. The client never sends it twice
    unless the first one certainly was not executed; repeating it sets the same values again.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.
        body (UpdateOrderRequest): What to change. Level, expiry, stop and profit target stay as
            they are when left out; `guaranteedStop` and `trailingStop` become false.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DealReference | ErrorBody]
    """

    kwargs = _get_kwargs(
        deal_id=deal_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateOrderRequest,
) -> DealReference | ErrorBody | None:
    """Change the level, the expiry or the protection of an order.

     Level, stop and profit target stay as they are when you leave them out, but `guaranteedStop` and
    `trailingStop` become false unless you send true (observed, not documented). Market, direction, type
    and size cannot be changed. A 200 means queued; the confirm decides. The client never sends it twice
    unless the first one certainly was not executed; repeating it sets the same values again.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.
        body (UpdateOrderRequest): What to change. Level, expiry, stop and profit target stay as
            they are when left out; `guaranteedStop` and `trailingStop` become false.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DealReference | ErrorBody
    """

    return sync_detailed(
        deal_id=deal_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateOrderRequest,
) -> Response[DealReference | ErrorBody]:
    """Change the level, the expiry or the protection of an order.

     Level, stop and profit target stay as they are when you leave them out, but `guaranteedStop` and
    `trailingStop` become false unless you send true (observed, not documented). Market, direction, type
    and size cannot be changed. A 200 means queued; the confirm decides. The client never sends it twice
    unless the first one certainly was not executed; repeating it sets the same values again.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.
        body (UpdateOrderRequest): What to change. Level, expiry, stop and profit target stay as
            they are when left out; `guaranteedStop` and `trailingStop` become false.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DealReference | ErrorBody]
    """

    kwargs = _get_kwargs(
        deal_id=deal_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateOrderRequest,
) -> DealReference | ErrorBody | None:
    """Change the level, the expiry or the protection of an order.

     Level, stop and profit target stay as they are when you leave them out, but `guaranteedStop` and
    `trailingStop` become false unless you send true (observed, not documented). Market, direction, type
    and size cannot be changed. A 200 means queued; the confirm decides. The client never sends it twice
    unless the first one certainly was not executed; repeating it sets the same values again.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.
        body (UpdateOrderRequest): What to change. Level, expiry, stop and profit target stay as
            they are when left out; `guaranteedStop` and `trailingStop` become false.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DealReference | ErrorBody
    """

    return (
        await asyncio_detailed(
            deal_id=deal_id,
            client=client,
            body=body,
        )
    ).parsed
