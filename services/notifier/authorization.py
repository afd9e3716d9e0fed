"""Who may call what of the notifier; nobody may call a method without a line."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.auth import ANY_CLIENT, OPERATOR

SERVICE = "hark.notifier.v1.NotifierService"

# Every service of the house may tell people something, and follow what became of it: notifications
# are found by ids that only who sent them knows.
_EVERYBODY = (ANY_CLIENT,)
_FROM_WHATSAPP = ("ingress", OPERATOR)

TABLE: Mapping[str, tuple[str, ...]] = {
    f"/{SERVICE}/SendNotification": _EVERYBODY,
    f"/{SERVICE}/BatchSendNotifications": _EVERYBODY,
    f"/{SERVICE}/GetNotification": _EVERYBODY,
    f"/{SERVICE}/WatchNotification": _EVERYBODY,
    f"/{SERVICE}/CancelNotification": _EVERYBODY,
    f"/{SERVICE}/ListTemplates": _EVERYBODY,
    f"/{SERVICE}/PreviewNotification": _EVERYBODY,
    f"/{SERVICE}/GetQuota": _EVERYBODY,
    # What WhatsApp said, as ingress passes it on.
    f"/{SERVICE}/RecordInbound": _FROM_WHATSAPP,
    f"/{SERVICE}/RecordStatuses": _FROM_WHATSAPP,
    f"/{SERVICE}/RecordIdentityChange": _FROM_WHATSAPP,
    f"/{SERVICE}/RecordAccountChange": _FROM_WHATSAPP,
    f"/{SERVICE}/ShowTyping": ("ingress", "ai", OPERATOR),
    # STOP and START by ingress; zone, language and quiet hours by scheduler.
    f"/{SERVICE}/SetContactPreferences": ("ingress", "ai", "scheduler", OPERATOR),
    # It shows what everybody is told.
    f"/{SERVICE}/ListNotifications": (OPERATOR,),
    f"/{SERVICE}/RedriveNotification": (OPERATOR,),
    # An erasure is asked for at ingress, which carries it to all others.
    f"/{SERVICE}/GetContact": ("ingress", OPERATOR),
    f"/{SERVICE}/EraseUser": ("ingress", OPERATOR),
}
