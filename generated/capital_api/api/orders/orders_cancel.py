from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.deal_reference import DealReference
from ...models.error_body import ErrorBody
from ...types import Response


def _get_kwargs(
    deal_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/workingorders/{deal_id}".format(
            deal_id=quote(str(deal_id), safe=""),
        ),
    }

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
) -> Response[DealReference | ErrorBody]:
    """Cancel a working order.

     A 200 means queued; the confirm decides. The reference can be the one the order was created with:
    its confirmation then turns from open to deleted. The client never sends it twice unless the first
    one certainly was not executed; repeating it after success gives 404.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DealReference | ErrorBody]
    """

    kwargs = _get_kwargs(
        deal_id=deal_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> DealReference | ErrorBody | None:
    """Cancel a working order.

     A 200 means queued; the confirm decides. The reference can be the one the order was created with:
    its confirmation then turns from open to deleted. The client never sends it twice unless the first
    one certainly was not executed; repeating it after success gives 404.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DealReference | ErrorBody
    """

    return sync_detailed(
        deal_id=deal_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[DealReference | ErrorBody]:
    """Cancel a working order.

     A 200 means queued; the confirm decides. The reference can be the one the order was created with:
    its confirmation then turns from open to deleted. The client never sends it twice unless the first
    one certainly was not executed; repeating it after success gives 404.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DealReference | ErrorBody]
    """

    kwargs = _get_kwargs(
        deal_id=deal_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    deal_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> DealReference | ErrorBody | None:
    """Cancel a working order.

     A 200 means queued; the confirm decides. The reference can be the one the order was created with:
    its confirmation then turns from open to deleted. The client never sends it twice unless the first
    one certainly was not executed; repeating it after success gives 404.

    Args:
        deal_id (str): Id of the working order. Example: 00000000-1f2e-4a6b-0485-65e800553a0e.

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
        )
    ).parsed
