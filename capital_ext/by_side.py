"""Methods whose result is an object of its own on each side, such as one for ``with`` and one for ``async with``."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from .workflow import Awaiting, Blocking

__all__ = ["by_side"]

P = ParamSpec("P")
B = TypeVar("B")
A = TypeVar("A")


class by_side(Generic[P, B, A]):
    """A method that is the first function on a `Blocking` and the second on an `Awaiting`; both take the same.

    What `workflow` does for methods that send and return. The docstring is that of the first.
    """

    def __init__(self, blocking: Callable[Concatenate[Any, P], B], awaiting: Callable[Concatenate[Any, P], A]) -> None:
        self._blocking = blocking
        self._awaiting = awaiting
        self.__doc__ = blocking.__doc__

    @overload
    def __get__(self, side: Blocking, owner: type | None = None) -> Callable[P, B]: ...
    @overload
    def __get__(self, side: Awaiting, owner: type | None = None) -> Callable[P, A]: ...
    @overload
    def __get__(self, side: None, owner: type | None = None) -> by_side[P, B, A]: ...
    def __get__(
        self, side: Blocking | Awaiting | None, owner: type | None = None
    ) -> Callable[P, B] | Callable[P, A] | by_side[P, B, A]:
        if side is None:
            return self
        function: Callable[..., Any] = self._blocking if isinstance(side, Blocking) else self._awaiting

        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return function(side, *args, **kwargs)

        return update_wrapper(method, self._blocking)
