"""The outside world as one thing, for those who need several of its parts."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from simulator.acceptance import Acceptance
from simulator.domain.dials import Dials
from simulator.domain.fault import Faults
from simulator.feed import Feed
from simulator.gemini.scripts import Scripts
from simulator.handset import Handset
from simulator.journal import Journal
from simulator.media_shelf import MediaShelf
from simulator.phones import Phones
from simulator.standing_board import StandingBoard
from simulator.templates import Templates
from simulator.webhooks.dispatch import Dispatch
from simulator.webhooks.sender import WebhookSender
from simulator.webhooks.statuses import Statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything there is, connected."""

    clock: Clock
    feed: Feed
    journal: Journal
    phones: Phones
    faults: Faults
    templates: Templates
    shelf: MediaShelf
    scripts: Scripts
    sender: WebhookSender
    dispatch: Dispatch
    statuses: Statuses
    acceptance: Acceptance
    handset: Handset
    standing: StandingBoard

    def forget(self) -> None:
        """Starts over: nobody has ever written anything, nothing is switched on; templates stay."""
        self.statuses.forget()
        self.dispatch.forget()
        self.sender.forget()
        self.sender.dials = Dials()
        self.faults.clear()
        self.standing.clear()
        self.scripts.clear()
        self.shelf.clear()
        self.acceptance.clear()
        self.journal.clear()
        self.phones.clear()
