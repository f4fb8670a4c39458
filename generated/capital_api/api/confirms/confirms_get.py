from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.confirmation import Confirmation
from ...models.error_body import ErrorBody
from ...types import Response


def _get_kwargs(
    deal_reference: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/confirms/{deal_reference}".format(
            deal_reference=quote(str(deal_reference), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Confirmation | ErrorBody:
    if response.status_code == 200:
        response_200 = Confirmation.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Confirmation | ErrorBody]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    deal_reference: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Confirmation | ErrorBody]:
    """Get how a deal ended.

     Read `dealStatus` first. The confirmation may be 404 for a while after the order; ask again for some
    seconds. For an update or a close of a position, and for the cancelling of an order, the reference
    is used again, so the answer can still be the one of the event before: wait until `status` or `date`
    has moved.

    Args:
        deal_reference (str): The reference that the order call returned. `o_` stands for a new
            order or a change of one, `p_` for the change of a position. Example:
            o_5c0e7f5a-2a43-4a0e-9d5b-8c1f3c6f0b21.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Confirmation | ErrorBody]
    """

    kwargs = _get_kwargs(
        deal_reference=deal_reference,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    deal_reference: str,
    *,
    client: AuthenticatedClient | Client,
) -> Confirmation | ErrorBody | None:
    """Get how a deal ended.

     Read `dealStatus` first. The confirmation may be 404 for a while after the order; ask again for some
    seconds. For an update or a close of a position, and for the cancelling of an order, the reference
    is used again, so the answer can still be the one of the event before: wait until `status` or `date`
    has moved.

    Args:
        deal_reference (str): The reference that the order call returned. `o_` stands for a new
            order or a change of one, `p_` for the change of a position. Example:
            o_5c0e7f5a-2a43-4a0e-9d5b-8c1f3c6f0b21.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Confirmation | ErrorBody
    """

    return sync_detailed(
        deal_reference=deal_reference,
        client=client,
    ).parsed


async def asyncio_detailed(
    deal_reference: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Confirmation | ErrorBody]:
    """Get how a deal ended.

     Read `dealStatus` first. The confirmation may be 404 for a while after the order; ask again for some
    seconds. For an update or a close of a position, and for the cancelling of an order, the reference
    is used again, so the answer can still be the one of the event before: wait until `status` or `date`
    has moved.

    Args:
        deal_reference (str): The reference that the order call returned. `o_` stands for a new
            order or a change of one, `p_` for the change of a position. Example:
            o_5c0e7f5a-2a43-4a0e-9d5b-8c1f3c6f0b21.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Confirmation | ErrorBody]
    """

    kwargs = _get_kwargs(
        deal_reference=deal_reference,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    deal_reference: str,
    *,
    client: AuthenticatedClient | Client,
) -> Confirmation | ErrorBody | None:
    """Get how a deal ended.

     Read `dealStatus` first. The confirmation may be 404 for a while after the order; ask again for some
    seconds. For an update or a close of a position, and for the cancelling of an order, the reference
    is used again, so the answer can still be the one of the event before: wait until `status` or `date`
    has moved.

    Args:
        deal_reference (str): The reference that the order call returned. `o_` stands for a new
            order or a change of one, `p_` for the change of a position. Example:
            o_5c0e7f5a-2a43-4a0e-9d5b-8c1f3c6f0b21.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Confirmation | ErrorBody
    """

    return (
        await asyncio_detailed(
            deal_reference=deal_reference,
            client=client,
        )
    ).parsed
