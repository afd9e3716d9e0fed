"""The gRPC edge of the notifier: translate, call one use case, translate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import grpc

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    BatchSendNotificationsResponse,
    CancelNotificationRequest,
    CancelNotificationResponse,
    EraseUserRequest,
    EraseUserResponse,
    GetContactRequest,
    GetContactResponse,
    GetNotificationRequest,
    GetNotificationResponse,
    GetQuotaRequest,
    GetQuotaResponse,
    ListNotificationsRequest,
    ListNotificationsResponse,
    ListTemplatesRequest,
    ListTemplatesResponse,
    PreviewNotificationRequest,
    PreviewNotificationResponse,
    RecordAccountChangeRequest,
    RecordAccountChangeResponse,
    RecordIdentityChangeRequest,
    RecordIdentityChangeResponse,
    RecordInboundRequest,
    RecordInboundResponse,
    RecordStatusesRequest,
    RecordStatusesResponse,
    RedriveNotificationRequest,
    RedriveNotificationResponse,
    SendNotificationRequest,
    SendNotificationResponse,
    SetContactPreferencesRequest,
    SetContactPreferencesResponse,
    ShowTypingRequest,
    ShowTypingResponse,
    WatchNotificationRequest,
    WatchNotificationResponse,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceServicer
from services.notifier import translation
from services.notifier.domain.notification import State
from services.notifier.ports import Query
from services.notifier.translation import people
from services.notifier.translation.quota import quota
from services.notifier.usecases.acceptance import Acceptance
from services.notifier.usecases.accounting import Accounting
from services.notifier.usecases.inbound import InboundRecording
from services.notifier.usecases.knowing import Knowing
from services.notifier.usecases.preferring import Preferring
from services.notifier.usecases.previewing import PAGE_SIZE as TEMPLATES_SIZE
from services.notifier.usecases.previewing import Previewing
from services.notifier.usecases.quota import QuotaReading
from services.notifier.usecases.reading import PAGE_SIZE, Reading, page_start
from services.notifier.usecases.statuses import StatusRecording
from services.notifier.usecases.watching import Watching

# A watch ends by itself a little before its caller would end it, and at the latest after an hour.
_WATCH_MARGIN = timedelta(milliseconds=100)
_LONGEST_WATCH = timedelta(hours=1)

Context = grpc.aio.ServicerContext[Any, Any]


class NotifierServicer(NotifierServiceServicer):
    """Serves `hark.notifier.v1.NotifierService`."""

    def __init__(
        self,
        *,
        acceptance: Acceptance,
        reading: Reading,
        inbound: InboundRecording,
        statuses: StatusRecording,
        preferring: Preferring,
        accounting: Accounting,
        previewing: Previewing,
        watching: Watching,
        quotas: QuotaReading,
        knowing: Knowing,
        clock: Clock,
    ) -> None:
        self._knowing = knowing
        self._acceptance = acceptance
        self._reading = reading
        self._inbound = inbound
        self._statuses = statuses
        self._preferring = preferring
        self._accounting = accounting
        self._previewing = previewing
        self._watching = watching
        self._quotas = quotas
        self._clock = clock

    async def SendNotification(
        self, request: SendNotificationRequest, context: Context
    ) -> SendNotificationResponse:
        """Accepts one notification."""
        accepted = await self._acceptance.send(translation.draft(request))
        return SendNotificationResponse(notification=translation.notification(accepted))

    async def BatchSendNotifications(
        self, request: BatchSendNotificationsRequest, context: Context
    ) -> BatchSendNotificationsResponse:
        """Accepts many, each judged by itself."""
        drafts = [translation.draft(each) for each in request.requests]
        answers = await self._acceptance.send_batch(drafts)
        return BatchSendNotificationsResponse(
            results=[
                translation.result(draft.request_id, answer)
                for draft, answer in zip(drafts, answers, strict=True)
            ]
        )

    async def GetNotification(
        self, request: GetNotificationRequest, context: Context
    ) -> GetNotificationResponse:
        """Reads one with everything about it."""
        found = await self._reading.get(
            notification_id=request.notification_id, request_id=request.request_id
        )
        return GetNotificationResponse(notification=translation.notification(found))

    async def ListNotifications(
        self, request: ListNotificationsRequest, context: Context
    ) -> ListNotificationsResponse:
        """Lists them, newest first."""
        page = await self._reading.list(
            Query(
                user_id=request.user_id,
                reply_to_message_id=request.reply_to_message_id,
                states=_states(request),
                limit=request.page_size or PAGE_SIZE,
                before=page_start(request.page_token),
            )
        )
        return ListNotificationsResponse(
            notifications=[translation.notification(each) for each in page.notifications],
            next_page_token="" if page.before is None else str(page.before),
        )

    async def CancelNotification(
        self, request: CancelNotificationRequest, context: Context
    ) -> CancelNotificationResponse:
        """Takes one back before it has started."""
        cancelled = await self._reading.cancel(
            notification_id=request.notification_id, request_id=request.request_id
        )
        self._watching.touch()
        return CancelNotificationResponse(notification=translation.notification(cancelled))

    async def RecordInbound(
        self, request: RecordInboundRequest, context: Context
    ) -> RecordInboundResponse:
        """Records that a person wrote, and tells who they are."""
        recorded = await self._inbound.record(
            translation.inbound(request),
            mark_read=request.mark_read,
            quoted_wamid=request.quoted_provider_message_id,
        )
        person, quoted = recorded.person, recorded.quoted
        return RecordInboundResponse(
            user_id=person.user_id,
            generation=person.generation,
            is_first_contact=person.is_first_contact,
            time_zone_guess=person.time_zone_guess,
            locale_guess=person.locale_guess,
            quoted_request_id=quoted.request_id if quoted else "",
            quoted_notification_id=quoted.notification_id if quoted else "",
            is_stopped=person.is_stopped,
        )

    async def RecordStatuses(
        self, request: RecordStatusesRequest, context: Context
    ) -> RecordStatusesResponse:
        """Records what became of messages."""
        now = self._clock.now()
        reports = [translation.report(status, now) for status in request.statuses]
        summary = await self._statuses.record(reports)
        self._watching.touch()
        return RecordStatusesResponse(
            matched_count=summary.matched, unmatched_count=summary.unmatched
        )

    async def ShowTyping(self, request: ShowTypingRequest, context: Context) -> ShowTypingResponse:
        """Shows that a message is being answered."""
        await self._inbound.show_typing(people.message_id(request.message_id))
        return ShowTypingResponse()

    async def RecordIdentityChange(
        self, request: RecordIdentityChangeRequest, context: Context
    ) -> RecordIdentityChangeResponse:
        """Gives a person new names."""
        renamed = await self._inbound.rename(people.renaming(request))
        return RecordIdentityChangeResponse(
            user_id=renamed.user_id,
            generation=renamed.generation,
            is_conflict=renamed.is_conflict,
        )

    async def RecordAccountChange(
        self, request: RecordAccountChangeRequest, context: Context
    ) -> RecordAccountChangeResponse:
        """Records what WhatsApp says about the account."""
        change = people.account_change(request)
        return RecordAccountChangeResponse(effect=await self._accounting.record(change))

    async def SetContactPreferences(
        self, request: SetContactPreferencesRequest, context: Context
    ) -> SetContactPreferencesResponse:
        """Changes how a person is written to."""
        reply_to = request.reply_to_message_id
        preferences = await self._preferring.change(
            people.identifier(request.user_id, "user_id"),
            people.preferences_change(request),
            request_id=people.identifier(request.request_id, "request_id"),
            reply_to=people.message_id(reply_to) if reply_to else "",
        )
        shown = people.preferences(preferences)
        return SetContactPreferencesResponse(preferences=shown)

    async def GetContact(self, request: GetContactRequest, context: Context) -> GetContactResponse:
        """Tells who a person is."""
        if request.phone_number:
            card = await self._knowing.by_phone(request.phone_number)
        else:
            card = await self._knowing.by_id(people.identifier(request.user_id, "user_id"))
        return GetContactResponse(contact=people.card(card))

    async def EraseUser(self, request: EraseUserRequest, context: Context) -> EraseUserResponse:
        """Forgets a person for good."""
        cancelled = await self._preferring.erase(people.erasure(request, self._clock.now()))
        self._watching.touch()
        return EraseUserResponse(cancelled_count=cancelled)

    async def RedriveNotification(
        self, request: RedriveNotificationRequest, context: Context
    ) -> RedriveNotificationResponse:
        """Sends a dead or failed one once more."""
        redriven = await self._reading.redrive(request.notification_id)
        self._watching.touch()
        return RedriveNotificationResponse(notification=translation.notification(redriven))

    async def WatchNotification(
        self, request: WatchNotificationRequest, context: Context
    ) -> AsyncIterator[WatchNotificationResponse]:
        """Follows one until nothing can change any more."""
        left = context.time_remaining()
        limit = _LONGEST_WATCH
        if left is not None:
            limit = min(limit, timedelta(seconds=left) - _WATCH_MARGIN)
        shown = self._watching.watch(
            notification_id=request.notification_id, request_id=request.request_id, limit=limit
        )
        async with aclosing(shown):
            async for each in shown:
                yield WatchNotificationResponse(notification=translation.notification(each))

    async def GetQuota(self, request: GetQuotaRequest, context: Context) -> GetQuotaResponse:
        """Tells how much of each cap is used."""
        return quota(await self._quotas.read(request.user_id))

    async def ListTemplates(
        self, request: ListTemplatesRequest, context: Context
    ) -> ListTemplatesResponse:
        """Lists what there is to say."""
        page, following = self._previewing.templates(
            locale=request.locale,
            limit=request.page_size or TEMPLATES_SIZE,
            after=people.template_page_start(request),
        )
        return ListTemplatesResponse(
            templates=[people.template(each) for each in page],
            next_page_token="" if following is None else "/".join(following),
        )

    async def PreviewNotification(
        self, request: PreviewNotificationRequest, context: Context
    ) -> PreviewNotificationResponse:
        """Shows how something would look."""
        draft = translation.draft(request.notification)
        return people.preview(await self._previewing.preview(draft, request.locale))


def _states(request: ListNotificationsRequest) -> frozenset[State]:
    try:
        return frozenset(State(state) for state in request.states)
    except ValueError:
        problem = "names a state that is not set or not known"
        raise InvalidArgument(f"states {problem}", violations={"states": problem}) from None
