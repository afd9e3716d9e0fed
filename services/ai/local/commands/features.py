"""What the linear model sees of a request: its words, times made alike, and the rules' verdict."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from services.ai.local.commands.clues import Verdict
from services.ai.local.commands.phrases import OTHER_TOPIC, PERSONAL, PUBLIC_EVENT
from services.ai.local.text import Text

BUCKETS = 1 << 15
_WORD_LIMIT = 40


def _words(text: Text, spans: Sequence[tuple[int, int]]) -> list[str]:
    words: list[str] = []
    for token in text.tokens:
        if any(first <= token.first < last for first, last in spans):
            if not words or words[-1] != "<t>":
                words.append("<t>")
        elif token.word[0].isdigit():
            words.append("<n>")
        elif token.word[0].isalnum() or token.word in ("?", "'s"):
            words.append(token.word)
        if len(words) >= _WORD_LIMIT:
            break
    return words


def _names(text: Text, spans: Sequence[tuple[int, int]], verdict: Verdict) -> Iterator[str]:
    words = _words(text, spans)
    flags = "".join(
        "01"[bool(pattern.search(text.lower))] for pattern in (PERSONAL, OTHER_TOPIC, PUBLIC_EVENT)
    )
    has_time = "t" if spans else "f"
    yield f"R {verdict.intent}"
    yield f"R {verdict.intent} {verdict.trust:.2f}"
    yield f"R {verdict.intent} {flags}"
    yield f"F {flags} {has_time}"
    yield f"L {min(len(words), 12)}"
    before = "^"
    for index, word in enumerate(words):
        yield f"1 {word}"
        yield f"2 {before} {word}"
        if index + 1 < len(words):
            yield f"3 {before} {word} {words[index + 1]}"
            yield f"s {before} {words[index + 1]}"
        before = word
    yield f"2 {before} $"


def buckets(text: Text, spans: Sequence[tuple[int, int]], verdict: Verdict) -> list[int]:
    """The hashed features of a request, each once."""
    names = _names(text, spans, verdict)
    return list({zlib.crc32(name.encode()) % BUCKETS for name in names})
