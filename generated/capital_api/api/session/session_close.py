from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.status_result import StatusResult
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/session",
    }

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
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorBody | StatusResult]:
    """Log out.

     Ends the current session; its tokens stop working. Positions and orders are not touched. The answer
    is JSON although it is labelled `text/plain`. The client never sends it twice unless the first one
    certainly was not executed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | StatusResult]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> ErrorBody | StatusResult | None:
    """Log out.

     Ends the current session; its tokens stop working. Positions and orders are not touched. The answer
    is JSON although it is labelled `text/plain`. The client never sends it twice unless the first one
    certainly was not executed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | StatusResult
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorBody | StatusResult]:
    """Log out.

     Ends the current session; its tokens stop working. Positions and orders are not touched. The answer
    is JSON although it is labelled `text/plain`. The client never sends it twice unless the first one
    certainly was not executed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | StatusResult]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> ErrorBody | StatusResult | None:
    """Log out.

     Ends the current session; its tokens stop working. Positions and orders are not touched. The answer
    is JSON although it is labelled `text/plain`. The client never sends it twice unless the first one
    certainly was not executed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | StatusResult
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
