from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.encryption_key import EncryptionKey
from ...models.error_body import ErrorBody
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/session/encryptionKey",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EncryptionKey | ErrorBody:
    if response.status_code == 200:
        response_200 = EncryptionKey.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[EncryptionKey | ErrorBody]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[EncryptionKey | ErrorBody]:
    """Get the key to encrypt the password with.

     Needs the API key and no session. The key is RSA with 2048 bits. Encrypt the base64 form of
    `password|timeStamp` with PKCS#1 v1.5 padding, encode the result in base64 and send it as `password`
    together with `encryptedPassword`. The client does this for you when it logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EncryptionKey | ErrorBody]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> EncryptionKey | ErrorBody | None:
    """Get the key to encrypt the password with.

     Needs the API key and no session. The key is RSA with 2048 bits. Encrypt the base64 form of
    `password|timeStamp` with PKCS#1 v1.5 padding, encode the result in base64 and send it as `password`
    together with `encryptedPassword`. The client does this for you when it logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EncryptionKey | ErrorBody
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[EncryptionKey | ErrorBody]:
    """Get the key to encrypt the password with.

     Needs the API key and no session. The key is RSA with 2048 bits. Encrypt the base64 form of
    `password|timeStamp` with PKCS#1 v1.5 padding, encode the result in base64 and send it as `password`
    together with `encryptedPassword`. The client does this for you when it logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EncryptionKey | ErrorBody]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> EncryptionKey | ErrorBody | None:
    """Get the key to encrypt the password with.

     Needs the API key and no session. The key is RSA with 2048 bits. Encrypt the base64 form of
    `password|timeStamp` with PKCS#1 v1.5 padding, encode the result in base64 and send it as `password`
    together with `encryptedPassword`. The client does this for you when it logs in.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EncryptionKey | ErrorBody
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
