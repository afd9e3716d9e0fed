"""Column values on their way past SQLAlchemy: its types' own conversions, applied by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

_Convert = Callable[[Any], Any]


class Values:
    """Converts between what a table's columns mean and what the driver carries."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect, *, returned: Sequence[str]) -> None:
        self._table = table
        self._dialect = dialect
        self._names = tuple(returned)
        results = [self._of_result(name) for name in returned]
        self._results = [(i, convert) for i, convert in enumerate(results) if convert]
        self._of_bind = cache(self._find_bind)

    def row_of(self, values: Sequence[Any]) -> Mapping[str, Any]:
        """The returned columns of one record, by name."""
        row = dict(zip(self._names, values, strict=True))
        for index, convert in self._results:
            row[self._names[index]] = convert(values[index])
        return row

    def array(self, column: str, values: Sequence[Any]) -> list[Any]:
        """The values of one column for several rows, ready for the driver.

        Raises KeyError for a column that is not there, and what its type raises (TypeError for
        anything but ciphertext in a `Sealed` column).
        """
        convert = self._of_bind(column)
        return [convert(value) for value in values] if convert else list(values)

    def _of_result(self, column: str) -> _Convert | None:
        kind = self._table.c[column].type.dialect_impl(self._dialect)
        return kind.result_processor(self._dialect, None)

    def _find_bind(self, column: str) -> _Convert | None:
        kind = self._table.c[column].type.dialect_impl(self._dialect)
        return kind.bind_processor(self._dialect)
