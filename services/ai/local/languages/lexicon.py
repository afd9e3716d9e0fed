"""Words of one language, found by longest match over tokens, with spelling repair."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Entry = tuple[str, Any]


class Entries(NamedTuple):
    """What a language module hands over: tag -> {value: "phrase; phrase"} in plain data."""

    words: Mapping[str, Mapping[Any, str]]
    glue: str
    repairable: str
    not_typos: str
    # "14. - 15. Juli": a number with a full stop is an ordinal.
    dotted_ordinals: bool = False
    # "le 20 02 14".
    spaced_dates: bool = False


class _Node:
    __slots__ = ("children", "entries")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.entries: list[Entry] = []


def _deletions(word: str) -> Iterable[str]:
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


def folded(word: str) -> str:
    """The word without accents: people leave them out, and keyboards too."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word.replace("ß", "ss"))
    return "".join(char for char in plain if not unicodedata.combining(char))


class Lexicon:
    """A trie of phrases; each phrase has one or more (tag, value) entries."""

    def __init__(self, entries: Entries) -> None:
        self._root = _Node()
        self._known: set[str] = set()
        for tag, values in entries.words.items():
            for value, phrases in values.items():
                for phrase in phrases.split(";"):
                    if phrase.strip():
                        self._add(folded(phrase).split(), tag, value)
        self.dotted_ordinals = entries.dotted_ordinals
        self.spaced_dates = entries.spaced_dates
        self.glue = frozenset(entries.glue.split())
        self._known |= self.glue | set(entries.not_typos.split())
        self._repairs: dict[str, str] = {}
        for word in entries.repairable.split():
            for shorter in _deletions(word):
                self._repairs.setdefault(shorter, word)

    def _add(self, words: Sequence[str], tag: str, value: Any) -> None:
        node = self._root
        for word in words:
            node = node.children.setdefault(word, _Node())
            self._known.add(word)
        node.entries.append((tag, value))

    def knows(self, word: str) -> bool:
        """Whether the word stands in any phrase or must not be repaired."""
        return word in self._known

    def repaired(self, word: str) -> str:
        """The word it was probably meant to be: one letter missing, added, changed or swapped."""
        if len(word) < 5 or word in self._known or not word.isalpha():
            return word
        target = self._repairs.get(word)
        if target is None:
            for shorter in _deletions(word):
                if shorter in self._known and len(shorter) >= 6:
                    target = shorter
                    break
                target = self._repairs.get(shorter)
                if target is not None and abs(len(target) - len(word)) <= 1:
                    break
                target = None
        # The first letter is seldom wrong; "fright" is not "night".
        return target if target is not None and target[0] == word[0] else word

    def at(self, words: Sequence[str], index: int) -> list[tuple[int, Entry]]:
        """All entries of phrases that start at `index`, as (end, entry)."""
        found: list[tuple[int, Entry]] = []
        node = self._root.children.get(words[index])
        while node is not None:
            index += 1
            found.extend((index, entry) for entry in node.entries)
            if index >= len(words):
                break
            node = node.children.get(words[index])
        return found
