"""I1 to I4 and I6: what comes in is stored, handled, once and in order, and forgeries are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.chaos.checkers.verdict import Verdict
from tests.chaos.history import EVENT, SAID, TASK, History, Json, Post, Send

MESSAGE, STATUS = 1, 2
# States of a notification in which nothing was ever proven to arrive.
GIVEN_UP = {9: "FAILED", 11: "EXPIRED", 12: "DEAD"}
_MAKES_A_TASK = ("add", "remind", "recur")


def stored_before_200(history: History) -> Verdict:
    """I1: every authentic part is stored before its 200, once."""
    verdict = Verdict("I1", "every authentic part is stored before its 200, once")
    rows = Counter(
        (row["message_id"], row["type"] if row["kind"] == STATUS else "")
        for row in history.table("ingress.inbox")
        if row.get("message_id")
    )
    for post in history.posts:
        if not post.is_authentic or post.status != 200:
            continue
        verdict.count("answered 200")
        for part in post.parts:
            found = rows[part.message_id, part.state]
            verdict.expect(found > 0, f"{part.message_id} {part.state} answered 200, not stored")
    for key, number in rows.items():
        verdict.count("parts stored")
        verdict.expect(number == 1, f"{' '.join(key)} is stored {number} times")
    for said in history.of(SAID):
        if said["stored"] is not None:
            verdict.count("looked for at their 200")
            verdict.expect(said["stored"], f"{said['message_id']} was not stored at its 200")
    return verdict


def handled_or_skipped(history: History) -> Verdict:
    """I2: every part is handled or recorded as skipped with a reason."""
    verdict = Verdict("I2", "every part is handled, or skipped with a reason")
    finished = {row["message_id"] for row in history.table("ai.turns") if row["finish_time"]}
    said = {row["message_id"] for row in history.of(SAID)}
    for row in history.table("ingress.inbox"):
        what = f"part {row['id']} ({row['type']})"
        if row["settled_time"] is None:
            verdict.expect(False, f"{what} is open: {row['postponed_reason']}")
        elif row["buried_reason"] is not None:
            verdict.count("buried")
            # Nothing that people say in a storm is beyond understanding.
            verdict.expect(
                row["message_id"] not in said, f"{what} was buried: {row['buried_reason']}"
            )
        elif row["skipped_reason"] is not None:
            verdict.count("skipped")
            verdict.expect(bool(row["skipped_reason"]), f"{what} was skipped without a reason")
        else:
            verdict.count("handled")
            if row["kind"] == MESSAGE:
                done = row["message_id"] in finished
                verdict.expect(done, f"{what} is settled, but its turn is not finished")
    return verdict


def nothing_unauthentic(history: History) -> Verdict:
    """I3: nothing unauthentic changes state."""
    verdict = Verdict("I3", "nothing unauthentic changes state")
    authentic = {
        (part.message_id, part.state) for p in history.posts if p.is_authentic for part in p.parts
    }
    for post in history.posts:
        if post.is_authentic:
            continue
        verdict.count("forged posts")
        # No answer at all is a refusal, too: the process was being killed.
        refused = post.status is None or 400 <= post.status < 600
        verdict.expect(refused, f"a forged post was answered {post.status}")
    for row in history.table("ingress.inbox"):
        key = (row.get("message_id"), row["type"] if row["kind"] == STATUS else "")
        if row["kind"] in (MESSAGE, STATUS):
            verdict.expect(key in authentic, f"part {row['id']} came in no authentic webhook")
    people = {row["message_id"] for row in history.of(SAID)}
    for row in history.table("ai.turns"):
        verdict.expect(row["message_id"] in people, f"{row['message_id']} was said by nobody")
    for event in history.of(EVENT):
        if event["name"] == "call without a token":
            verdict.count("calls without a token")
            verdict.expect(event["what"] != "OK", "a call without a token was answered")
    for send in history.sends:
        verdict.expect("forged" not in send.text, "a forged text was sent to somebody")
    return verdict


def in_order(history: History) -> Verdict:
    """I4: one person's effects follow the order in which their messages were answered 200."""
    verdict = Verdict("I4", "one person's effects follow their order")
    tasks = {task["title"]: task for task in history.of(TASK)}
    by_person: dict[int, list[Json]] = {}
    for said in history.of(SAID):
        if said["kind"] in _MAKES_A_TASK and said["title"] in tasks:
            by_person.setdefault(said["person"], []).append(said)
    for messages in by_person.values():
        for earlier, later in _ordered_pairs(history, messages):
            verdict.count("pairs in order")
            first, second = (tasks[said["title"]]["number"] for said in (earlier, later))
            verdict.expect(
                first < second,
                f"person {earlier['person']}: {earlier['message_id']} became task {first}, though"
                f" it came before {later['message_id']}, task {second}",
            )
    _check_completions(history, tasks, verdict)
    return verdict


