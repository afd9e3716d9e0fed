"""Text, reactions, locations and contacts."""

from __future__ import annotations

from typing import Any

from simulator.domain.graph_error import invalid, missing
from simulator.domain.kinds.fields import items, mapping, optional_text, text

TEXT_LIMIT = 4096
CONTACTS_LIMIT = 257


def check_text(content: dict[str, Any]) -> None:
    """A body of 1 to 4,096 characters; a preview needs a link to preview."""
    body = text(content, "body", path="text['body']", limit=TEXT_LIMIT)
    preview = content.get("preview_url", False)
    if not isinstance(preview, bool):
        raise invalid("text['preview_url']", "it must be true or false")
    if preview and "http://" not in body and "https://" not in body:
        raise invalid("text['preview_url']", "the body holds no http:// or https:// link")


def check_reaction(content: dict[str, Any]) -> None:
    """A message and an emoji; an empty one takes the reaction back."""
    text(content, "message_id", path="reaction['message_id']", limit=256)
    emoji = content.get("emoji")
    if emoji is None:
        raise missing("reaction['emoji']")
    if not isinstance(emoji, str) or len(emoji) > 16 or (emoji.isascii() and emoji):
        raise invalid("reaction['emoji']", "it must be one emoji, or empty")


def check_location(content: dict[str, Any]) -> None:
    """A point on the globe, perhaps with a name and an address."""
    for name, bound in (("latitude", 90), ("longitude", 180)):
        _coordinate(content.get(name), path=f"location['{name}']", bound=bound)
    optional_text(content, "name", path="location['name']", limit=1000)
    optional_text(content, "address", path="location['address']", limit=1000)


def _coordinate(value: Any, *, path: str, bound: int) -> None:
    if value is None:
        raise missing(path)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise invalid(path, "it must be a number") from None
    if not -bound <= number <= bound:
        raise invalid(path, f"it must lie between -{bound} and {bound}")


def check_contacts(content: dict[str, Any]) -> None:
    """1 to 257 contact cards, each with a formatted name."""
    cards = items(content, "contacts", path="contacts", least=1, most=CONTACTS_LIMIT)
    for number, card in enumerate(cards):
        name = mapping(card, "name", path=f"contacts[{number}]['name']")
        text(
            name,
            "formatted_name",
            path=f"contacts[{number}]['name']['formatted_name']",
            limit=1024,
        )
