"""A bounded bottom-up chart parser: rules are sequences of categories that compute meanings.

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


class Budget:
    """How many steps a text may still cost; shared by its charts."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps


_Pairs = dict[str, dict[str, list["Rule"]]]


class RuleSet:
    """Rules, by the category they start with and the one that follows."""

    def __init__(self, *included: RuleSet) -> None:
        self.rules: list[Rule] = []
        self.single: dict[str, list[Rule]] = {}
        self.beside: _Pairs = {}
        self.apart: _Pairs = {}
        for other in included:
            for rule in other.rules:
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
        self.rules.append(rule)
        for first in rule.elements[0].categories:
            if len(rule.elements) == 1:
                self.single.setdefault(first, []).append(rule)
                continue
            for second in rule.elements[1].categories:
                self.beside.setdefault(first, {}).setdefault(second, []).append(rule)
                if rule.elements[1].glue:
                    self.apart.setdefault(first, {}).setdefault(second, []).append(rule)


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
        taken = [((*elements, element), (*slots, arity)) for elements, slots in variants]
        variants = taken + variants if optional else taken
        glue = False
        arity += 1
    return [Rule(elements, slots, arity, action, cost) for elements, slots in variants if elements]


class Chart:
    """All readings of one run of words.

    Words are taken from the right: whatever starts further right is complete when a reading that
    starts here looks for its continuation, so nothing ever waits. `budget` bounds the work.
    """

    def __init__(self, rules: RuleSet, context: Any, glue: Sequence[bool], budget: Budget) -> None:
        self._rules = rules
        self._context = context
        self._glue = glue
        self._budget = budget
        self._seen: set[tuple[int, int, str, Any]] = set()
        self._agenda: list[Item] = []
        self._starting: list[dict[str, list[Item]]] = [{} for _ in range(len(glue) + 1)]

    def run(self, lexemes: Sequence[Item]) -> list[Item]:
        """The lexemes and every item that follows from them."""
        items: list[Item] = []
        agenda = self._agenda
        for lexeme in sorted(lexemes, key=_first):
            self._add(lexeme)
        # The agenda is a stack, so the rightmost words come first and their readings before others.
        while agenda and self._budget.left > 0:
            item = agenda.pop()
            items.append(item)
            self._starting[item.first].setdefault(item.category, []).append(item)
            for rule in self._rules.single.get(item.category, ()):
                self._finish(rule, item.first, item.last, (item.value,), item.cost)
            self._continue(item, item.last, self._rules.beside.get(item.category))
            apart = self._rules.apart.get(item.category)
            at = item.last
            for _ in range(_GLUE_LIMIT if apart else 0):
                if at >= len(self._glue) or not self._glue[at]:
                    break
                at += 1
                self._continue(item, at, apart)
        return items

    def _continue(self, item: Item, at: int, rules: dict[str, list[Rule]] | None) -> None:
        """Tries every rule whose second part stands at `at`."""
        if rules is None or at >= len(self._starting):
            return
        for category, seconds in self._starting[at].items():
            for rule in rules.get(category, ()):
                for second in seconds:
                    if self._budget.left <= 0:
                        return
                    self._extend(
                        rule,
                        2,
                        item.first,
                        second.last,
                        (item.value, second.value),
                        item.cost + second.cost,
                    )

    def _add(self, item: Item) -> None:
        key = item[:4]
        if key not in self._seen:
            self._seen.add(key)
            self._agenda.append(item)

    def _extend(
        self, rule: Rule, filled: int, first: int, at: int, values: tuple[Any, ...], cost: int
    ) -> None:
        self._budget.left -= 1
        if filled == len(rule.elements):
            self._finish(rule, first, at, values, cost)
            return
        element = rule.elements[filled]
        starting = self._starting
        for position in range(at, at + _GLUE_LIMIT + 1):
            here = starting[position] if position < len(starting) else None
            if here:
                for category in element.categories:
                    for item in here.get(category, ()):
                        if self._budget.left <= 0:
                            return
                        self._extend(
                            rule,
                            filled + 1,
                            first,
                            item.last,
                            (*values, item.value),
                            cost + item.cost,
                        )
            if not element.glue or position >= len(self._glue) or not self._glue[position]:
                break

    def _finish(
        self, rule: Rule, first: int, last: int, values: tuple[Any, ...], cost: int
    ) -> None:
        arguments: Sequence[Any] = values
        if rule.arity != len(values):
            placed: list[Any] = [None] * rule.arity
            for slot, value in zip(rule.slots, values, strict=True):
                placed[slot] = value
            arguments = placed
        meaning = rule.action(self._context, *arguments)
        if meaning is not None:
            self._add(Item(first, last, meaning[0], meaning[1], cost + rule.cost))


def _first(item: Item) -> int:
    return item.first
