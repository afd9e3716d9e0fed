"""The statements that join statuses to attempts and notifications."""

from __future__ import annotations

# $1 tokens, $2 wamid hashes. Locks the notifications that any of them belongs to, in one order.
LOCK = """
SELECT n.id FROM notifier.notifications n
WHERE n.notification_id IN (
  SELECT notification_id FROM notifier.attempts WHERE token = ANY($1::uuid[])
  UNION
  SELECT notification_id FROM notifier.attempts WHERE wamid_hash = ANY($2::bytea[])
)
ORDER BY n.id FOR UPDATE
"""

# $1 locked rows. A statement of its own: it must see what was written while LOCK waited.
STANDINGS = """
SELECT n.id, n.notification_id, n.user_id, n.state, n.state_reason,
  n.settled_time IS NULL AS is_open, a.token, a.number, a.outcome, a.reason,
  a.template, a.wamid_hash, a.sent_time, a.delivered_time, a.read_time, a.played_time,
  a.failed_time, a.failed_code
FROM notifier.notifications n
JOIN notifier.attempts a ON a.notification_id = n.notification_id
WHERE n.id = ANY($1::bigint[])
"""

# Arrays: $1 to $8 an attempt each (token, wamid hash, times of sent, delivered, read, played and
# failed, code), $9 to $14 a notification each (row, state, reason, times), $15 to $19 an event
# each; $20 now.
JOIN = """
WITH attempt AS (
  UPDATE notifier.attempts a
  SET wamid_hash = u.wamid_hash, sent_time = u.sent, delivered_time = u.delivered,
    read_time = u.read, played_time = u.played, failed_time = u.failed, failed_code = u.code
  FROM unnest($1::uuid[], $2::bytea[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
    $6::timestamptz[], $7::timestamptz[], $8::int[])
    AS u(token, wamid_hash, sent, delivered, read, played, failed, code)
  WHERE a.token = u.token
), notification AS (
  UPDATE notifier.notifications n
  SET state = u.state, state_reason = u.reason, sent_time = u.sent, delivered_time = u.delivered,
    read_time = u.read
  FROM unnest($9::bigint[], $10::smallint[], $11::text[], $12::timestamptz[], $13::timestamptz[],
    $14::timestamptz[]) AS u(id, state, reason, sent, delivered, read)
  WHERE n.id = u.id
  RETURNING n.notification_id, u.state, u.reason, u.sent, u.delivered, u.read
), members AS (
  -- What went out in its bubble stands where it does.
  UPDATE notifier.notifications m
  SET state = l.state, state_reason = l.reason, sent_time = l.sent, delivered_time = l.delivered,
    read_time = l.read
  FROM notification l WHERE m.bubble_id = l.notification_id
)
INSERT INTO notifier.provider_events
  (notification_id, token, status, event_time, record_time, provider_code)
SELECT u.notification_id, u.token, u.status, u.event_time, $20, u.code
FROM unnest($15::uuid[], $16::uuid[], $17::text[], $18::timestamptz[], $19::int[])
  WITH ORDINALITY AS u(notification_id, token, status, event_time, code, position)
ORDER BY u.position
ON CONFLICT (token, status) DO NOTHING
"""

# $1 rows, $2 now: opened again, for what was proven not to have gone out and still can.
REOPEN = """
WITH moved AS (
  UPDATE notifier.notifications
  SET state = 1, due_time = $2, settled_time = NULL, lease_until = NULL, fence = fence + 1
  WHERE id = ANY($1::bigint[]) AND buried_reason IS NULL AND expire_time > $2
  RETURNING notification_id
)
UPDATE notifier.notifications n SET state = 1 FROM moved m WHERE n.bubble_id = m.notification_id
"""

# $1 rows, $2 now: taken out of the queue when they stood as sent, and they no longer do.
REVIVE = """
UPDATE notifier.notifications
SET due_time = $2, settled_time = NULL, lease_until = NULL, fence = fence + 1
WHERE id = ANY($1::bigint[]) AND buried_reason IS NULL AND settled_time IS NOT NULL
"""

# $1 users, $2 times, $3 codes: what the provider said of the person themselves.
UNREACHABLE = """
UPDATE notifier.contacts c SET unreachable_time = u.time, unreachable_code = u.code
FROM unnest($1::text[], $2::timestamptz[], $3::int[]) AS u(user_id, time, code)
WHERE c.user_id = u.user_id AND c.last_inbound_time < u.time
"""

# $1 users, $2 times: Meta closed the window, whatever we thought.
CLOSE_WINDOWS = """
UPDATE notifier.contacts c SET window_until = least(c.window_until, u.time)
FROM unnest($1::text[], $2::timestamptz[]) AS u(user_id, time)
WHERE c.user_id = u.user_id AND c.last_inbound_time < u.time
"""
