"""Things that fall due: the inbox, the notices, the notifications. Hark's durability is here.

A table of due things has `due_columns()`, `due_indexes()` and `DUE_TABLE_OPTIONS`, and whatever
else its owner adds. A row is inserted by its owner's own statement, in its owner's transaction
(only `due_time` is needed; with lanes, `lane` too), and after the commit the owner calls
`wake.ring(channel)`.

    inbox = sa.Table("inbox", metadata, *due_columns(lane=True), sa.Column("body", Sealed), ...,
                     *due_indexes("inbox", lane=True), schema="ingress", **DUE_TABLE_OPTIONS)
    queue = DueQueue(engine, inbox, columns=["body"])      # lanes, because the table has them
    wake = Wake(engine)
    worker = DueWorker(queue, handle, clock=clock, slots=32, wake=wake)

    async def handle(claim: Claim) -> Outcome:             # chassis.outcome: Settle, Postpone, Bury
        ... claim.row["body"] ...
        return Settle(values={"answer": sealed})

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wake.run())
        tasks.create_task(worker.run())                    # ends after worker.stop() has drained

What it promises:

- **One holder.** `claim` takes ready rows (`FOR UPDATE SKIP LOCKED`), leases them by the database's
  clock and moves their *fence*. Every outcome checks the fence and moves it: whoever lost a row
  changes nothing any more.
- **No row is lost.** A dead worker's lease runs out (3.5 s), the next poll (1 s) finds the row.
- **On time.** Due times are compared with the application's `now`, passed in. The worker sleeps
  until the next due time, a ring, or the poll, whichever comes first.
- **In order, with lanes.** A row is claimable only if no earlier (smaller id) open row of its lane
  exists, be that ready, leased or postponed. A buried row is closed: its lane goes on.
- **Poison is not outage.** A handler's exception and `Postpone(uses_attempt=True)` use one of 3
  attempts, then the row is buried with its reason until `redrive`; an outage uses none.

Crash points (`chassis.crash`): `due.claimed` after a claim, `due.handled` before outcomes are
written, `due.written` after.

Everything a claim touches is an index on open rows or the primary key, by statements whose plan
does not depend on statistics (see `db.due.statements`).
"""

from __future__ import annotations

from db.due.queue import Claim, Depth, DueQueue
from db.due.schema import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.due.slots import BatchHandler, Handler
from db.due.wake import Bell, Wake
from db.due.watch import QueueWatch
from db.due.worker import DueWorker

__all__ = [
    "DUE_TABLE_OPTIONS",
    "BatchHandler",
    "Bell",
    "Claim",
    "Depth",
    "DueQueue",
    "DueWorker",
    "Handler",
    "QueueWatch",
    "Wake",
    "due_columns",
    "due_indexes",
]
