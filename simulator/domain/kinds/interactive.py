"""Reply buttons, lists, and the other things to tap."""

from __future__ import annotations

from typing import Any

from simulator.domain.graph_error import invalid, missing
from simulator.domain.kinds.fields import items, mapping, optional_text, text, unique
from simulator.domain.kinds.rich import check_carousel, check_flow, check_link

_BODY = 1024
_LIST_BODY = 4096
_HEADER = _FOOTER = 60


def check_interactive(content: dict[str, Any]) -> None:
    """Checks the type that the content names; raises `GraphError`."""
    kind = text(content, "type", path="interactive['type']", limit=64)
    check = _TYPES.get(kind)
    if check is None:
        raise invalid("interactive['type']", f"there is no type {kind!r}")
    body = mapping(content, "body", path="interactive['body']")
    limit = _LIST_BODY if kind == "list" else _BODY
    text(body, "text", path="interactive['body']['text']", limit=limit)
    if "footer" in content:
        footer = mapping(content, "footer", path="interactive['footer']")
        text(footer, "text", path="interactive['footer']['text']", limit=_FOOTER)
    _header(content, only_text=kind == "list")
    check(content)


def _header(content: dict[str, Any], *, only_text: bool) -> None:
    if "header" not in content:
        return
    header = mapping(content, "header", path="interactive['header']")
    kind = text(header, "type", path="interactive['header']['type']", limit=16)
    if kind == "text":
        text(header, "text", path="interactive['header']['text']", limit=_HEADER)
    elif only_text or kind not in {"image", "video", "document"}:
        raise invalid("interactive['header']['type']", f"{kind!r} cannot stand here")
    else:
        mapping(header, kind, path=f"interactive['header']['{kind}']")


def _action(content: dict[str, Any]) -> dict[str, Any]:
    return mapping(content, "action", path="interactive['action']")


def _check_buttons(content: dict[str, Any]) -> None:
    path = "interactive['action']['buttons']"
    buttons = items(_action(content), "buttons", path=path, least=1, most=3)
    replies = []
    for number, button in enumerate(buttons):
        if button.get("type") != "reply":
            raise invalid(f"{path}[{number}]['type']", 'it must be "reply"')
        replies.append(mapping(button, "reply", path=f"{path}[{number}]['reply']"))
    for reply in replies:
        text(reply, "title", path=f"{path}['reply']['title']", limit=20)
        text(reply, "id", path=f"{path}['reply']['id']", limit=256)
    unique([reply["title"] for reply in replies], path=f"{path}['reply']['title']")
    unique([reply["id"] for reply in replies], path=f"{path}['reply']['id']")


def _check_list(content: dict[str, Any]) -> None:
    action = _action(content)
    text(action, "button", path="interactive['action']['button']", limit=20)
    path = "interactive['action']['sections']"
    sections = items(action, "sections", path=path, least=1, most=10)
    rows: list[dict[str, Any]] = []
    for section in sections:
        if len(sections) > 1 and not section.get("title"):
            raise missing(f"{path}['title']")
        optional_text(section, "title", path=f"{path}['title']", limit=24)
        rows += items(section, "rows", path=f"{path}['rows']", least=1, most=10)
    if len(rows) > 10:
        raise invalid(f"{path}['rows']", f"all sections together hold {len(rows)} rows, not 10")
    for row in rows:
        text(row, "id", path=f"{path}['rows']['id']", limit=200)
        text(row, "title", path=f"{path}['rows']['title']", limit=24)
        optional_text(row, "description", path=f"{path}['rows']['description']", limit=72)
    unique([row["id"] for row in rows], path=f"{path}['rows']['id']")


def _check_request(content: dict[str, Any]) -> None:
    name = _REQUESTS[content["type"]]
    if _action(content).get("name") != name:
        raise invalid("interactive['action']['name']", f'it must be "{name}"')


def _check_link(content: dict[str, Any]) -> None:
    check_link(_action(content), path="interactive['action']")


# Type -> the name of its action: questions that the phone itself knows how to ask.
_REQUESTS = {
    "location_request_message": "send_location",
    "request_contact_info": "request_contact_info",
    "address_message": "address_message",
}
_TYPES = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link,
    "flow": check_flow,
    "carousel": check_carousel,
    **dict.fromkeys(_REQUESTS, _check_request),
}