def once(history: History) -> Verdict:
    """I6: a redelivery has no second effect and no second reply; the first has one of each."""
    verdict = Verdict("I6", "a redelivery has no second effect and no second reply")
    titles = Counter(task["title"] for task in history.of(TASK))
    turns = Counter(row["message_id"] for row in history.table("ai.turns"))
    notified: dict[str, list[Json]] = {}
    welcomes = {
        row["notification_id"]: row["user_id"]
        for row in history.table("notifier.notifications")
        if row["kind"] == "welcome"
    }
    twice = [user for user, count in Counter(welcomes.values()).items() if count > 1]
    verdict.expect(not twice, f"{twice} were welcomed more than once")
    for row in history.table("notifier.notifications"):
        if row["notification_id"] not in welcomes:
            notified.setdefault(row["reply_to_message_id"], []).append(row)
    greetings = {
        row["token"]
        for row in history.table("notifier.attempts")
        if row["notification_id"] in welcomes
    }
    replies: dict[str, list[Send]] = {}
    for send in history.sends:
        if send.token not in greetings:
            replies.setdefault(send.reply_to, []).append(send)
    for said in history.of(SAID):
        name = said["message_id"]
        posts = history.posts_of.get(name, [])
        if not any(post.status == 200 for post in posts):
            continue
        verdict.count("messages")
        verdict.count("of them delivered again", len(posts) > 1)
        verdict.expect(turns[name] == 1, f"{name} was understood {turns[name]} times")
        if said["kind"] in _MAKES_A_TASK:
            made = titles[said["title"]]
            verdict.expect(made <= 1, f"{name} made {made} tasks")
            verdict.count("tasks made", made)
        _check_reply(verdict, name, notified.get(name, []), replies.get(said["wamid"], []))
    done = {said["title"] for said in history.of(SAID) if said["kind"] == "done"}
    for task in history.of(TASK):
        wanted = not task["is_done"] or task["title"] in done
        verdict.expect(wanted, f"task {task['task_id']} is done, and nobody said so")
    return verdict


def _check_reply(verdict: Verdict, name: str, notified: list[Json], sent: list[Send]) -> None:
    verdict.expect(len(notified) == 1, f"{name} has {len(notified)} replies on record")
    arrived = [send for send in sent if send.is_accepted]
    unmarked = [send for send in arrived if not send.is_marked]
    verdict.expect(len(unmarked) <= 1, f"{name} was answered {len(unmarked)} times, unmarked")
    given_up = any(row["state"] in GIVEN_UP for row in notified)
    verdict.count("replies", bool(arrived))
    verdict.count("marked repeats", len(arrived) - len(unmarked))
    verdict.count("replies given up on record", not arrived and given_up)
    verdict.expect(bool(arrived) or given_up, f"{name} was never answered")


def _ordered_pairs(history: History, messages: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Pairs of which the first was answered 200 before the second was tried at all."""
    for earlier in messages:
        acknowledged = _acknowledged(history.posts_of.get(earlier["message_id"], []))
        if acknowledged is None:
            continue
        for later in messages:
            posts = history.posts_of.get(later["message_id"], [])
            if posts and acknowledged < min(post.start for post in posts):
                yield earlier, later


def _acknowledged(posts: list[Post]) -> float | None:
    return min((post.end for post in posts if post.status == 200), default=None)


def _check_completions(history: History, tasks: dict[str, Json], verdict: Verdict) -> None:
    made = {said["title"]: said for said in history.of(SAID) if said["kind"] == "add"}
    for said in history.of(SAID):
        if said["kind"] != "done" or said["title"] not in made:
            continue
        if not list(_ordered_pairs(history, [made[said["title"]], said])):
            continue
        if not any(post.status == 200 for post in history.posts_of[said["message_id"]]):
            continue
        verdict.count("completions after their task")
        task = tasks.get(said["title"])
        verdict.expect(
            task is not None and task["is_done"],
            f"person {said['person']}: {said['message_id']} completed nothing, though its task"
            " came before it",
        )
