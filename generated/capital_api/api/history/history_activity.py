import datetime
from typing import Any

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.activity_list import ActivityList
from ...models.error_body import ErrorBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    detailed: bool | Unset = UNSET,
    deal_id: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
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

    params["detailed"] = detailed

    params["dealId"] = deal_id

    params["filter"] = filter_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/history/activity",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ActivityList | ErrorBody:
    if response.status_code == 200:
        response_200 = ActivityList.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ActivityList | ErrorBody]:
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
    detailed: bool | Unset = UNSET,
    deal_id: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> Response[ActivityList | ErrorBody]:
    """Get what happened to deals, newest first.

     At most one day per call: give `from` and `to`, one of them, or `lastPeriod`. Rows have no id of
    their own; the deal id, the UTC date and the type together identify one. A row can appear about a
    minute after the event (observed, not documented). When a working order fills there are two rows:
    the order, executed, and the new position under its own deal id.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUTC`. With
            `from` alone the range is the day that follows it. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUTC`; at most
            one day after `from`. With `to` alone the range is the day before it. Example:
            2026-03-12T20:00:00.
        last_period (int | Unset): Seconds back from now, at most 86400. The server takes 600 when
            nothing is given, and ignores this when there is a range. Example: 3600.
        detailed (bool | Unset): Fill `details` of each row. The server takes false when nothing
            is given. Example: True.
        deal_id (str | Unset): Only rows of this deal. Example:
            00000000-1f2e-4a6b-0485-65e800553a10.
        filter_ (str | Unset): FIQL expression over `epic`, `source`, `status` and `type`. `==` is
            equal, `!=` is not equal, a comma lists alternative values, a semicolon joins conditions
            that must all hold. Example: `type==POSITION;source!=USER;epic==GOLD,SILVER`. Example:
            type==POSITION;epic==GOLD,SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActivityList | ErrorBody]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        last_period=last_period,
        detailed=detailed,
        deal_id=deal_id,
        filter_=filter_,
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
    detailed: bool | Unset = UNSET,
    deal_id: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> ActivityList | ErrorBody | None:
    """Get what happened to deals, newest first.

     At most one day per call: give `from` and `to`, one of them, or `lastPeriod`. Rows have no id of
    their own; the deal id, the UTC date and the type together identify one. A row can appear about a
    minute after the event (observed, not documented). When a working order fills there are two rows:
    the order, executed, and the new position under its own deal id.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUTC`. With
            `from` alone the range is the day that follows it. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUTC`; at most
            one day after `from`. With `to` alone the range is the day before it. Example:
            2026-03-12T20:00:00.
        last_period (int | Unset): Seconds back from now, at most 86400. The server takes 600 when
            nothing is given, and ignores this when there is a range. Example: 3600.
        detailed (bool | Unset): Fill `details` of each row. The server takes false when nothing
            is given. Example: True.
        deal_id (str | Unset): Only rows of this deal. Example:
            00000000-1f2e-4a6b-0485-65e800553a10.
        filter_ (str | Unset): FIQL expression over `epic`, `source`, `status` and `type`. `==` is
            equal, `!=` is not equal, a comma lists alternative values, a semicolon joins conditions
            that must all hold. Example: `type==POSITION;source!=USER;epic==GOLD,SILVER`. Example:
            type==POSITION;epic==GOLD,SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActivityList | ErrorBody
    """

    return sync_detailed(
        client=client,
        from_=from_,
        to=to,
        last_period=last_period,
        detailed=detailed,
        deal_id=deal_id,
        filter_=filter_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    detailed: bool | Unset = UNSET,
    deal_id: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> Response[ActivityList | ErrorBody]:
    """Get what happened to deals, newest first.

     At most one day per call: give `from` and `to`, one of them, or `lastPeriod`. Rows have no id of
    their own; the deal id, the UTC date and the type together identify one. A row can appear about a
    minute after the event (observed, not documented). When a working order fills there are two rows:
    the order, executed, and the new position under its own deal id.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUTC`. With
            `from` alone the range is the day that follows it. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUTC`; at most
            one day after `from`. With `to` alone the range is the day before it. Example:
            2026-03-12T20:00:00.
        last_period (int | Unset): Seconds back from now, at most 86400. The server takes 600 when
            nothing is given, and ignores this when there is a range. Example: 3600.
        detailed (bool | Unset): Fill `details` of each row. The server takes false when nothing
            is given. Example: True.
        deal_id (str | Unset): Only rows of this deal. Example:
            00000000-1f2e-4a6b-0485-65e800553a10.
        filter_ (str | Unset): FIQL expression over `epic`, `source`, `status` and `type`. `==` is
            equal, `!=` is not equal, a comma lists alternative values, a semicolon joins conditions
            that must all hold. Example: `type==POSITION;source!=USER;epic==GOLD,SILVER`. Example:
            type==POSITION;epic==GOLD,SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActivityList | ErrorBody]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        last_period=last_period,
        detailed=detailed,
        deal_id=deal_id,
        filter_=filter_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    last_period: int | Unset = UNSET,
    detailed: bool | Unset = UNSET,
    deal_id: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> ActivityList | ErrorBody | None:
    """Get what happened to deals, newest first.

     At most one day per call: give `from` and `to`, one of them, or `lastPeriod`. Rows have no id of
    their own; the deal id, the UTC date and the type together identify one. A row can appear about a
    minute after the event (observed, not documented). When a working order fills there are two rows:
    the order, executed, and the new position under its own deal id.

    Args:
        from_ (datetime.datetime | Unset): UTC. Start of the range, compared with `dateUTC`. With
            `from` alone the range is the day that follows it. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. End of the range, compared with `dateUTC`; at most
            one day after `from`. With `to` alone the range is the day before it. Example:
            2026-03-12T20:00:00.
        last_period (int | Unset): Seconds back from now, at most 86400. The server takes 600 when
            nothing is given, and ignores this when there is a range. Example: 3600.
        detailed (bool | Unset): Fill `details` of each row. The server takes false when nothing
            is given. Example: True.
        deal_id (str | Unset): Only rows of this deal. Example:
            00000000-1f2e-4a6b-0485-65e800553a10.
        filter_ (str | Unset): FIQL expression over `epic`, `source`, `status` and `type`. `==` is
            equal, `!=` is not equal, a comma lists alternative values, a semicolon joins conditions
            that must all hold. Example: `type==POSITION;source!=USER;epic==GOLD,SILVER`. Example:
            type==POSITION;epic==GOLD,SILVER.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActivityList | ErrorBody
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            to=to,
            last_period=last_period,
            detailed=detailed,
            deal_id=deal_id,
            filter_=filter_,
        )
    ).parsed
