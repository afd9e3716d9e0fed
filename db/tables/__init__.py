"""Every table, one module an owner, all in one `metadata` (one Postgres schema a service).

`import db.tables` imports each `db/tables/<owner>.py` there is, so that migrations and tests see
the whole. A service imports only its own module; there are no foreign keys across owners.
"""

from __future__ import annotations

import importlib
import pkgutil

import sqlalchemy as sa

SCHEMAS = ("ingress", "ai", "scheduler", "notifier")

NAMING_CONVENTION = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}

metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)

for _module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
    importlib.import_module(_module.name)
