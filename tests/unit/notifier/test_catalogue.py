"""Every language says the same things, and nothing that Meta would refuse."""

from __future__ import annotations

import re

import pytest

from services.notifier import catalogue
from services.notifier.domain import button
from services.notifier.domain.notification import Content
from services.notifier.domain.parameter import ParameterType
from services.notifier.domain.template import FALLBACK_LOCALE, Template

LOCALES = ("de", "en", "es", "fr", "pt-BR")
PLAIN = catalogue.load_all()
APPROVED = catalogue.load_all_approved()
EVERY_PLAIN = [
    pytest.param(locale, template, id=f"{locale}-{template.name}")
    for locale in LOCALES
    for template in PLAIN.by_locale[locale].templates.values()
]
ENGLISH = PLAIN.by_locale[FALLBACK_LOCALE].templates
SAMPLES = {
    ParameterType.TEXT: "Dinner",
    ParameterType.NUMBER: "3",
    ParameterType.TIME: "today at 18:00",
    ParameterType.ZONE: "Madrid",
    ParameterType.ITEM: "task:00000000-0000-4000-8000-000000000001",
}
# What a listener would stumble over: markup, links, emoji.
UNSPEAKABLE = re.compile(r"[*_~`#<>\[\]|]|https?:|[\U0001F000-\U0001FFFF☀-➿]")


def test_there_are_five_languages_each_with_all_of_it() -> None:
    assert tuple(catalogue.locales()) == tuple(catalogue.approved_locales()) == LOCALES
    for locale in LOCALES:
        assert PLAIN.by_locale[locale].templates.keys() == ENGLISH.keys()
        approved = APPROVED.by_locale[locale].templates
        assert approved.keys() == APPROVED.by_locale[FALLBACK_LOCALE].templates.keys()


@pytest.mark.parametrize(("locale", "template"), EVERY_PLAIN)
def test_a_template_takes_the_same_parameters_in_every_language(
    locale: str, template: Template
) -> None:
    english = ENGLISH[template.name]
    assert template.locale == locale
    assert template.version == english.version
    assert template.types == english.types
    assert template.optional == english.optional
    assert set(template.places) == set(english.places)
    assert [each.payload for each in template.buttons] == [each.payload for each in english.buttons]


@pytest.mark.parametrize(("locale", "template"), EVERY_PLAIN)
def test_a_template_renders_for_the_eye_and_for_the_ear(locale: str, template: Template) -> None:
    values = {name: SAMPLES[kind] for name, kind in template.types.items()}
    shown = template.render(values)
    heard = template.render(values, is_spoken=True)
    assert shown.strip()
    assert heard.strip()
    assert not UNSPEAKABLE.search(heard)
    # The first sentence is short and complete: it is what one hears.
    assert len(heard.partition(". ")[0]) <= 140
    assert not button.problems(template.filled_buttons(values))


@pytest.mark.parametrize("locale", LOCALES)
def test_what_stands_for_a_template_has_its_places_and_its_buttons(locale: str) -> None:
    plain = PLAIN.by_locale[locale].templates
    for approved in APPROVED.by_locale[locale].templates.values():
        assert approved.language == locale.replace("-", "_")
        assert approved.category == "UTILITY"
        if not approved.stands_for:
            assert not approved.buttons
            continue
        stood_for = plain[approved.stands_for]
        assert set(approved.places) <= stood_for.parameters
        assert list(approved.buttons) == list(stood_for.buttons)
        values = {name: SAMPLES[kind] for name, kind in stood_for.types.items()}
        content = Content(template=stood_for.name, parameters=values)
        filled = approved.filled([content], stood_for.render(values))
        assert filled is not None
        assert filled.buttons == stood_for.filled_buttons(values)


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt-PT", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("es-MX", "es"),
        ("EN-gb", "en"),
        ("it-IT", "en"),
        ("", "en"),
        ("d", "en"),
    ],
)
def test_a_person_gets_the_closest_language_else_english(asked: str, chosen: str) -> None:
    assert PLAIN.locale_for(asked) == chosen
    assert PLAIN.of(asked) is PLAIN.by_locale[chosen]


def test_without_the_item_a_reminder_has_no_buttons() -> None:
    task_due = ENGLISH["task_due"]
    assert task_due.filled_buttons({"title": "x", "number": "1"}) == []
    titles = [each.title for each in task_due.filled_buttons({"item": "task:1"})]
    assert titles == ["Done", "Snooze 10 min"]


def test_of_several_reminders_in_one_bubble_each_can_be_ticked_off() -> None:
    parts = [
        Content(
            template="task_due", parameters={"title": title, "number": "1", "item": f"task:{title}"}
        )
        for title in ("milk", "bread-with-a-very-long-name")
    ]
    rows = PLAIN.of("en").buttons([*parts, Content(template="reply", parameters={"text": "x"})])
    assert [row.payload for row in rows] == [
        "v1:done:task:milk",
        "v1:done:task:bread-with-a-very-long-name",
    ]
    assert rows[0].title == "Done: milk"
    assert not button.problems(rows)
