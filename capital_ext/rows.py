"""What a walk gives: rows to iterate over, or to be had as a table. Written once for both kinds of client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import aclosing, closing
from functools import update_wrapper
from os import PathLike
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Never, ParamSpec, TypeVar, cast, overload

from attrs import frozen

from .workflow import Awaiting, Blocking, Walk

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,unused-ignore]  # pyright: ignore[reportMissingTypeStubs]
    import polars
    import pyarrow  # type: ignore[import-untyped,unused-ignore]  # pyright: ignore[reportMissingTypeStubs]

    from .tables import Sink, Table

__all__ = ["AsyncRows", "Rows", "Walking", "walk"]

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")


class poured(Generic[P, R]):
    """Makes a method that returns a sink one that pours all rows into it: at once on `Rows`, awaited on `AsyncRows`."""

    def __init__(self, sink: Callable[Concatenate[Any, P], Sink[Any, R]]) -> None:
        self._sink = sink
        update_wrapper(cast("Callable[..., Never]", self), sink)

    @overload
    def __get__(self, rows: Rows[Any], owner: type | None = None) -> Callable[P, R]: ...
    @overload
    def __get__(self, rows: AsyncRows[Any], owner: type | None = None) -> Callable[P, Coroutine[Any, Any, R]]: ...
    @overload
    def __get__(self, rows: None, owner: type | None = None) -> poured[P, R]: ...
    def __get__(
        self, rows: Rows[Any] | AsyncRows[Any] | None, owner: type | None = None
    ) -> Callable[P, R] | Callable[P, Coroutine[Any, Any, R]] | poured[P, R]:
        if rows is None:
            return self

        def pour(*args: P.args, **kwargs: P.kwargs) -> Any:
            return rows._pour(self._sink(rows, *args, **kwargs))  # pyright: ignore[reportPrivateUsage]

        return update_wrapper(pour, self._sink)


class _Tabular(Generic[T]):
    """The forms of a table."""

    _table: Table[T]

    @poured
    def to_pandas(self) -> Sink[T, pandas.DataFrame]:
        """All rows as a pandas frame. Each call walks anew.

        Times are ``datetime64[us, UTC]``, numbers ``float64``. Needs the extra ``capital-ext[pandas]``.

        Raises:
            InvalidInputError: The extra is not installed. Nothing was sent.
            CapitalError: A call failed.
        """
        from . import tables

        return tables.to_pandas(self._table)

    @poured
    def to_polars(self) -> Sink[T, polars.DataFrame]:
        """All rows as a polars frame. Each call walks anew.

        Times are ``Datetime('us', 'UTC')``, numbers ``Float64``. Needs the extra ``capital-ext[polars]``.

        Raises:
            InvalidInputError: The extra is not installed. Nothing was sent.
            CapitalError: A call failed.
        """
        from . import tables

        return tables.to_polars(self._table)

    @poured
    def to_arrow(self) -> Sink[T, pyarrow.Table]:  # pyright: ignore[reportUnknownParameterType, reportUnknownMemberType]
        """All rows as an Apache Arrow table. Each call walks anew.

        Times are ``timestamp[us, UTC]``, numbers ``double``. Needs the extra ``capital-ext[arrow]``.

        Raises:
            InvalidInputError: The extra is not installed. Nothing was sent.
            CapitalError: A call failed.
        """
        from . import tables

        return tables.to_arrow(self._table)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    @poured
    def to_csv(self, path: str | PathLike[str]) -> Sink[T, int]:
        """Write all rows to a CSV file as they come, and return how many there were.

        Times are ISO 8601 in UTC. The file gets its name when it is complete: a walk that fails leaves no half a file,
        and one that was there before as it was.

        Args:
            path: The file, in a folder that exists.

        Raises:
            InvalidInputError: There can be no such file. Nothing was sent.
            CapitalError: A call failed.
        """
        from . import tables

        return tables.to_csv(self._table, path)

    @poured
    def to_parquet(self, path: str | PathLike[str]) -> Sink[T, int]:
        """Write all rows to a Parquet file as they come, and return how many there were.

        Columns are those of ``to_arrow``; the file appears as with ``to_csv``. Needs the extra ``capital-ext[arrow]``.

        Args:
            path: The file, in a folder that exists.

        Raises:
            InvalidInputError: The extra is not installed, or there can be no such file. Nothing was sent.
            CapitalError: A call failed.
        """
        from . import tables

        return tables.to_parquet(self._table, path)


class Rows(_Tabular[T]):
    """Rows that are fetched while you iterate over them. Each iteration starts anew.

    Calls are made some way ahead, by threads that end with the iteration. Leave a loop early and it ends when the
    iterator is let go; ``contextlib.closing(iter(rows))`` says exactly when.
    """

    def __init__(self, start: Callable[[], Generator[T, None, None]], table: Table[T]) -> None:
        self._start = start
        self._table = table

    def __iter__(self) -> Generator[T, None, None]:
        return self._start()

    def _pour(self, sink: Sink[T, R]) -> R:
        with closing(sink), closing(iter(self)) as rows:
            next(sink)
            for row in rows:
                sink.send(row)
            return _result(sink)


class AsyncRows(_Tabular[T]):
    """Rows that are fetched while you iterate over them with ``async for``. Each iteration starts anew.

    Calls are made some way ahead, by tasks that end with the iteration. Leave a loop early and they end when the event
    loop lets the iterator go; ``contextlib.aclosing(aiter(rows))`` says exactly when.
    """

    def __init__(self, start: Callable[[], AsyncGenerator[T, None]], table: Table[T]) -> None:
        self._start = start
        self._table = table

    def __aiter__(self) -> AsyncGenerator[T, None]:
        return self._start()

    async def _pour(self, sink: Sink[T, R]) -> R:
        with closing(sink):
            next(sink)
            async with aclosing(aiter(self)) as rows:
                async for row in rows:
                    sink.send(row)
            return _result(sink)


def _result(sink: Sink[Any, R]) -> R:
    try:
        sink.send(None)
    except StopIteration as end:
        return cast("R", end.value)
    raise AssertionError("unreachable: a sink returns when it is sent None")


@frozen
class Walking(Generic[T]):
    """A walk that is ready to start, any number of times, and what its rows look like as a table."""

    start: Callable[[], Walk[T]]
    table: Table[T]


class walk(Generic[P, T]):
    """Makes a method that prepares a walk one that returns its rows: `Rows` on a `Blocking`, `AsyncRows` on an
    `Awaiting`. The method itself runs at once, so that bad input is told where it is given.
    """

    def __init__(self, prepare: Callable[Concatenate[Any, P], Walking[T]]) -> None:
        self._prepare = prepare
        update_wrapper(cast("Callable[..., Never]", self), prepare)

    @overload
    def __get__(self, side: Blocking, owner: type | None = None) -> Callable[P, Rows[T]]: ...
    @overload
    def __get__(self, side: Awaiting, owner: type | None = None) -> Callable[P, AsyncRows[T]]: ...
    @overload
    def __get__(self, side: None, owner: type | None = None) -> walk[P, T]: ...
    def __get__(
        self, side: Blocking | Awaiting | None, owner: type | None = None
    ) -> Callable[P, Rows[T]] | Callable[P, AsyncRows[T]] | walk[P, T]:
        if side is None:
            return self

        def rows(*args: P.args, **kwargs: P.kwargs) -> Any:
            walking = self._prepare(side, *args, **kwargs)
            kind: Any = Rows if isinstance(side, Blocking) else AsyncRows
            return kind(lambda: side._walk(walking.start()), walking.table)  # pyright: ignore[reportPrivateUsage]

        return update_wrapper(rows, self._prepare)
