"""Words of an utterance: capped, normalised, with their places in the original."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

CHARACTER_LIMIT = 500
"""Nothing after this many characters is looked at; a request is said in fewer."""
TOKEN_LIMIT = 110

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]|_")
_ELIDED = re.compile(r"(?:[lcdjmnst]|qu|jusqu)'(?=[^\W\d_]{2})")
_TYPOGRAPHY = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u02bc": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": " ",
        "\u2011": "-",
    }
)


class Token(NamedTuple):
    """One word, number or sign; `first` and `last` are offsets into the capped text."""

    word: str
    first: int
    last: int


class Text(NamedTuple):
    """An utterance cut to the limit; `lower` has the same length as `original`."""

    original: str
    lower: str
    tokens: tuple[Token, ...]

    @property
    def words(self) -> list[str]:
        """The lower-case words, one a token."""
        return [token.word for token in self.tokens]


def _lowered(text: str) -> str:
    if text.isascii():
        return text.lower()
    # str.lower() may change the length ("İ"); offsets must stay true.
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def plain(text: str) -> str:
    """The text with composed letters and typewriter signs."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)


def read(text: str) -> Text:
    """The words of a text, at most `TOKEN_LIMIT` of its first `CHARACTER_LIMIT` characters."""
    original = plain(text[:CHARACTER_LIMIT])
    lower = _lowered(original)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(lower):
        word, first = match.group(), match.start()
        if elided := _ELIDED.match(word):
            cut = first + elided.end()
            tokens.append(Token(word[: elided.end()], first, cut))
            tokens.append(Token(word[elided.end() :], cut, match.end()))
        elif word.endswith("'s") and len(word) > 2:
            tokens.append(Token(word[:-2], first, match.end() - 2))
            tokens.append(Token("'s", match.end() - 2, match.end()))
        else:
            tokens.append(Token(word, first, match.end()))
        if len(tokens) >= TOKEN_LIMIT:
            break
    return Text(original, lower, tuple(tokens))
