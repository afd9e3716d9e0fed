"""Who is connected to whom: the only file that knows every part of the simulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from chassis.clock import Clock
from simulator.acceptance import Acceptance
from simulator.cloud_api.account import AccountEndpoints
from simulator.cloud_api.media import MediaEndpoints
from simulator.cloud_api.messages import MessagesEndpoint
from simulator.cloud_api.request import unknown_path
from simulator.cloud_api.templates import TemplateEndpoints
from simulator.control.people import PeopleEndpoints
from simulator.control.request import refused
from simulator.control.switches import SwitchEndpoints
from simulator.control.world import WorldEndpoints
from simulator.domain.fault import Faults
from simulator.domain.part import Account
from simulator.domain.problem import Problem
from simulator.feed import Feed
from simulator.gemini.endpoints import GeminiEndpoints
from simulator.gemini.scripts import Scripts
from simulator.handset import Handset
from simulator.journal import Journal
from simulator.media_shelf import MediaShelf
from simulator.outside import Outside
from simulator.phones import Phones
from simulator.settings import Settings
from simulator.standing_board import StandingBoard
from simulator.templates import Templates
from simulator.webhooks.dispatch import Dispatch
from simulator.webhooks.sender import WebhookSender
from simulator.webhooks.statuses import Statuses

_STATIC = Path(__file__).with_name("static")
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}


class Simulator:
    """The whole outside world; `app` is its ASGI application, which starts and stops the rest."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        webhook_transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.settings = settings
        self.outside = _outside(settings, clock, webhook_transport)
        self.app = Starlette(
            routes=self._routes(),
            lifespan=self._lifespan,
            exception_handlers={404: unknown_path, 405: unknown_path, Problem: refused},
        )

    def _routes(self) -> list[BaseRoute]:
        outside, token = self.outside, self.settings.auth_token
        messages = MessagesEndpoint(outside, token=token)
        return [
            # The busiest first.
            Route("/{version}/{object}/messages", messages.__call__, methods=["POST"]),
            Route("/healthz", _healthy, methods=["GET"]),
            Route("/", _page, methods=["GET"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
            *PeopleEndpoints(outside).routes(),
            *SwitchEndpoints(outside).routes(),
            *WorldEndpoints(outside, verify_token=self.settings.verify_token).routes(),
            *GeminiEndpoints(outside, key=self.settings.gemini_key).routes(),
            *TemplateEndpoints(outside, token=token).routes(),
            *MediaEndpoints(outside, token=token).routes(),
            *AccountEndpoints(outside, token=token, app_secret=self.settings.app_secret).routes(),
        ]

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        del app
        async with self.running():
            yield

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sends webhooks for as long as the block lasts."""
        async with asyncio.TaskGroup() as tasks:
            self.outside.sender.start(tasks)
            try:
                yield
            finally:
                self.outside.feed.close()
                self.outside.statuses.forget()
                self.outside.dispatch.forget()
                await self.outside.sender.stop()


def _outside(
    settings: Settings, clock: Clock, transport: httpx2.AsyncBaseTransport | None
) -> Outside:
    feed, faults, templates = Feed(), Faults(), Templates()
    journal = Journal(entries=settings.journal_entries, size=settings.journal_bytes, feed=feed)
    phones = Phones(messages=settings.messages, people=settings.people, feed=feed)
    shelf = MediaShelf(clock=clock, size=settings.media_bytes, base_url=settings.base_url)
    account = Account(
        account_id=settings.account_id,
        phone_number_id=settings.phone_number_id,
        display_phone_number=settings.display_phone_number,
    )
    sender = WebhookSender(
        account=account,
        url=settings.webhook_url,
        secret=settings.app_secret,
        clock=clock,
        journal=journal,
        queue=settings.webhook_queue,
        concurrency=settings.webhook_concurrency,
        transport=transport,
    )
    dispatch = Dispatch(sender=sender, faults=faults, journal=journal, clock=clock)
    acceptance = Acceptance(
        clock=clock, phones=phones, sender=sender, templates=templates, shelf=shelf
    )
    handset = Handset(
        clock=clock,
        phones=phones,
        dispatch=dispatch,
        shelf=shelf,
        number=acceptance.number,
        business_number=account.display_phone_number,
    )
    sender.on_delivered = handset.delivered
    return Outside(
        clock=clock,
        feed=feed,
        journal=journal,
        phones=phones,
        faults=faults,
        templates=templates,
        shelf=shelf,
        scripts=Scripts(),
        sender=sender,
        dispatch=dispatch,
        statuses=Statuses(
            clock=clock, phones=phones, dispatch=dispatch, sender=sender, faults=faults
        ),
        acceptance=acceptance,
        handset=handset,
        standing=StandingBoard(),
    )


async def _healthy(request: Request) -> Response:
    del request
    return PlainTextResponse("ok\n")


async def _page(request: Request) -> Response:
    del request
    return FileResponse(_STATIC / "index.html", headers=_PAGE_HEADERS)
