"""Approved templates: what Meta would refuse is refused here, and what is said always fits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier import catalogue
from services.notifier.domain.approved import MAX_BODY, ApprovedTemplate, Unusable, one_line
from services.notifier.domain.kind import GENERIC, KINDS
from services.notifier.domain.notification import Content

APPROVED = catalogue.load_approved()
PLAIN = catalogue.load()
FORBIDDEN = re.compile(r"[\n\r\t]| {4,}")


def a_template(**fields: Any) -> ApprovedTemplate:
    values: dict[str, Any] = {
        "name": "hark_test",
        "language": "en",
        "category": "UTILITY",
        "body": "A message from Hark: {text} (reply here)",
        "example": {"text": "call Ada"},
    }
    return ApprovedTemplate(**values | fields)


def task_due(title: str) -> Content:
    return Content(template="task_due", parameters={"title": title, "number": "1"})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_form_outside_the_window(kind: str) -> None:
    form = APPROVED.form(KINDS[kind].approved_template, [], "One thing\nand another")
    assert form is not None
    assert "One thing; and another" in form.text


@pytest.mark.parametrize("name", [n for n, t in APPROVED.templates.items() if t.stands_for])
def test_what_stands_for_a_plain_template_says_all_that_it_shows(name: str) -> None:
    template = APPROVED.templates[name]
    assert set(template.places) == set(PLAIN.get(template.stands_for).places)


def test_a_kinds_own_template_is_filled_by_the_parameters() -> None:
    form = APPROVED.form("hark_task_due", [task_due("call Ada")], "Reminder: call Ada")
    assert form is not None
    assert (form.name, form.language) == ("hark_task_due", "en")
    assert form.parameters == (("title", "call Ada"),)
    assert form.text == "Reminder: call Ada (reply here when it is done, or to change it)"


@pytest.mark.parametrize(
    "contents",
    [
        [task_due("call Ada"), task_due("buy milk")],
        [Content(template="reply", parameters={"text": "x"})],
        [task_due(" \n ")],
        [],
    ],
)
def test_what_it_cannot_say_goes_out_as_the_generic_one(contents: list[Content]) -> None:
    form = APPROVED.form("hark_task_due", contents, "Reminder: call Ada\nReminder: buy milk")
    assert form is not None
    assert form.name == GENERIC
    assert form.parameters == (("text", "Reminder: call Ada; Reminder: buy milk"),)


def test_a_template_that_cannot_be_used_gives_way_until_none_is_left() -> None:
    contents = [task_due("call Ada")]
    second = APPROVED.form("hark_task_due", contents, "x", without={"hark_task_due"})
    assert second is not None
    assert second.name == GENERIC
    both = {"hark_task_due", GENERIC}
    assert APPROVED.form("hark_task_due", contents, "x", without=both) is None
    assert APPROVED.form("", contents, "x") is None


@given(st.text(), st.text())
def test_whatever_people_write_is_taken_by_meta(title: str, time: str) -> None:
    content = Content(template="event_due", parameters={"title": title, "time": time})
    form = APPROVED.form("hark_event_due", [content], f"Event {title} {time}")
    assert form is not None
    assert len(form.text) <= MAX_BODY
    for _name, value in form.parameters:
        assert value
        assert not FORBIDDEN.search(value)


@pytest.mark.parametrize(("long", "short"), [("title", "time"), ("time", "title")])
def test_what_is_too_long_is_cut_and_what_is_short_is_left_alone(long: str, short: str) -> None:
    content = Content(template="event_due", parameters={long: "x" * 5000, short: "at 18:00"})
    form = APPROVED.form("hark_event_due", [content], "x")
    assert form is not None
    assert len(form.text) == MAX_BODY
    values = dict(form.parameters)
    assert values[short] == "at 18:00"
    assert values[long].endswith("x…")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Today:\n1. call Ada\n2. buy  milk\t\tnow\n", "Today: 1. call Ada; 2. buy milk now"),
        ("Done.\r\n\r\nAnything else?", "Done. Anything else?"),
        (" one ", "one"),
        ("a\u2028b\x0bc", "a; b; c"),
        ("\n\n", ""),
    ],
)
def test_lines_become_a_sequence(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "Hark"}, "name"),
        ({"language": "pt-BR"}, "language"),
        ({"category": "utility"}, "category"),
        ({"body": "{text} is a message from Hark"}, "starts or ends"),
        ({"body": "A message from Hark: {text}."}, "starts or ends"),
        ({"body": "Hark: {text} now"}, "too few words"),
        ({"body": "A message from Hark:\n{text} (reply here)"}, "line break"),
        ({"body": "A message    from Hark {text} (reply here)"}, "line break"),
        ({"body": "A message from Hark itself"}, "example"),
        ({"example": {"text": ""}}, "example"),
        ({"body": f"A message {'x' * 990} {{text}} (reply here)"}, "too little room"),
        (
            {"body": "A message {text} from Hark {text} (reply here to it)"},
            "twice",
        ),
        (
            {
                "body": "A message from Hark {text} {title} (reply here to it)",
                "example": {"text": "x", "title": "y"},
                "stands_for": "task_due",
            },
            "nothing between",
        ),
        (
            {"body": "A message from Hark: {title} (reply here)", "example": {"title": "x"}},
            "other places",
        ),
    ],
)
def test_what_meta_would_not_approve_is_no_template(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        a_template(**fields)


def test_a_template_is_left_alone_for_the_longest_pause_it_was_given() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    unusable = Unusable().adding("a", now, timedelta(hours=24))
    unusable = unusable.adding("a", now, timedelta(minutes=5)).adding("b", now, timedelta())
    assert unusable.names(now) == {"a"}
    assert unusable.names(now + timedelta(hours=24)) == frozenset()


def test_every_locale_that_has_approved_templates_has_all_that_are_needed() -> None:
    assert "en" in catalogue.approved_locales()
    for locale in catalogue.approved_locales():
        assert catalogue.load_approved(locale).templates.keys() == APPROVED.templates.keys()
