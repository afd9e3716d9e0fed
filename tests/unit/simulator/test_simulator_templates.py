"""Templates: what Meta approves, and with what they can be filled."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.domain.filling import filled
from simulator.domain.graph_error import GraphError
from simulator.domain.problem import Problem
from simulator.domain.template import submitted
from simulator.templates import Templates

EXAMPLE = {"body_text": [["x"]]}
REMINDER = "It is time for {{1}}. Reply here to change it."


def draft(body: str = REMINDER, *more: dict[str, Any], **changes: Any) -> dict[str, Any]:
    component = {"type": "BODY", "text": body, "example": EXAMPLE}
    return {
        "name": "reminder",
        "language": "en",
        "category": "UTILITY",
        "components": [component, *more],
    } | changes


def refusal(request: dict[str, Any]) -> int | None:
    try:
        submitted(request, "1")
    except GraphError as error:
        return error.code
    return None


def header(text: str) -> dict[str, Any]:
    return {"type": "HEADER", "format": "TEXT", "text": text, "example": {"header_text": ["x"]}}


@pytest.mark.parametrize(
    "request_",
    [
        draft(),
        draft("No variables at all"),
        draft("Dear {{name}}, it is time for {{thing}}: please go there now."),
        draft(REMINDER, header("About {{1}}"), {"type": "FOOTER", "text": "Hark"}),
        draft(REMINDER, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Done"}]}),
        draft(language="en_US"),
    ],
)
def test_a_well_formed_template_is_approved_at_once(request_: dict[str, Any]) -> None:
    assert submitted(request_, "1").status == "APPROVED"


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        (100, draft(name="Reminder!")),
        (100, draft(name="x" * 513)),
        (100, draft(language="English")),
        (100, draft(category="SERVICE")),
        (100, draft(components=None)),
        (100, draft(components=[{"type": "BODY", "text": REMINDER}])),
        (2388047, draft(components=[header("Only")])),
        (2388047, draft(REMINDER, {"type": "BODY", "text": "again"})),
        (2388047, draft(REMINDER, {"type": "SONG", "text": "la"})),
        (2388047, draft("")),
        (2388040, draft("x" * 1025)),
        (2388040, draft(REMINDER, header("x" * 61))),
        (2388040, draft(REMINDER, {"type": "FOOTER", "text": "x" * 61})),
        (2388073, draft(REMINDER, {"type": "FOOTER", "text": "for {{1}} only"})),
        (2388047, draft(REMINDER, header("{{1}} and {{2}} here"))),
        (2388047, draft(REMINDER, header("two\nlines"))),
        (2388047, draft("Number {{2}} without a first one, in a long text.")),
        (2388047, draft("Both {{1}} and {{name}} in one rather long text here.")),
        (2388047, draft("Dear {{Name}}, this is rather long enough now.")),
        (2388299, draft("{{1}} is due, and we thought you should know")),
        (2388299, draft("We thought you should know about {{1}}")),
        (2388299, draft("We thought you should know about {{1}}.")),
        (2388299, draft("Event '{{1}}' is scheduled now for {{2}}")),
        (2388072, draft("These two {{1}} {{2}} stand side by side in a long text.")),
        (2388072, draft("Too many\n\n\n\nline breaks around {{1}} in here.")),
        (2388293, draft("Task {{1}}: {{2}} marked complete")),
        (2388047, draft(REMINDER, {"type": "BUTTONS", "buttons": []})),
        (
            2388047,
            draft(
                REMINDER,
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x"}] * 11},
            ),
        ),
        (2388047, draft(REMINDER, {"type": "BUTTONS", "buttons": [{"type": "HORN"}]})),
        (
            2388040,
            draft(
                REMINDER,
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]},
            ),
        ),
    ],
)
def test_what_meta_does_not_approve_is_refused(code: int, request_: dict[str, Any]) -> None:
    assert refusal(request_) == code


def words(*texts: Any, **more: Any) -> list[dict[str, Any]]:
    parameters = [{"type": "text", "text": text} | more for text in texts]
    return [{"type": "body", "parameters": parameters}]


def test_a_filled_template_reads_as_the_person_will_read_it() -> None:
    template = submitted(
        draft(
            REMINDER,
            header("About {{1}}"),
            {"type": "FOOTER", "text": "Hark"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Done"}]},
        ),
        "1",
    )
    components = [
        {"type": "header", "parameters": [{"type": "text", "text": "Ada"}]},
        *words("calling Ada"),
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "done 7"}],
        },
    ]

    assert filled(template, components) == {
        "header": "About Ada",
        "body": "It is time for calling Ada. Reply here to change it.",
        "footer": "Hark",
        "buttons": [{"type": "QUICK_REPLY", "text": "Done", "payload": "done 7"}],
    }


def test_named_variables_are_filled_by_name() -> None:
    template = submitted(draft("Dear {{name}}, it is time for {{thing}}: please go now."), "1")
    parameters = [
        {"type": "text", "parameter_name": "thing", "text": "tea"},
        {"type": "text", "parameter_name": "name", "text": "Ada"},
    ]

    shown = filled(template, [{"type": "body", "parameters": parameters}])

    assert shown["body"] == "Dear Ada, it is time for tea: please go now."


@pytest.mark.parametrize(
    ("code", "components"),
    [
        (132000, None),
        (132000, []),
        (132000, words("a", "b")),
        (132000, [*words("a"), {"type": "header", "parameters": []}]),
        (132000, [*words("a"), {"type": "button", "index": "0", "sub_type": "quick_reply"}]),
        (132012, "x"),
        (132012, [*words("a"), *words("a")]),
        (132012, words("a", type="image")),
        (132012, words(7)),
        (132012, [{"type": "body", "parameters": [{"type": "currency", "currency": 7}]}]),
        (131008, words("")),
        (132018, words("two\nlines")),
        (132018, words("a\ttab")),
        (132018, words("five     spaces")),
        (132005, words("x" * 1000)),
    ],
)
def test_a_wrong_filling_gets_metas_code(code: int, components: Any) -> None:
    template = submitted(draft(), "1")

    with pytest.raises(GraphError) as caught:
        filled(template, components)

    assert caught.value.code == code


def test_four_spaces_in_a_row_are_allowed() -> None:
    assert "a    b" in filled(submitted(draft(), "1"), words("a    b"))["body"]


def sending(name: str = "reminder", language: Any = None) -> dict[str, Any]:
    return {
        "name": name,
        "language": {"code": "en"} if language is None else language,
        "components": words("tea"),
    }


@pytest.mark.parametrize(
    ("status", "code"),
    [("PENDING", 132001), ("REJECTED", 132001), ("PAUSED", 132015), ("DISABLED", 132016)],
)
def test_only_an_approved_template_is_sent(status, code) -> None:
    templates = Templates()
    templates.submit(draft())
    templates.move("reminder", None, status)

    with pytest.raises(GraphError) as caught:
        templates.sent(sending())

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "content"),
    [
        (132001, sending("unheard_of")),
        (132001, sending(language={"code": "de"})),
        (131008, sending(language={})),
        (131008, {"language": {"code": "en"}}),
        (131009, sending(language={"code": "en", "policy": "fallback"})),
    ],
)
def test_a_template_is_named_by_its_exact_name_and_language(code, content) -> None:
    templates = Templates()
    templates.submit(draft())

    with pytest.raises(GraphError) as caught:
        templates.sent(content)

    assert caught.value.code == code


def test_the_same_name_and_language_twice_is_refused() -> None:
    templates = Templates()
    templates.submit(draft())

    with pytest.raises(GraphError) as caught:
        templates.submit(draft())

    assert caught.value.subcode == 2388024


def test_an_account_keeps_250_templates() -> None:
    templates = Templates()
    for number in range(249):
        templates.submit(draft(name=f"t{number}"))

    with pytest.raises(GraphError) as caught:
        templates.submit(draft(name="one_more"))

    assert caught.value.code == 2388019


def test_an_unknown_status_is_a_problem() -> None:
    templates = Templates()

    with pytest.raises(Problem):
        templates.move("hello_world", None, "FAMOUS")  # type: ignore[arg-type]
