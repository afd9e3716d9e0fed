"""Tables of due things made for these tests, with and without lanes."""

from __future__ import annotations

import sqlalchemy as sa

from db.due import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.sealed import Sealed

metadata = sa.MetaData()

jobs = sa.Table(
    "jobs",
    metadata,
    *due_columns(),
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    sa.Column("answer", sa.Text, unique=True),
    sa.Column("secret", Sealed),
    *due_indexes("jobs"),
    **DUE_TABLE_OPTIONS,
)

lane_jobs = sa.Table(
    "lane_jobs",
    metadata,
    *due_columns(lane=True),
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    *due_indexes("lane_jobs", lane=True),
    **DUE_TABLE_OPTIONS,
)
