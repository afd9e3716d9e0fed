"""The templates as data: one TOML file each, in one folder a locale."""

from __future__ import annotations

import tomllib
from importlib import resources

from services.notifier.domain.template import Catalogue, Template

DEFAULT_LOCALE = "en"


def load(locale: str = DEFAULT_LOCALE) -> Catalogue:
    """All templates of a locale. Raises ValueError for a file that is not a template."""
    templates: dict[str, Template] = {}
    for file in resources.files(__name__).joinpath(locale).iterdir():
        if not file.name.endswith(".toml"):
            continue
        name = file.name.removesuffix(".toml")
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        if data.keys() != {"version", "parameters", "text"}:
            raise ValueError(f"the template {name} has a version, parameters, a text; all of them")
        templates[name] = Template(
            name=name,
            text=data["text"],
            parameters=frozenset(data["parameters"]),
            version=data["version"],
        )
    return Catalogue(templates)
