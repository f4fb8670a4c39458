"""Rows as a table: what its columns are, and the forms in which it can be had."""

from __future__ import annotations

import csv
import os
from array import array
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from enum import Enum
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from .errors import InvalidInputError
from .extras import extra

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,unused-ignore]  # pyright: ignore[reportMissingTypeStubs]
    import polars
    import pyarrow  # type: ignore[import-untyped,unused-ignore]  # pyright: ignore[reportMissingTypeStubs]

__all__ = ["Column", "Holds", "Sink", "Table", "to_arrow", "to_csv", "to_pandas", "to_parquet", "to_polars"]

T = TypeVar("T")
R = TypeVar("R")

Sink: TypeAlias = Generator[None, T | None, R]
"""Is sent one row after the other, then None, and returns what became of them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_ROWS_OF_A_GROUP = 100_000
"""Rows that a Parquet file holds together, and that are in memory while it is written."""


class Holds(Enum):
    """What a column is made of."""

    TIME = "time"
    """Aware datetimes, UTC."""
    NUMBER = "number"
    """Floats, perhaps None."""
    TEXT = "text"
    """Strings, perhaps None."""
    FLAG = "flag"
    """Booleans, perhaps None."""


@frozen
class Column(Generic[T]):
    """A column: its name, what it holds, and how it is read off a row."""

    name: str
    holds: Holds
    read: Callable[[T], Any]


@frozen
class Table(Generic[T]):
    """The columns that rows of one kind have."""

    columns: tuple[Column[T], ...]


class _Columns(Generic[T]):
    """The values read so far, column by column and close together: a year of minutes has some millions of them."""

    def __init__(self, table: Table[T]) -> None:
        self.table = table
        self.count = 0
        self.values: list[Any] = [_container(column.holds) for column in table.columns]
        self._add = [
            (column.read, values.append, column.holds)
            for column, values in zip(table.columns, self.values, strict=True)
        ]

    def add(self, row: T) -> None:
        for read, append, holds in self._add:
            value = read(row)
            if holds is Holds.TIME:
                value = (value - _EPOCH) // _MICROSECOND
            elif holds is Holds.NUMBER:
                value = float("nan") if value is None else float(value)
            append(value)
        self.count += 1


def _container(holds: Holds) -> Any:
    return array("q") if holds is Holds.TIME else array("d") if holds is Holds.NUMBER else []


def to_pandas(table: Table[T]) -> Sink[T, pandas.DataFrame]:
    """A frame of pandas: times as ``datetime64[us, UTC]``, numbers as ``float64`` with NaN where there is none."""
    with extra("pandas", "pandas"):
        pd: Any = import_module("pandas")
    columns = yield from _filled(_Columns(table))
    frame: dict[str, Any] = {}
    for column, values in zip(table.columns, columns.values, strict=True):
        if column.holds is Holds.TIME:
            series = pd.Series(values, dtype="datetime64[us]").dt.tz_localize("UTC")
        else:
            series = pd.Series(values, dtype=_PANDAS[column.holds])
        frame[column.name] = series
    whole: pandas.DataFrame = pd.DataFrame(frame)
    return whole


_PANDAS = {Holds.NUMBER: "float64", Holds.TEXT: "str", Holds.FLAG: "boolean"}


def to_polars(table: Table[T]) -> Sink[T, polars.DataFrame]:
    """A frame of polars: times as ``Datetime('us', 'UTC')``, numbers as ``Float64`` with null where there is none."""
    with extra("polars", "polars"):
        pl: Any = import_module("polars")
    columns = yield from _filled(_Columns(table))
    series: list[Any] = []
    for column, values in zip(table.columns, columns.values, strict=True):
        if column.holds is Holds.TIME:
            one = pl.Series(column.name, values, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
        elif column.holds is Holds.NUMBER:
            one = pl.Series(column.name, values, dtype=pl.Float64).fill_nan(None)
        else:
            kind = pl.String if column.holds is Holds.TEXT else pl.Boolean
            one = pl.Series(column.name, values, dtype=kind)
        series.append(one)
    whole: polars.DataFrame = pl.DataFrame(series)
    return whole


def to_arrow(table: Table[T]) -> Sink[T, pyarrow.Table]:  # pyright: ignore[reportUnknownParameterType, reportUnknownMemberType]
    """A table of Apache Arrow: times as ``timestamp[us, UTC]``, nulls where there is nothing."""
    with extra("pyarrow", "arrow"):
        pa: Any = import_module("pyarrow")
    columns = yield from _filled(_Columns(table))
    return pa.Table.from_batches([_batch(columns, pa)])


def to_parquet(table: Table[T], path: str | PathLike[str]) -> Sink[T, int]:
    """A Parquet file, written while the rows come; returns how many there were."""
    with extra("pyarrow", "arrow"):
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    total = 0
    with _new_file(path, binary=True) as file:
        columns = _Columns(table)
        with parquet.ParquetWriter(file, _batch(columns, pa).schema) as writer:
            while (row := (yield)) is not None:
                columns.add(row)
                total += 1
                if columns.count == _ROWS_OF_A_GROUP:
                    writer.write_batch(_batch(columns, pa))
                    columns = _Columns(table)
            writer.write_batch(_batch(columns, pa))
    return total


def to_csv(table: Table[T], path: str | PathLike[str]) -> Sink[T, int]:
    """A CSV file, written while the rows come; returns how many there were."""
    total = 0
    reads = [column.read for column in table.columns]
    with _new_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        while (row := (yield)) is not None:
            writer.writerow([_plain(read(row)) for read in reads])
            total += 1
    return total


def _plain(value: object) -> object:
    """A value as it stands in a CSV file; None is nothing at all."""
    return value.isoformat() if isinstance(value, datetime) else value


def _filled(columns: _Columns[T]) -> Sink[T, _Columns[T]]:
    while (row := (yield)) is not None:
        columns.add(row)
    return columns


def _batch(columns: _Columns[Any], pa: Any) -> Any:
    kinds = {
        Holds.TIME: pa.timestamp("us", "UTC"),
        Holds.NUMBER: pa.float64(),
        Holds.TEXT: pa.string(),
        Holds.FLAG: pa.bool_(),
    }
    arrays = [
        pa.array(values, kinds[column.holds], from_pandas=True)  # which makes a NaN a null
        for column, values in zip(columns.table.columns, columns.values, strict=True)
    ]
    return pa.record_batch(arrays, names=[column.name for column in columns.table.columns])


@contextmanager
def _new_file(path: str | PathLike[str], *, binary: bool = False) -> Generator[IO[Any]]:
    """A file that has its name when it is whole, and until then, or if it never is, leaves what was there alone."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    if target.is_dir():
        raise InvalidInputError(f"{target} is a folder, not a file")
    try:
        file: IO[Any] = part.open("xb") if binary else part.open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidInputError(f"{target} cannot be written: {error.strerror}") from error
    try:
        with file:
            yield file
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
