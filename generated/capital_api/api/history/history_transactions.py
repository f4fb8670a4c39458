import datetime
from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.error_body import ErrorBody
from ...models.transaction_list import TransactionList
from ...models.transaction_type import TransactionType
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    type_: TransactionType | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = wire.utc_seconds(from_)
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = wire.utc_seconds(to)
    params["to"] = json_to

    params["lastPeriod"] = last_period

    json_type_: str | Unset = UNSET
    if not isinstance(type_, Unset):
        json_type_ = type_.value

    params["type"] = json_type_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/history/transactions",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorBody | TransactionList:
    if response.status_code == 200:
        response_200 = TransactionList.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorBody | TransactionList]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    type_: TransactionType | Unset = UNSET,
) -> Response[ErrorBody | TransactionList]:
    """Get the transactions that moved money.

     Trades, overnight fees, deposits and the like of the active account. Broad ranges return only about
    the hundred newest rows (observed, not documented): walk long spans in slices of at most a week and
    drop repeated `reference` values.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUtc`.
            Example: 2026-03-09T00:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUtc`. Example:
            2026-03-16T00:00:00.
        last_period (int | Unset): Seconds back from now. The server takes 600 when nothing is
            given, and ignores this when there is a range. Example: 86400.
        type_ (TransactionType | Unset): What money was moved for: TRADE for the result of a
            closed deal, SWAP for overnight fees, DEPOSIT, WITHDRAWAL and many more. CONVERT,
            REIMBURSEMENT, DIVIDEND and ACCOUNT_CLOSURE belong to older versions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | TransactionList]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        last_period=last_period,
        type_=type_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    type_: TransactionType | Unset = UNSET,
) -> ErrorBody | TransactionList | None:
    """Get the transactions that moved money.

     Trades, overnight fees, deposits and the like of the active account. Broad ranges return only about
    the hundred newest rows (observed, not documented): walk long spans in slices of at most a week and
    drop repeated `reference` values.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUtc`.
            Example: 2026-03-09T00:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUtc`. Example:
            2026-03-16T00:00:00.
        last_period (int | Unset): Seconds back from now. The server takes 600 when nothing is
            given, and ignores this when there is a range. Example: 86400.
        type_ (TransactionType | Unset): What money was moved for: TRADE for the result of a
            closed deal, SWAP for overnight fees, DEPOSIT, WITHDRAWAL and many more. CONVERT,
            REIMBURSEMENT, DIVIDEND and ACCOUNT_CLOSURE belong to older versions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | TransactionList
    """

    return sync_detailed(
        client=client,
        from_=from_,
        to=to,
        last_period=last_period,
        type_=type_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    type_: TransactionType | Unset = UNSET,
) -> Response[ErrorBody | TransactionList]:
    """Get the transactions that moved money.

     Trades, overnight fees, deposits and the like of the active account. Broad ranges return only about
    the hundred newest rows (observed, not documented): walk long spans in slices of at most a week and
    drop repeated `reference` values.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUtc`.
            Example: 2026-03-09T00:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUtc`. Example:
            2026-03-16T00:00:00.
        last_period (int | Unset): Seconds back from now. The server takes 600 when nothing is
            given, and ignores this when there is a range. Example: 86400.
        type_ (TransactionType | Unset): What money was moved for: TRADE for the result of a
            closed deal, SWAP for overnight fees, DEPOSIT, WITHDRAWAL and many more. CONVERT,
            REIMBURSEMENT, DIVIDEND and ACCOUNT_CLOSURE belong to older versions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorBody | TransactionList]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        last_period=last_period,
        type_=type_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    type_: TransactionType | Unset = UNSET,
) -> ErrorBody | TransactionList | None:
    """Get the transactions that moved money.

     Trades, overnight fees, deposits and the like of the active account. Broad ranges return only about
    the hundred newest rows (observed, not documented): walk long spans in slices of at most a week and
    drop repeated `reference` values.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUtc`.
            Example: 2026-03-09T00:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUtc`. Example:
            2026-03-16T00:00:00.
        last_period (int | Unset): Seconds back from now. The server takes 600 when nothing is
            given, and ignores this when there is a range. Example: 86400.
        type_ (TransactionType | Unset): What money was moved for: TRADE for the result of a
            closed deal, SWAP for overnight fees, DEPOSIT, WITHDRAWAL and many more. CONVERT,
            REIMBURSEMENT, DIVIDEND and ACCOUNT_CLOSURE belong to older versions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorBody | TransactionList
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            to=to,
            last_period=last_period,
            type_=type_,
        )
    ).parsed
