"""The page on security knows every table there is: what it holds, and for how long."""

from __future__ import annotations

from db.tables import metadata
from tests.security.page import PAGE


def test_every_table_stands_in_the_list_of_what_is_kept() -> None:
    listed = PAGE.read_text()
    missing = {str(table) for table in metadata.sorted_tables if f"`{table}`" not in listed}
    assert missing == set()
