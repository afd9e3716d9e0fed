"""The notifier's hot statements: one round trip each, every row reached by a key."""

from __future__ import annotations

# $1… arrays of equal length, one element a notification (see `Ledger.accept`); $14 now. Who has
# stopped us gets replies only.
# Rows go in by request id in one order, because two replicas with unsorted batches deadlock. What
# is new is told by notification id: callers who share a commit may share a request id, too.
ACCEPT = """
WITH item AS (
  SELECT * FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::smallint[],
    $7::text[], $8::bytea[], $9::text[], $10::bool[], $11::timestamptz[], $12::timestamptz[],
    $13::bool[])
  AS i(position, notification_id, request_id, request_hash, user_id, type, kind, body,
    reply_to_message_id, holds_overflow, send_time, expire_time, is_reply)
), inserted AS (
  INSERT INTO notifier.notifications (due_time, notification_id, request_id, request_hash, user_id,
    type, kind, state, body, reply_to_message_id, holds_overflow, create_time, send_time,
    expire_time)
  SELECT i.send_time, i.notification_id, i.request_id, i.request_hash, i.user_id, i.type, i.kind,
    1, i.body, i.reply_to_message_id, i.holds_overflow, $14, i.send_time, i.expire_time
  FROM item i JOIN notifier.contacts c ON c.user_id = i.user_id
  WHERE c.stop_time IS NULL OR i.is_reply
  ORDER BY i.request_id
  ON CONFLICT (request_id) DO NOTHING
  RETURNING notification_id
)
SELECT i.position, s.notification_id IS NOT NULL AS is_new, c.user_id IS NOT NULL AS is_known,
  c.stop_time IS NOT NULL AND NOT i.is_reply AS is_stopped,
  n.request_hash, n.notification_id, n.state, n.state_reason, n.buried_reason, n.create_time,
  n.send_time, n.expire_time, n.sent_time, n.delivered_time, n.read_time
FROM item i
LEFT JOIN inserted s ON s.notification_id = i.notification_id
LEFT JOIN notifier.notifications n ON n.request_id = i.request_id
LEFT JOIN notifier.contacts c ON c.user_id = i.user_id
"""

# $1 request ids: those that another transaction committed while ACCEPT ran, or ACCEPT itself for
# another caller.
ACCEPTED = """
SELECT request_id, request_hash, notification_id, state, state_reason, buried_reason, create_time,
  send_time, expire_time, sent_time, delivered_time, read_time
FROM notifier.notifications WHERE request_id = ANY($1::uuid[])
"""

# Arrays, one element an attempt: $1 row, $2 fence, $3 state it must be in, $4 user, $5 token,
# $6 is_repeat, $7 the approved template for when the window is closed ('': there is none), $8 when
# it was created if it is a reply (null: it is none); $9 now, $10 who has been out of reach for less
# than since then still is. The attempt is on record before the provider call, or there is no call.
# A reply to what a person wrote after they stopped us is the one thing they still get. Messages are
# reached by their own id: IS NOT DISTINCT FROM keeps the plan from reading all of one person's.
BEGIN = """
WITH item AS (
  SELECT i.*, c.user_id IS NOT NULL AS is_known, c.phone, c.business_user_id,
    c.window_until > $9 AS is_window_open,
    CASE
      WHEN c.stop_time IS NOT NULL AND (i.reply_time >= c.stop_time) IS NOT TRUE
        THEN 'USER_STOPPED'
      WHEN c.unreachable_time > $10 THEN 'USER_UNREACHABLE'
      WHEN c.window_until <= $9 AND i.template = '' THEN 'WINDOW_CLOSED'
      ELSE ''
    END AS refusal
  FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::uuid[], $6::bool[],
    $7::text[], $8::timestamptz[])
    AS i(id, fence, state, user_id, token, is_repeat, template, reply_time)
  LEFT JOIN notifier.contacts c ON c.user_id = i.user_id
), started AS (
  UPDATE notifier.notifications n SET state = 2, tries = n.tries + 1
  FROM item i
  WHERE n.id = i.id AND n.fence = i.fence AND n.state = i.state AND n.user_id = i.user_id
    AND n.expire_time > $9 AND i.is_known AND i.refusal = ''
  RETURNING n.id, n.notification_id, n.tries, n.reply_to_message_id
), attempt AS (
  INSERT INTO notifier.attempts (token, notification_id, number, is_repeat, template, start_time)
  SELECT i.token, s.notification_id, s.tries, i.is_repeat,
    CASE WHEN i.is_window_open THEN '' ELSE i.template END, $9
  FROM started s JOIN item i ON i.id = s.id
)
SELECT i.id, i.is_known, i.phone, i.business_user_id, i.is_window_open, i.refusal, s.tries,
  m.message_id, m.wamid
FROM item i
LEFT JOIN started s ON s.id = i.id
LEFT JOIN notifier.inbound_messages m
  ON m.message_id = s.reply_to_message_id AND m.user_id IS NOT DISTINCT FROM i.user_id
"""

