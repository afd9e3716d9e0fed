"""What a run will do, from its seed alone: who says what, what is called, what is broken when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SERVICES = ("notifier", "scheduler", "ai", "ingress")
REPLICAS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How big a run is; times in seconds of the machine."""

    people: int
    messages: int
    calls: int
    kills: int
    cuts: int
    stalls: int
    restarts: int
    gap: float
    # The application's clock runs this many times as fast while people talk.
    pace: float
    limit: float


LONG = Size(
    people=16,
    messages=14,
    calls=40,
    kills=20,
    cuts=10,
    stalls=3,
    restarts=3,
    gap=1.6,
    pace=6.0,
    limit=150.0,
)
SHORT = Size(
    people=6,
    messages=8,
    calls=12,
    kills=6,
    cuts=4,
    stalls=1,
    restarts=1,
    gap=0.9,
    pace=8.0,
    limit=60.0,
)

# Where a process dies, by the number of the fault.
KILLS: Sequence[tuple[str, str, str]] = (
    ("F8", "ingress", "ingress.after_commit"),
    ("F11b", "notifier", "notifier.after_post"),
    ("F10", "scheduler", "scheduler.after_handover"),
    ("F11a", "notifier", "notifier.before_post"),
    ("F10", "scheduler", "scheduler.before_handover"),
    ("F8", "ingress", "ingress.before_commit"),
    ("F10", "scheduler", "scheduler.claimed"),
    ("F11b", "notifier", "due.handled"),
    ("F8", "ingress", "due.handled"),
    ("F10", "scheduler", "due.claimed"),
)

# Faults of the world by probability; what each does stands in docs/simulator.md.
WORLD: Sequence[dict[str, object]] = (
    {"name": "webhook_doubled", "probability": 0.15, "after_ms": 150},
    {"name": "webhook_rebatched", "probability": 0.12, "after_ms": 300},
    {"name": "webhook_reordered", "probability": 0.08, "hold_ms": 800},
    {"name": "webhook_forged", "probability": 0.08},
    {"name": "webhook_old_secret", "probability": 0.04},
    {"name": "timeout_after_accept", "probability": 0.06, "hold_ms": 200, "reset": True},
    {"name": "timeout_before_accept", "probability": 0.03, "hold_ms": 200, "reset": True},
    {"name": "http_429", "probability": 0.03},
    {"name": "status_overtakes", "probability": 0.08},
    {"name": "status_doubled", "probability": 0.10},
    {"name": "status_lost", "probability": 0.03},
    {"name": "read_before_delivered", "probability": 0.10},
    {"name": "failed_after_sent", "probability": 0.02, "code": 131000},
)

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What a person says; `title` is in what it makes, or (kind "done") in what it is about."""

    kind: str
    text: str
    title: str = ""
    wait: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request by another client: said `times` times at once, then once with another body."""

    method: str
    person: int
    title: str
    other_title: str
    request_id: str
    at: float
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A process dies when it passes a point for the `passes`-th time in its life."""

    number: str
    service: str
    replica: int
    point: str
    passes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something done to the storage `at` seconds into the run."""

    name: str
    at: float
    service: str = ""
    replica: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole run."""

    seed: int
    size: Size
    people: Sequence[Sequence[Utterance]]
    calls: Sequence[Call]
    kills: Sequence[Kill]
    troubles: Sequence[Trouble]
    world: Sequence[dict[str, object]]


def make_plan(seed: int, size: Size) -> Plan:
    """The plan of a seed; the same one every time."""
    rng = Random(f"hark-chaos:{seed}")
    words = _Words(rng)
    people = [_conversation(rng, words, size) for _ in range(size.people)]
    lasts = size.messages * size.gap / 2
    return Plan(
        seed=seed,
        size=size,
        people=people,
        calls=[_call(rng, words, size, lasts) for _ in range(size.calls)],
        kills=[_kill(rng, number) for number in range(size.kills)],
        troubles=sorted(_troubles(rng, size, lasts), key=lambda each: each.at),
        world=[{**fault, "seed": rng.randrange(2**31)} for fault in WORLD],
    )


def filler(rng: Random, number: int) -> Utterance:
    """Something more to say, for as long as a kill still waits for its moment."""
    ends = "".join(_ONSETS[int(digit)] + "i" for digit in f"{number:04d}")
    title = f"{rng.choice(_ONSETS)}e{ends} {rng.choice(_ONSETS)}o{ends}"
    return Utterance(kind="add", text=f"add task {title}", title=title)


class _Words:
    """Titles that stand for nothing else and are never given twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def title(self) -> str:
        """Two words: a title that shares one with another is taken for it where that is missing."""
        return f"{self._word()} {self._word()}"

    def _word(self) -> str:
        while True:
            word = "".join(self._rng.choice(_ONSETS) + self._rng.choice("aou") for _ in range(4))
            if word not in self._given:
                self._given.add(word)
                return word


