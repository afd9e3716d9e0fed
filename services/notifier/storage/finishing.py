"""The statements that end attempts. What shares a bubble with a notification stands where it does.

With each end go what it frees: the grants of the attempt come back a window's length after it, and
an answer about the message itself closes the breaker.
"""

from __future__ import annotations

# {0} is where the moved notifications are, with notification_id, state, state_reason, sent_time.
_MEMBERS = """members AS (
  UPDATE notifier.notifications n
  SET state = m.state, state_reason = m.state_reason, sent_time = least(n.sent_time, m.sent_time)
  FROM moved m WHERE n.bubble_id = m.notification_id
)"""

# Who has no grant there (there is no cap) frees none.
_FREED = """freed AS (
  UPDATE notifier.grants t SET free_time = {now}::timestamptz + v.lasts
  FROM {items} CROSS JOIN LATERAL (VALUES (1::smallint, i.minute_slot, {minute}::interval),
    (2::smallint, i.day_slot, {day}::interval)) AS v(scope, slot, lasts)
  WHERE t.scope = v.scope AND t.slot = v.slot AND t.token = i.token
)"""

_CLOSED = """closed AS (
  UPDATE notifier.breakers
  SET failures = 0, openings = 0, open_until = NULL, probe_until = NULL, reason = '',
    change_time = {now}
  WHERE phone_id = {phone} AND {condition} AND (failures > 0 OR open_until IS NOT NULL)
)"""

# Arrays, one element an attempt: $1 row, $2 token, $3 wamid hash, $4 wamid, $5 and $6 its grants of
# the minute and the day; $7 now, $8 and $9 how long those last, $10 the phone. The provider has it,
# whoever holds the row; unless a status that overtook the answer says that it failed.
FINISH_ACCEPTED = f"""
WITH item AS (
  SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[], $5::int[], $6::int[])
  AS i(id, token, wamid_hash, wamid, minute_slot, day_slot)
), moved AS (
  UPDATE notifier.notifications n
  SET state = CASE WHEN n.state IN (1, 2, 7, 8, 11, 12) AND a.failed_time IS NULL
      THEN 3 ELSE n.state END,
    state_reason = CASE WHEN n.state IN (1, 2, 7, 8, 11, 12) AND a.failed_time IS NULL
      THEN '' ELSE n.state_reason END,
    sent_time = least(n.sent_time, $7)
  FROM item i JOIN notifier.attempts a ON a.token = i.token
  WHERE n.id = i.id
  RETURNING n.notification_id, n.state, n.state_reason, n.sent_time, i.token, i.wamid_hash, i.wamid
), {_MEMBERS}, {_FREED.format(now="$7", items="item i", minute="$8", day="$9")},
{_CLOSED.format(now="$7", phone="$10", condition="true")}
UPDATE notifier.attempts a
SET outcome = 1, end_time = $7, reason = '', wamid_hash = m.wamid_hash, wamid = m.wamid,
  sent_time = least(a.sent_time, $7)
FROM moved m WHERE a.token = m.token
"""  # noqa: S608 - pieces of this module

# $1 row, $2 fence, $3 now, $4 token, $5 outcome, $6 code, $7 reason, $8 state, $9 user,
# $10 unreachable, $11 window closed, $12 when to look again (null: never), $13 and $14 its grants,
# $15 and $16 how long they last, $17 the phone, $18 whether it was about the message itself. What a
# status has proven meanwhile stays. The queue's row is put off here, too: a worker that dies before
# it says so to the queue must not make the next one send again before a status could come.
FINISH_REFUSED = f"""
WITH item AS (
  SELECT $4::uuid AS token, $13::int AS minute_slot, $14::int AS day_slot
), moved AS (
  UPDATE notifier.notifications n
  SET state = $8, state_reason = $7, ambiguous = n.ambiguous + ($5::smallint = 3)::int,
    due_time = coalesce($12::timestamptz, n.due_time)
  WHERE n.id = $1 AND n.fence = $2 AND n.state = 2
  RETURNING n.notification_id, n.state, n.state_reason, n.sent_time
), {_MEMBERS}, {_FREED.format(now="$3", items="item i", minute="$15", day="$16")},
{_CLOSED.format(now="$3", phone="$17", condition="$18")}, contact AS (
  UPDATE notifier.contacts c
  SET unreachable_time = CASE WHEN $10 THEN $3 ELSE c.unreachable_time END,
    unreachable_code = CASE WHEN $10 THEN $6 ELSE c.unreachable_code END,
    window_until = CASE WHEN $11 THEN least(c.window_until, $3) ELSE c.window_until END
  WHERE c.user_id = $9 AND ($10 OR $11)
)
UPDATE notifier.attempts
SET outcome = $5, end_time = $3, provider_code = $6, reason = $7 WHERE token = $4
"""  # noqa: S608 - pieces of this module

# $1 row, $2 fence, $3 reason, $4 now, $5 when to look again: attempts without an end died with
# their process.
SUSPECT = f"""
WITH moved AS (
  UPDATE notifier.notifications n
  SET state = 8, state_reason = $3, ambiguous = n.ambiguous + 1, due_time = $5
  WHERE n.id = $1 AND n.fence = $2 AND n.state = 2
  RETURNING n.notification_id, n.state, n.state_reason, n.sent_time
), {_MEMBERS}
UPDATE notifier.attempts a SET outcome = 3, end_time = $4, reason = $3
FROM moved m WHERE a.notification_id = m.notification_id AND a.outcome = 0
"""  # noqa: S608 - pieces of this module

# $1 row, $2 fence, $3 state, $4 reason, $5 now. Only from states that wait. What shares its bubble
# and may still go out when it has expired is on its own again.
CLOSE = """
WITH moved AS (
  UPDATE notifier.notifications SET state = $3, state_reason = $4
  WHERE id = $1 AND fence = $2 AND state IN (1, 7, 8)
  RETURNING notification_id
)
UPDATE notifier.notifications n
SET state = CASE WHEN r.is_free THEN 1 ELSE $3 END,
  state_reason = CASE WHEN r.is_free THEN '' ELSE $4 END,
  bubble_id = CASE WHEN r.is_free THEN NULL ELSE n.bubble_id END,
  tries = CASE WHEN r.is_free THEN 0 ELSE n.tries END,
  settled_time = CASE WHEN r.is_free THEN NULL ELSE n.settled_time END,
  due_time = CASE WHEN r.is_free THEN $5 ELSE n.due_time END, fence = n.fence + 1
FROM (
  SELECT x.id, $3::smallint = 11 AND x.expire_time > $5 AS is_free
  FROM moved m JOIN notifier.notifications x ON x.bubble_id = m.notification_id
) AS r
WHERE n.id = r.id
"""
