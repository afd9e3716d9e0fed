"""Flows and carousels: messages that open a form, and messages that are a row of cards."""

from __future__ import annotations

from typing import Any

from simulator.domain.graph_error import invalid, missing
from simulator.domain.kinds.fields import items, mapping, optional_text, text, unique

_CARD_BODY = 160
_CARD_LINE_BREAKS = 2
_FLOW_ACTIONS = ("navigate", "data_exchange")


def check_flow(content: dict[str, Any]) -> None:
    """A flow by id or name, the words on its button, and the screen that it opens with."""
    action = mapping(content, "action", path="interactive['action']")
    if action.get("name") != "flow":
        raise invalid("interactive['action']['name']", 'it must be "flow"')
    path = "interactive['action']['parameters']"
    parameters = mapping(action, "parameters", path=path)
    if parameters.get("flow_message_version") != "3":
        raise invalid(f"{path}['flow_message_version']", 'it must be "3"')
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise invalid(path, "exactly one of flow_id and flow_name must be there")
    text(parameters, "flow_id" if "flow_id" in parameters else "flow_name", path=path, limit=200)
    text(parameters, "flow_cta", path=f"{path}['flow_cta']", limit=30)
    optional_text(parameters, "flow_token", path=f"{path}['flow_token']", limit=512)
    opens = parameters.get("flow_action", "navigate")
    if opens not in _FLOW_ACTIONS:
        raise invalid(f"{path}['flow_action']", f"it must be one of {', '.join(_FLOW_ACTIONS)}")
    if "flow_action_payload" in parameters:
        inner = mapping(parameters, "flow_action_payload", path=f"{path}['flow_action_payload']")
        text(inner, "screen", path=f"{path}['flow_action_payload']['screen']", limit=200)


def check_carousel(content: dict[str, Any]) -> None:
    """2 to 10 cards, numbered from 0, all with the same kind of header and of buttons."""
    action = mapping(content, "action", path="interactive['action']")
    path = "interactive['action']['cards']"
    cards = items(action, "cards", path=path, least=2, most=10)
    if [card.get("card_index") for card in cards] != list(range(len(cards))):
        raise invalid(f"{path}['card_index']", "the cards must be numbered 0, 1, 2 …")
    shapes = {_card_shape(card, path=f"{path}[{number}]") for number, card in enumerate(cards)}
    if len(shapes) > 1:
        raise invalid(path, "all cards must have the same kind of header and of buttons")


def _card_shape(card: dict[str, Any], *, path: str) -> tuple[str, str, int]:
    """Checks one card; the kind of its header, the kind of its buttons and how many."""
    header = mapping(card, "header", path=f"{path}['header']")
    kind = text(header, "type", path=f"{path}['header']['type']", limit=16)
    if kind not in {"image", "video"}:
        raise invalid(f"{path}['header']['type']", 'it must be "image" or "video"')
    file = mapping(header, kind, path=f"{path}['header']['{kind}']")
    if not file.get("link") and not file.get("id"):
        raise missing(f"{path}['header']['{kind}']['link']")
    if "body" in card:
        body = mapping(card, "body", path=f"{path}['body']")
        words = text(body, "text", path=f"{path}['body']['text']", limit=_CARD_BODY)
        if words.count("\n") > _CARD_LINE_BREAKS:
            raise invalid(f"{path}['body']['text']", "it has more than two line breaks")
    action = mapping(card, "action", path=f"{path}['action']")
    if "buttons" in action:
        return kind, "quick_reply", _check_quick_replies(action, path=f"{path}['action']")
    check_link(action, path=f"{path}['action']")
    return kind, "cta_url", 1


def _check_quick_replies(action: dict[str, Any], *, path: str) -> int:
    buttons = items(action, "buttons", path=f"{path}['buttons']", least=1, most=3)
    path = f"{path}['buttons']['quick_reply']"
    replies = [mapping(button, "quick_reply", path=path) for button in buttons]
    for reply in replies:
        text(reply, "title", path=f"{path}['title']", limit=20)
        text(reply, "id", path=f"{path}['id']", limit=256)
    unique([reply["id"] for reply in replies], path=f"{path}['id']")
    return len(buttons)


def check_link(action: dict[str, Any], *, path: str) -> None:
    """One button that opens a web page."""
    if action.get("name") != "cta_url":
        raise invalid(f"{path}['name']", 'it must be "cta_url"')
    path = f"{path}['parameters']"
    parameters = mapping(action, "parameters", path=path)
    text(parameters, "display_text", path=f"{path}['display_text']", limit=20)
    url = text(parameters, "url", path=f"{path}['url']", limit=2000)
    if not url.startswith(("http://", "https://")):
        raise invalid(f"{path}['url']", "it must begin with http:// or https://")
