"""The notifier's hot statements: one round trip each, every row reached by a key."""

from __future__ import annotations

# $1… arrays of equal length, one element a notification (see `Ledger.accept`); $14 now. Who has
# stopped us gets replies only. $15 to $17, arrays of their own: the files of those that have one.
# $18 to $26, arrays as the first ones, are its plan (`domain.plan`): urgent, mergeable, day, limit
# of that day, when the next one begins, held until, why, whether its time to live begins then,
# since when it is due.
# Rows go in by request id in one order, because two replicas with unsorted batches deadlock. What
# is new is told by notification id: callers who share a commit may share a request id, too. One
# that was cancelled before it came has left a row without a hash: it is filled in, and stays so.
# The day's limit is kept where attempts begin; here it is looked at, so that callers know at once.
ACCEPT = """
WITH item AS MATERIALIZED (
  SELECT i.*, coalesce(i.day_limit > 0 AND i.day_limit < row_number() OVER (
      PARTITION BY i.user_id, i.counted_day ORDER BY i.position) + (
      SELECT count(*) FROM notifier.notifications n
      WHERE n.user_id = i.user_id AND n.counted_day = i.counted_day AND n.counted_day IS NOT NULL
        AND n.bubble_id IS NULL AND n.state NOT IN (10, 11) AND (n.state <> 9 OR n.tries > 0)
    ), false) AS is_over
  FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::smallint[],
    $7::text[], $8::bytea[], $9::text[], $10::bool[], $11::timestamptz[], $12::timestamptz[],
    $13::bool[], $18::bool[], $19::bool[], $20::date[], $21::int[], $22::timestamptz[],
    $23::timestamptz[], $24::text[], $25::bool[],
    $26::timestamptz[])
  AS i(position, notification_id, request_id, request_hash, user_id, type, kind, body,
    reply_to_message_id, holds_overflow, send_time, expire_time, is_reply, is_urgent, is_mergeable,
    counted_day, day_limit, next_day, hold_until, hold_reason, extends, queue_time)
), planned AS (
  SELECT i.*, CASE WHEN i.is_over THEN i.next_day ELSE i.hold_until END AS held_until
  FROM item i
), inserted AS (
  INSERT INTO notifier.notifications (due_time, notification_id, request_id, request_hash, user_id,
    type, kind, state, state_reason, body, reply_to_message_id, holds_overflow, create_time,
    send_time, expire_time, is_urgent, is_mergeable, counted_day)
  SELECT DISTINCT ON (i.request_id) coalesce(i.held_until, i.queue_time), i.notification_id,
    i.request_id, i.request_hash, i.user_id, i.type, i.kind,
    CASE WHEN i.held_until IS NULL THEN 1 ELSE 7 END,
    CASE WHEN i.is_over THEN 'DAILY_LIMIT' ELSE i.hold_reason END, i.body, i.reply_to_message_id,
    i.holds_overflow, $14, i.send_time,
    i.expire_time + CASE WHEN i.extends AND i.held_until IS NOT NULL
      THEN i.held_until - i.send_time ELSE interval '0' END,
    i.is_urgent, i.is_mergeable, CASE WHEN i.is_over THEN NULL ELSE i.counted_day END
  FROM planned i JOIN notifier.contacts c ON c.user_id = i.user_id
  WHERE (c.stop_time IS NULL OR i.is_reply) AND (i.holds_overflow OR NOT i.is_over)
  ORDER BY i.request_id, i.position
  ON CONFLICT (request_id) DO UPDATE SET notification_id = excluded.notification_id,
    request_hash = excluded.request_hash, user_id = excluded.user_id, type = excluded.type,
    kind = excluded.kind, body = excluded.body, create_time = excluded.create_time,
    reply_to_message_id = excluded.reply_to_message_id, send_time = excluded.send_time,
    expire_time = excluded.expire_time
  WHERE notifications.request_hash = ''
  RETURNING notification_id, state, state_reason, due_time, expire_time
), document AS (
  INSERT INTO notifier.documents (notification_id, user_id, content)
  SELECT d.* FROM unnest($15::uuid[], $16::text[], $17::bytea[])
    AS d(notification_id, user_id, content)
  JOIN inserted s ON s.notification_id = d.notification_id
)
SELECT i.position, s.notification_id IS NOT NULL AS is_new, c.user_id IS NOT NULL AS is_known,
  c.stop_time IS NOT NULL AND NOT i.is_reply AS is_stopped, i.is_over AND NOT i.holds_overflow
    AS is_refused, i.next_day, s.state AS new_state, s.state_reason AS new_reason,
  s.due_time AS new_due_time, s.expire_time AS new_expire_time,
  n.request_hash, n.notification_id, n.state, n.state_reason, n.buried_reason, n.create_time,
  n.due_time, n.send_time, n.expire_time, n.sent_time, n.delivered_time, n.read_time
FROM item i
LEFT JOIN inserted s ON s.notification_id = i.notification_id
LEFT JOIN notifier.notifications n ON n.request_id = i.request_id AND n.request_hash <> ''
LEFT JOIN notifier.contacts c ON c.user_id = i.user_id
"""

