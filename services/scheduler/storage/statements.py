"""The scheduler's SQL that runs on the driver's own connection: one statement a write.

Arrays carry the rows (`unnest`), so that a statement is the same text whatever an utterance asks
for, and is prepared once per connection.
"""

from __future__ import annotations

# $1 user, $2 request: one row always; nulls where there is none.
LOOK_UP = """
SELECT p.version, p.time_zone, p.time_zone_confirmed, p.locale, p.reminder_lead_seconds,
       p.settings, p.last_task_number, p.last_item_id, p.erase_time, c.user_id AS change_user_id,
       c.body_hash, c.result
FROM (SELECT 1) AS one
LEFT JOIN scheduler.people AS p ON p.user_id = $1
LEFT JOIN scheduler.changes AS c ON c.request_id = $2::uuid
"""

# $1 user, $2 a request or null: the last changes that can be taken back (clocks of replicas differ:
# which was the very last, they know themselves); and that request's, if it was.
UNDOABLE = """
(SELECT request_id, create_time, inverse, undone_by FROM scheduler.changes
 WHERE user_id = $1 AND inverse IS NOT NULL AND undone_by IS NULL
 ORDER BY create_time DESC LIMIT 25)
UNION ALL
SELECT request_id, create_time, inverse, undone_by FROM scheduler.changes
WHERE request_id = $2::uuid AND user_id = $1 AND undone_by IS NOT NULL AND inverse IS NOT NULL
"""

PREFERENCES = """
SELECT time_zone, time_zone_confirmed, locale, reminder_lead_seconds, settings
FROM scheduler.people WHERE user_id = $1
"""

# $1 user, $2 zone, $3 locale, $4 leads, $5 now. A guess never takes the place of a person's word.
GUESS = """
INSERT INTO scheduler.people AS p
    (user_id, version, time_zone, time_zone_confirmed, locale, reminder_lead_seconds,
     last_task_number, create_time, update_time)
VALUES ($1, 1, $2, false, $3, $4::int[], 0, $5, $5)
ON CONFLICT (user_id) DO UPDATE
SET version = p.version + 1, time_zone = excluded.time_zone, locale = excluded.locale,
    update_time = excluded.update_time
WHERE NOT p.time_zone_confirmed AND p.time_zone = 'UTC'
  -- What is on its way when everything is erased does not begin anew.
  AND (p.erase_time IS NULL OR p.erase_time < $5::timestamptz - interval '1 hour')
"""

