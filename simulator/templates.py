"""The templates of the business account."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from simulator.domain.filling import filled
from simulator.domain.graph_error import GraphError, invalid, missing
from simulator.domain.problem import Problem
from simulator.domain.template import STATUSES, Status, Template, submitted

# What an account that is not verified may keep.
_LIMIT = 250

_HELLO = {
    "name": "hello_world",
    "language": "en_US",
    "category": "UTILITY",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
        {"type": "BODY", "text": "This is what every new account can send."},
    ],
}


class Templates:
    """Approves what is well formed, at once; a test changes that afterwards."""

    def __init__(self) -> None:
        self._templates: dict[tuple[str, str], Template] = {}
        self.clear()

    def __iter__(self) -> Iterator[Template]:
        return iter(self._templates.values())

    def clear(self) -> None:
        """Leaves what a new account has."""
        self._templates.clear()
        self.submit(_HELLO)

    def submit(self, request: dict[str, Any], *, replacing: bool = False) -> Template:
        """Keeps a new template; raises `GraphError` where Meta would refuse it."""
        template = submitted(request, str(secrets.randbelow(9 * 10**14) + 10**14))
        key = (template.name, template.language)
        if key in self._templates and not replacing:
            raise GraphError(
                100, "there is content in this language for this name already", subcode=2388024
            )
        if key not in self._templates and len(self._templates) >= _LIMIT:
            raise GraphError(2388019, f"the account has {_LIMIT} templates already")
        if key in self._templates:
            template = replace(template, id=self._templates[key].id)
        self._templates[key] = template
        return template

    def by_id(self, template_id: str) -> Template | None:
        """The template with this id, if there is one."""
        return next((t for t in self if t.id == template_id), None)

    def remove(self, name: str) -> bool:
        """Deletes a template in all its languages; whether there was one."""
        keys = [key for key in self._templates if key[0] == name]
        for key in keys:
            del self._templates[key]
        return bool(keys)

    def move(self, name: str, language: str | None, status: Status) -> list[Template]:
        """Changes the status of a template, in one language or all; raises `Problem`."""
        if status not in STATUSES:
            raise Problem(f"status must be one of {', '.join(STATUSES)}")
        keys = [key for key in self._templates if key[0] == name and language in {None, key[1]}]
        if not keys:
            raise Problem(f"there is no template {name!r}", status=404)
        for key in keys:
            self._templates[key] = replace(self._templates[key], status=status)
        return [self._templates[key] for key in keys]

    def sent(self, content: dict[str, Any]) -> tuple[Template, dict[str, Any]]:
        """The template that a message names, and what the phone shows; raises `GraphError`."""
        name = content.get("name")
        if not isinstance(name, str) or not name:
            raise missing("template['name']")
        language = content.get("language")
        if not isinstance(language, dict) or not isinstance(language.get("code"), str):
            raise missing("template['language']['code']")
        if language.get("policy", "deterministic") != "deterministic":
            raise invalid("template['language']['policy']", 'it must be "deterministic"')
        template = self._templates.get((name, language["code"]))
        if template is None or template.status in {"PENDING", "REJECTED"}:
            raise GraphError(132001, f"template name ({name}) does not exist in {language['code']}")
        if template.status == "PAUSED":
            raise GraphError(132015, "The template is paused because of its quality.")
        if template.status == "DISABLED":
            raise GraphError(132016, "The template was paused too often and is disabled for good.")
        return template, filled(template, content.get("components"))
