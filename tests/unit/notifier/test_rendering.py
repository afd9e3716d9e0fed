"""What a draft says, what can be tapped beneath it, and what goes along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chassis.errors import InvalidArgument
from services.notifier import catalogue
from services.notifier.domain.button import Button
from services.notifier.domain.contact import Preferences
from services.notifier.domain.document import MAX_CONTENT, Document
from services.notifier.domain.notification import Content, Draft
from services.notifier.usecases.rendering import rendered

CATALOGUES = catalogue.load_all()
CALENDAR = Document(file_name="ada.ics", mime_type="text/calendar", content=b"BEGIN:VCALENDAR")


def a_draft(text: str = "Hello", **fields: Any) -> Draft:
    contents = (Content(template="reply", parameters={"text": text}),)
    return replace(Draft(request_id="", contents=contents), **fields)


def due(**parameters: str) -> tuple[Content, ...]:
    given = {"title": "Ada", "number": "1", "item": "task:7"} | parameters
    return (Content(template="task_due", parameters=given),)


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(title=f"Pick {n}", payload=f"v1:pick:turn:m_1:{n}") for n in range(count))


def test_a_person_is_told_in_their_language_and_taps_in_it_too() -> None:
    says = rendered(CATALOGUES, a_draft(contents=due()), Preferences(locale="de-CH"))
    assert (says.locale, says.text) == ("de", "Erinnerung: Ada")
    assert [button.title for button in says.buttons] == ["Erledigt", "10 Min. später"]
    assert says.buttons[1].payload == "v1:snooze:task:7:600"


def test_who_listens_hears_a_sentence() -> None:
    says = rendered(CATALOGUES, a_draft(contents=due()), Preferences(is_spoken=True))
    assert says.text == "It is time: Ada."


def test_the_buttons_of_the_caller_take_the_place_of_the_templates() -> None:
    draft = a_draft(contents=due(), buttons=buttons(2))
    assert rendered(CATALOGUES, draft, Preferences()).buttons == buttons(2)


def test_a_long_text_goes_out_without_the_templates_buttons_rather_than_not() -> None:
    draft = a_draft(contents=due(title="x" * 1100))
    assert rendered(CATALOGUES, draft, Preferences()).buttons == ()


@pytest.mark.parametrize(
    "draft",
    [
        a_draft("x" * 1025, buttons=buttons(1)),
        a_draft("x" * 1025, document=CALENDAR),
        a_draft(buttons=buttons(11)),
        a_draft(buttons=(Button(title="", payload="x"),)),
        a_draft(buttons=(Button(title="x" * 21, payload="x"),)),
        a_draft(buttons=(Button(title="a", payload="x"), Button(title="b", payload="x"))),
        a_draft(buttons=(Button(title="a", payload="x"), Button(title="a", payload="y"))),
        a_draft(buttons=(Button(title="a", payload="é" * 129),)),
        a_draft(buttons=(*buttons(3), Button(title="last", payload="x" * 201))),
        a_draft(document=CALENDAR, buttons=buttons(1)),
        a_draft(document=replace(CALENDAR, file_name="../etc/passwd")),
        a_draft(document=replace(CALENDAR, file_name=".hidden")),
        a_draft(document=replace(CALENDAR, mime_type="application/x-msdownload")),
        a_draft(document=replace(CALENDAR, content=b"")),
        a_draft(document=replace(CALENDAR, content=b"x" * (MAX_CONTENT + 1))),
        a_draft(contents=()),
        a_draft(contents=due(number="first")),
        a_draft(contents=due(item="7")),
    ],
)
def test_what_whatsapp_would_not_take_is_refused_before_it_is_kept(draft: Draft) -> None:
    with pytest.raises(InvalidArgument) as refused:
        rendered(CATALOGUES, draft, Preferences())
    assert refused.value.violations


def test_a_longest_payload_fits_as_a_button() -> None:
    draft = a_draft(buttons=(Button(title="x" * 20, payload="x" * 256),))
    assert len(rendered(CATALOGUES, draft, Preferences()).buttons) == 1
