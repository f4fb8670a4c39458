import datetime
from typing import Any
from urllib.parse import quote

import httpx

from ... import wire
from ...client import AuthenticatedClient, Client
from ...models.candle_list import CandleList
from ...models.error_body import ErrorBody
from ...models.resolution import Resolution
from ...types import UNSET, Response, Unset


def _get_kwargs(
    epic: str,
    *,
    resolution: Resolution | Unset = UNSET,
    max_: int | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_resolution: str | Unset = UNSET
    if not isinstance(resolution, Unset):
        json_resolution = resolution.value

    params["resolution"] = json_resolution

    params["max"] = max_

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = wire.utc_seconds(from_)
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = wire.utc_seconds(to)
    params["to"] = json_to

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/prices/{epic}".format(
            epic=quote(str(epic), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CandleList | ErrorBody:
    if response.status_code == 200:
        response_200 = CandleList.from_dict(response.json())

        return response_200

    response_default = ErrorBody.from_dict(wire.error_body(response))

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[CandleList | ErrorBody]:
    return Response(
        status_code=wire.status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
    resolution: Resolution | Unset = UNSET,
    max_: int | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
) -> Response[CandleList | ErrorBody]:
    """Get historical candles, oldest first.

     Without dates: the newest `max` candles, of which the last is still forming. With `from`: forward
    from there. With `from` and `to`: both edges count, and the span may be at most `max` - 1 candles of
    calendar time, closed hours included, so raise `max` together with the range. Hours without trading
    leave gaps. Candles of a day or a week begin with the market's own session, not at midnight UTC.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.
        resolution (Resolution | Unset): Length of a candle. Four-hour candles begin at 0, 4, 8,
            12, 16 and 20 o'clock UTC.
        max_ (int | Unset): How many candles to return at most, 1 to 1000. The server takes 10
            when nothing is given. Example: 200.
        from_ (datetime.datetime | Unset): UTC. First candle, compared with `snapshotTimeUTC` and
            included. Whole seconds. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. Last candle, compared with `snapshotTimeUTC` and
            included. Whole seconds, not in the future. Example: 2026-03-12T20:00:00.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CandleList | ErrorBody]
    """

    kwargs = _get_kwargs(
        epic=epic,
        resolution=resolution,
        max_=max_,
        from_=from_,
        to=to,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
    resolution: Resolution | Unset = UNSET,
    max_: int | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
) -> CandleList | ErrorBody | None:
    """Get historical candles, oldest first.

     Without dates: the newest `max` candles, of which the last is still forming. With `from`: forward
    from there. With `from` and `to`: both edges count, and the span may be at most `max` - 1 candles of
    calendar time, closed hours included, so raise `max` together with the range. Hours without trading
    leave gaps. Candles of a day or a week begin with the market's own session, not at midnight UTC.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.
        resolution (Resolution | Unset): Length of a candle. Four-hour candles begin at 0, 4, 8,
            12, 16 and 20 o'clock UTC.
        max_ (int | Unset): How many candles to return at most, 1 to 1000. The server takes 10
            when nothing is given. Example: 200.
        from_ (datetime.datetime | Unset): UTC. First candle, compared with `snapshotTimeUTC` and
            included. Whole seconds. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. Last candle, compared with `snapshotTimeUTC` and
            included. Whole seconds, not in the future. Example: 2026-03-12T20:00:00.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CandleList | ErrorBody
    """

    return sync_detailed(
        epic=epic,
        client=client,
        resolution=resolution,
        max_=max_,
        from_=from_,
        to=to,
    ).parsed


async def asyncio_detailed(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
    resolution: Resolution | Unset = UNSET,
    max_: int | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
) -> Response[CandleList | ErrorBody]:
    """Get historical candles, oldest first.

     Without dates: the newest `max` candles, of which the last is still forming. With `from`: forward
    from there. With `from` and `to`: both edges count, and the span may be at most `max` - 1 candles of
    calendar time, closed hours included, so raise `max` together with the range. Hours without trading
    leave gaps. Candles of a day or a week begin with the market's own session, not at midnight UTC.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.
        resolution (Resolution | Unset): Length of a candle. Four-hour candles begin at 0, 4, 8,
            12, 16 and 20 o'clock UTC.
        max_ (int | Unset): How many candles to return at most, 1 to 1000. The server takes 10
            when nothing is given. Example: 200.
        from_ (datetime.datetime | Unset): UTC. First candle, compared with `snapshotTimeUTC` and
            included. Whole seconds. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. Last candle, compared with `snapshotTimeUTC` and
            included. Whole seconds, not in the future. Example: 2026-03-12T20:00:00.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CandleList | ErrorBody]
    """

    kwargs = _get_kwargs(
        epic=epic,
        resolution=resolution,
        max_=max_,
        from_=from_,
        to=to,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    epic: str,
    *,
    client: AuthenticatedClient | Client,
    resolution: Resolution | Unset = UNSET,
    max_: int | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
) -> CandleList | ErrorBody | None:
    """Get historical candles, oldest first.

     Without dates: the newest `max` candles, of which the last is still forming. With `from`: forward
    from there. With `from` and `to`: both edges count, and the span may be at most `max` - 1 candles of
    calendar time, closed hours included, so raise `max` together with the range. Hours without trading
    leave gaps. Candles of a day or a week begin with the market's own session, not at midnight UTC.

    Args:
        epic (str): Epic of the market, upper case. Example: SILVER.
        resolution (Resolution | Unset): Length of a candle. Four-hour candles begin at 0, 4, 8,
            12, 16 and 20 o'clock UTC.
        max_ (int | Unset): How many candles to return at most, 1 to 1000. The server takes 10
            when nothing is given. Example: 200.
        from_ (datetime.datetime | Unset): UTC. First candle, compared with `snapshotTimeUTC` and
            included. Whole seconds. Example: 2026-03-12T08:00:00.
        to (datetime.datetime | Unset): UTC. Last candle, compared with `snapshotTimeUTC` and
            included. Whole seconds, not in the future. Example: 2026-03-12T20:00:00.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CandleList | ErrorBody
    """

    return (
        await asyncio_detailed(
            epic=epic,
            client=client,
            resolution=resolution,
            max_=max_,
            from_=from_,
            to=to,
        )
    ).parsed