def _conversation(rng: Random, words: _Words, size: Size) -> list[Utterance]:
    said: list[Utterance] = []
    open_titles: list[str] = []
    for _ in range(size.messages):
        wait = rng.choice((0.0, 0.0, rng.uniform(0, size.gap)))
        kind = rng.choices(("add", "remind", "recur", "done", "ask"), (38, 30, 4, 18, 10))[0]
        if kind == "done" and not open_titles:
            kind = "add"
        said.append(_utterance(rng, words, kind, open_titles, wait))
    return said


def _utterance(
    rng: Random, words: _Words, kind: str, open_titles: list[str], wait: float
) -> Utterance:
    if kind == "ask":
        text = rng.choice(("what are my tasks", "hello", "thanks"))
        return Utterance(kind=kind, text=text, wait=wait)
    if kind == "done":
        title = open_titles.pop(rng.randrange(len(open_titles)))
        return Utterance(kind=kind, text=f"mark {title} as done", title=title, wait=wait)
    title = words.title()
    if kind == "add":
        open_titles.append(title)
        return Utterance(kind=kind, text=f"add task {title}", title=title, wait=wait)
    when = f"in {rng.randint(4, 11)} minutes" if kind == "remind" else "every 10 minutes"
    return Utterance(kind=kind, text=f"remind me to {title} {when}", title=title, wait=wait)


def _call(rng: Random, words: _Words, size: Size, lasts: float) -> Call:
    return Call(
        method=rng.choice(("SendNotification", "SendNotification", "CreateTask")),
        person=rng.randrange(size.people),
        title=words.title(),
        other_title=words.title(),
        request_id=f"{rng.getrandbits(128):032x}",
        at=rng.uniform(2.0, 2.0 + lasts),
        times=rng.randint(2, 4),
    )


def _kill(rng: Random, number: int) -> Kill:
    fault, service, point = KILLS[number % len(KILLS)]
    return Kill(
        number=fault,
        service=service,
        # Alternating by round, so that both replicas die at every kind of point.
        replica=(number + number // len(KILLS)) % REPLICAS,
        point=point,
        # A later life gets to do something first, or both replicas would hardly ever be there.
        passes=rng.randint(1, 4) if number < len(KILLS) else rng.randint(4, 16),
    )


def _troubles(rng: Random, size: Size, lasts: float) -> list[Trouble]:
    found = [
        Trouble(name=rng.choice(("restart", "crash")), at=rng.uniform(4.0, 4.0 + lasts))
        for _ in range(size.restarts)
    ]
    for number in range(size.cuts):
        found.append(
            Trouble(
                name=("cut_after_commit", "cut_before_commit", "cut_after_write")[number % 3],
                at=rng.uniform(1.0, 1.0 + lasts),
                service=rng.choice(SERVICES),
                replica=rng.randrange(REPLICAS),
            )
        )
    for number in range(size.stalls):
        found.append(
            Trouble(
                name="stall",
                at=rng.uniform(1.0, 1.0 + lasts),
                # Only queues have leases to lose, and the inbox is the busiest of them.
                service=("ingress", "notifier", "scheduler")[number % 3],
                replica=rng.randrange(REPLICAS),
            )
        )
    return found
