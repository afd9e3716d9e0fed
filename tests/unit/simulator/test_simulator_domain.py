"""Pace, faults, forms, Gemini's prompts, scripts, dials, taps."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.domain.dials import Dials
from simulator.domain.fault import KINDS, Faults
from simulator.domain.graph_error import GraphError
from simulator.domain.media import check_upload
from simulator.domain.message import Message
from simulator.domain.multipart import fields
from simulator.domain.pace import NumberPace, PairPace
from simulator.domain.person import wa_id_of
from simulator.domain.problem import Problem
from simulator.domain.tap import tapped
from simulator.feed import Feed
from simulator.gemini.prompt import Refused, parsed
from simulator.gemini.scripts import Scripts
from simulator.journal import Entry, Journal

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def taken(pace: PairPace, *times: float) -> list[bool]:
    return [pace.take("15550100001", now, seconds=6.0, most=45) for now in times]


def test_one_message_every_six_seconds_is_always_taken() -> None:
    assert all(taken(PairPace(), *(6.0 * n for n in range(100))))


def test_a_burst_of_45_is_taken_and_paid_back_by_waiting() -> None:
    pace = PairPace()

    assert all(taken(pace, *[0.0] * 45))
    assert taken(pace, 1.0, 100.0, 269.0) == [False, False, False]
    assert taken(pace, 270.0) == [True]


def test_a_quick_conversation_is_not_held_up() -> None:
    assert all(taken(PairPace(), *(3.0 * n for n in range(60))))


def test_too_much_for_too_long_borrows_everything_too() -> None:
    answers = taken(PairPace(), *(1.0 * n for n in range(60)))

    # 5 of 6 are borrowed: with the 53rd there is no room for one more.
    assert answers.index(False) == 53
    assert not any(answers[53:])


def test_a_message_moves_only_to_a_later_state() -> None:
    message = offered("text", {"body": "x"})

    moves = [message.rise(state) for state in ("sent", "sent", "read", "delivered", "read")]

    assert moves == [True, False, True, False, False]
    assert message.state == "read"


def test_two_people_have_paces_of_their_own() -> None:
    pace = PairPace()
    taken(pace, *[0.0] * 45)

    assert pace.take("15550100002", 1.0, seconds=6.0, most=45)


def test_the_number_passes_80_messages_in_any_second() -> None:
    pace = NumberPace()

    assert all(pace.take(n / 100, per_second=80) for n in range(80))
    assert not pace.take(0.9, per_second=80)
    assert pace.take(1.0, per_second=80)


def test_what_comes_in_uses_up_the_throughput_too() -> None:
    pace = NumberPace()
    for _ in range(80):
        pace.count(0.0)

    assert not pace.take(0.5, per_second=80)


def struck(seed: int, rounds: int = 200) -> list[bool]:
    faults = Faults()
    faults.switch_on({"name": "status_lost", "probability": 0.3, "seed": seed})
    return [faults.strikes("status_lost") is not None for _ in range(rounds)]


def test_the_same_seed_strikes_the_same_times() -> None:
    assert struck(7) == struck(7)
    assert struck(7) != struck(8)
    assert 30 < sum(struck(7)) < 90


def test_a_fault_strikes_at_most_as_often_as_its_limit_and_only_whom_it_is_for() -> None:
    faults = Faults()
    faults.switch_on({"name": "http_429", "limit": 2, "to": "+15550100001", "retry_after": 3})

    assert faults.strikes("http_429", "15550100002") is None
    assert [faults.strikes("http_429", "15550100001") for _ in range(3)] == [
        {"retry_after": 3},
        {"retry_after": 3},
        None,
    ]
    assert faults.counts == {"http_429": 2}


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_can_be_switched_on_and_off(name: str) -> None:
    faults = Faults()
    faults.switch_on({"name": name})
    assert faults.strikes(name) is not None
    faults.switch_off(name)

    assert faults.strikes(name) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "earthquake"},
        {"name": "http_429", "probability": 1.5},
        {"name": "http_429", "probability": True},
        {"name": "http_429", "retry_after": "soon"},
        {"name": "http_429", "delay_ms": 5},
        {"name": "http_429", "limit": "many"},
        {"name": "webhook_huge", "bytes": -1},
        {"name": "webhook_lost", "only": "calls"},
        {"name": "http_429", "only": "messages"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        Faults().switch_on(wrong)


def test_dials_turn_one_by_one_or_all_to_instant() -> None:
    dials = Dials().turned({"status": "instant", "pair_burst": 0})

    assert (dials.sent_ms, dials.delivered_ms, dials.read_ms, dials.pair_burst) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "wrong", [{"speed": 1}, {"sent_ms": "x"}, {"sent_ms": -1}, {"retry_attempts": 0}]
)
def test_a_dial_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        Dials().turned(wrong)


@pytest.mark.parametrize("number", ["15550100001", "+15550100001"])
def test_a_number_is_known_with_and_without_plus(number: str) -> None:
    assert wa_id_of(number) == "15550100001"


@pytest.mark.parametrize("number", ["", "Ada", "+0123456789", "+123", "+1555010000112345678"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(Problem):
        wa_id_of(number)


def form(*pieces: bytes, end: bytes = b"--\r\n") -> bytes:
    return b"".join(b"--XX\r\n" + piece + b"\r\n" for piece in pieces) + b"--XX" + end


def test_a_form_keeps_every_byte_of_its_file() -> None:
    content = bytes(range(256)) + b"\r\n--X\r\n"
    body = form(
        b'Content-Disposition: form-data; name="type"\r\n\r\nimage/png',
        b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + content,
    )

    found = fields('multipart/form-data; boundary="XX"', body)

    assert found["type"].text == "image/png"
    assert found["file"].content == content
    assert (found["file"].filename, found["file"].mime_type) == ("a.png", "image/png")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", form()),
        ("multipart/form-data; boundary=XX", b"nothing"),
        (
            "multipart/form-data; boundary=XX",
            form(b'Content-Disposition: form-data; name="a"\r\n\r\nx', end=b""),
        ),
        ("multipart/form-data; boundary=XX", form(b"no header")),
        ("multipart/form-data; boundary=XX", form(b"Content-Type: x/y\r\n\r\nno name")),
        (
            "multipart/form-data; boundary=XX",
            form(*[b'Content-Disposition: form-data; name="a"\r\n\r\nx'] * 20),
        ),
    ],
)
def test_what_is_no_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(GraphError):
        fields(content_type, body)


@pytest.mark.parametrize(
    ("mime_type", "size", "code"),
    [
        ("audio/ogg; codecs=opus", 16 * 1024**2, None),
        ("audio/ogg", 16 * 1024**2 + 1, 131053),
        ("image/jpeg", 5 * 1024**2, None),
        ("image/png", 5 * 1024**2 + 1, 131053),
        ("image/gif", 10, 100),
        ("image/webp", 500 * 1024 + 1, 131053),
        ("application/pdf", 100 * 1024**2, None),
        ("text/plain", 0, 100),
    ],
)
def test_files_have_the_types_and_sizes_that_meta_takes(mime_type, size, code) -> None:
    try:
        check_upload(mime_type, size)
        refused = None
    except GraphError as error:
        refused = error.code

    assert refused == code


def asked(*parts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": list(parts)}]} | changes


SOUND = {"inlineData": {"mimeType": "audio/ogg", "data": base64.b64encode(b"x" * 64).decode()}}


def test_a_prompt_is_understood_with_words_files_and_tokens() -> None:
    prompt = parsed(
        asked(
            {"text": "eight ch"},
            SOUND,
            systemInstruction={"parts": [{"text": "four"}]},
            generationConfig={
                "responseMimeType": "application/json",
                "responseSchema": {"type": "OBJECT"},
            },
        )
    )

    assert prompt.last == "eight ch"
    assert prompt.system == "four"
    assert prompt.media == ("audio/ogg",)
    assert prompt.json
    assert prompt.tokens == 2 + 1 + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"contents": []},
        {"contents": [{"role": "user", "parts": []}]},
        {"contents": [{"role": "narrator", "parts": [{"text": "x"}]}]},
        asked({"image": "x"}),
        asked({"text": "x"}, temperature=1),
        asked({"inlineData": {"mimeType": "audio/ogg; codecs=opus", "data": ""}}),
        asked({"inlineData": {"mimeType": "audio/ogg", "data": "%"}}),
        asked({"text": "x"}, generationConfig={"responseMimeType": "image/png"}),
        asked({"text": "x"}, generationConfig={"responseSchema": {"type": "OBJECT"}}),
    ],
)
def test_a_prompt_that_gemini_refuses_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        parsed(wrong)

    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")


def test_the_newest_fitting_script_answers_as_often_as_it_may() -> None:
    scripts = Scripts()
    scripts.add({"answer": "general"})
    scripts.add({"contains": "Ada", "answer": {"who": "Ada"}, "times": 1})
    scripts.add({"media": "audio/", "answer": "heard"})
    about_ada, spoken = parsed(asked({"text": "call ada"})), parsed(asked(SOUND))

    assert [scripts.answer(p) for p in (about_ada, about_ada, spoken)] == [
        '{"who":"Ada"}',
        "general",
        "heard",
    ]


def test_without_a_fitting_script_there_is_no_answer_and_it_is_counted() -> None:
    scripts = Scripts()
    scripts.add({"matches": "^remind", "answer": "x"})

    assert scripts.answer(parsed(asked({"text": "hello"}))) is None
    assert scripts.unanswered == 1


@pytest.mark.parametrize(
    "wrong", [{}, {"answer": "x", "times": 0}, {"answer": "x", "matches": "("}, {"reply": "x"}]
)
def test_a_script_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        Scripts().add(wrong)


def offered(kind: str, content: dict[str, Any], rendered: Any = None) -> Message:
    return Message(
        wamid="wamid.x",
        wa_id="15550100001",
        author="business",
        kind=kind,
        content=content,
        time=NOON,
        rendered=rendered,
    )


def test_a_tapped_button_says_its_id_and_title() -> None:
    reply = {"id": "yes", "title": "Yes"}
    message = offered("interactive", {"type": "button", "action": {"buttons": [{"reply": reply}]}})

    expected = ("interactive", {"type": "button_reply", "button_reply": reply})
    assert tapped(message, "yes") == tapped(message, "Yes") == expected


def test_a_chosen_row_says_its_description_too() -> None:
    row = {"id": "1", "title": "Tea", "description": "hot"}
    message = offered("interactive", {"type": "list", "action": {"sections": [{"rows": [row]}]}})

    assert tapped(message, "1") == ("interactive", {"type": "list_reply", "list_reply": row})


def test_a_quick_reply_of_a_template_says_its_payload() -> None:
    buttons = [{"type": "QUICK_REPLY", "text": "Done", "payload": "done 7"}]
    message = offered("template", {}, rendered={"body": "x", "buttons": buttons})

    assert tapped(message, "Done") == ("button", {"payload": "done 7", "text": "Done"})


def test_what_is_not_offered_cannot_be_tapped() -> None:
    for message in (offered("text", {"body": "x"}), offered("template", {}, rendered={})):
        with pytest.raises(Problem):
            tapped(message, "Yes")


async def test_the_journal_is_bounded_and_says_what_a_reader_missed() -> None:
    journal = Journal(entries=3, size=10_000, feed=Feed())
    for number in range(5):
        journal.add(Entry(kind="api", time=NOON, monotonic=0.0, method="GET", path=f"/{number}"))

    read = await journal.read(after=0, wait=0, limit=10, kind=None)
    later = await journal.read(after=3, wait=0, limit=1, kind=None)

    assert [entry["path"] for entry in read["entries"]] == ["/2", "/3", "/4"]
    assert (read["missed"], read["next"]) == (2, 5)
    assert [entry["path"] for entry in later["entries"]] == ["/3"]
    assert (later["missed"], later["next"]) == (0, 4)


async def test_large_bodies_push_old_entries_out_of_the_journal() -> None:
    journal = Journal(entries=100, size=5_000, feed=Feed())
    for _ in range(4):
        entry = Entry(
            kind="api", time=NOON, monotonic=0.0, method="GET", path="/", body=b"x" * 2_000
        )
        journal.add(entry)

    read = await journal.read(after=0, wait=0, limit=10, kind=None)

    assert len(read["entries"]) == 2