# The whole of a change. Its first part lets it happen only on the state that was looked at; every
# other part reads from it, so that nothing happens otherwise.
# $1 user, $2 version looked at, $3 zone, $4 confirmed, $5 locale, $6 leads, $7 last number,
# $8 last item, $9 now, $10 request, $11 body hash, $12 result,
# $14.. events, $27.. tasks, $42.. notices: a column each; $51 settings,
# $13 and $52.. withdrawals: items, first and last occurrence, due before, version to keep, notice;
# $57 inverse, $58 the change that is taken back, $59 items whose reminders hold again with it.
WRITE = """
WITH person AS (
    INSERT INTO scheduler.people AS p
        (user_id, version, time_zone, time_zone_confirmed, locale, reminder_lead_seconds,
         last_task_number, last_item_id, create_time, update_time, settings)
    VALUES ($1, 1, $3, $4, $5, $6::int[], $7, $8::uuid, $9, $9, $51::jsonb)
    ON CONFLICT (user_id) DO UPDATE
    SET version = p.version + 1, time_zone = excluded.time_zone,
        time_zone_confirmed = excluded.time_zone_confirmed, locale = excluded.locale,
        reminder_lead_seconds = excluded.reminder_lead_seconds,
        last_task_number = excluded.last_task_number, last_item_id = excluded.last_item_id,
        update_time = excluded.update_time, settings = excluded.settings
    WHERE p.version = $2
    RETURNING p.user_id
), change AS (
    INSERT INTO scheduler.changes
        (request_id, user_id, body_hash, result, create_time, inverse)
    SELECT $10::uuid, user_id, $11, $12, $9, $57 FROM person
), taken_back AS (
    UPDATE scheduler.changes AS c SET undone_by = $10::uuid
    FROM person WHERE c.request_id = $58::uuid AND c.user_id = $1
), going AS (
    -- The rows of these items, once each, that a withdrawal takes.
    SELECT n.id, n.settled_time IS NULL AS is_open
    FROM person, scheduler.notices AS n
    WHERE n.item_id = ANY ($13::uuid[])
      AND (n.settled_time IS NULL
           OR (n.settled_time > $9::timestamptz - interval '1 day'
               AND n.withdrawn_reason IS NULL AND n.buried_reason IS NULL))
      AND EXISTS (
        SELECT FROM unnest($13::uuid[], $52::timestamptz[], $53::timestamptz[], $54::timestamptz[],
                           $55::int[], $56::uuid[])
            AS w (item_id, first, last, due_before, keep_version, notice_id)
        WHERE w.item_id = n.item_id
          AND (w.first IS NULL OR n.occurrence >= w.first)
          AND (w.last IS NULL OR n.occurrence <= w.last)
          AND (w.due_before IS NULL OR n.due_time < w.due_before)
          AND (w.keep_version IS NULL OR n.item_version <> w.keep_version)
          AND (w.notice_id IS NULL OR n.notice_id = w.notice_id))
), withdrawn AS (
    UPDATE scheduler.notices AS n
    SET settled_time = $9, fence = n.fence + 1, withdrawn_reason = 'CHANGED',
        withdrawn_by = $10::uuid
    FROM going
    WHERE n.id = going.id AND going.is_open AND n.settled_time IS NULL
    RETURNING n.id, n.notice_id, n.item_id, n.occurrence, n.lease_until
), reopened AS (
    UPDATE scheduler.notices AS n
    SET settled_time = NULL, lease_until = NULL, fence = n.fence + 1, withdrawn_reason = NULL,
        withdrawn_by = NULL
    FROM person
    WHERE n.item_id = ANY ($59::uuid[]) AND n.withdrawn_by = $58::uuid
), overtaken AS (
    SELECT notice_id, occurrence, true AS is_recent
    FROM withdrawn WHERE lease_until > clock_timestamp()
    UNION ALL
    SELECT n.notice_id, n.occurrence, n.settled_time > $9::timestamptz - interval '10 seconds'
    FROM going JOIN scheduler.notices AS n ON n.id = going.id
    WHERE NOT going.is_open
), taking_back AS (
    INSERT INTO scheduler.notices
        (due_time, notice_id, user_id, kind, item_version, occurrence, lead_seconds,
         reply_to_message_id, cancelled_notice_id)
    SELECT $9, gen_random_uuid(), $1, 'cancel', 0, occurrence, 0, '', notice_id FROM overtaken
), new_events AS (
    INSERT INTO scheduler.events AS e
        (user_id, create_time, event_id, state, version, content, start_time, over_time,
         local_start, local_end, all_day, time_zone, recurrence, reminder_lead_seconds,
         update_time)
    SELECT $1, r.create_time, r.event_id, r.state, r.version, r.content, r.start_time, r.over_time,
           r.local_start, r.local_end, r.all_day, r.time_zone, r.recurrence, r.leads::int[], $9
    FROM person, unnest($14::timestamptz[], $15::uuid[], $16::smallint[], $17::int[], $18::bytea[],
                        $19::timestamptz[], $20::timestamptz[], $21::timestamp[], $22::timestamp[],
                        $23::boolean[], $24::text[], $25::text[], $26::text[])
        AS r (create_time, event_id, state, version, content, start_time, over_time, local_start,
              local_end, all_day, time_zone, recurrence, leads)
    ON CONFLICT (event_id) DO UPDATE
    SET state = excluded.state, version = excluded.version, content = excluded.content,
        start_time = excluded.start_time, over_time = excluded.over_time,
        local_start = excluded.local_start, local_end = excluded.local_end,
        all_day = excluded.all_day, time_zone = excluded.time_zone,
        recurrence = excluded.recurrence, reminder_lead_seconds = excluded.reminder_lead_seconds,
        update_time = excluded.update_time
), new_tasks AS (
    INSERT INTO scheduler.tasks AS t
        (user_id, create_time, task_id, number, state, version, content, list_key, due_time,
         start_time, over_time, local_start, local_end, all_day, time_zone, recurrence,
         update_time)
    SELECT $1, r.*, $9
    FROM person, unnest($27::timestamptz[], $28::uuid[], $29::int[], $30::smallint[], $31::int[],
                        $32::bytea[], $33::bytea[], $34::timestamptz[], $35::timestamptz[],
                        $36::timestamptz[], $37::timestamp[], $38::timestamp[], $39::boolean[],
                        $40::text[], $41::text[]) AS r
    ON CONFLICT (task_id) DO UPDATE
    SET state = excluded.state, version = excluded.version, content = excluded.content,
        list_key = excluded.list_key, due_time = excluded.due_time,
        start_time = excluded.start_time, over_time = excluded.over_time,
        local_start = excluded.local_start, local_end = excluded.local_end,
        all_day = excluded.all_day, time_zone = excluded.time_zone,
        recurrence = excluded.recurrence, update_time = excluded.update_time
), new_notices AS (
    INSERT INTO scheduler.notices
        (user_id, due_time, notice_id, kind, item_id, item_version, occurrence, lead_seconds,
         contents, reply_to_message_id)
    SELECT $1, r.*
    FROM person, unnest($42::timestamptz[], $43::uuid[], $44::text[], $45::uuid[], $46::int[],
                        $47::timestamptz[], $48::int[], $49::bytea[], $50::text[]) AS r
    -- The same reminder once more, because what withdrew it was changed in turn.
    ON CONFLICT (notice_id) DO UPDATE
    SET settled_time = NULL, lease_until = NULL, withdrawn_reason = NULL, withdrawn_by = NULL,
        due_time = excluded.due_time
    WHERE notices.withdrawn_reason IS NOT NULL
)
SELECT NULL::uuid AS notice_id, NULL::timestamptz AS occurrence, false AS is_recent FROM person
UNION ALL SELECT notice_id, occurrence, is_recent FROM overtaken
"""

