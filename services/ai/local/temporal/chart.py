"""A bottom-up chart parser, bounded: rules are sequences of categories, meaning is computed at once.

A pattern is a string of categories: "day ~ tod", "FROM? tod TO tod". `A|B` is either of them, a
trailing `?` makes one optional (its value is then None), and `~` lets up to three glue words ("on",
"the", a comma) stand before the next category. Upper-case categories come from the lexicon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

_GLUE_LIMIT = 3

Meaning = tuple[str, Any] | None
Action = Callable[..., Meaning]


class Element(NamedTuple):
    """One place of a pattern: its categories, and whether glue may stand before it."""

    glue: bool
    categories: tuple[str, ...]


class Rule(NamedTuple):
    """A pattern without options; `slots` says which argument each element fills, -1 for none."""

    elements: tuple[Element, ...]
    slots: tuple[int, ...]
    arity: int
    action: Action
    cost: int


class Item(NamedTuple):
    """Words `first`…`last` (exclusive) mean `value`; the lower the cost the likelier."""

    first: int
    last: int
    category: str
    value: Any
    cost: int


class RuleSet:
    """Rules, by the category they start with."""

    def __init__(self, *included: RuleSet) -> None:
        self.by_first: dict[str, list[Rule]] = {}
        for other in included:
            for rules in other.by_first.values():
                for rule in rules:
                    self._index(rule)

    def __call__(self, *patterns: str, cost: int = 0) -> Callable[[Action], Action]:
        """Registers the decorated function for each pattern; it gets a context, then the values."""

        def register(action: Action) -> Action:
            for pattern in patterns:
                for rule in _compile(pattern, action, cost):
                    self._index(rule)
            return action

        return register

    def _index(self, rule: Rule) -> None:
        for category in rule.elements[0].categories:
            self.by_first.setdefault(category, []).append(rule)


def _compile(pattern: str, action: Action, cost: int) -> list[Rule]:
    variants: list[tuple[tuple[Element, ...], tuple[int, ...]]] = [((), ())]
    glue = False
    arity = 0
    for part in pattern.split():
        if part == "~":
            glue = True
            continue
        optional = part.endswith("?")
        element = Element(glue, tuple(part.rstrip("?").split("|")))
        taken = [(elements + (element,), slots + (arity,)) for elements, slots in variants]
        variants = taken + variants if optional else taken
        glue = False
        arity += 1
    return [Rule(elements, slots, arity, action, cost) for elements, slots in variants if elements]


class _Edge(NamedTuple):
    rule: Rule
    filled: int
    first: int
    values: tuple[Any, ...]
    cost: int


class Chart:
    """All readings of one run of words; stops quietly at `limit` items, which bounds its time."""

    def __init__(self, rules: RuleSet, context: Any, glue: Sequence[bool], limit: int) -> None:
        self._rules = rules.by_first
        self._context = context
        self._glue = glue
        self._limit = limit
        self._seen: set[tuple[int, int, str, Any]] = set()
        self._agenda: list[Item] = []
        self._waiting: dict[tuple[int, str], list[_Edge]] = {}
        self._starting: dict[tuple[int, str], list[Item]] = {}
        self.items: list[Item] = []

    def add(self, item: Item) -> None:
        """Puts a word of the lexicon (or a finished reading) into the chart."""
        key = item[:4]
        if key not in self._seen and len(self._seen) < self._limit:
            self._seen.add(key)
            self._agenda.append(item)

    def run(self) -> list[Item]:
        """Every item that follows from what was added."""
        while self._agenda:
            item = self._agenda.pop()
            self.items.append(item)
            self._starting.setdefault((item.first, item.category), []).append(item)
            for rule in self._rules.get(item.category, ()):
                self._advance(_Edge(rule, 1, item.first, (item.value,), item.cost), item.last)
            for edge in tuple(self._waiting.get((item.first, item.category), ())):
                self._advance(
                    _Edge(
                        edge.rule,
                        edge.filled + 1,
                        edge.first,
                        (*edge.values, item.value),
                        edge.cost + item.cost,
                    ),
                    item.last,
                )
        return self.items

    def _advance(self, edge: _Edge, at: int) -> None:
        elements = edge.rule.elements
        if edge.filled == len(elements):
            self._finish(edge, at)
            return
        element = elements[edge.filled]
        positions = [at]
        if element.glue:
            while at < len(self._glue) and self._glue[at] and len(positions) <= _GLUE_LIMIT:
                at += 1
                positions.append(at)
        for position in positions:
            for category in element.categories:
                key = (position, category)
                self._waiting.setdefault(key, []).append(edge)
                for item in tuple(self._starting.get(key, ())):
                    self._advance(
                        _Edge(
                            edge.rule,
                            edge.filled + 1,
                            edge.first,
                            (*edge.values, item.value),
                            edge.cost + item.cost,
                        ),
                        item.last,
                    )

    def _finish(self, edge: _Edge, at: int) -> None:
        rule = edge.rule
        if rule.arity == len(edge.values):
            arguments: Sequence[Any] = edge.values
        else:
            placed: list[Any] = [None] * rule.arity
            for slot, value in zip(rule.slots, edge.values, strict=True):
                placed[slot] = value
            arguments = placed
        meaning = rule.action(self._context, *arguments)
        if meaning is not None:
            self.add(Item(edge.first, at, meaning[0], meaning[1], edge.cost + rule.cost))
