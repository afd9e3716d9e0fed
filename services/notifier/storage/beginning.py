"""The statement that starts attempts: everything that may forbid one, and every cap, at once.

One round trip for all attempts that start at the same time. What makes the caps exact is that
every count is a row that is locked before it is read: a person's allowance, and one row for each
call that a window may hold (`db.tables.notifier.grants`). A row is taken only if it is free as of
its latest version, whatever the statement's snapshot shows.
"""

from __future__ import annotations

# Arrays, one element an attempt, in the order of their claim to go first: $1 row, $2 fence, $3
# state it must be in, $4 user, $5 token, $6 is_repeat, $7 the approved template for when the window
# is closed ('': there is none), $8 when it was created if it is a reply (null: it is none), $9 may
# it use what is kept for replies and timed reminders, $10 does its kind count against the person's
# day, $11 did the system start it, $12 the zone, $13 and $14 the quiet hours that the caller takes
# for the person's, $15 the local day that follows, $16 when it ends, $17 are those quiet hours now
# and obeyed; $18 now, $19 who has been out of reach for less than since then still is, $20 replies
# to what was written since then are exempt, $21 the phone; caps: $22 minute, $23 day, $24 people
# outside the window, $25 person, $26 system, $27 pair gap, $28 pair room; windows: $29 minute, $30
# day, $31 outside, $32 hold, $33 what is overdue since then waits, $34 how long a probe may take,
# $35 the approved template of a bubble of several.
#
# The attempt is on record before the provider call, or there is no call. A reply to what a person
# wrote after they stopped us is the one thing they still get; one to what they wrote just now is
# tried although nothing reached them: they are there. Messages are reached by their own id: IS NOT
# DISTINCT FROM keeps the plan from reading all of one person's.
BEGIN = """
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::uuid[],
    $6::bool[], $7::text[], $8::timestamptz[], $9::bool[], $10::bool[], $11::bool[], $12::text[],
    $13::time[], $14::time[], $15::date[], $16::timestamptz[], $17::bool[]) WITH ORDINALITY
  AS i(id, fence, state, user_id, token, is_repeat, template, reply_time, is_urgent, counts,
    is_system, time_zone, quiet_start, quiet_end, local_day, day_end, is_quiet, position)
), person AS MATERIALIZED (
  SELECT * FROM notifier.allowances
  WHERE user_id = ANY(ARRAY(SELECT DISTINCT g.user_id FROM given g)) ORDER BY user_id FOR UPDATE
), breaker AS MATERIALIZED (
  SELECT open_until, probe_until FROM notifier.breakers WHERE phone_id = $21
), stop AS MATERIALIZED (
  SELECT 1 AS is_there FROM notifier.account_stops WHERE until IS NULL OR until > $18 LIMIT 1
), known AS MATERIALIZED (
  SELECT g.*, c.user_id IS NOT NULL AS is_known, c.phone, c.business_user_id,
    coalesce(nullif(c.time_zone, ''), c.time_zone_guess) AS own_zone,
    c.quiet_start AS own_quiet_start, c.quiet_end AS own_quiet_end,
    c.window_until > $18 AS is_window_open, c.stop_time, c.unreachable_time,
    n.notification_id, n.tries, n.due_time, n.counted_day, n.is_mergeable AND n.tries = 0 AS merges,
    octet_length(n.body) AS size,
    m.message_id, m.wamid, m.record_time AS heard_time, n.id IS NOT NULL AS is_held,
    p.user_id IS NOT NULL AS has_allowance,
    coalesce(NOT g.counts AND m.message_time > $20, false) AS is_exempt,
    coalesce(m.message_time > $19, false) AS is_answer,
    $25::int - CASE WHEN p.day = g.local_day THEN p.counted ELSE 0 END AS day_room,
    $28::int - ceil(extract(epoch FROM greatest(p.paid_time - $18, interval '0'))
      / nullif(extract(epoch FROM $27::interval), 0)) AS pair_room,
    p.paid_time, p.outside_slot, p.outside_until
  FROM given g
  LEFT JOIN notifier.contacts c ON c.user_id = g.user_id
  LEFT JOIN person p ON p.user_id = g.user_id
  LEFT JOIN notifier.notifications n ON n.id = g.id AND n.fence = g.fence AND n.state = g.state
    AND n.user_id IS NOT DISTINCT FROM g.user_id AND n.expire_time > $18
  LEFT JOIN notifier.inbound_messages m
    ON m.message_id = n.reply_to_message_id AND m.user_id IS NOT DISTINCT FROM g.user_id
), judged AS MATERIALIZED (
  SELECT k.*,
    NOT k.is_exempt AND (k.tries = 0 OR k.counted_day IS DISTINCT FROM k.local_day) AS takes_day,
    NOT k.is_window_open AND (k.outside_until IS NULL OR k.outside_until <= $18) AS is_new_outside,
    CASE
      WHEN NOT k.is_held THEN ''
      WHEN k.stop_time IS NOT NULL AND (k.reply_time >= k.stop_time) IS NOT TRUE
        THEN 'USER_STOPPED'
      WHEN k.unreachable_time > $19 AND (k.reply_time IS NULL OR NOT k.is_answer)
        THEN 'USER_UNREACHABLE'
      WHEN NOT k.is_window_open AND k.template = '' THEN 'WINDOW_CLOSED'
      WHEN NOT k.has_allowance THEN 'NO_ALLOWANCE'
      WHEN k.own_zone <> k.time_zone OR k.own_quiet_start IS DISTINCT FROM k.quiet_start
        OR k.own_quiet_end IS DISTINCT FROM k.quiet_end THEN 'OTHER_HABITS'
      WHEN EXISTS (SELECT FROM stop) THEN 'ACCOUNT_STOPPED'
      WHEN b.open_until > $18 OR b.probe_until > $18 THEN 'BREAKER_OPEN'
      WHEN k.is_quiet THEN 'QUIET_HOURS'
      ELSE NULL
    END AS refusal,
    CASE WHEN k.merges THEN row_number() OVER (
      PARTITION BY k.user_id, k.merges, k.due_time ORDER BY k.is_held DESC, k.position) ELSE 1
    END AS bubble_rank
  FROM known k LEFT JOIN breaker b ON true
), counted AS MATERIALIZED (
  SELECT j.*,
    row_number() OVER person AS pair_rank,
    sum(j.takes_day::int) OVER person AS day_rank
  FROM judged j WHERE j.is_known AND j.refusal IS NULL AND j.bubble_rank = 1
  WINDOW person AS (PARTITION BY j.user_id ORDER BY j.position)
), allowed AS MATERIALIZED (
  SELECT c.*,
    CASE
      WHEN c.takes_day AND $25::int > 0
        AND c.day_rank > c.day_room - CASE WHEN c.is_system THEN $25::int - $26::int ELSE 0 END
        THEN 'DAILY_LIMIT'
      WHEN $28::int > 0 AND c.pair_rank > c.pair_room THEN 'PAIR_PACE'
      WHEN c.is_new_outside AND c.pair_rank > 1 THEN ''
    END AS limited
  FROM counted c
), ready AS MATERIALIZED (
  SELECT a.*, row_number() OVER (PARTITION BY a.is_urgent ORDER BY a.position) AS class_rank,
    row_number() OVER (ORDER BY a.is_urgent DESC, a.position) AS total_rank,
    sum(a.is_new_outside::int) OVER (ORDER BY a.is_urgent DESC, a.position) AS outside_rank
  FROM allowed a WHERE a.limited IS NULL
), wanted AS MATERIALIZED (
  SELECT count(*) FILTER (WHERE r.is_urgent) AS urgent, count(*) AS all_,
    count(*) FILTER (WHERE r.is_new_outside) AS outside FROM ready r
), kept AS (
  SELECT slot FROM notifier.grants
  WHERE scope = 1 AND slot < $22::int AND slot % 5 = 4 AND free_time < $18
  ORDER BY free_time LIMIT (SELECT urgent FROM wanted) FOR UPDATE SKIP LOCKED
), common AS (
  SELECT slot FROM notifier.grants
  WHERE scope = 1 AND slot < $22::int AND slot % 5 <> 4 AND slot % 20 <> 0 AND free_time < $18
  ORDER BY free_time LIMIT (SELECT all_ FROM wanted) FOR UPDATE SKIP LOCKED
), rest AS (
  SELECT slot FROM notifier.grants
  WHERE scope = 1 AND slot < $22::int AND slot % 20 = 0 AND free_time < $18
  ORDER BY free_time LIMIT (SELECT all_ FROM wanted) FOR UPDATE SKIP LOCKED
), minute AS MATERIALIZED (
  SELECT slot, pool, row_number() OVER (ORDER BY pool) AS seq FROM (
    SELECT slot, 1 AS pool FROM kept UNION ALL SELECT slot, 2 FROM common
    UNION ALL SELECT slot, 3 FROM rest) AS pools
), pools AS MATERIALIZED (
  SELECT count(*) FILTER (WHERE pool = 1) AS kept, count(*) AS all_,
    -- What is left for the rest is theirs while something of theirs waits.
    least((SELECT urgent FROM wanted), count(*) FILTER (WHERE pool < 3 OR NOT EXISTS (
      SELECT FROM notifier.notifications w
      WHERE w.settled_time IS NULL AND NOT w.is_urgent AND w.due_time < $33))) AS urgent
  FROM minute
), day AS MATERIALIZED (
  SELECT slot, row_number() OVER () AS seq FROM (
    SELECT slot FROM notifier.grants WHERE scope = 2 AND slot < $23::int AND free_time < $18
    ORDER BY free_time LIMIT (SELECT all_ FROM wanted) FOR UPDATE SKIP LOCKED) AS free
), outside AS MATERIALIZED (
  SELECT slot, row_number() OVER () AS seq FROM (
    SELECT slot FROM notifier.grants WHERE scope = 3 AND slot < $24::int AND free_time < $18
    ORDER BY free_time LIMIT (SELECT outside FROM wanted) FOR UPDATE SKIP LOCKED) AS free
), granted AS MATERIALIZED (
  SELECT r.*, m.slot AS minute_slot, d.slot AS day_slot, o.slot AS new_outside_slot,
    CASE
      WHEN $22::int > 0 AND m.slot IS NULL THEN 'MESSAGES_PER_MINUTE'
      WHEN $23::int > 0 AND d.slot IS NULL THEN 'MESSAGES_PER_DAY'
      WHEN $24::int > 0 AND r.is_new_outside AND o.slot IS NULL THEN 'PEOPLE_OUTSIDE_WINDOW'
    END AS missing,
    r.takes_day AND $25::int > 0 AND r.day_rank >= r.day_room AS is_last_of_day
  FROM ready r CROSS JOIN pools p
  LEFT JOIN minute m ON m.seq = CASE WHEN r.is_urgent
      THEN CASE WHEN r.class_rank <= p.urgent THEN r.class_rank END
      ELSE CASE WHEN p.all_ - r.class_rank + 1 > greatest(p.kept, p.urgent)
        THEN p.all_ - r.class_rank + 1 END
    END
  LEFT JOIN day d ON d.seq = r.total_rank
  LEFT JOIN outside o ON r.is_new_outside AND o.seq = r.outside_rank
), probe AS (
  UPDATE notifier.breakers SET probe_until = $18 + $34::interval
  WHERE phone_id = $21 AND open_until <= $18 AND (probe_until IS NULL OR probe_until <= $18)
    AND EXISTS (SELECT FROM granted g WHERE g.missing IS NULL)
  RETURNING phone_id
), admitted AS MATERIALIZED (
  SELECT g.*, row_number() OVER (ORDER BY g.total_rank) = 1 AS is_first FROM granted g
  WHERE g.missing IS NULL
), started AS (
  UPDATE notifier.notifications n SET state = 2, state_reason = '', tries = n.tries + 1,
    counted_day = CASE WHEN a.is_exempt THEN NULL ELSE a.local_day END
  FROM admitted a
  WHERE n.id = a.id AND n.fence = a.fence AND n.state = a.state
    AND (NOT EXISTS (SELECT FROM breaker b WHERE b.open_until IS NOT NULL)
      OR (a.is_first AND EXISTS (SELECT FROM probe)))
  RETURNING n.id, n.tries
), joined AS (
  UPDATE notifier.notifications n SET state = 2, state_reason = '', tries = 1,
    bubble_id = f.leader, counted_day = f.local_day, fence = n.fence + 1, lease_until = NULL,
    settled_time = $18
  FROM (
    SELECT a.notification_id AS leader, a.local_day, o.id FROM started s
    JOIN admitted a ON a.id = s.id
    CROSS JOIN LATERAL (
      SELECT c.id, sum(c.size) OVER (ORDER BY c.due_time, c.id) AS size FROM (
        SELECT x.id, x.due_time, octet_length(x.body) AS size FROM notifier.notifications x
        WHERE x.user_id = a.user_id AND x.settled_time IS NULL AND x.is_mergeable AND x.id <> a.id
          AND x.state IN (1, 7) AND x.tries = 0 AND x.expire_time > $18
          AND x.due_time >= a.due_time AND x.due_time <= CASE WHEN a.is_last_of_day
            THEN greatest(a.day_end - interval '1 microsecond', a.due_time) ELSE a.due_time END
        ORDER BY x.due_time, x.id LIMIT 24 FOR UPDATE SKIP LOCKED) AS c
    ) AS o
    WHERE a.merges
      AND o.size + a.size <= CASE WHEN a.is_window_open THEN 3500 ELSE 900 END
  ) AS f
  WHERE n.id = f.id
  RETURNING n.bubble_id, n.id, n.notification_id, n.send_time, n.body
), attempt AS (
  INSERT INTO notifier.attempts (token, notification_id, number, is_repeat, template, start_time)
  SELECT a.token, a.notification_id, s.tries, a.is_repeat,
    CASE WHEN a.is_window_open THEN ''
      WHEN EXISTS (SELECT FROM joined j WHERE j.bubble_id = a.notification_id)
        OR EXISTS (SELECT FROM notifier.notifications x WHERE x.bubble_id = a.notification_id)
        THEN $35 ELSE a.template END, $18
  FROM started s JOIN admitted a ON a.id = s.id
), taken AS (
  UPDATE notifier.grants t SET free_time = $18 + $32::interval + u.lasts, token = u.token
  FROM (
    SELECT v.scope, v.slot, v.lasts, a.token FROM started s JOIN admitted a ON a.id = s.id
    CROSS JOIN LATERAL (VALUES (1::smallint, a.minute_slot, $29::interval),
      (2::smallint, a.day_slot, $30::interval),
      (3::smallint, CASE WHEN NOT a.is_window_open
        THEN coalesce(a.new_outside_slot, a.outside_slot) END, $31::interval)
    ) AS v(scope, slot, lasts)
  ) AS u
  WHERE t.scope = u.scope AND t.slot = u.slot
), spent AS (
  UPDATE notifier.allowances p
  SET day = u.local_day,
    counted = CASE WHEN p.day = u.local_day THEN p.counted ELSE 0 END + u.taken,
    paid_time = greatest(p.paid_time, $18) + u.sends * $27::interval,
    outside_slot = coalesce(u.outside_slot, p.outside_slot),
    outside_until = CASE WHEN u.is_outside THEN $18 + $32::interval + $31::interval
      ELSE p.outside_until END
  FROM (
    SELECT a.user_id, max(a.local_day) AS local_day, sum(a.takes_day::int)::smallint AS taken,
      count(*) AS sends, max(a.new_outside_slot) AS outside_slot,
      bool_or(NOT a.is_window_open) AS is_outside
    FROM started s JOIN admitted a ON a.id = s.id GROUP BY a.user_id
  ) AS u
  WHERE p.user_id = u.user_id
)
SELECT k.id, k.is_known, k.phone, k.business_user_id, k.is_window_open, s.tries, k.message_id,
  k.wamid, k.heard_time, k.own_zone, k.own_quiet_start, k.own_quiet_end, g.minute_slot, g.day_slot,
  g.is_last_of_day, k.paid_time,
  (SELECT greatest(b.open_until, b.probe_until) FROM breaker b) AS breaker_until,
  CASE WHEN s.id IS NULL THEN coalesce(k.refusal, l.limited, g.missing,
    CASE WHEN g.id IS NOT NULL AND EXISTS (SELECT FROM breaker b WHERE b.open_until IS NOT NULL)
      THEN 'BREAKER_OPEN' END, '') END AS refusal,
  e.ids AS member_ids, e.bodies AS member_bodies, e.times AS member_times
FROM judged k
LEFT JOIN allowed l ON l.id = k.id
LEFT JOIN granted g ON g.id = k.id
LEFT JOIN started s ON s.id = k.id
LEFT JOIN LATERAL (
  SELECT array_agg(x.notification_id ORDER BY x.send_time, x.id) AS ids,
    array_agg(x.body ORDER BY x.send_time, x.id) AS bodies,
    array_agg(x.send_time ORDER BY x.send_time, x.id) AS times
  FROM (
    SELECT j.notification_id, j.id, j.body, j.send_time FROM joined j
    WHERE j.bubble_id = k.notification_id
    UNION ALL
    SELECT n.notification_id, n.id, n.body, n.send_time FROM notifier.notifications n
    WHERE n.bubble_id = k.notification_id
  ) AS x
) AS e ON s.id IS NOT NULL
"""
