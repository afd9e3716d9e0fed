"""Hark with one of its safeguards taken away: a storm over it must find that out.

Production code has no switches for this. `python -m tests.chaos.mutants NAME SERVICE` replaces one
function or statement in its own process and then starts the service as `python -m services` does;
what is taken out of the database is taken out before anything starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tests.chaos.plan import Kill, Plan, Size, Trouble, make_plan
from tests.chaos.storage import Storage

SIZE = Size(
    people=4,
    messages=7,
    calls=4,
    kills=0,
    cuts=0,
    stalls=0,
    restarts=0,
    gap=0.4,
    pace=8.0,
    limit=25.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A safeguard that is missing, the invariants of which one must break, and what it takes."""

    name: str
    says: str
    breaks: Sequence[str]
    sql: str = ""
    kills: Sequence[Kill] = ()
    troubles: Sequence[Trouble] = ()
    size: Size = SIZE

    def plan(self, seed: int) -> Plan:
        """A small storm around what is missing."""
        plan = make_plan(seed, self.size)
        return replace(plan, kills=self.kills, troubles=self.troubles)

    async def spoil(self, storage: Storage) -> None:
        """Takes out what is in the database."""
        if self.sql:
            await storage.execute(self.sql)


def _stalls(service: str) -> Sequence[Trouble]:
    return [
        Trouble(name="stall", at=1.0 + 0.5 * number, service=service, replica=number % 2)
        for number in range(4)
    ]


MUTANTS: Mapping[str, Mutant] = {
    mutant.name: mutant
    for mutant in (
        Mutant(
            name="inbox-index",
            says="the inbox's unique index is dropped",
            breaks=("I1",),
            sql="ALTER TABLE ingress.inbox DROP CONSTRAINT inbox_dedupe_key_key",
        ),
        Mutant(
            name="fence",
            says="the lease's fence is ignored",
            breaks=("I10",),
            troubles=_stalls("ingress"),
        ),
        Mutant(name="hmac", says="the signature is not checked", breaks=("I3",)),
        Mutant(name="request-id", says="the notifier ignores request ids", breaks=("I15",)),
        Mutant(
            name="notice-outside",
            says="notices are written outside the transaction",
            breaks=("I6",),
            kills=[
                Kill(
                    number="F10",
                    service="scheduler",
                    replica=replica,
                    point="mutant.between",
                    passes=2 + replica,
                )
                for replica in range(2)
            ],
        ),
        Mutant(name="lane", says="the inbox ignores lanes", breaks=("I4",)),
        Mutant(
            name="blind-resend",
            says="an unanswered send is sent again at once",
            breaks=("I18",),
        ),
    )
}
