"""The shape that every table of things that fall due has."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

# Keyword arguments of the `sa.Table`: room on each page, so that claims are heap-only updates, and
# vacuum often, because dead entries at the front of the due index slow every claim.
DUE_TABLE_OPTIONS: dict[str, Any] = {
    "postgresql_with": {
        "fillfactor": 70,
        "autovacuum_vacuum_scale_factor": 0.02,
        "autovacuum_vacuum_insert_scale_factor": 0.1,
        "autovacuum_analyze_scale_factor": 0.05,
        "autovacuum_vacuum_cost_delay": 0,
    }
}

_OPEN = sa.text("settled_time IS NULL")


def due_columns(
    *, lane: bool = False, lane_type: type[Any] = sa.LargeBinary
) -> list[sa.Column[Any]]:
    """The columns of a table of things that fall due, in order; `lane` where there are lanes.

    A row is *open* while `settled_time` is null; then it was settled, or buried, if
    `buried_reason` says why. An open row is *leased* until `lease_until` (database clock),
    *ready* once `due_time` has come (application clock).
    """
    instant = sa.DateTime(timezone=True)
    columns: list[sa.Column[Any]] = [
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("due_time", instant, nullable=False),
        # Failed tries of this very row, and how often it was put off without using one.
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("postponements", sa.Integer, nullable=False, server_default="0"),
        # How often in a row its lease ran out: its worker died or was cut off.
        sa.Column("takeovers", sa.SmallInteger, nullable=False, server_default="0"),
        # Moves with every claim and every outcome: an older one has lost the row.
        sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lease_until", instant, nullable=True),
        sa.Column("settled_time", instant, nullable=True),
        sa.Column("postponed_reason", sa.Text, nullable=True),
        sa.Column("buried_reason", sa.Text, nullable=True),
    ]
    if lane:
        columns.append(sa.Column("lane", lane_type, nullable=False))
    return columns


def due_indexes(table_name: str, *, lane: bool = False) -> list[sa.Index]:
    """The partial indexes that keep claims cheap: they hold open rows only."""
    indexes = [
        sa.Index(f"{table_name}_due_idx", "due_time", "id", postgresql_where=_OPEN),
        sa.Index(
            f"{table_name}_buried_idx",
            "settled_time",
            "id",
            postgresql_where=sa.text("buried_reason IS NOT NULL"),
        ),
    ]
    if lane:
        indexes.append(sa.Index(f"{table_name}_lane_idx", "lane", "id", postgresql_where=_OPEN))
    return indexes
