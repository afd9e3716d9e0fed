"""Templates: texts with named places, and a renderer that can do nothing but fill them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chassis.errors import Code, InvalidArgument, ServiceError
from services.notifier.domain.notification import MAX_TEXT, Content

_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,63})\}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
# Control characters other than a newline and a tab: the Graph API refuses some of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class TemplateNotFound(ServiceError):
    """There is no template of this name; see the catalogue."""

    code = Code.NOT_FOUND
    reason = "TEMPLATE_NOT_FOUND"
    legacy_code = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with places such as `{title}`; a brace that is not part of a place is an error.

    `parameters` are what a caller gives, all of them; the text need not use every one.
    """

    name: str
    text: str
    parameters: frozenset[str] = frozenset()
    version: int = 1
    # Texts and the names of places, in turn, starting and ending with a text.
    _pieces: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for a template that could not be rendered."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"template name {self.name!r} is not lower_snake")
        pieces = tuple(_PLACE.split(self.text))
        if any("{" in text or "}" in text for text in pieces[::2]):
            raise ValueError(f"template {self.name} holds a brace that is not part of a place")
        if not self.text.strip():
            raise ValueError(f"template {self.name} is empty")
        if undeclared := set(pieces[1::2]) - self.parameters:
            raise ValueError(f"template {self.name} does not declare {sorted(undeclared)}")
        object.__setattr__(self, "_pieces", pieces)

    @property
    def texts(self) -> Sequence[str]:
        """What stands around the places, one more than there are places; some may be empty."""
        return self._pieces[::2]

    @property
    def places(self) -> Sequence[str]:
        """The names of the places, in the order of the text."""
        return self._pieces[1::2]

    def render(self, values: Mapping[str, str]) -> str:
        """The text with every place filled; values are put in as they are and never looked into.

        Control characters are left out. Raises InvalidArgument unless `values` has exactly the
        template's parameters.
        """
        if values.keys() != self.parameters:
            raise InvalidArgument(
                f"the template {self.name} takes exactly the parameters: "
                f"{', '.join(sorted(self.parameters)) or 'none'}",
                metadata={"template": self.name},
                violations=self._violations(values),
            )
        filled = (
            piece if index % 2 == 0 else _CONTROL.sub("", values[piece])
            for index, piece in enumerate(self._pieces)
        )
        return "".join(filled)

    def _violations(self, values: Mapping[str, str]) -> dict[str, str]:
        # Names of unknown parameters come from outside and are counted, not repeated.
        missing = {
            f"contents.parameters.{name}": "is missing"
            for name in sorted(self.parameters - values.keys())
        }
        unknown = len(values.keys() - self.parameters)
        if unknown:
            missing["contents.parameters"] = f"{unknown} that the template does not have"
        return missing


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All templates of one locale, by name."""

    templates: Mapping[str, Template]

    def get(self, name: str) -> Template:
        """The template of this name. Raises TemplateNotFound."""
        template = self.templates.get(name)
        if template is None:
            shown = name if _NAME.fullmatch(name) else "(not a template name)"
            raise TemplateNotFound(metadata={"template": shown})
        return template

    def render(self, contents: Sequence[Content]) -> str:
        """The bubble: every part rendered, one a line or more.

        Raises TemplateNotFound; InvalidArgument for parameters that do not fit, and for a bubble
        that is empty or longer than 4,096 characters.
        """
        text = "\n".join(self.get(part.template).render(part.parameters) for part in contents)
        if not text.strip():
            raise InvalidArgument(
                "the notification says nothing", violations={"contents": "renders to nothing"}
            )
        if len(text) > MAX_TEXT:
            raise InvalidArgument(
                f"the notification has more than {MAX_TEXT} characters; shorten it",
                metadata={"length": str(len(text)), "limit": str(MAX_TEXT)},
                violations={"contents": f"renders to more than {MAX_TEXT} characters"},
            )
        return text

    def repeat(self, text: str) -> str:
        """`text`, marked as a repeat; cut at the end where both do not fit."""
        template = self.get("repeat")
        room = MAX_TEXT - len(template.render({"text": ""}))
        return template.render({"text": text if len(text) <= room else text[: room - 1] + "…"})
