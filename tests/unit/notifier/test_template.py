"""Templates: the born texts word for word, and a renderer that only fills."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import InvalidArgument
from services.notifier import catalogue
from services.notifier.domain.notification import Content
from services.notifier.domain.template import Catalogue, Template, TemplateNotFound

CATALOGUE = catalogue.load()


@pytest.mark.parametrize(
    ("name", "parameters", "text"),
    [
        (
            "event_created",
            {"title": "Dinner", "time": "today at 18:00"},
            "Event 'Dinner' scheduled for today at 18:00",
        ),
        ("task_completed", {"number": "3", "title": "Milk"}, "Task 3: Milk marked complete"),
        ("error_occurred", {"message": "No time"}, "Error: No time. Please try again."),
        (
            "task_created",
            {"number": "3", "title": "Milk", "list": "groceries"},
            "Task 3: Milk added to groceries",
        ),
        (
            "reminder_set",
            {"number": "3", "title": "call Ada", "time": "in 1 minute"},
            "I'll remind you to call Ada in 1 minute",
        ),
        ("task_due", {"number": "3", "title": "call Ada"}, "Reminder: call Ada"),
        ("event_due", {"title": "Dinner", "time": "at 18:00"}, "Dinner starts at 18:00"),
        ("reply", {"text": "Hello"}, "Hello"),
    ],
)
def test_the_texts_are_word_for_word(name: str, parameters: dict[str, str], text: str) -> None:
    assert CATALOGUE.render([Content(template=name, parameters=parameters)]) == text


def test_every_template_of_the_catalogue_renders() -> None:
    for template in CATALOGUE.templates.values():
        assert template.render(dict.fromkeys(template.parameters, "1")).strip()


@given(st.text(max_size=50).filter(str.isprintable))
def test_a_value_is_put_in_as_it_is_and_never_looked_into(value: str) -> None:
    template = Template(name="t", text="<{a}|{b}>", parameters=frozenset("ab"))
    assert template.render({"a": value, "b": "{a}"}) == f"<{value}|{{a}}>"


@pytest.mark.parametrize("value", ["{a.__class__}", "{0}", "%s", "{{a}}", "$a", "{b!r:>9}"])
def test_what_looks_like_a_format_is_text(value: str) -> None:
    template = Template(name="t", text="{a}", parameters=frozenset("a"))
    assert template.render({"a": value}) == value


@pytest.mark.parametrize("text", ["{", "}", "{A}", "{a.b}", "{0}", "{}", "{{a}}", "{a", "  "])
def test_a_text_that_could_fail_half_way_is_no_template(text: str) -> None:
    with pytest.raises(ValueError, match="template t"):
        Template(name="t", text=text, parameters=frozenset("a"))


def test_a_place_must_be_declared() -> None:
    with pytest.raises(ValueError, match="does not declare"):
        Template(name="t", text="{a}")


@pytest.mark.parametrize("values", [{}, {"a": "1"}, {"a": "1", "b": "2", "c": "3"}])
def test_missing_and_unknown_parameters_are_refused(values: dict[str, str]) -> None:
    template = Template(name="t", text="{a}", parameters=frozenset("ab"))
    with pytest.raises(InvalidArgument) as caught:
        template.render(values)
    assert caught.value.violations


def test_control_characters_are_left_out_and_newlines_kept() -> None:
    template = Template(name="t", text="{a}", parameters=frozenset("a"))
    assert template.render({"a": "one\x00\x1b\ntwo\t"}) == "one\ntwo\t"


def test_parts_share_a_bubble_of_4096_characters() -> None:
    part = Content(template="reply", parameters={"text": "x" * 2047})
    last = Content(template="reply", parameters={"text": "x" * 2048})
    assert len(CATALOGUE.render([part, last])) == 4096
    with pytest.raises(InvalidArgument):
        CATALOGUE.render([last, last])
    with pytest.raises(InvalidArgument):
        CATALOGUE.render([Content(template="reply", parameters={"text": " \n"})])


def test_an_unknown_template_says_so_without_repeating_what_it_was_called() -> None:
    with pytest.raises(TemplateNotFound) as caught:
        CATALOGUE.get("call Ada at six")
    assert "Ada" not in str(caught.value.metadata)
    assert caught.value.legacy_code == 404


def test_a_repeat_says_so_and_still_fits() -> None:
    assert CATALOGUE.repeat("Reminder: Ada") == "In case this did not reach you: Reminder: Ada"
    long = CATALOGUE.repeat("x" * 4096)
    assert len(long) == 4096
    assert long.endswith("x…")


def test_a_file_with_something_else_in_it_is_no_template() -> None:
    assert isinstance(CATALOGUE, Catalogue)
    with pytest.raises(FileNotFoundError):
        catalogue.load("xx")
