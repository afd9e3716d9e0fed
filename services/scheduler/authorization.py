"""Who may call what of the scheduler; nobody may call a method without a line."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.auth import OPERATOR

SERVICE = "hark.scheduler.v1.SchedulerService"

# What people say comes through ai; the operator helps by hand.
_FOR_PEOPLE = ("ai", OPERATOR)

TABLE: Mapping[str, tuple[str, ...]] = {
    f"/{SERVICE}/Apply": _FOR_PEOPLE,
    f"/{SERVICE}/CreateEvent": _FOR_PEOPLE,
    f"/{SERVICE}/GetEvent": _FOR_PEOPLE,
    f"/{SERVICE}/ListEvents": _FOR_PEOPLE,
    f"/{SERVICE}/UpdateEvent": _FOR_PEOPLE,
    f"/{SERVICE}/CancelEvent": _FOR_PEOPLE,
    f"/{SERVICE}/CreateTask": _FOR_PEOPLE,
    f"/{SERVICE}/GetTask": _FOR_PEOPLE,
    f"/{SERVICE}/ListTasks": _FOR_PEOPLE,
    f"/{SERVICE}/UpdateTask": _FOR_PEOPLE,
    f"/{SERVICE}/CompleteTask": _FOR_PEOPLE,
    f"/{SERVICE}/ReopenTask": _FOR_PEOPLE,
    f"/{SERVICE}/DeleteTask": _FOR_PEOPLE,
    f"/{SERVICE}/SnoozeReminder": _FOR_PEOPLE,
    f"/{SERVICE}/UndoChange": _FOR_PEOPLE,
    f"/{SERVICE}/ListAgenda": _FOR_PEOPLE,
    f"/{SERVICE}/FindFreeTime": _FOR_PEOPLE,
    f"/{SERVICE}/GetPreferences": _FOR_PEOPLE,
    f"/{SERVICE}/UpdatePreferences": _FOR_PEOPLE,
    f"/{SERVICE}/ExportCalendar": _FOR_PEOPLE,
    f"/{SERVICE}/ImportCalendar": _FOR_PEOPLE,
    f"/{SERVICE}/CreateCalendarFeed": _FOR_PEOPLE,
    f"/{SERVICE}/GetCalendarFeed": _FOR_PEOPLE,
    f"/{SERVICE}/RevokeCalendarFeed": _FOR_PEOPLE,
    # ingress serves the feeds over HTTP; the token in the address is what opens one.
    f"/{SERVICE}/ReadCalendarFeed": ("ingress", OPERATOR),
    # Diagnosis: which notices followed from a message.
    f"/{SERVICE}/ListNotices": (OPERATOR,),
    # An erasure is asked for at ingress, which carries it to all others.
    f"/{SERVICE}/EraseUser": ("ingress", OPERATOR),
}
