"""What happened in a run, as it was recorded: one JSON object a line, so that it can be checked
again without running anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.domain.wire import escaped, signature

Json = dict[str, Any]
# Kinds of records; a table is a kind of its own, `table:<schema>.<name>`.
SAID, CALL, EVENT, LOG, AUDIT, TASK, META = "said", "call", "event", "log", "audit", "task", "meta"
REPEAT_MARK = "In case this did not reach you: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One try to deliver one webhook; times are the machine's monotonic seconds."""

    start: float
    end: float
    status: int | None
    is_authentic: bool
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message or status in a webhook, by Hark's message id; `state` is empty for a message."""

    message_id: str
    state: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One message handed to the provider; `time` is the application's clock."""

    token: str
    to: str
    text: str
    reply_to: str
    is_accepted: bool
    is_answered: bool
    time: datetime
    fault: str

    @property
    def is_marked(self) -> bool:
        """Whether it says that it may be a repeat."""
        return self.text.startswith(REPEAT_MARK)

    @property
    def plain(self) -> str:
        """The text without the mark of a repeat."""
        return self.text.removeprefix(REPEAT_MARK)


@dataclass
class History:
    """All records of a run by kind, and what the checkers read out of them."""

    records: dict[str, list[Json]] = field(default_factory=dict)

    def add(self, record: str, /, **values: Any) -> None:
        """Writes down one thing that happened."""
        self.records.setdefault(record, []).append(values)

    def of(self, kind: str) -> list[Json]:
        """All records of a kind, in order."""
        return self.records.get(kind, [])

    def table(self, name: str) -> list[Json]:
        """The rows of a table at the end of the run."""
        return self.of(f"table:{name}")

    @property
    def meta(self) -> Json:
        """Seed, sizes and settings of the run."""
        return self.of(META)[0] if self.of(META) else {}

    def save(self, path: Path) -> None:
        """Writes everything to a file."""
        with path.open("w") as file:
            for kind, records in self.records.items():
                for record in records:
                    file.write(json.dumps({"record": kind, **record}) + "\n")

    @classmethod
    def load(cls, path: Path) -> History:
        """Reads what `save` wrote."""
        history = cls()
        with path.open() as file:
            for line in file:
                record = json.loads(line)
                history.add(record.pop("record"), **record)
        return history

    @cached_property
    def posts(self) -> list[Post]:
        """Every webhook that was tried, in the order of the log."""
        secret = self.meta["app_secret"]
        return [
            _post(entry, secret, self.meta["message_ids"])
            for entry in self.of(LOG)
            if entry["kind"] == "webhook" and entry.get("attempt")
        ]

    @cached_property
    def sends(self) -> list[Send]:
        """Every message in words that reached the provider, in the order of the log."""
        return [
            _send(entry)
            for entry in self.of(LOG)
            if entry["kind"] == "api" and entry["type"] in {"text", "interactive"} and entry["body"]
        ]

    @cached_property
    def posts_of(self) -> dict[str, list[Post]]:
        """The authentic posts that carried each message of a person."""
        found: dict[str, list[Post]] = {}
        for post in self.posts:
            for part in post.parts:
                if post.is_authentic and not part.state:
                    found.setdefault(part.message_id, []).append(post)
        return found

    @cached_property
    def attempts_of(self) -> dict[str, list[Json]]:
        """The attempts of each notification, first to last."""
        found: dict[str, list[Json]] = {}
        for attempt in sorted(self.table("notifier.attempts"), key=lambda row: row["number"]):
            found.setdefault(attempt["notification_id"], []).append(attempt)
        return found

    @cached_property
    def sends_of(self) -> dict[str, list[Send]]:
        """The calls that reached the provider for each notification."""
        owners = {row["token"]: row["notification_id"] for row in self.table("notifier.attempts")}
        found: dict[str, list[Send]] = {}
        for send in self.sends:
            if send.token in owners:
                found.setdefault(owners[send.token], []).append(send)
        return found


def moment(text: str) -> datetime:
    """A time in a record."""
    return datetime.fromisoformat(text)


def items(body: Any) -> Iterator[tuple[str, Json]]:
    """The messages and statuses in a webhook's body: ("messages" or "statuses", item)."""
    entries = body.get("entry", []) if isinstance(body, dict) else []
    for entry in entries:
        for change in entry.get("changes", []):
            value = change.get("value", {})
            for sort in ("messages", "statuses"):
                for item in value.get(sort, []):
                    yield sort, item


def _post(entry: Json, secret: str, message_ids: dict[str, str]) -> Post:
    body = entry["body"]
    return Post(
        start=entry["monotonic"],
        end=entry["monotonic"] + entry["duration_ms"] / 1000,
        status=entry["status"],
        # By the secret, not by what the simulator says it did.
        is_authentic=isinstance(body, dict)
        and entry["signature"] == signature(secret, escaped(body)),
        parts=[
            Part(
                message_id=message_ids.get(item["id"]) or str(item["id"]),
                state=item["status"] if sort == "statuses" else "",
                token=item.get("biz_opaque_callback_data") or "",
            )
            for sort, item in items(body)
        ],
    )


def text_of(body: Json) -> str:
    """What a send says: plain words, or words with buttons."""
    if body.get("type") == "interactive":
        return str(body["interactive"]["body"]["text"])
    return str(body["text"]["body"])


def _send(entry: Json) -> Send:
    body = entry["body"]
    return Send(
        token=entry["biz_opaque_callback_data"] or "",
        to=entry["to"],
        text=text_of(body),
        reply_to=body.get("context", {}).get("message_id", ""),
        # The simulator names a message only once it has taken it on, answered or not.
        is_accepted=entry["wamid"] is not None,
        is_answered=entry["status"] is not None,
        time=moment(entry["time"]),
        fault=entry["fault"] or "",
    )
