"""Sentences of Hark's own for training: templates and what to put into their gaps.

Written for this project; no corpus was copied from. `sentences()` is deterministic.
"""

# Data: one template a line.
# ruff: noqa: E501

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

_GAPS: Mapping[str, str] = {
    "time": "tomorrow at 3|on friday at 10 am|next tuesday at noon|at 6 pm|this weekend|on march 3rd|tomorrow night|on monday morning|from 2 to 4 on thursday|on the 12th at 9:30|tonight at 8|next week|saturday afternoon|on june 5th at 4:15 pm|wednesday at half past seven",
    "past": "last week|yesterday|last monday|two days ago at 3|this morning",
    "day": "today|tomorrow|on friday|this week|next month|on the 9th|this weekend|on saturday night|next year",
    "who": "Ada|Bob and Cora|my boss|the sales team|Dr. Lund|mom|Priya, Tom and Lee|Elena's manager|my brother in law|Nadia|everyone in accounting",
    "name": "Ada|Bob|Priya|Tom|Elena|Marcus|my manager|Uncle Joe|Kenji",
    "thing": "lunch|dinner|the budget review|soccer practice|a haircut|the pottery class|my eye exam|the school play|a picnic|the garage sale|band rehearsal|a walk|golf|the tax workshop|a job interview|the charity run|movie night|the book launch|bowling|a fishing trip|the farewell drinks",
    "mine": "lunch|dinner|budget review|soccer practice|haircut|pottery class|eye exam|school play|picnic|rehearsal|job interview|charity run|movie night|book launch|fishing trip|family reunion|chess tournament|graduation|housewarming|baby shower|orientation",
    "place": "Nopa|the Blue Door|Riverside Park|the office|Central Library|Luigi's|the town hall|Gate Street Studio",
    "city": "Boston|Denver|Austin|Leeds|Toronto|Lisbon|my town|my area|San Diego",
    "len": "an hour|two hours|30 minutes|3 hours|45 minutes|the whole day",
    "do": "call the bank|water the plants|pick up the kids|submit the form|take out the bins|pay the rent|check the oven|feed the cat",
    "public": "concerts|festivals|fairs|parties|art shows|food trucks|markets|fireworks|live music|comedy nights|events for kids|free events",
    "account": "paycheck|credit card bill|visa application|salary|insurance claim|package|tax refund|bank transfer|gas bill|flight status|hotel reservation|phone|pto balance",
}
_TEMPLATES: Mapping[str, str] = {
    "create_event": """
i will be at {thing} {time}
i'm going to {thing} with {who} {time}
i want to go to {thing} {time} with {who}
i am having {thing} with {who} {time}
{who} and i are going to {thing} {time}
we have {thing} {time} at {place}
i have {thing} {time} at {place}
i'll be out of office {time}
i will be in {city} {time}
i need to go to {place} {time} for {len}
i want to see {name} {time}
i need to meet {who} {time}
mom wants to do {thing} so please schedule that {time}
block off {len} {time} for {thing}
please block {len} {time} so that i can rest
i need {len} {time} for {thing}
can you make me time for {thing} {time}
set up {thing} with {who}
make {thing} with {who}
include {thing} with {who} {time}
add {thing} {time}
please add {thing} with {who} {time} at {place}
put {thing} on there {time}
hi, can you put down {thing} {time}
mark me as busy {time}
my status should be away {time}
i had {thing} {past}
i went to {thing} with {who} {past}
{past} i was at {place} with {who}
after {thing} {day} schedule coffee with {who}
hello i'm interested in going to {thing} {time}
there is {thing} {time} at {place}, put it in
i gotta be at {place} {time}
my manager will be away {day}
{name}'s birthday is {day}
{thing} with {who} {time}
{thing} at {place} {time}
{time} {thing} with {who}
i would like to do {thing} {time} for {len}
see if {who} can do {thing} {time}
find {len} {time} for {thing} with {who}
is {place} open for a meeting with {who} {time}
i need a room {time} for {who}
please confirm {name} {time}
book {thing} for {who} {time}
i can do {thing} {time}
create {thing} {time} and invite {who}
new event {thing} {time}
""",
    "list_agenda": """
when is my {mine}
when is my next {mine}
when's the {mine} with {name}
when am i going to the {mine} with {who}
what time is my {mine} {day}
what time does the {mine} start
what year does my {mine} end
how long is the {mine}
how long will my {mine} with {name} last
where is my {mine} {day}
where am i having {mine} with {name}
where's the {mine} being held
who is coming to the {mine}
who is going to the {mine} {day}
who started the {mine}
who organized the {mine}
who has accepted the {mine}
who has not declined the {mine}
has anyone responded to the {mine}
did {name} accept the {mine}
did i accept the {mine}
will {name} be at the {mine}
is {name} included in the {mine}
is {name} attending the {mine}
am i seeing {name} {day}
will i be seeing {who} {day}
did i see {name} {past}
do i go to the {mine} {day}
is my {mine} {day}
is there a {mine} coming up
do i have {mine} {day}
am i doing anything {day}
what do i have going on {day}
what about {day}
how does {day} look
how's my {day}
show me my {mine} except the one at {place}
can you find me the {mine} with {who}
look up the {mine}
search for my {mine}
i can't remember when my {mine} is
i would love to know who has responded about the {mine}
let me know how long my {mine} is {day}
what restaurant am i eating at {day}
who will i go on a date with {day}
what did i do with {name} {past}
accept the {mine}
please accept the {mine} invite and say i will be late
decline the {mine} {day}
decline the {mine} and tell {name} i am sick
join the {mine} please
what is {name}'s response for the {mine}
double check who's organizing the {mine}
""",
    "reschedule": """
for the {mine} {day} {name} is also going to join us
{name} can't come to the {mine} anymore, take {name} off
i want to add {name} to the {mine}
make my {mine} at {place}
make the {mine} {len} longer
make sure that {name} is invited to the {mine} too
move my {mine} with {name} to {day}
i'd like to move the {mine} to later in the day
please update my {mine} so that it is {day} instead
find the {mine} and make it start at 1
i need to reschedule my {mine}
my {mine} got moved to {day}
change the {mine} from 3 to 5
the {mine} is at 4 not 5
push the {mine} to {day}
the reminder to {do} should be at 7 instead
i want the {mine} reminder moved to {day}
update my alert for the {mine} to 30 minutes before
add another 10 minutes to the timer
set the reminder about the {mine} ahead a week
remind me about the {mine} on friday instead of thursday
""",
    "cancel": """
i'm not going to the {mine} {day}
i can't make the {mine}, take it off
get rid of the {mine} with {name}
forget the {mine} {day}
the {mine} is off
no {mine} {day} after all
drop my {mine} with {name}
i no longer need the reminder to {do}
""",
    "create_reminder": """
start timing me now
time me for ten minutes
start the clock
start a stopwatch
bother me at 6 to {do}
i need to know when it is 6 am
{do} at 5, remind me
i want to be woken up at 7
let me know in 20 minutes that i have to {do}
don't let me forget to {do} {time}
""",
    "other": """
what {public} are there in {city} {day}
any {public} in {city} {day}
anything going on in {city} {day}
anything fun to do {day}
what is there to do in {city} {day}
find me something to do {day}
{public} near me {day}
{public} {day}
{public} in {city}
show me {public} in {city}
are there any {public} happening near {city}
when is the next concert of the band in {city}
where is the nearest {public}
tell me about {public} in {city} {day}
when will i get my {account}
when is my {account} coming
what is the status of my {account}
where is my {account}
what happened to my {account}
how much is my {account}
i need to update my {account}
can you check on my {account}
who do i call about my {account}
send a message to {name} that the {mine} is moved
open a message to {name}
tell {name} i will be late for the {mine}
text {name} about {thing}
play some music {day}
turn the lights off {time}
get me a cab {time}
what's the traffic like on the way to the {mine}
how long does it take to get to {place}
what should i wear to the {mine}
when is the next train to {city}
is {place} open {day}
what day is it {day}
what's the weather for the {mine} {day}
how do i cook {thing}
what movies are out {day}
today i had a nice chat with {name}
""",
}
_EACH = 9
"""Sentences a template makes."""


def sentences() -> Iterator[tuple[str, str]]:
    """(text, intent) of every sentence, the same at every call."""
    chance = random.Random(20261122)
    for intent, lines in _TEMPLATES.items():
        for template in lines.strip().splitlines():
            made = {_filled(template, chance) for _ in range(_EACH)}
            for text in sorted(made):
                yield text, intent


def _filled(template: str, chance: random.Random) -> str:
    values = {name: chance.choice(options.split("|")) for name, options in _GAPS.items()}
    text = template.format(**values)
    return text[:1].upper() + text[1:] if chance.random() < 0.3 else text
