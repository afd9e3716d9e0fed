"""Every limit on what a business may send: a request beyond it gets Meta's code."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.domain.content import checked
from simulator.domain.graph_error import GraphError
from simulator.domain.outgoing import callback_data, check_product, recipient, reply_to


def code_of(request: dict[str, Any]) -> int | None:
    """The code of the refusal; nothing where the request is fine."""
    try:
        check_product(request)
        recipient(request)
        callback_data(request)
        reply_to(request)
        checked(request)
    except GraphError as error:
        return error.code
    return None


def request(kind: str, content: Any, **changes: Any) -> dict[str, Any]:
    whole = {"messaging_product": "whatsapp", "to": "+15550100001", "type": kind, kind: content}
    return {name: value for name, value in (whole | changes).items() if value is not None}


def text(body: Any, **changes: Any) -> dict[str, Any]:
    return request("text", {"body": body}, **changes)


def buttons(*titles: str, body: str = "Choose", **changes: Any) -> dict[str, Any]:
    replies = [
        {"type": "reply", "reply": {"id": f"id{n}", "title": title}}
        for n, title in enumerate(titles)
    ]
    content = {"type": "button", "body": {"text": body}, "action": {"buttons": replies}}
    return request("interactive", content | changes)


def rows(*sizes: int, body: str = "Choose", button: str = "Open", **row: Any) -> dict[str, Any]:
    sections = [
        {
            "title": f"Section {s}",
            "rows": [{"id": f"{s}-{n}", "title": f"Row {n}"} | row for n in range(size)],
        }
        for s, size in enumerate(sizes)
    ]
    action = {"button": button, "sections": sections}
    content = {"type": "list", "body": {"text": body}, "action": action}
    return request("interactive", content)


def link(url: str = "https://example.org", text: str = "Open") -> dict[str, Any]:
    parameters = {"display_text": text, "url": url}
    action = {"name": "cta_url", "parameters": parameters}
    return request("interactive", {"type": "cta_url", "body": {"text": "Look"}, "action": action})


def flow(**parameters: Any) -> dict[str, Any]:
    given = {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Open"} | parameters
    action = {"name": "flow", "parameters": {k: v for k, v in given.items() if v is not None}}
    return request("interactive", {"type": "flow", "body": {"text": "Fill"}, "action": action})


def card(index: int, *titles: str, body: str = "Look", header: str = "image") -> dict[str, Any]:
    replies = [
        {"type": "quick_reply", "quick_reply": {"id": f"{index}-{n}", "title": title}}
        for n, title in enumerate(titles)
    ]
    parameters = {"display_text": "Open", "url": "https://example.org"}
    return {
        "card_index": index,
        "type": "cta_url",
        "header": {"type": header, header: {"link": "https://example.org/1.jpg"}},
        "body": {"text": body},
        "action": {"buttons": replies} if titles else {"name": "cta_url", "parameters": parameters},
    }


def carousel(*cards: dict[str, Any]) -> dict[str, Any]:
    content = {"type": "carousel", "body": {"text": "Choose"}, "action": {"cards": list(cards)}}
    return request("interactive", content)


def contacts(count: int, **name: Any) -> dict[str, Any]:
    card = {"name": {"formatted_name": "Ada"} | name}
    return request("contacts", [card] * count)


FINE = {
    "the longest text": text("x" * 4096),
    "text with a link to preview": request("text", {"body": "https://a.b", "preview_url": True}),
    "no type means text": text("x", type=None),
    "a number without plus": text("x", to="15550100001"),
    "a number as people write it": text("x", to="+1 (555) 010-0001"),
    "a user id": text("x", to=None, recipient="US.13491208655302741918"),
    "to wins over recipient": text("x", recipient="nonsense"),
    "the longest callback data": text("x", biz_opaque_callback_data="d" * 512),
    "a reply": text("x", context={"message_id": "wamid.x"}),
    "three buttons": buttons("a", "b", "c"),
    "the longest button": buttons("x" * 20),
    "the longest body of buttons": buttons("a", body="x" * 1024),
    "the longest body of a list": rows(1, body="x" * 4096),
    "ten rows": rows(5, 5),
    "the longest row": rows(1, title="t" * 24, description="d" * 72, id="i" * 200),
    "a link": link(),
    "257 contacts": contacts(257),
    "a reaction": request("reaction", {"message_id": "wamid.x", "emoji": "👍"}),
    "a reaction taken back": request("reaction", {"message_id": "wamid.x", "emoji": ""}),
    "a place": request("location", {"latitude": 48.1, "longitude": "11.6"}),
    "a flow": flow(),
    "a flow by name, to a screen": flow(
        flow_id=None, flow_name="visit", flow_action_payload={"screen": "DAY"}
    ),
    "ten cards": carousel(*(card(n) for n in range(10))),
    "cards with buttons": carousel(card(0, "a", "b", "c"), card(1, "d", "e", "f")),
    "the longest body of a card": carousel(card(0, body="x" * 160), card(1)),
    "the question for a place": request(
        "interactive",
        {
            "type": "location_request_message",
            "body": {"text": "Where?"},
            "action": {"name": "send_location"},
        },
    ),
}

WRONG: dict[str, tuple[int, dict[str, Any]]] = {
    "no product": (100, text("x", messaging_product=None)),
    "another product": (100, text("x", messaging_product="messenger")),
    "no recipient": (131008, text("x", to=None)),
    "no number": (131009, text("x", to="Ada")),
    "a number that starts with zero": (131009, text("x", to="0151000001")),
    "a number as boolean": (131009, text("x", to=True)),
    "a user id of another shape": (131009, text("x", to=None, recipient="13491208655")),
    "callback data too long": (131009, text("x", biz_opaque_callback_data="d" * 513)),
    "callback data of another type": (131009, text("x", biz_opaque_callback_data={"a": 1})),
    "a reply to nothing": (131008, text("x", context={})),
    "a context of another type": (131009, text("x", context="wamid.x")),
    "an unknown type": (131051, request("poll", {"question": "?"})),
    "a type that is no string": (131009, text("x", type=7)),
    "no content": (131008, request("text", None)),
    "content of another type": (131009, request("text", "hello")),
    "no body": (131008, request("text", {})),
    "an empty body": (131008, text("")),
    "a body of white space": (131009, text(" \n ")),
    "a body of another type": (131009, text(["x"])),
    "a body too long": (131009, text("x" * 4097)),
    "a preview without link": (131009, request("text", {"body": "x", "preview_url": True})),
    "a preview of another type": (131009, request("text", {"body": "x", "preview_url": "yes"})),
    "a reaction to nothing": (131008, request("reaction", {"emoji": "👍"})),
    "a reaction without emoji": (131008, request("reaction", {"message_id": "wamid.x"})),
    "a reaction in words": (
        131009,
        request("reaction", {"message_id": "wamid.x", "emoji": "ok"}),
    ),
    "no button": (131009, buttons()),
    "four buttons": (131009, buttons("a", "b", "c", "d")),
    "a button too long": (131009, buttons("x" * 21)),
    "a button without words": (131008, buttons("")),
    "two buttons alike": (131009, buttons("a", "a")),
    "a body of buttons too long": (131009, buttons("a", body="x" * 1025)),
    "a footer too long": (131009, buttons("a", footer={"text": "x" * 61})),
    "a header too long": (131009, buttons("a", header={"type": "text", "text": "x" * 61})),
    "a header of unknown type": (131009, buttons("a", header={"type": "song"})),
    "a header without its file": (131008, buttons("a", header={"type": "image"})),
    "no action": (131008, buttons("a", action=None)),
    "an unknown interactive type": (131009, buttons("a", type="carnival")),
    "no interactive type": (131008, buttons("a", type=None)),
    "eleven rows": (131009, rows(6, 5)),
    "no rows": (131009, rows(0)),
    "no sections": (131009, rows()),
    "eleven sections": (131009, rows(*[1] * 11)),
    "a row title too long": (131009, rows(1, title="t" * 25)),
    "a row description too long": (131009, rows(1, description="d" * 73)),
    "a row id too long": (131009, rows(1, id="i" * 201)),
    "two rows alike": (131009, rows(2, id="same")),
    "a list button too long": (131009, rows(1, button="x" * 21)),
    "a list body too long": (131009, rows(1, body="x" * 4097)),
    "a link that is none": (131009, link(url="ftp://example.org")),
    "words of a link too long": (131009, link(text="x" * 21)),
    "a flow of another version": (131009, flow(flow_message_version="2")),
    "a flow without id or name": (131009, flow(flow_id=None)),
    "a flow with both": (131009, flow(flow_name="visit")),
    "words of a flow too long": (131009, flow(flow_cta="x" * 31)),
    "an unknown action of a flow": (131009, flow(flow_action="dance")),
    "a flow to no screen": (131008, flow(flow_action_payload={})),
    "one card": (131009, carousel(card(0))),
    "eleven cards": (131009, carousel(*(card(n) for n in range(11)))),
    "cards out of order": (131009, carousel(card(1), card(0))),
    "a card body too long": (131009, carousel(card(0, body="x" * 161), card(1))),
    "a card body of four lines": (131009, carousel(card(0, body="a\nb\nc\nd"), card(1))),
    "a card with another header": (131009, carousel(card(0, header="song"), card(1))),
    "cards with different headers": (131009, carousel(card(0), card(1, header="video"))),
    "cards with different buttons": (131009, carousel(card(0), card(1, "a"))),
    "four buttons on a card": (131009, carousel(*(card(n, *"abcd") for n in range(2)))),
    "a button of a card too long": (131009, carousel(*(card(n, "x" * 21) for n in range(2)))),
    "no contacts": (131009, contacts(0)),
    "258 contacts": (131009, contacts(258)),
    "a contact without name": (131008, contacts(1, formatted_name=None)),
    "a place without longitude": (131008, request("location", {"latitude": 1})),
    "a place beyond the pole": (131009, request("location", {"latitude": 91, "longitude": 0})),
    "a place in words": (131009, request("location", {"latitude": "north", "longitude": 0})),
}


@pytest.mark.parametrize("name", FINE)
def test_what_meta_takes_is_taken(name: str) -> None:
    assert code_of(FINE[name]) is None


@pytest.mark.parametrize("name", WRONG)
def test_what_meta_refuses_is_refused_with_its_code(name: str) -> None:
    code, wrong = WRONG[name]

    assert code_of(wrong) == code


def test_one_section_needs_no_title_and_several_do() -> None:
    single, several = rows(2), rows(1, 1)
    for message in (single, several):
        for section in message["interactive"]["action"]["sections"]:
            del section["title"]

    assert code_of(single) is None
    assert code_of(several) == 131008


def test_an_error_has_metas_shape() -> None:
    with pytest.raises(GraphError) as caught:
        checked(text("x" * 4097))

    error = caught.value.body()["error"]
    assert error["message"] == "(#131009) Parameter value is not valid"
    assert error["type"] == "OAuthException"
    assert error["code"] == 131009
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert "4096" in error["error_data"]["details"]
    assert error["fbtrace_id"]
