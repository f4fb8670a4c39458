from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.deal_reference import DealReference
from ...models.error_body import ErrorBody
from ...models.update_position_request import UpdatePositionRequest
from ...types import Response


def _get_kwargs(
    deal_id: str,
    *,
    body: UpdatePositionRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/positions/{deal_id}".format(
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
    body: UpdatePositionRequest,
) -> Response[DealReference | ErrorBody]:
    """Replace the stop and the profit target of a position.

     Replaces the whole protection: a stop or profit target that you leave out is removed, and
    `guaranteedStop` and `trailingStop` become false unless you send true (observed, not documented).
    Send everything that shall hold afterwards. A 200 means queued; the confirm decides. Its reference
    is the same for every change of this position, so the confirm can still show the event before. The
    client never sends it twice unless the first one certainly was not executed; repeating it sets the
    same protection again.

    Args:
        deal_id (str): Id of the position. Example: 00000000-1f2e-4a6b-0485-65e800553a10.
        body (UpdatePositionRequest): The whole protection that the position shall have
            afterwards. What is left out is removed (stop, profit target) or becomes false
            (guaranteed, trailing); an empty request removes all protection.

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
    body: UpdatePositionRequest,
) -> DealReference | ErrorBody | None:
    """Replace the stop and the profit target of a position.

     Replaces the whole protection: a stop or profit target that you leave out is removed, and
    `guaranteedStop` and `trailingStop` become false unless you send true (observed, not documented).
    Send everything that shall hold afterwards. A 200 means queued; the confirm decides. Its reference
    is the same for every change of this position, so the confirm can still show the event before. The
    client never sends it twice unless the first one certainly was not executed; repeating it sets the
    same protection again.

    Args:
        deal_id (str): Id of the position. Example: 00000000-1f2e-4a6b-0485-65e800553a10.
        body (UpdatePositionRequest): The whole protection that the position shall have
            afterwards. What is left out is removed (stop, profit target) or becomes false
            (guaranteed, trailing); an empty request removes all protection.

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
    body: UpdatePositionRequest,
) -> Response[DealReference | ErrorBody]:
    """Replace the stop and the profit target of a position.

     Replaces the whole protection: a stop or profit target that you leave out is removed, and
    `guaranteedStop` and `trailingStop` become false unless you send true (observed, not documented).
    Send everything that shall hold afterwards. A 200 means queued; the confirm decides. Its reference
    is the same for every change of this position, so the confirm can still show the event before. The
    client never sends it twice unless the first one certainly was not executed; repeating it sets the
    same protection again.

    Args:
        deal_id (str): Id of the position. Example: 00000000-1f2e-4a6b-0485-65e800553a10.
        body (UpdatePositionRequest): The whole protection that the position shall have
            afterwards. What is left out is removed (stop, profit target) or becomes false
            (guaranteed, trailing); an empty request removes all protection.

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
    body: UpdatePositionRequest,
) -> DealReference | ErrorBody | None:
    """Replace the stop and the profit target of a position.

     Replaces the whole protection: a stop or profit target that you leave out is removed, and
    `guaranteedStop` and `trailingStop` become false unless you send true (observed, not documented).
    Send everything that shall hold afterwards. A 200 means queued; the confirm decides. Its reference
    is the same for every change of this position, so the confirm can still show the event before. The
    client never sends it twice unless the first one certainly was not executed; repeating it sets the
    same protection again.

    Args:
        deal_id (str): Id of the position. Example: 00000000-1f2e-4a6b-0485-65e800553a10.
        body (UpdatePositionRequest): The whole protection that the position shall have
            afterwards. What is left out is removed (stop, profit target) or becomes false
            (guaranteed, trailing); an empty request removes all protection.

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