# $1 user, $2 open, $3 completed, $4 anchored, $5 numbers, $6 ids, $7 limit
FIND_TASKS = """
SELECT * FROM scheduler.tasks
WHERE user_id = $1
  AND (($2 AND state = 1) OR ($3 AND state = 2)
       OR ($4 AND state = 1 AND (recurrence <> '' OR all_day))
       OR number = ANY ($5::int[]) OR task_id = ANY ($6::uuid[]))
ORDER BY number DESC LIMIT $7
"""

# $1 user, $2 open, $3 anchored, $4 ids, $5 now, $6 limit
FIND_EVENTS = """
SELECT * FROM scheduler.events
WHERE user_id = $1
  AND ((($2 OR ($3 AND (recurrence <> '' OR all_day))) AND state = 1
        AND (over_time IS NULL OR over_time > $5::timestamptz - interval '1 day'))
       OR event_id = ANY ($4::uuid[]))
ORDER BY start_time DESC LIMIT $6
"""

EVENT = "SELECT * FROM scheduler.events WHERE event_id = $2::uuid AND user_id = $1"
TASK = "SELECT * FROM scheduler.tasks WHERE task_id = $2::uuid AND user_id = $1"

# $1 user, $2 cancelled too, $3 start and $4 id to go on from, $5 limit, $6 not over by then and $7
# first starting before then (nulls: whenever)
EVENTS = """
SELECT * FROM scheduler.events
WHERE user_id = $1 AND (state = 1 OR $2)
  AND (start_time, event_id) > ($3::timestamptz, $4::uuid)
  AND ($6::timestamptz IS NULL OR over_time IS NULL OR over_time >= $6)
  AND ($7::timestamptz IS NULL OR start_time < $7)
ORDER BY start_time, event_id LIMIT $5
"""

# $1 user, $2 list or null, $3 completed too, $4 number to go on from, $5 limit
TASKS = """
SELECT * FROM scheduler.tasks
WHERE user_id = $1 AND ($2::bytea IS NULL OR list_key = $2) AND (state = 1 OR (state = 2 AND $3))
  AND number > $4
ORDER BY number LIMIT $5
"""

