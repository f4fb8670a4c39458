from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.top_up_request import TopUpRequest
from ...models.top_up_result import TopUpResult
from ...types import Response


def _get_kwargs(
    *,
    body: TopUpRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/accounts/topUp",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | TopUpResult:
    if response.status_code == 200:
        response_200 = TopUpResult.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | TopUpResult]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TopUpRequest,
) -> Response[ErrorBody | TopUpResult]:
    """Add virtual money to the active demo account.

     Demo only. A negative amount takes money away. At most 10 calls a second and 100 a day, and the
    balance may not exceed 100 000. The client never sends it twice unless the first one certainly was
    not executed: each call changes the balance.

    Args:
        body (TopUpRequest): How much virtual money to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | TopUpResult]
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
    body: TopUpRequest,
) -> ErrorBody | TopUpResult | None:
    """Add virtual money to the active demo account.

     Demo only. A negative amount takes money away. At most 10 calls a second and 100 a day, and the
    balance may not exceed 100 000. The client never sends it twice unless the first one certainly was
    not executed: each call changes the balance.

    Args:
        body (TopUpRequest): How much virtual money to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | TopUpResult
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TopUpRequest,
) -> Response[ErrorBody | TopUpResult]:
    """Add virtual money to the active demo account.

     Demo only. A negative amount takes money away. At most 10 calls a second and 100 a day, and the
    balance may not exceed 100 000. The client never sends it twice unless the first one certainly was
    not executed: each call changes the balance.

    Args:
        body (TopUpRequest): How much virtual money to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | TopUpResult]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: TopUpRequest,
) -> ErrorBody | TopUpResult | None:
    """Add virtual money to the active demo account.

     Demo only. A negative amount takes money away. At most 10 calls a second and 100 a day, and the
    balance may not exceed 100 000. The client never sends it twice unless the first one certainly was
    not executed: each call changes the balance.

    Args:
        body (TopUpRequest): How much virtual money to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | TopUpResult
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
