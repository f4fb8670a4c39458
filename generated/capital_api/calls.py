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

    def __call__(
        self, kwargs: dict[str, Any], parse: Callable[..., Any], *, ok: tuple[int, ...]
    ) -> Awaitable[Any]: ...


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
    if response.status_code in ok:
        try:
            return parse(client=client, response=response)
        except Exception as error:  # whatever a body of another shape does to the parser
            problem: Exception = error
        raise _unreadable(response, problem) from (None if _is_session(response) else problem)
    request = response.request
    raise api_error(
        request.method, request.url.path, response.status_code, _content(response), decoded(response)
    )


def _unreadable(response: httpx.Response, problem: Exception) -> ResponseParseError:
    request, name = response.request, type(problem).__name__
    text = name if _is_session(response) else f"{name}: {str(problem)[:200]}"
    return ResponseParseError(
        request.method, request.url.path, response.status_code, _content(response), text
    )


def _content(response: httpx.Response) -> bytes:
    """The body, for an error to keep; never that of a login."""
    return b"" if _is_session(response) else response.content


def _is_session(response: httpx.Response) -> bool:
    return response.request.url.path.endswith("/session")


def decoded(response: httpx.Response) -> object:
    """The body as JSON, or None when it is HTML, empty, or anything else. The content type is not trusted."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
