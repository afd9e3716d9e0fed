"""Message templates: what Meta approves, and what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from simulator.domain.graph_error import GraphError

Status = Literal["APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED"]
STATUSES: tuple[Status, ...] = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED")

_CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_PUNCTUATION = " \t\n.,;:!?'\"()-–—…*_~"  # noqa: RUF001 - dashes as people write them
_LIMITS = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
_MEDIA_HEADERS = ("IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
_BUTTONS = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "REQUEST_CONTACT_INFO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template in one language, as it was submitted."""

    id: str
    name: str
    language: str
    category: str
    status: Status
    components: tuple[dict[str, Any], ...]

    @property
    def named(self) -> bool:
        """Whether its variables have names rather than numbers."""
        names = [name for component in self.components for name in variables(component)]
        return any(not name.isdecimal() for name in names)

    def component(self, kind: str) -> dict[str, Any] | None:
        """The component of this type, if it has one."""
        return next((part for part in self.components if part["type"] == kind), None)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons, in order."""
        component = self.component("BUTTONS")
        return list(component["buttons"]) if component else []

    def view(self) -> dict[str, Any]:
        """The template as the Graph API lists it."""
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "status": self.status,
            "parameter_format": "NAMED" if self.named else "POSITIONAL",
            "components": list(self.components),
        }


def variables(component: dict[str, Any]) -> list[str]:
    """The names of a component's variables, each once, in order."""
    return list(dict.fromkeys(VARIABLE.findall(str(component.get("text", "")))))


def submitted(request: dict[str, Any], template_id: str) -> Template:
    """The template that a request describes; raises `GraphError` where Meta would not take it."""
    name, language = request.get("name"), request.get("language")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise GraphError(100, "name must be 1 to 512 of a-z, 0-9 and _")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise GraphError(100, "language must be a code such as en or en_US")
    if request.get("category") not in _CATEGORIES:
        raise GraphError(100, f"category must be one of {', '.join(_CATEGORIES)}")
    components = request.get("components")
    if not isinstance(components, list) or not all(isinstance(c, dict) for c in components):
        raise GraphError(100, "components must be an array of objects")
    parts = tuple({**part, "type": str(part.get("type", "")).upper()} for part in components)
    kinds = [part["type"] for part in parts]
    if len(set(kinds)) != len(kinds) or "BODY" not in kinds:
        raise GraphError(2388047, "there must be one BODY, and no type may stand twice")
    for part in parts:
        _check_component(part)
    return Template(
        id=template_id,
        name=name,
        language=language,
        category=request["category"],
        status="APPROVED",
        components=parts,
    )


def _check_component(part: dict[str, Any]) -> None:
    kind = part["type"]
    if kind == "BUTTONS":
        _check_buttons(part)
    elif kind not in _LIMITS:
        raise GraphError(2388047, f"there is no component type {kind!r}")
    elif kind == "HEADER" and part.get("format", "TEXT") in _MEDIA_HEADERS:
        return
    else:
        _check_text(part, limit=_LIMITS[kind])


def _check_text(part: dict[str, Any], *, limit: int) -> None:
    kind, text = part["type"], part.get("text")
    if not isinstance(text, str) or not text.strip():
        raise GraphError(2388047, f"{kind} must have a text")
    if len(text) > limit:
        raise GraphError(2388040, f"the text of {kind} is longer than {limit} characters")
    if kind != "BODY" and "\n" in text:
        raise GraphError(2388047, f"{kind} cannot have line breaks")
    names = variables(part)
    if not names:
        return
    if kind == "FOOTER":
        raise GraphError(2388073, "a footer cannot have variables")
    if kind == "HEADER" and len(names) > 1:
        raise GraphError(2388047, "a header can have one variable only")
    _check_names(kind, names)
    if kind == "BODY":
        _check_surroundings(text)
    if not isinstance(part.get("example"), dict):
        raise GraphError(
            100, f"component of type {kind} is missing expected field(s) (example)", subcode=2388043
        )


def _check_names(kind: str, names: list[str]) -> None:
    numbers = [name.isdecimal() for name in names]
    if any(numbers) and not all(numbers):
        raise GraphError(2388047, f"{kind} mixes numbered and named variables")
    if all(numbers) and sorted(map(int, names)) != list(range(1, len(names) + 1)):
        raise GraphError(2388047, f"the variables of {kind} must be numbered 1, 2, 3 …")
    if not all(numbers) and not all(name == name.lower() for name in names):
        raise GraphError(2388047, f"the variables of {kind} must be named in lower case")


def _check_surroundings(text: str) -> None:
    # Punctuation alone does not make a variable stand inside the text.
    if VARIABLE.match(text.lstrip(_PUNCTUATION)) or text.rstrip(_PUNCTUATION).endswith("}}"):
        raise GraphError(2388299, "variables can't be at the start or the end of the template")
    if re.search(r"\}\}\s*\{\{", text):
        raise GraphError(2388072, "there must be text between two variables")
    if re.search(r"\n{3,}", text):
        raise GraphError(2388072, "there are more than two line breaks in a row")
    words = [w for w in VARIABLE.sub(" ", text).split() if any(map(str.isalnum, w))]
    needed = 2 * len(VARIABLE.findall(text)) + 1
    # Meta does not publish the ratio; integrators found 2n + 1 words around n variables.
    if len(words) < needed:
        raise GraphError(2388293, f"{len(words)} words around the variables, expected {needed}")


def _check_buttons(part: dict[str, Any]) -> None:
    buttons = part.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 10:
        raise GraphError(2388047, "there must be 1 to 10 buttons")
    for button in buttons:
        if not isinstance(button, dict) or button.get("type") not in _BUTTONS:
            raise GraphError(2388047, f"the type of a button must be one of {', '.join(_BUTTONS)}")
        if button["type"] == "REQUEST_CONTACT_INFO":
            continue
        text = button.get("text")
        if not isinstance(text, str) or not 1 <= len(text) <= 25:
            raise GraphError(2388040, "the text of a button must have 1 to 25 characters")
