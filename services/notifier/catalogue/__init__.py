"""The templates as data: one TOML file each, in one folder a locale.

What Meta approves is in a folder `approved` inside the locale's. Every locale has all of both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from services.notifier.domain.approved import (
    ApprovedCatalogue,
    ApprovedCatalogues,
    ApprovedTemplate,
)
from services.notifier.domain.button import Button, problems
from services.notifier.domain.kind import GENERIC, KINDS
from services.notifier.domain.parameter import ParameterType
from services.notifier.domain.template import FALLBACK_LOCALE, Catalogue, Catalogues, Template

DEFAULT_LOCALE = FALLBACK_LOCALE
_KEYS = frozenset({"version", "text", "spoken", "parameters", "buttons"})
_APPROVED_KEYS = frozenset({"category", "body", "example", "stands_for", "buttons"})


def load(locale: str = DEFAULT_LOCALE) -> Catalogue:
    """All templates of a locale. Raises ValueError for a file that is not a template."""
    templates: dict[str, Template] = {}
    for name, data in _files(locale):
        if not {"version", "text"} <= data.keys() <= _KEYS:
            raise ValueError(f"the template {name} has other keys than it should")
        types, optional = _parameters(name, data.get("parameters", {}))
        templates[name] = Template(
            name=name,
            locale=locale,
            text=data["text"],
            spoken=data.get("spoken", ""),
            parameters=frozenset(types.keys() - optional),
            optional=optional,
            types=types,
            buttons=_buttons(name, data),
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
        buttons = _buttons(name, data)
        templates[name] = ApprovedTemplate(
            name=name,
            # As Meta spells it: pt-BR is pt_BR there.
            language=locale.replace("-", "_"),
            **(data | {"buttons": buttons}),
        )
    needed = {kind.approved_template for kind in KINDS.values() if kind.approved_template}
    if missing := (needed | {GENERIC}) - templates.keys():
        raise ValueError(f"the locale {locale} has no approved template {sorted(missing)}")
    return ApprovedCatalogue(templates)


@cache
def load_all() -> Catalogues:
    """The templates of all locales. Raises ValueError."""
    return Catalogues({locale: load(locale) for locale in locales()})


@cache
def load_all_approved() -> ApprovedCatalogues:
    """The approved templates of all locales. Raises ValueError."""
    return ApprovedCatalogues({locale: load_approved(locale) for locale in approved_locales()})


def locales() -> Sequence[str]:
    """The locales that there are templates in."""
    return _folders("")


def approved_locales() -> Sequence[str]:
    """The locales that have approved templates."""
    return _folders("approved")


def _folders(inner: str) -> Sequence[str]:
    folders = resources.files(__name__).iterdir()
    return sorted(
        each.name
        for each in folders
        if each.is_dir() and not each.name.startswith("_") and each.joinpath(inner).is_dir()
    )


def _files(*folders: str) -> Sequence[tuple[str, dict[str, Any]]]:
    return sorted(
        (file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8")))
        for file in resources.files(__name__).joinpath(*folders).iterdir()
        if file.name.endswith(".toml")
    )


def _parameters(
    name: str, declared: Mapping[str, str]
) -> tuple[dict[str, ParameterType], frozenset[str]]:
    """The type of each, and which may be left out: those whose type ends in a question mark."""
    try:
        types = {key: ParameterType(value.removesuffix("?")) for key, value in declared.items()}
    except ValueError as error:
        raise ValueError(f"the template {name}: {error}") from None
    return types, frozenset(key for key, value in declared.items() if value.endswith("?"))


def _buttons(name: str, data: Mapping[str, Any]) -> Sequence[Button]:
    buttons = tuple(Button(**each) for each in data.get("buttons", ()))
    for problem in problems(buttons):
        raise ValueError(f"the template {name}: buttons {problem}")
    return buttons