# $1 user, $2 start, $3 end, $4 limit
STANDING_EVENTS = """
SELECT * FROM scheduler.events
WHERE user_id = $1 AND state = 1 AND start_time < $3 AND (over_time IS NULL OR over_time >= $2)
ORDER BY start_time DESC LIMIT $4
"""
STANDING_TASKS = """
SELECT * FROM scheduler.tasks
WHERE user_id = $1 AND state = 1 AND due_time < $3 AND (recurrence <> '' OR due_time >= $2)
ORDER BY due_time DESC LIMIT $4
"""

# $1 users, $2 items (arrays of one length): each pair with its person and its item.
ALARMS = """
SELECT p.time_zone, p.time_zone_confirmed, p.locale, p.reminder_lead_seconds AS person_leads,
       p.settings,
       t.task_id, t.number, t.list_key, t.due_time, e.event_id, e.reminder_lead_seconds,
       coalesce(t.user_id, e.user_id) AS user_id, coalesce(t.state, e.state) AS state,
       coalesce(t.version, e.version) AS version, coalesce(t.content, e.content) AS content,
       coalesce(t.start_time, e.start_time) AS start_time,
       coalesce(t.local_start, e.local_start) AS local_start,
       coalesce(t.local_end, e.local_end) AS local_end,
       coalesce(t.all_day, e.all_day) AS all_day,
       coalesce(t.time_zone, e.time_zone) AS item_zone,
       coalesce(t.recurrence, e.recurrence) AS recurrence,
       coalesce(t.create_time, e.create_time) AS create_time,
       coalesce(t.update_time, e.update_time) AS update_time
FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS a (user_id, item_id, position)
LEFT JOIN scheduler.people AS p ON p.user_id = a.user_id
LEFT JOIN scheduler.tasks AS t ON t.task_id = a.item_id
LEFT JOIN scheduler.events AS e ON e.event_id = a.item_id
ORDER BY a.position
"""

# $1 to $10 the notices that follow, the last two a nag's number and what it follows; $11 users and
# $12 items: what "it" now means (null: as before). Rows are locked in one order, or two replicas
# would wait for each other. Of whoever was erased meanwhile there is nothing that it could follow.
# What was put off while it was on its way does not nag.
FOLLOW = """
WITH locked AS (
    SELECT user_id, erase_time FROM scheduler.people WHERE user_id = ANY ($11::text[])
    ORDER BY user_id FOR UPDATE
), following AS (
    INSERT INTO scheduler.notices
        (user_id, due_time, notice_id, kind, item_id, item_version, occurrence, lead_seconds,
         nag_number, reply_to_message_id)
    SELECT r.user_id, r.due_time, r.notice_id, r.kind, r.item_id, r.item_version, r.occurrence,
           r.lead_seconds, r.nag_number, ''
    FROM unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::text[], $5::uuid[], $6::int[],
                $7::timestamptz[], $8::int[], $9::smallint[], $10::uuid[])
        AS r (user_id, due_time, notice_id, kind, item_id, item_version, occurrence, lead_seconds,
              nag_number, parent_id)
    JOIN locked ON locked.user_id = r.user_id
    WHERE (locked.erase_time IS NULL AND r.nag_number = 0) OR EXISTS (
        SELECT FROM scheduler.notices AS p
        WHERE p.notice_id = r.parent_id AND (r.nag_number = 0 OR p.withdrawn_reason IS NULL))
    ON CONFLICT (notice_id) DO UPDATE
    SET settled_time = NULL, lease_until = NULL, withdrawn_reason = NULL, withdrawn_by = NULL,
        due_time = excluded.due_time
    WHERE notices.withdrawn_reason IS NOT NULL
)
UPDATE scheduler.people AS p SET last_item_id = s.item_id
FROM unnest($11::text[], $12::uuid[]) AS s (user_id, item_id)
JOIN locked ON locked.user_id = s.user_id
WHERE p.user_id = s.user_id AND s.item_id IS NOT NULL
"""
