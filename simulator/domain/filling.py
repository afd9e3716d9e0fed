"""Filling a template with a message's parameters, as strictly as Meta does."""

from __future__ import annotations

import re
from typing import Any

from simulator.domain.graph_error import GraphError, missing
from simulator.domain.template import VARIABLE, Template, variables

_FILLED_BODY = 1024
_FORBIDDEN = re.compile(r"[\n\r\t]| {5,}")
_KINDS = ("text", "currency", "date_time")
_MEDIA = ("image", "video", "document", "location")
_SUB_TYPES = {
    "quick_reply": ("QUICK_REPLY", "payload"),
    "url": ("URL", "text"),
    "copy_code": ("COPY_CODE", "coupon_code"),
}


def filled(template: Template, components: Any) -> dict[str, Any]:
    """What the phone shows: header, body, footer, buttons; raises `GraphError`."""
    if components is None:
        components = []
    if not isinstance(components, list) or not all(isinstance(c, dict) for c in components):
        raise GraphError(132012, "template['components'] must be an array of objects")
    by_kind: dict[str, dict[str, Any]] = {}
    buttons = []
    for component in components:
        kind = str(component.get("type", "")).lower()
        if kind == "button":
            buttons.append(component)
        elif kind not in {"header", "body"} or kind in by_kind:
            raise GraphError(132012, f"a component of type {kind!r} cannot stand here")
        else:
            by_kind[kind] = component
    shown: dict[str, Any] = {}
    header = template.component("HEADER")
    if header is not None:
        shown["header"] = _header(template, header, by_kind.get("header", {}))
    elif "header" in by_kind:
        raise GraphError(132000, "the template has no header")
    shown["body"] = _body(template, by_kind.get("body", {}))
    footer = template.component("FOOTER")
    if footer is not None:
        shown["footer"] = footer["text"]
    if template.buttons:
        shown["buttons"] = _buttons(template, buttons)
    elif buttons:
        raise GraphError(132000, "the template has no buttons")
    return shown


def _header(template: Template, header: dict[str, Any], given: dict[str, Any]) -> str:
    kind = str(header.get("format", "TEXT")).lower()
    if kind == "text":
        return _text(template, header, given)
    parameters = _parameters(given)
    if len(parameters) != 1:
        raise GraphError(132000, f"header: {len(parameters)} parameters, expected 1")
    if parameters[0].get("type") != kind or not isinstance(parameters[0].get(kind), dict):
        raise GraphError(132012, f"header: the parameter must be of type {kind}")
    return f"[{kind}]"


def _body(template: Template, given: dict[str, Any]) -> str:
    body = template.component("BODY") or {}
    text = _text(template, body, given)
    if len(text) > _FILLED_BODY:
        raise GraphError(132005, f"the filled body is longer than {_FILLED_BODY} characters")
    return text


def _parameters(given: dict[str, Any]) -> list[dict[str, Any]]:
    parameters = given.get("parameters", [])
    if not isinstance(parameters, list) or not all(isinstance(p, dict) for p in parameters):
        raise GraphError(132012, "parameters must be an array of objects")
    return parameters


def _text(template: Template, component: dict[str, Any], given: dict[str, Any]) -> str:
    names, parameters = variables(component), _parameters(given)
    where = str(component.get("type", "")).lower()
    if len(parameters) != len(names):
        raise GraphError(132000, f"{where}: {len(parameters)} parameters, expected {len(names)}")
    values = [_value(parameter, where) for parameter in parameters]
    if template.named and names:
        given_names = [parameter.get("parameter_name") for parameter in parameters]
        if set(given_names) != set(names):
            raise GraphError(132012, f"{where}: the parameters must be named {', '.join(names)}")
        filling = dict(zip(given_names, values, strict=True))
    else:
        filling = {str(number): value for number, value in enumerate(values, start=1)}
    return VARIABLE.sub(lambda found: str(filling[found[1]]), component["text"])


def _value(parameter: dict[str, Any], where: str) -> str:
    kind = parameter.get("type")
    if kind not in _KINDS:
        raise GraphError(132012, f"{where}: the type of a parameter must be one of {_KINDS}")
    value = parameter.get("text") if kind == "text" else _fallback(parameter.get(kind), where)
    if value is None or value == "":
        raise missing(f"{where}: text of the parameter")
    if not isinstance(value, str):
        raise GraphError(132012, f"{where}: the text of a parameter must be a string")
    if _FORBIDDEN.search(value):
        raise GraphError(
            132018,
            f"{where}: a parameter cannot have line breaks, tabs or more than 4 spaces in a row",
        )
    return value


def _fallback(value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise GraphError(132012, f"{where}: the parameter must be an object with a fallback_value")
    return value.get("fallback_value")


def _buttons(template: Template, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [
        {"type": button["type"], "text": button.get("text", "Share contact info")}
        for button in template.buttons
    ]
    for component in given:
        index = str(component.get("index", ""))
        if not index.isdecimal() or int(index) >= len(shown):
            raise GraphError(132018, f"there is no button with index {index!r}")
        expected = _SUB_TYPES.get(str(component.get("sub_type", "")).lower())
        button = shown[int(index)]
        if expected is None or expected[0] != button["type"]:
            raise GraphError(132018, f"the button with index {index} is of another sub_type")
        parameters = _parameters(component)
        if len(parameters) != 1 or parameters[0].get("type") != expected[1]:
            raise GraphError(132012, f"button {index}: one parameter of type {expected[1]}, please")
        value = parameters[0].get(expected[1])
        if not isinstance(value, str) or not value:
            raise missing(f"button {index}: {expected[1]}")
        button["payload"] = value
    for number, button in enumerate(template.buttons):
        needs_one = button["type"] == "URL" and "{{" in str(button.get("url", ""))
        if needs_one and "payload" not in shown[number]:
            raise GraphError(132000, f"button {number}: its link needs a parameter")
    return shown
