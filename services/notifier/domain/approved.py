"""Approved templates: what may be said to somebody who last wrote more than 24 hours ago.

Meta approves the body beforehand and fills its places at the time of sending. What it would refuse
is refused here: a faulty body when the catalogue is loaded, and values are put into one line and
cut until they fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.notifier.domain.button import Button
from services.notifier.domain.kind import GENERIC
from services.notifier.domain.notification import Content
from services.notifier.domain.template import Template, best_locale, filled_buttons

MAX_BODY = 1024
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_SPACES = re.compile(r"[^\S\n]+")
_FORBIDDEN = re.compile(r"[\n\r\t]| {4,}")
_ENDS_A_CLAUSE = (".", ",", ":", ";", "!", "?", "…")
# Fewer characters than this for each value, and nobody could tell what it is about.
_LEAST_ROOM = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """An approved template with its places filled, in the order of the body; `text` is how the
    phone shows it. `buttons` are its buttons with their payloads, none where those are not known.
    """

    name: str
    language: str
    parameters: Sequence[tuple[str, str]]
    text: str
    buttons: Sequence[Button] = ()

    @property
    def key(self) -> str:
        """What tells it from the same one in another language."""
        return key(self.name, self.language)


def key(name: str, language: str) -> str:
    """What tells one approved template in one language from all others."""
    return f"{name}/{language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedTemplate:
    """One template in one language, as it is submitted to Meta.

    `stands_for` is the plain template whose parameters fill it; where that is empty its one place
    is `text`, for the whole bubble in one line. `example` fills every place for the reviewer.
    `buttons` have the same payloads as those of the template that it stands for.
    """

    name: str
    language: str
    category: str
    body: str
    example: Mapping[str, str]
    stands_for: str = ""
    buttons: Sequence[Button] = ()
    _template: Template = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for what Meta would not approve."""
        template = Template(name=self.name, text=self.body, parameters=frozenset(self.example))
        object.__setattr__(self, "_template", template)
        for problem in _problems(self, template):
            raise ValueError(f"approved template {self.name} ({self.language}) {problem}")

    @property
    def key(self) -> str:
        """What tells it from the same one in another language."""
        return key(self.name, self.language)

    @property
    def places(self) -> Sequence[str]:
        """The names of the places, each once, in the order of the body."""
        return tuple(dict.fromkeys(self._template.places))

    def filled(self, contents: Sequence[Content], text: str) -> Filled | None:
        """The template saying what a bubble says; None where it cannot stand for it.

        `contents` are the bubble's parts and `text` is the whole of it.
        """
        values = self._values(contents, text)
        if values is None or not all(values.values()):
            return None
        fitted = _fitted(values, MAX_BODY - sum(map(len, self._template.texts)))
        return Filled(
            name=self.name,
            language=self.language,
            parameters=tuple((place, fitted[place]) for place in self.places),
            text=self._template.render(fitted),
            buttons=self._filled_buttons(contents),
        )

    def _filled_buttons(self, contents: Sequence[Content]) -> Sequence[Button]:
        """All of its buttons, or none: they are told apart by their position."""
        if not self.buttons or len(contents) != 1:
            return ()
        filled = filled_buttons(self.buttons, contents[0].parameters)
        return filled if len(filled) == len(self.buttons) else ()

    def _values(self, contents: Sequence[Content], text: str) -> Mapping[str, str] | None:
        if not self.stands_for:
            return {"text": one_line(text)}
        if len(contents) != 1 or contents[0].template != self.stands_for:
            return None
        given = contents[0].parameters
        if not given.keys() >= set(self.places):
            return None
        return {place: one_line(given[place]) for place in self.places}


@dataclass(frozen=True, slots=True)
class ApprovedCatalogue:
    """The approved templates of one language, by name. The generic one is among them."""

    templates: Mapping[str, ApprovedTemplate]

    def form(
        self, name: str, contents: Sequence[Content], text: str, *, without: Collection[str] = ()
    ) -> Filled | None:
        """What goes out in place of a bubble: the template of this name, else the generic one.

        None where `name` is empty (this kind says nothing outside the window) and where both are
        among those `without` which it has to be: by key, or by name in every language.
        """
        if not name:
            return None
        for candidate in (name, GENERIC):
            template = self.templates[candidate]
            if candidate in without or template.key in without:
                continue
            filled = template.filled(contents, text)
            if filled is not None:
                return filled
        return None


@dataclass(frozen=True, slots=True)
class ApprovedCatalogues:
    """The approved templates of all languages, by locale; English is among them."""

    by_locale: Mapping[str, ApprovedCatalogue]

    def of(self, locale: str) -> ApprovedCatalogue:
        """Those for a person of this locale: see `template.best_locale`."""
        return self.by_locale[best_locale(locale, self.by_locale)]


@dataclass(frozen=True, slots=True)
class Unusable:
    """Templates (by key) that the provider does not take at present, and until when not to try."""

    until: Mapping[str, datetime] = field(default_factory=dict)

    def names(self, now: datetime) -> frozenset[str]:
        """Those not to be tried at `now`."""
        return frozenset(name for name, until in self.until.items() if until > now)

    def adding(self, name: str, now: datetime, pause: timedelta) -> Unusable:
        """With one more; one that is there stays for the longer of both times."""
        until = max(now + pause, self.until.get(name, now))
        return Unusable({**self.until, name: until})


def one_line(text: str) -> str:
    """`text` without line breaks, tabs and runs of spaces: what stood in lines is a sequence."""
    lines = [_SPACES.sub(" ", line).strip() for line in text.splitlines()]
    joined = ""
    for line in filter(None, lines):
        if joined:
            joined += " " if joined.endswith(_ENDS_A_CLAUSE) else "; "
        joined += line
    return joined


def _fitted(values: Mapping[str, str], room: int) -> Mapping[str, str]:
    """Cut so that all have `room` together; what the short ones leave is for the long ones."""
    fitted = {}
    for index, name in enumerate(sorted(values, key=lambda each: len(values[each]))):
        value, share = values[name], room // (len(values) - index)
        fitted[name] = value if len(value) <= share else value[: share - 1].rstrip() + "…"
        room -= len(fitted[name])
    return fitted


def _problems(template: ApprovedTemplate, parsed: Template) -> Sequence[str]:
    places, texts = parsed.places, parsed.texts
    words = [word for text in texts for word in text.split() if any(map(str.isalnum, word))]
    checks = {
        "has a name that is not of a-z, 0-9 and _": bool(_NAME.fullmatch(template.name)),
        "has a language that is no code such as en or pt_BR": bool(
            _LANGUAGE.fullmatch(template.language)
        ),
        "has no category of Meta's": template.category in CATEGORIES,
        "has a line break, a tab or more than 3 spaces in a row": not _FORBIDDEN.search(
            template.body
        ),
        "names a place twice": len(set(places)) == len(places),
        "has an example that is not one for each place": set(template.example) == set(places)
        and all(template.example.values()),
        "starts or ends with a place": _has_word(texts[0]) and _has_word(texts[-1]),
        "has two places with nothing between them": all(text.strip() for text in texts),
        "has too few words around its places": len(words) >= 2 * len(places) + 1,
        "leaves too little room for its values": sum(map(len, texts)) + _LEAST_ROOM * len(places)
        <= MAX_BODY,
        "stands for no template, and has other places than text": bool(template.stands_for)
        or tuple(places) == ("text",),
    }
    return [problem for problem, is_right in checks.items() if not is_right]


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))
