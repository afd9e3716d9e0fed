"""The notifier's reading statements."""

from __future__ import annotations

_COLUMNS = """n.id, n.notification_id, n.user_id, n.type, n.kind, n.state, n.state_reason,
  n.buried_reason, n.body, n.reply_to_message_id, n.request_id, n.create_time, n.due_time,
  n.send_time, n.expire_time, n.bubble_id, n.sent_time, n.delivered_time, n.read_time"""

# $1 which.
_GET = "SELECT {columns} FROM notifier.notifications n WHERE n.{key} = $1::uuid"
GET = _GET.format(columns=_COLUMNS, key="notification_id")
GET_REQUEST = _GET.format(columns=_COLUMNS, key="request_id")

# $1 which.
_GLANCE = "SELECT {columns} FROM notifier.notifications n WHERE n.notification_id = ANY($1::uuid[])"
GLANCE = _GLANCE.format(columns=_COLUMNS)

ATTEMPTS = """
SELECT number, start_time, end_time, outcome, provider_code, reason, template
FROM notifier.attempts WHERE notification_id = $1 ORDER BY number
"""

EVENTS = """
SELECT status, event_time, record_time, provider_code
FROM notifier.provider_events WHERE notification_id = $1 ORDER BY id
"""

_LIST = """
SELECT {columns} FROM notifier.notifications n
WHERE {key} AND n.type > 0 AND ($2::smallint[] IS NULL OR n.state = ANY($2))
  AND n.id < coalesce($3::bigint, 9223372036854775807)
ORDER BY n.id DESC LIMIT $4
"""
_REPLIES = "n.reply_to_message_id = $1 AND n.reply_to_message_id <> ''"
# $1 the key, $2 states (null: all), $3 before this row, $4 how many. One statement for each way
# in, because a plan that serves all of them serves none.
LIST = _LIST.format(columns=_COLUMNS, key="$1::text IS NULL")
LIST_OF_USER = _LIST.format(columns=_COLUMNS, key="n.user_id = $1")
LIST_OF_REPLIES = _LIST.format(columns=_COLUMNS, key=_REPLIES)
# $5 the user too.
LIST_OF_USERS_REPLIES = _LIST.format(columns=_COLUMNS, key=f"{_REPLIES} AND n.user_id = $5")