# Arrays, one element an attempt: $1 row, $2 token, $3 wamid hash, $4 wamid; $5 now. The provider
# has it, whoever holds the row; unless a status that overtook the answer says that it failed.
FINISH_ACCEPTED = """
WITH item AS (
  SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[])
  AS i(id, token, wamid_hash, wamid)
), moved AS (
  UPDATE notifier.notifications n
  SET state = CASE WHEN n.state IN (1, 2, 7, 8, 11, 12) AND a.failed_time IS NULL
      THEN 3 ELSE n.state END,
    state_reason = CASE WHEN n.state IN (1, 2, 7, 8, 11, 12) AND a.failed_time IS NULL
      THEN '' ELSE n.state_reason END,
    sent_time = least(n.sent_time, $5)
  FROM item i JOIN notifier.attempts a ON a.token = i.token
  WHERE n.id = i.id
  RETURNING n.notification_id, i.token, i.wamid_hash, i.wamid
)
UPDATE notifier.attempts a
SET outcome = 1, end_time = $5, reason = '', wamid_hash = m.wamid_hash, wamid = m.wamid,
  sent_time = least(a.sent_time, $5)
FROM moved m WHERE a.token = m.token
"""

# $1 row, $2 fence, $3 now, $4 token, $5 outcome, $6 code, $7 reason, $8 state, $9 user,
# $10 unreachable, $11 window closed, $12 when to look again (null: never). What a status has proven
# meanwhile stays. The queue's row is put off here, too: a worker that dies before it says so to the
# queue must not make the next one send again before a status could come.
FINISH_REFUSED = """
WITH moved AS (
  UPDATE notifier.notifications n
  SET state = $8, state_reason = $7, ambiguous = n.ambiguous + ($5::smallint = 3)::int,
    due_time = coalesce($12::timestamptz, n.due_time)
  WHERE n.id = $1 AND n.fence = $2 AND n.state = 2
), contact AS (
  UPDATE notifier.contacts c
  SET unreachable_time = CASE WHEN $10 THEN $3 ELSE c.unreachable_time END,
    unreachable_code = CASE WHEN $10 THEN $6 ELSE c.unreachable_code END,
    window_until = CASE WHEN $11 THEN least(c.window_until, $3) ELSE c.window_until END
  WHERE c.user_id = $9 AND ($10 OR $11)
)
UPDATE notifier.attempts
SET outcome = $5, end_time = $3, provider_code = $6, reason = $7 WHERE token = $4
"""

# $1 row, $2 fence, $3 reason, $4 now, $5 when to look again: attempts without an end died with
# their process.
SUSPECT = """
WITH moved AS (
  UPDATE notifier.notifications n
  SET state = 8, state_reason = $3, ambiguous = n.ambiguous + 1, due_time = $5
  WHERE n.id = $1 AND n.fence = $2 AND n.state = 2
  RETURNING n.notification_id
)
UPDATE notifier.attempts a SET outcome = 3, end_time = $4, reason = $3
FROM moved m WHERE a.notification_id = m.notification_id AND a.outcome = 0
"""

# $1 row, $2 fence, $3 state, $4 reason. Only from states that wait.
CLOSE = """
UPDATE notifier.notifications SET state = $3, state_reason = $4
WHERE id = $1 AND fence = $2 AND state IN (1, 7, 8)
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

# $1 user, $2 message, $3 message time, $4 window, $5 wamid, $6 now.
TOUCH = """
WITH person AS (
  UPDATE notifier.contacts
  SET last_inbound_time = greatest(last_inbound_time, $3),
    window_until = greatest(window_until, $4), unreachable_time = NULL, unreachable_code = 0
  WHERE user_id = $1
  RETURNING user_id, generation, time_zone_guess, locale_guess, first_message_id
), message AS (
  INSERT INTO notifier.inbound_messages (message_id, user_id, wamid, message_time, record_time)
  SELECT $2, p.user_id, $5, $3, $6 FROM person p
  ON CONFLICT (message_id) DO NOTHING
)
SELECT generation, time_zone_guess, locale_guess, first_message_id FROM person
"""

# $1 user, $2 since when (null: not any more). The first time stays.
STOP = """
UPDATE notifier.contacts
SET stop_time = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE coalesce(stop_time, $2) END
WHERE user_id = $1 RETURNING user_id
"""

OWNERS = "SELECT alias, user_id FROM notifier.aliases WHERE alias = ANY($1::bytea[])"

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
  time_zone_guess, locale_guess, first_message_id, last_inbound_time, window_until, create_time)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

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
