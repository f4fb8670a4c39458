from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.login_request import LoginRequest
from ...models.login_result import LoginResult
from ...types import Response


def _get_kwargs(
    *,
    body: LoginRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/session",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | LoginResult:
    if response.status_code == 200:
        response_200 = LoginResult.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | LoginResult]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: LoginRequest,
) -> Response[ErrorBody | LoginResult]:
    """Log in.

     Opens a session on the preferred account and returns its tokens in the response headers. At most one
    login a second per API key. The answer is JSON although it is labelled `text/plain`. The client logs
    in by itself when it has to; call this only to look at the answer. The client never sends it twice
    unless the first one certainly was not executed: a second login opens a second session, and the
    first one stays usable (observed, not documented).

    Args:
        body (LoginRequest): Who logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | LoginResult]
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
    body: LoginRequest,
) -> ErrorBody | LoginResult | None:
    """Log in.

     Opens a session on the preferred account and returns its tokens in the response headers. At most one
    login a second per API key. The answer is JSON although it is labelled `text/plain`. The client logs
    in by itself when it has to; call this only to look at the answer. The client never sends it twice
    unless the first one certainly was not executed: a second login opens a second session, and the
    first one stays usable (observed, not documented).

    Args:
        body (LoginRequest): Who logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | LoginResult
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: LoginRequest,
) -> Response[ErrorBody | LoginResult]:
    """Log in.

     Opens a session on the preferred account and returns its tokens in the response headers. At most one
    login a second per API key. The answer is JSON although it is labelled `text/plain`. The client logs
    in by itself when it has to; call this only to look at the answer. The client never sends it twice
    unless the first one certainly was not executed: a second login opens a second session, and the
    first one stays usable (observed, not documented).

    Args:
        body (LoginRequest): Who logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | LoginResult]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: LoginRequest,
) -> ErrorBody | LoginResult | None:
    """Log in.

     Opens a session on the preferred account and returns its tokens in the response headers. At most one
    login a second per API key. The answer is JSON although it is labelled `text/plain`. The client logs
    in by itself when it has to; call this only to look at the answer. The client never sends it twice
    unless the first one certainly was not executed: a second login opens a second session, and the
    first one stays usable (observed, not documented).

    Args:
        body (LoginRequest): Who logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | LoginResult
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
