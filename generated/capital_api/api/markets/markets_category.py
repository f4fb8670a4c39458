from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.category import Category
from ...models.error_body import ErrorBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    node_id: str,
    *,
    limit: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/marketnavigation/{node_id}".format(
            node_id=quote(str(node_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Category | ErrorBody:
    if response.status_code == 200:
        response_200 = Category.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Category | ErrorBody]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    node_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
) -> Response[Category | ErrorBody]:
    """Get the subcategories or the markets of a category.

     An inner node has `nodes`, a leaf has `markets`; the other of the two may be empty or absent.

    Args:
        node_id (str): Id of the category, as `categories()` and this call return it. Example:
            hierarchy_v1.commodities_group.
        limit (int | Unset): How many markets to return at most, 1 to 500. The server takes 500
            when nothing is given. Example: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Category | ErrorBody]
    """

    kwargs = _get_kwargs(
        node_id=node_id,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    node_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
) -> Category | ErrorBody | None:
    """Get the subcategories or the markets of a category.

     An inner node has `nodes`, a leaf has `markets`; the other of the two may be empty or absent.

    Args:
        node_id (str): Id of the category, as `categories()` and this call return it. Example:
            hierarchy_v1.commodities_group.
        limit (int | Unset): How many markets to return at most, 1 to 500. The server takes 500
            when nothing is given. Example: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Category | ErrorBody
    """

    return sync_detailed(
        node_id=node_id,
        client=client,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    node_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
) -> Response[Category | ErrorBody]:
    """Get the subcategories or the markets of a category.

     An inner node has `nodes`, a leaf has `markets`; the other of the two may be empty or absent.

    Args:
        node_id (str): Id of the category, as `categories()` and this call return it. Example:
            hierarchy_v1.commodities_group.
        limit (int | Unset): How many markets to return at most, 1 to 500. The server takes 500
            when nothing is given. Example: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Category | ErrorBody]
    """

    kwargs = _get_kwargs(
        node_id=node_id,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    node_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
) -> Category | ErrorBody | None:
    """Get the subcategories or the markets of a category.

     An inner node has `nodes`, a leaf has `markets`; the other of the two may be empty or absent.

    Args:
        node_id (str): Id of the category, as `categories()` and this call return it. Example:
            hierarchy_v1.commodities_group.
        limit (int | Unset): How many markets to return at most, 1 to 500. The server takes 500
            when nothing is given. Example: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Category | ErrorBody
    """

    return (
        await asyncio_detailed(
            node_id=node_id,
            client=client,
            limit=limit,
        )
    ).parsed
