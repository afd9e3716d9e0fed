"""Files are uploaded before the message that names them, once however often it is tried."""

from __future__ import annotations

from dataclasses import replace

from chassis.clock import Clock
from services.notifier.domain.delivery import NotSent, Refused, SendResult
from services.notifier.domain.document import Document
from services.notifier.domain.provider_error import ErrorClass, rule_for
from services.notifier.ports import USER_ERASED, Attachment, Outgoing, Provider
from services.notifier.ports.people import Documents


class Attaching:
    """A provider that uploads what goes along; see `ports.Provider`."""

    def __init__(self, provider: Provider, documents: Documents, *, clock: Clock) -> None:
        self._provider = provider
        self._documents = documents
        self._clock = clock

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Uploads the file, if there is one and it is not there yet; then sends."""
        if outgoing.attachment is None:
            return await self._provider.send(outgoing)
        media_id = await self._media(outgoing.attachment)
        if not isinstance(media_id, str):
            return media_id
        attachment = replace(outgoing.attachment, media_id=media_id)
        return await self._provider.send(replace(outgoing, attachment=attachment))

    async def mark_read(self, wamid: str, *, is_typing: bool = False) -> bool:
        """As the provider does."""
        return await self._provider.mark_read(wamid, is_typing=is_typing)

    async def upload(self, document: Document) -> str | SendResult:
        """As the provider does."""
        return await self._provider.upload(document)

    async def _media(self, attachment: Attachment) -> str | SendResult:
        now = self._clock.now()
        if media_id := await self._documents.uploaded(attachment, now):
            return media_id
        content = await self._documents.content(attachment)
        if content is None:
            return NotSent(reason=USER_ERASED)
        document = Document(
            file_name=attachment.file_name, mime_type=attachment.mime_type, content=content
        )
        result = await self._provider.upload(document)
        if isinstance(result, str):
            await self._documents.record(attachment, result, self._clock.now())
            return result
        return _not_sent(result)


def _not_sent(result: SendResult) -> SendResult:
    """What a failed upload proves of the message: it was never sent."""
    if not isinstance(result, Refused):
        return NotSent(reason="UPLOAD_FAILED")
    rule = rule_for(result.code, http_status=result.http_status, is_transient=result.is_transient)
    return NotSent(reason=rule.reason) if rule.error_class is ErrorClass.MAYBE_SENT else result