# $1 request ids: those that another transaction committed while ACCEPT ran, or ACCEPT itself for
# another caller.
ACCEPTED = """
SELECT request_id, request_hash, notification_id, state, state_reason, buried_reason, create_time,
  due_time, send_time, expire_time, sent_time, delivered_time, read_time
FROM notifier.notifications WHERE request_id = ANY($1::uuid[])
"""

# $1 which, $2 now. Closes its row in the queue too.
_CANCEL = """
UPDATE notifier.notifications
SET state = 10, settled_time = $2, fence = fence + 1, lease_until = NULL
WHERE {key} = $1::uuid AND state IN (1, 7) AND tries = 0 AND settled_time IS NULL
RETURNING notification_id
"""
CANCEL = _CANCEL.format(key="notification_id")
CANCEL_REQUEST = _CANCEL.format(key="request_id")

# $1 request id, $2 now, $3 a new id. What has not come yet will find itself cancelled.
CANCEL_AHEAD = """
INSERT INTO notifier.notifications (due_time, notification_id, request_id, request_hash, user_id,
  type, kind, state, state_reason, body, create_time, send_time, expire_time, settled_time)
VALUES ($2, $3, $1, '', '', 0, '', 10, 'CANCELLED_AHEAD', '', $2, $2, $2, $2)
ON CONFLICT (request_id) DO NOTHING RETURNING notification_id
"""

# $1 which, $2 now, $3 when it expires. Whoever held it has lost it; what is open or has gone out
# stays as it is.
REDRIVE = """
UPDATE notifier.notifications
SET state = 1, state_reason = '', settled_time = NULL, buried_reason = NULL,
  postponed_reason = NULL, attempts = 0, takeovers = 0, lease_until = NULL, fence = fence + 1,
  due_time = $2, expire_time = $3, bubble_id = NULL
WHERE notification_id = $1::uuid AND settled_time IS NOT NULL
  AND (state IN (9, 12) OR (buried_reason IS NOT NULL AND state IN (1, 2, 7, 8)))
"""

# $1 user, $2 message, $3 message time, $4 window, $5 wamid, $6 now.
TOUCH = """
WITH person AS (
  UPDATE notifier.contacts
  SET last_inbound_time = greatest(last_inbound_time, $3),
    window_until = greatest(window_until, $4), unreachable_time = NULL, unreachable_code = 0
  WHERE user_id = $1
  RETURNING user_id, generation, time_zone_guess, locale_guess, first_message_id, stop_time
), message AS (
  INSERT INTO notifier.inbound_messages (message_id, user_id, wamid, message_time, record_time)
  SELECT $2, p.user_id, $5, $3, $6 FROM person p
  ON CONFLICT (message_id) DO NOTHING
)
SELECT generation, time_zone_guess, locale_guess, first_message_id, stop_time FROM person
"""

# $1 user, $2 since when (null: not any more). The first time stays.
STOP = """
UPDATE notifier.contacts
SET stop_time = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE coalesce(stop_time, $2) END
WHERE user_id = $1 RETURNING user_id
"""

OWNERS = "SELECT alias, user_id FROM notifier.aliases WHERE alias = ANY($1::bytea[])"
# The same for who is about to write about them: an erasure waits, or has happened.
LOCKED_OWNERS = f"{OWNERS} ORDER BY alias FOR SHARE"

# $1 aliases, $2 kinds, $3 user, $4 now. Returns those that were free.
LINK = """
INSERT INTO notifier.aliases (alias, user_id, kind, create_time)
SELECT a.alias, $3, a.kind, $4 FROM unnest($1::bytea[], $2::smallint[]) AS a(alias, kind)
ORDER BY a.alias
ON CONFLICT (alias) DO NOTHING
RETURNING alias
"""

NEW_CONTACT = """
INSERT INTO notifier.contacts (user_id, phone, business_user_id, parent_user_id, display_name,
  time_zone_guess, locale_guess, first_message_id, last_inbound_time, window_until, create_time,
  stop_time)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

# $1 aliases: the last erasure of anybody who had one of these names, and whether they stopped us.
SUPPRESSED = """
SELECT max(erase_time) AS erase_time, max(stop_time) AS stop_time
FROM notifier.suppressions WHERE alias = ANY($1::bytea[])
"""

# $1 user. When their names last changed.
IDENTITY_TIME = "SELECT identity_time FROM notifier.contacts WHERE user_id = $1"

# $1 user, $2 phone, $3 business id, $4 parent id, $5 name, $6 zone, $7 locale; null: as it is.
LEARN = """
UPDATE notifier.contacts
SET phone = coalesce($2, phone), business_user_id = coalesce($3, business_user_id),
  parent_user_id = coalesce($4, parent_user_id), display_name = coalesce($5, display_name),
  time_zone_guess = CASE WHEN time_zone_guess = '' THEN $6 ELSE time_zone_guess END,
  locale_guess = CASE WHEN locale_guess = '' THEN $7 ELSE locale_guess END
WHERE user_id = $1
"""

# $1 user, $2 others, $3 message, $4 now.
CONFLICT = """
INSERT INTO notifier.identity_conflicts (user_id, other_user_id, message_id, record_time)
SELECT $1, o.other, $3, $4 FROM unnest($2::text[]) AS o(other)
ON CONFLICT (user_id, other_user_id) DO NOTHING
"""
