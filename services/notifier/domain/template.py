"""Templates: texts with named places, and a renderer that can do nothing but fill them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from chassis.errors import Code, InvalidArgument, ServiceError
from services.notifier.domain import parameter
from services.notifier.domain.button import MAX_TITLE, MOST_ROWS, Button, problems
from services.notifier.domain.notification import MAX_TEXT, Content
from services.notifier.domain.parameter import ParameterType

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

    `parameters` are what a caller gives, all of them but the `optional` ones; the text need not use
    every one, and uses no optional one. `spoken` is the text for who listens: the same where it is
    empty. `buttons` have places in their payloads; one whose place is not filled is left out.
    """

    name: str
    text: str
    parameters: frozenset[str] = frozenset()
    version: int = 1
    locale: str = "en"
    spoken: str = ""
    optional: frozenset[str] = frozenset()
    types: Mapping[str, ParameterType] = field(default_factory=dict)
    buttons: Sequence[Button] = ()
    # Texts and the names of places, in turn, starting and ending with a text.
    _pieces: tuple[str, ...] = field(init=False, repr=False)
    _spoken_pieces: tuple[str, ...] = field(init=False, repr=False)
    # Those of whose type not every text is.
    _checked: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for a template that could not be rendered."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"template name {self.name!r} is not lower_snake")
        if not self.text.strip():
            raise ValueError(f"template {self.name} is empty")
        known = self.parameters | self.optional
        if unknown := self.types.keys() - known:
            raise ValueError(f"template {self.name} has types for {sorted(unknown)} only")
        checked = (name for name, kind in self.types.items() if kind is not ParameterType.TEXT)
        object.__setattr__(self, "_checked", frozenset(checked))
        object.__setattr__(self, "_pieces", self._parsed(self.text, self.parameters))
        spoken = self.spoken or self.text
        object.__setattr__(self, "_spoken_pieces", self._parsed(spoken, self.parameters))
        for button in self.buttons:
            self._parsed(button.payload, known)

    def _parsed(self, text: str, known: frozenset[str]) -> tuple[str, ...]:
        pieces = tuple(_PLACE.split(text))
        if any("{" in piece or "}" in piece for piece in pieces[::2]):
            raise ValueError(f"template {self.name} holds a brace that is not part of a place")
        if undeclared := set(pieces[1::2]) - known:
            raise ValueError(f"template {self.name} does not declare {sorted(undeclared)}")
        return pieces

    @property
    def texts(self) -> Sequence[str]:
        """What stands around the places, one more than there are places; some may be empty."""
        return self._pieces[::2]

    @property
    def places(self) -> Sequence[str]:
        """The names of the places, in the order of the text."""
        return self._pieces[1::2]

    def render(self, values: Mapping[str, str], *, is_spoken: bool = False) -> str:
        """The text with every place filled; values are put in as they are and never looked into.

        Control characters are left out. Raises InvalidArgument unless `values` has exactly the
        template's parameters, each of its type.
        """
        if violations := self._violations(values):
            raise InvalidArgument(
                f"the template {self.name} takes exactly the parameters: "
                f"{', '.join(sorted(self.parameters)) or 'none'}",
                metadata={"template": self.name},
                violations=violations,
            )
        return _filled(self._spoken_pieces if is_spoken else self._pieces, values)

    def filled_buttons(self, values: Mapping[str, str]) -> Sequence[Button]:
        """Its buttons, for values that `render` takes."""
        return filled_buttons(self.buttons, values) if self.buttons else ()

    def _violations(self, values: Mapping[str, str]) -> dict[str, str]:
        # Names of unknown parameters come from outside and are counted, not repeated.
        given = values.keys()
        if given == self.parameters and not self._checked:
            return {}
        wrong = {
            f"contents.parameters.{name}": "is missing" for name in sorted(self.parameters - given)
        }
        unknown = len(given - self.parameters - self.optional)
        if unknown:
            wrong["contents.parameters"] = f"{unknown} that the template does not have"
        for name in self._checked & given:
            if problem := parameter.problem(self.types[name], values[name]):
                wrong[f"contents.parameters.{name}"] = problem
        return wrong


def filled_buttons(buttons: Sequence[Button], values: Mapping[str, str]) -> Sequence[Button]:
    """The buttons whose places are all among the values, filled."""
    return [
        Button(title=button.title, payload=_filled(pieces, values))
        for button in buttons
        if set((pieces := _PLACE.split(button.payload))[1::2]) <= values.keys()
    ]


def _filled(pieces: Sequence[str], values: Mapping[str, str]) -> str:
    return "".join(
        piece if index % 2 == 0 else _CONTROL.sub("", values[piece])
        for index, piece in enumerate(pieces)
    )


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

    def render(self, contents: Sequence[Content], *, is_spoken: bool = False) -> str:
        """The bubble: every part rendered, one a line or more.

        Raises TemplateNotFound; InvalidArgument for parameters that do not fit, and for a bubble
        that is empty or longer than 4,096 characters.
        """
        text = "\n".join(
            self.get(part.template).render(part.parameters, is_spoken=is_spoken)
            for part in contents
        )
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

    def buttons(self, contents: Sequence[Content]) -> Sequence[Button]:
        """What can be tapped beneath a bubble that renders.

        The buttons of the part that has some. Where several have, each keeps its first, which says
        whose it is; ten at the most.
        """
        by_part = [
            (buttons, part)
            for part in contents
            if (buttons := self.get(part.template).filled_buttons(part.parameters))
        ]
        if len(by_part) <= 1:
            return by_part[0][0] if by_part else ()
        rows: dict[str, Button] = {}
        for buttons, part in by_part:
            title = _cut(f"{buttons[0].title}: {part.parameters.get('title', '')}", MAX_TITLE)
            rows.setdefault(title, Button(title=title, payload=buttons[0].payload))
        return [row for row in list(rows.values())[:MOST_ROWS] if not problems([row])]

    def repeat(self, text: str) -> str:
        """`text`, marked as a repeat; cut at the end where both do not fit."""
        template = self.get("repeat")
        room = MAX_TEXT - len(template.render({"text": ""}))
        return template.render({"text": text if len(text) <= room else text[: room - 1] + "…"})


@lru_cache(maxsize=1024)
def _best_locale(locale: str, known: tuple[str, ...]) -> str:
    return best_locale(locale, known)


def _cut(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The catalogues of all languages, by locale; English is among them."""

    by_locale: Mapping[str, Catalogue]

    def locale_for(self, locale: str) -> str:
        """The one to use for a person of this locale: see `best_locale`."""
        return locale if locale in self.by_locale else _best_locale(locale, tuple(self.by_locale))

    def of(self, locale: str) -> Catalogue:
        """The catalogue for a person of this locale."""
        return self.by_locale[self.locale_for(locale)]


FALLBACK_LOCALE = "en"


def best_locale(locale: str, known: Iterable[str]) -> str:
    """The known locale that comes closest: the same, one of the same language, else English."""
    wanted = locale.replace("_", "-").casefold()
    names = {name.casefold(): name for name in known}
    if wanted in names:
        return names[wanted]
    language = wanted.partition("-")[0]
    same = sorted(name for folded, name in names.items() if folded.partition("-")[0] == language)
    return same[0] if language and same else FALLBACK_LOCALE
