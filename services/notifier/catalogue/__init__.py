"""The templates as data: one TOML file each, in one folder a locale.

What Meta approves is in a folder `approved` inside the locale's. A locale may have either or both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from services.notifier.domain.approved import ApprovedCatalogue, ApprovedTemplate
from services.notifier.domain.kind import GENERIC, KINDS
from services.notifier.domain.template import Catalogue, Template

DEFAULT_LOCALE = "en"
_APPROVED_KEYS = frozenset({"category", "body", "example", "stands_for"})


def load(locale: str = DEFAULT_LOCALE) -> Catalogue:
    """All templates of a locale. Raises ValueError for a file that is not a template."""
    templates: dict[str, Template] = {}
    for name, data in _files(locale):
        if data.keys() != {"version", "parameters", "text"}:
            raise ValueError(f"the template {name} has a version, parameters, a text; all of them")
        templates[name] = Template(
            name=name,
            text=data["text"],
            parameters=frozenset(data["parameters"]),
            version=data["version"],
        )
    return Catalogue(templates)


def load_approved(locale: str = DEFAULT_LOCALE) -> ApprovedCatalogue:
    """What may be said outside the 24-hour window, in a locale.

    Raises ValueError for a file that is not such a template, and where one is missing that a kind
    needs.
    """
    templates: dict[str, ApprovedTemplate] = {}
    for name, data in _files(locale, "approved"):
        if not {"category", "body", "example"} <= data.keys() <= _APPROVED_KEYS:
            raise ValueError(f"the approved template {name} has other keys than it should")
        templates[name] = ApprovedTemplate(
            name=name,
            # As Meta spells it: pt-BR is pt_BR there.
            language=locale.replace("-", "_"),
            **data,
        )
    needed = {kind.approved_template for kind in KINDS.values() if kind.approved_template}
    if missing := (needed | {GENERIC}) - templates.keys():
        raise ValueError(f"the locale {locale} has no approved template {sorted(missing)}")
    return ApprovedCatalogue(templates)


def approved_locales() -> Sequence[str]:
    """The locales that have approved templates."""
    folders = resources.files(__name__).iterdir()
    return sorted(each.name for each in folders if each.joinpath("approved").is_dir())


def _files(*folders: str) -> Sequence[tuple[str, dict[str, Any]]]:
    return [
        (file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8")))
        for file in resources.files(__name__).joinpath(*folders).iterdir()
        if file.name.endswith(".toml")
    ]
