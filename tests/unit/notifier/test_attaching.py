"""A file is uploaded before its message, and once however often that is tried."""

from __future__ import annotations

from collections import deque
from datetime import datetime

import pytest

from services.notifier.domain.contact import Address
from services.notifier.domain.delivery import Accepted, Ambiguous, NotSent, Refused, SendResult
from services.notifier.ports import Attachment, Outgoing
from services.notifier.usecases.attaching import Attaching
from tests.unit.notifier.fakes import ADA, FakeClock, FakeProvider

FILE = Attachment(notification_id="n", user_id=ADA, file_name="ada.ics", mime_type="text/calendar")


class InMemoryDocuments:
    """One file and the name that its upload got."""

    def __init__(self, content: bytes | None = b"BEGIN:VCALENDAR") -> None:
        self._content = content
        self.media_id = ""

    async def uploaded(self, attachment: Attachment, now: datetime) -> str:
        return self.media_id

    async def content(self, attachment: Attachment) -> bytes | None:
        return self._content

    async def record(self, attachment: Attachment, media_id: str, now: datetime) -> None:
        self.media_id = media_id


def outgoing(attachment: Attachment | None = FILE) -> Outgoing:
    return Outgoing(
        address=Address(phone="15550100001"), text="Here", token="t", attachment=attachment
    )


async def test_the_message_names_the_upload_and_a_second_try_uses_the_same() -> None:
    provider, documents = FakeProvider(), InMemoryDocuments()
    attaching = Attaching(provider, documents, clock=FakeClock())
    for _try in range(2):
        assert isinstance(await attaching.send(outgoing()), Accepted)
    assert [document.content for document in provider.uploads] == [b"BEGIN:VCALENDAR"]
    assert [sent.attachment and sent.attachment.media_id for sent in provider.sent] == [
        "media-1",
        "media-1",
    ]


async def test_what_has_no_file_goes_straight_on() -> None:
    provider = FakeProvider()
    attaching = Attaching(provider, InMemoryDocuments(), clock=FakeClock())
    await attaching.send(outgoing(None))
    assert provider.uploads == []
    assert len(provider.sent) == 1


@pytest.mark.parametrize(
    ("answer", "proof"),
    [
        # Whatever became of the file: the message was never sent.
        (Refused(code=131000, http_status=500), NotSent(reason="PROVIDER_ERROR")),
        (Ambiguous(reason="NO_MEDIA_ID"), NotSent(reason="UPLOAD_FAILED")),
        (NotSent(reason="TIMEOUT"), NotSent(reason="UPLOAD_FAILED")),
        (Refused(code=190, http_status=401), Refused(code=190, http_status=401)),
        (Refused(code=131009, http_status=400), Refused(code=131009, http_status=400)),
    ],
)
async def test_a_failed_upload_proves_that_nothing_was_sent(
    answer: SendResult, proof: SendResult
) -> None:
    provider = FakeProvider(upload_script=deque([answer]))
    result = await Attaching(provider, InMemoryDocuments(), clock=FakeClock()).send(outgoing())
    assert type(result) is type(proof)
    if not isinstance(proof, NotSent):
        assert result == proof
    assert provider.sent == []


async def test_the_file_of_somebody_erased_is_not_sent() -> None:
    provider = FakeProvider()
    attaching = Attaching(provider, InMemoryDocuments(content=None), clock=FakeClock())
    assert await attaching.send(outgoing()) == NotSent(reason="USER_ERASED")
    assert provider.uploads == []
