"""Tell somebody something and follow it until they have it.

Start Hark with `make up`, write to it once (`hark say hello`), and then:
HARK_TOKEN=… python example.py +15550100001 "Your parcel has arrived"
"""

from __future__ import annotations

import asyncio
import os
import sys

from hark_notifier import Message, Notifier, NotifierError, Type, request_id


async def tell(address: str, token: str, to: str, text: str) -> str:
    """Sends `text` and waits until it is out; where it stands then."""
    message = Message.text(text, type=Type.STATUS_UPDATE)
    async with Notifier(address, token=token) as notifier:
        shown = await notifier.preview(message, to=to)
        print(f"they would read: {shown.inside_window.text}")
        sent = await notifier.send(message, to=to, request_id=request_id("example", to, text))
        followed = await notifier.outcome(sent.notification_id, timeout=30)
        return followed.state.name


def main() -> int:
    """Reads the command line; 1 where it was refused."""
    _, to, text = sys.argv
    address = os.environ.get("NOTIFIER_ADDRESS", "127.0.0.1:50053")
    try:
        print(asyncio.run(tell(address, os.environ["HARK_TOKEN"], to, text)))
    except NotifierError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
