"""The seam that every facade call passes: request arguments in, the model of a documented success out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpx

from .client import Client
from .errors import ResponseParseError, api_error

__all__ = ["AsyncCall", "Call", "async_call", "finish", "sync_call"]


class Call(Protocol):
    """Sends one request and reads its answer. Retries, rate limits and logging belong in an implementation of it."""

    def __call__(self, kwargs: dict[str, Any], parse: Callable[..., Any], *, ok: tuple[int, ...]) -> Any: ...


class AsyncCall(Protocol):
    """The asynchronous `Call`."""

    def __call__(self, kwargs: dict[str, Any], parse: Callable[..., Any], *, ok: tuple[int, ...]) -> Awaitable[Any]: ...


def sync_call(client: Client) -> Call:
    """The plain `Call`: one request, one answer, httpx's own errors."""

    def call(kwargs: dict[str, Any], parse: Callable[..., Any], *, ok: tuple[int, ...]) -> Any:
        return finish(client, client.get_httpx_client().request(**kwargs), parse, ok)

    return call


def async_call(client: Client) -> AsyncCall:
    """The plain `AsyncCall`: one request, one answer, httpx's own errors."""

    async def call(kwargs: dict[str, Any], parse: Callable[..., Any], *, ok: tuple[int, ...]) -> Any:
        return finish(client, await client.get_async_httpx_client().request(**kwargs), parse, ok)

    return call


def finish(client: Client, response: httpx.Response, parse: Callable[..., Any], ok: tuple[int, ...]) -> Any:
    """The model of a documented success, or a typed error. Never None for an answer that should have a body.

    Raises:
        ApiError: The answer is not one of the documented successes.
        ResponseParseError: It is, but its body does not fit the model.
    """
    method, path = response.request.method, response.request.url.path
    # A login's answer is never kept in an error.
    secret = path.endswith("/session")
    content = b"" if secret else response.content
    if response.status_code not in ok:
        raise api_error(method, path, response.status_code, content, decoded(response))
    try:
        return parse(client=client, response=response)
    except Exception as error:  # whatever a body of another shape does to the parser
        problem = f"{type(error).__name__}: {str(error)[:200]}"
        raise ResponseParseError(
            method, path, response.status_code, content, type(error).__name__ if secret else problem
        ) from (None if secret else error)


def decoded(response: httpx.Response) -> object:
    """The body as JSON, or None when it is HTML, empty, or anything else. The content type is not trusted."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
