"""What was said just before: the turns of the last ten minutes, and the message that is replied to.

It lives in the stored turns alone, so it survives a restart and is the same for every replica.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.ai.domain.turn import Item, Question, Turn, TurnState

MEMORY = timedelta(minutes=10)
"""How long a conversation goes on without a word."""
MOST_TURNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """`turns` are finished, newest first. `quoted_*` say what the message replies to, if anything.

    `quoted_ids` are items ("task:…") that the quoted message of Hark's was about.
    """

    turns: Sequence[Turn] = ()
    quoted_turn: Turn | None = None
    quoted_ids: Sequence[str] = ()

    @property
    def asking(self) -> Turn | None:
        """The turn whose question waits for an answer: the quoted one, or the very last."""
        turn = self.quoted_turn
        if turn is None and not self.quoted_ids and self.turns:
            turn = self.turns[0]
        if turn is None or turn.outcome.question is None or self.is_answered(turn.message_id):
            return None
        return turn

    @property
    def question(self) -> Question | None:
        """What waits for an answer."""
        return None if self.asking is None else self.asking.outcome.question

    def is_answered(self, message_id: str) -> bool:
        """Whether the question that was asked in reply to this message has been answered."""
        return any(turn.interpretation.answers == message_id for turn in self.turns)

    @property
    def items(self) -> Sequence[Item]:
        """What "it" means: what the quoted message was about, or the last turn that had items."""
        if self.quoted_ids:
            return tuple(Item(id=each, title="") for each in self.quoted_ids)
        if self.quoted_turn is not None:
            return self.quoted_turn.outcome.items
        return next((turn.outcome.items for turn in self.turns if turn.outcome.items), ())

    @property
    def changed(self) -> Turn | None:
        """The last turn that changed something (the quoted one, where it did)."""
        if self.quoted_turn is not None:
            return self.quoted_turn if self.quoted_turn.state is TurnState.APPLIED else None
        return next((turn for turn in self.turns if turn.state is TurnState.APPLIED), None)
