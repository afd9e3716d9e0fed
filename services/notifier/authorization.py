"""Who may call what of the notifier."""

from __future__ import annotations

from collections.abc import Mapping

SERVICE = "hark.notifier.v1.NotifierService"

_SENDERS = ("ai", "scheduler", "operator")

TABLE: Mapping[str, tuple[str, ...]] = {
    f"/{SERVICE}/RecordInbound": ("ingress", "operator"),
    f"/{SERVICE}/RecordStatuses": ("ingress", "operator"),
    # ingress says sorry for a message that nobody could handle.
    f"/{SERVICE}/SendNotification": (*_SENDERS, "ingress"),
    f"/{SERVICE}/BatchSendNotifications": _SENDERS,
    f"/{SERVICE}/GetNotification": _SENDERS,
    f"/{SERVICE}/CancelNotification": _SENDERS,
    f"/{SERVICE}/ListNotifications": ("operator",),
}
