"""Whatever happens in whatever order: what is said is what the model says, each once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    CompleteTask,
    EditItem,
    MoveItem,
    Part,
    Scope,
    SnoozeItem,
    Undo,
)
from services.scheduler.domain.errors import NothingToUndo, UndoTooLate
from services.scheduler.domain.item import item_id
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.when import GRACE, When
from tests.integration.scheduler.machine import DAY, LEAD, Alarm, Model, System, Thing, run

minutes = st.integers(11, 2000)
which = st.integers(0, 9)


def machine(system: System, loop: asyncio.AbstractEventLoop) -> type[RuleBasedStateMachine]:
    """The rules over one system; each run has a person of its own."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()
            self.ids: dict[str, str] = {}
            self.versions = 1
            run(loop, system.begin())

        def teardown(self) -> None:
            try:
                self.settle()
            finally:
                run(loop, system.end())

        @property
        def now(self) -> Any:
            return system.clock.now()

        def open(self, *, task: bool = False, daily: bool | None = None) -> list[Thing]:
            return [
                thing
                for thing in self.model.things.values()
                if thing.is_open
                and (thing.is_task or not task)
                and (daily is None or thing.is_daily is daily)
            ]

        def reference(self, thing: Thing) -> Reference:
            key = "task_id" if thing.is_task else "event_id"
            return Reference(**{key: self.ids[thing.title]})

        def renew(self, thing: Thing) -> None:
            self.versions += 1
            thing.version = self.versions

        def settle(self, crash: str = "") -> None:
            if crash:
                run(loop, system.drain(crash))
            run(loop, system.drain())
            self.model.drain(self.now)
            assert system.fired() == sorted(self.model.fired)

        @rule(is_task=st.booleans(), is_daily=st.booleans(), ahead=minutes, twice=st.booleans())
        def create(self, *, is_task: bool, is_daily: bool, ahead: int, twice: bool) -> None:
            title = f"thing{len(self.model.things)}"
            first = self.now + timedelta(minutes=ahead)
            when = When(instant=first, recurrence="FREQ=DAILY" if is_daily else "")
            add = AddTask(title=title, when=when) if is_task else AddEvent(title=title, when=when)
            applied = run(loop, system.says(add, twice=twice))
            self.ids[title] = item_id(applied.results[0])
            self.model.begin(self.now, title)
            thing = Thing(title, first, is_daily, is_task)
            self.renew(thing)
            self.model.things[title] = thing
            self.model.add(thing.next_after(self.now))

        @precondition(lambda self: self.open())
        @rule(n=which)
        def cancel(self, *, n: int) -> None:
            thing = self.open()[n % len(self.open())]
            run(loop, system.says(CancelItem(item=self.reference(thing))))
            before = self.model.begin(self.now, thing.title)
            thing.is_open = False
            self.renew(thing)
            self.model.withdraw(before, lambda alarm: alarm.title == thing.title)

        @precondition(lambda self: self.open(daily=True))
        @rule(n=which, later=st.integers(0, 2))
        def cancel_one(self, *, n: int, later: int) -> None:
            thing = self.open(daily=True)[n % len(self.open(daily=True))]
            occurrence = thing.first
            while occurrence <= self.now or occurrence in thing.excluded:
                occurrence += DAY
            occurrence += later * DAY
            if occurrence in thing.excluded:
                return
            part = Part(scope=Scope.THIS, occurrence=When(instant=occurrence))
            run(loop, system.says(CancelItem(item=self.reference(thing), part=part)))
            before = self.model.begin(self.now, thing.title)
            thing.excluded.add(occurrence)
            self.model.withdraw(
                before, lambda a: a.title == thing.title and a.occurrence == occurrence
            )
            self.model.add(thing.next_after(self.now))

        @precondition(lambda self: self.open(task=True))
        @rule(n=which)
        def complete(self, *, n: int) -> None:
            thing = self.open(task=True)[n % len(self.open(task=True))]
            run(loop, system.says(CompleteTask(item=self.reference(thing))))
            before = self.model.begin(self.now, thing.title)
            due = thing.first
            while due in thing.excluded:
                due += DAY
            self.renew(thing)
            self.model.withdraw(before, lambda alarm: alarm.title == thing.title)
            if not thing.is_daily:
                thing.is_open = False
                return
            standing = due
            while due <= max(standing, self.now) or due in thing.excluded:
                due += DAY
            thing.first = due
            self.model.add(thing.next_after(self.now))

        @precondition(lambda self: self.open(daily=False))
        @rule(n=which, ahead=minutes)
        def move(self, *, n: int, ahead: int) -> None:
            thing = self.open(daily=False)[n % len(self.open(daily=False))]
            target = self.now + timedelta(minutes=ahead)
            change = MoveItem(item=self.reference(thing), when=When(instant=target))
            run(loop, system.says(change))
            before = self.model.begin(self.now, thing.title)
            thing.first = target
            self.renew(thing)
            self.model.withdraw(before, lambda alarm: alarm.title == thing.title)
            self.model.add(thing.next_after(self.now - GRACE if thing.is_task else self.now))

        @precondition(lambda self: self.open())
        @rule(n=which)
        def edit(self, *, n: int) -> None:
            thing = self.open()[n % len(self.open())]
            run(loop, system.says(EditItem(item=self.reference(thing), notes=f"note {self.now}")))
            self.model.begin(self.now, thing.title)

        @precondition(lambda self: self.open())
        @rule(n=which, ahead=st.integers(1, 300))
        def snooze(self, *, n: int, ahead: int) -> None:
            thing = self.open()[n % len(self.open())]
            until = self.now + timedelta(minutes=ahead)
            change = SnoozeItem(item=self.reference(thing), when=When(instant=until))
            run(loop, system.says(change))
            occurrence = self.in_mind(thing)
            before = self.model.begin(self.now)
            self.model.withdraw(
                before,
                lambda a: a.title == thing.title and a.occurrence == occurrence and a.due < until,
            )
            alarm = Alarm(thing.title, occurrence, until, is_snooze=True, version=thing.version)
            before.snoozes.add(alarm)
            self.model.alarms.add(alarm)
            if thing.is_daily:
                self.model.add(thing.next_after(self.now, occurrence))

        def in_mind(self, thing: Thing) -> Any:
            """The occurrence reminded of last, within a day, or else the next one."""
            if not thing.is_daily:
                return thing.first
            standing = thing.first
            while standing in thing.excluded:
                standing += DAY
            lead = timedelta() if thing.is_task else LEAD
            reminded = [
                occurrence
                for day in range(400)
                if (occurrence := thing.first + day * DAY) not in thing.excluded
                and occurrence - lead <= self.now
                and (occurrence > self.now - DAY or (thing.is_task and occurrence == standing))
            ]
            if reminded:
                return reminded[-1]
            upcoming = standing
            while upcoming - lead <= self.now or upcoming in thing.excluded:
                upcoming += DAY
            return upcoming

        @rule()
        def undo(self) -> None:
            try:
                run(loop, system.says(Undo()))
                done = True
            except (NothingToUndo, UndoTooLate):
                done = False
            assert self.model.undo(self.now) is done

        @rule(by=st.integers(1, 3000))
        def wait(self, *, by: int) -> None:
            """Time goes by, and nobody works."""
            system.clock.moment += timedelta(minutes=by)

        @rule(by=st.integers(0, 30), crash=st.sampled_from(["", "", "before", "after", "settle"]))
        def work(self, *, by: int, crash: str) -> None:
            """Time goes by, and what is due is worked off, perhaps not at the first try."""
            system.clock.moment += timedelta(minutes=by)
            self.settle(crash)

    return Machine


async def play(url: str, examples: int, steps: int) -> None:
    system = System(url)
    found = machine(system, asyncio.get_running_loop())
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        await asyncio.to_thread(run_state_machine_as_test, found, settings=chosen)
    finally:
        await system.close()


# The suite's own limit is for tests that wait; this one works, and the machine may be busy.
@pytest.mark.timeout(600)
async def test_what_is_said_is_what_the_model_says(database_url: str) -> None:
    # Longer: python -m tests.integration.scheduler.model EXAMPLES
    await play(database_url, examples=12, steps=20)
