"""What Hark says is there in every language, and made of the same parts."""

from __future__ import annotations

import string
from datetime import datetime, timedelta

import pytest

from services.ai.clients.geography import zone_at
from services.ai.domain.intent import Language, When
from services.ai.domain.languages import english, french, german, portuguese, spanish
from services.ai.domain.payload import Payload, parse
from services.ai.domain.wording import Wording, language_of

OTHERS = [spanish, german, french, portuguese]


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("module", OTHERS, ids=lambda each: each.__name__.rpartition(".")[2])
def test_every_language_has_every_phrase_with_the_same_slots(module) -> None:
    assert module.PHRASES.keys() == english.PHRASES.keys()
    differing = [
        key for key, text in module.PHRASES.items() if slots(text) != slots(english.PHRASES[key])
    ]
    assert differing == []


@pytest.mark.parametrize("module", [english, *OTHERS])
def test_what_is_said_has_no_markup_and_buttons_are_short(module) -> None:
    assert not [key for key, text in module.PHRASES.items() if set("*_`#<>") & set(text)]
    for key in ("yes", "no", "my_zone", "place_of"):
        assert len(module.PHRASES[key]) <= 20


def test_what_people_wrote_is_put_in_as_it_is() -> None:
    assert Wording()("heard", text="{0.__class__} {heard}") == "Heard: “{0.__class__} {heard}”."


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("pt-BR", Language.PORTUGUESE),
        ("de_AT", Language.GERMAN),
        ("EN", Language.ENGLISH),
        ("ja-JP", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_a_locale_leads_to_the_nearest_language(locale: str, language: Language) -> None:
    assert language_of(locale) is language


def test_times_are_said_as_people_say_them() -> None:
    at_six = When(start=datetime(2026, 11, 26, 18, 0))
    assert Wording().when(at_six) == "Thursday, November 26, 6:00 PM"
    assert Wording(Language.GERMAN).when(at_six) == "Donnerstag, 26. November, 18:00"
    later = When(start=at_six.start, instant_offset=timedelta(minutes=20))
    assert Wording(Language.FRENCH).when(later) == "dans 20 minutes"
    daily = When(start=at_six.start, rrule="FREQ=DAILY")
    assert Wording().when(daily).endswith("(repeating)")


def test_names_are_joined_as_in_a_sentence() -> None:
    assert Wording().any_of(["a"]) == "a"
    assert Wording().any_of(["a", "b", "c"]) == "a, b or c"
    assert Wording(Language.SPANISH).all_of(["a", "b"]) == "a y b"


@pytest.mark.parametrize(
    "text",
    [
        "v1:done:task:7",
        "v1:snooze:event:9:600",
        "v1:pick:turn:m_abc:2",
        "v1:undo:change:0d2f",
    ],
)
def test_a_payload_is_read_as_it_was_written(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "v1", "v2:done:task:7", "v1:launch:task:7", "v1:done:moon:7", "v1:done:task:", "a:b"],
)
def test_a_payload_of_somebody_elses_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("extra", "number"), [("600", 600), ("-1", None), ("٣", None), ("9" * 9, None)]
)
def test_the_number_in_a_payload_is_a_sensible_one(extra: str, number: int | None) -> None:
    assert Payload(action="pick", kind="turn", id="m", extra=extra).number == number


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (38.72, -9.14, "Europe/Lisbon"),
        (40.71, -74.0, "America/New_York"),
        (-33.87, 151.2, "Australia/Sydney"),
        (35.68, 139.69, "Asia/Tokyo"),
        (-18.0, 179.9, "Pacific/Fiji"),
    ],
)
def test_a_place_leads_to_the_zone_of_the_nearest_city(latitude, longitude, zone) -> None:
    assert zone_at(latitude, longitude) == zone
