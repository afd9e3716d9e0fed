"""`python -m tests.fuzz.webhooks [CASES] [SEED]`: signatures, lengths and JSON, broken at random.

Each case is one request to the real application: a body (changed or not), a signature (right, of
another secret, of another body, malformed, doubled, none), headers that lie, chunks of any size, a
caller that hangs up. What is right is known from how the case was made, and checked: 200 for what
is authentic and nothing else, nothing stored for anything else, every part that was stored can be
handled. Parts go to the handling with peers that write down what they hear.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from services.ingress.domain.part import Part
from services.ingress.domain.signature import Signatures
from services.ingress.ports import StoredPart
from services.ingress.usecases import Acceptance, Handling
from services.ingress.web.app import Web
from services.ingress.web.body import LARGEST_BODY
from tests.fuzz.mutation import mutated
from tests.unit.ingress.bodies import NAMES, entry, text, value, webhook
from tests.unit.ingress.fakes import RECEIVED, Desk

SECRET, OLD_SECRET = "test_app_secret", "the_secret_before"
_LENGTHS = (b"", b"-1", b"1e3", b"0x10", b"99999999999999999999", b" 7", b"7,7", b"\xd9\xa7")
_TYPES = (b"text/plain", b"application/json;charset=utf-8", b"APPLICATION/JSON", b"", b"json")


@dataclass
class MemoryInbox:
    """Keeps the parts of one request."""

    parts: list[Part] = field(default_factory=list)

    async def store(self, parts: Sequence[Part]) -> None:
        self.parts += parts


@dataclass
class Case:
    """One request, and whether it must be answered 200."""

    body: bytes
    headers: list[tuple[bytes, bytes]]
    is_right: bool
    hangs_up: bool
    kind: str


@dataclass
class Tally:
    """What happened."""

    answers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def bases() -> list[bytes]:
    """Bodies to begin with: of the shared corpus where it is at hand, and some of our own."""
    own = [
        webhook(entry(value(messages=[text()]))),
        webhook(
            entry(value(messages=[text("wamid.2")], statuses=[{"id": "wamid.3", "status": "read"}]))
        ),
        webhook(entry({"event": "PAUSED"}, field="message_template_status_update")),
        webhook(entry(value(messages=[_rich(kind) for kind in _RICH]))),
    ]
    if shared := os.environ.get("HARK_SHARED"):
        files = sorted(Path(shared, "whatsapp", "webhooks").rglob("*.json"))
        own += [file.read_bytes() for file in files]
    return own


_RICH: dict[str, Any] = {
    "interactive": {"type": "button_reply", "button_reply": {"id": "v1:done:task:1", "title": "x"}},
    "button": {"payload": "v1:done:task:1", "text": "Done"},
    "location": {"latitude": 1.5, "longitude": 2.5},
    "reaction": {"message_id": "wamid.9", "emoji": "x"},
    "edit": {"original_message_id": "w", "message": {"type": "text", "text": {"body": "x"}}},
    "revoke": {"original_message_id": "w"},
    "audio": {"id": "1", "mime_type": "audio/ogg", "voice": True},
    "image": {"id": "1", "mime_type": "image/png", "caption": "x"},
    "system": {"type": "user_changed_number", "wa_id": "15550100002"},
    "unsupported": {"type": "poll"},
}


def _rich(kind: str) -> dict[str, Any]:
    return text(f"wamid.{kind}") | {"type": kind, kind: _RICH[kind]}


def a_case(dice: random.Random, base: bytes) -> Case:
    """One request, made so that what must be answered is known."""
    body = mutated(base, dice) if dice.random() < 0.85 else base
    kind, signatures = _signed(body, dice)
    headers = [(b"x-hub-signature-256", each) for each in signatures]
    is_right = kind in ("right", "old")
    if dice.random() < 0.1:
        length = dice.choice(_LENGTHS)
        headers.append((b"content-length", length))
        is_right = is_right and length.isdigit() and int(length[:20]) <= LARGEST_BODY
        kind = f"{kind}, length lies"
    if dice.random() < 0.1:
        given = dice.choice(_TYPES)
        headers.append((b"content-type", given))
        plain = given.partition(b";")[0].strip().lower()
        is_right = is_right and plain in (b"", b"application/json")
        kind = f"{kind}, typed"
    hangs_up = dice.random() < 0.02
    return Case(body, headers, is_right and not hangs_up, hangs_up, kind)


def _signed(body: bytes, dice: random.Random) -> tuple[str, list[bytes]]:
    def by(secret: str, content: bytes = body) -> bytes:
        return b"sha256=" + hmac.digest(secret.encode(), content, hashlib.sha256).hex().encode()

    right = by(SECRET)
    kind = dice.choices(
        ("right", "old", "other secret", "other body", "malformed", "twice", "none"),
        (60, 5, 8, 8, 12, 4, 3),
    )[0]
    match kind:
        case "right":
            return kind, [right]
        case "old":
            return kind, [by(OLD_SECRET)]
        case "other secret":
            return kind, [by("another secret")]
        case "other body":
            return kind, [by(SECRET, body + b" ")]
        case "twice":
            return kind, [right, right]
        case "none":
            return kind, []
        case _:
            broken = (
                right.upper(),
                right[:-1],
                right + b"0",
                right[7:],
                b" " + right,
                right + b"\n",
                b"",
                b"sha1=" + right[7:47],
                b"\xff" * 71,
            )
            return kind, [dice.choice(broken)]


async def answer(web: Web, case: Case, dice: random.Random) -> str:
    """What the application says: a status, or nothing to who hung up."""
    chunks = _chunks(case, dice)
    said = "nothing"

    async def receive() -> dict[str, Any]:
        return chunks.pop(0) if chunks else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal said
        if message["type"] == "http.response.start":
            said = str(message["status"])

    scope = {"type": "http", "path": "/webhook", "method": "POST", "headers": case.headers}
    await web(scope, receive, send)
    return said


def _chunks(case: Case, dice: random.Random) -> list[dict[str, Any]]:
    cuts = sorted(dice.randint(0, len(case.body)) for _ in range(dice.choice((0, 0, 1, 5))))
    edges = [0, *cuts, len(case.body)]
    pieces = [case.body[a:b] for a, b in pairwise(edges)]
    made = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if case.hangs_up:
        return made[: dice.randint(0, len(made))]
    made[-1]["more_body"] = False
    return made


async def handled(handling: Handling, parts: Sequence[Part], tally: Tally) -> None:
    """Every part comes to an outcome; an exception is a find."""
    for part in parts:
        outcome = await handling.handle(
            StoredPart(
                part_id=1,
                kind=part.kind,
                type=part.type,
                message_id="m_1",
                change_id="m_2",
                lane=part.lane,
                payload=part.payload,
                receive_time=RECEIVED,
                is_last_attempt=False,
                rounds=0,
                put_off="",
            )
        )
        tally.parts[type(outcome).__name__.lower()] += 1


async def fuzz(cases: int, seed: int) -> Tally:
    """Runs so many cases. Raises AssertionError at the first that is answered wrongly."""
    dice, tally, start = random.Random(seed), Tally(), bases()
    inbox = MemoryInbox()
    acceptance = Acceptance(Signatures([SECRET, OLD_SECRET]), NAMES, inbox)
    web = Web(acceptance, verify_token="x", ready=lambda: True, refused=lambda _reason: None)
    for number in range(cases):
        case = a_case(dice, dice.choice(start))
        inbox.parts.clear()
        # Handled by peers of its own: what they write down is not what is measured.
        handling = Desk().handling(burst=1000)
        began = time.perf_counter()
        said = await answer(web, case, dice)
        await handled(handling, inbox.parts, tally)
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
        where = f"case {number} of seed {seed}: {case}"
        assert (said == "200") == case.is_right, f"answered {said}: {where}"
        assert said in ("200", "400", "401", "403", "413", "415", "nothing"), f"{said}: {where}"
        assert case.hangs_up or said != "nothing", where
        assert bool(inbox.parts) == (said == "200"), where
        tally.answers[said] += 1
        tally.kinds[case.kind] += 1
    return tally


def main(cases: int = 100_000, seed: int = 1) -> None:
    """Runs and prints counts."""
    began = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tally = asyncio.run(fuzz(cases, seed))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"seed {seed}: {cases} requests in {time.perf_counter() - began:.0f} s, none wrong")
    print(f"slowest {tally.slowest * 1000:.0f} ms; {grown:.0f} MiB more at most")
    for name, counts in (("answers", tally.answers), ("requests", tally.kinds)):
        print(f"{name}: " + ", ".join(f"{key} {count}" for key, count in counts.most_common()))
    print("parts: " + ", ".join(f"{key} {count}" for key, count in tally.parts.most_common()))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
