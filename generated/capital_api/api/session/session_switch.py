from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.switch_account_request import SwitchAccountRequest
from ...models.switch_account_result import SwitchAccountResult
from ...types import Response


def _get_kwargs(
    *,
    body: SwitchAccountRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/session",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | SwitchAccountResult:
    if response.status_code == 200:
        response_200 = SwitchAccountResult.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | SwitchAccountResult]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SwitchAccountRequest,
) -> Response[ErrorBody | SwitchAccountResult]:
    """Make another account the active one.

     Holds for this session only. The server issues a new security token with the answer and stops the
    streams of this session; they have to be connected again. A later login starts on the preferred
    account once more; the client then restores the account chosen here. The client never sends it twice
    unless the first one certainly was not executed; repeating it is harmless, the server then answers
    `error.not-different.accountId`.

    Args:
        body (SwitchAccountRequest): The account to make active.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | SwitchAccountResult]
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
    body: SwitchAccountRequest,
) -> ErrorBody | SwitchAccountResult | None:
    """Make another account the active one.

     Holds for this session only. The server issues a new security token with the answer and stops the
    streams of this session; they have to be connected again. A later login starts on the preferred
    account once more; the client then restores the account chosen here. The client never sends it twice
    unless the first one certainly was not executed; repeating it is harmless, the server then answers
    `error.not-different.accountId`.

    Args:
        body (SwitchAccountRequest): The account to make active.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | SwitchAccountResult
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SwitchAccountRequest,
) -> Response[ErrorBody | SwitchAccountResult]:
    """Make another account the active one.

     Holds for this session only. The server issues a new security token with the answer and stops the
    streams of this session; they have to be connected again. A later login starts on the preferred
    account once more; the client then restores the account chosen here. The client never sends it twice
    unless the first one certainly was not executed; repeating it is harmless, the server then answers
    `error.not-different.accountId`.

    Args:
        body (SwitchAccountRequest): The account to make active.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | SwitchAccountResult]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: SwitchAccountRequest,
) -> ErrorBody | SwitchAccountResult | None:
    """Make another account the active one.

     Holds for this session only. The server issues a new security token with the answer and stops the
    streams of this session; they have to be connected again. A later login starts on the preferred
    account once more; the client then restores the account chosen here. The client never sends it twice
    unless the first one certainly was not executed; repeating it is harmless, the server then answers
    `error.not-different.accountId`.

    Args:
        body (SwitchAccountRequest): The account to make active.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | SwitchAccountResult
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
