"""Requests known by a whole phrase: undo, help, thanks, "done 3", "I'm in Lisbon"."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

from services.ai.local.commands.clues import (
    AGENDA,
    DONE,
    HELP,
    OTHER,
    REOPEN,
    SNOOZE,
    TALK,
    UNDO,
    ZONE,
    table,
)

FIXED = table(
    (
        OTHER,
        0.94,
        r"^\W*(?:please |can you |could you )*(?:message|text|email|tell|send (?:an? )?(?:message|text|email) to|write to|ask|open a message to|send a message to|message to) (?!me\b|my calendar|us\b)[\w']+ (?:that|i |we |i'm|to |if |we're|about |and say|asking|saying|$)",
    ),
    (
        AGENDA,
        0.95,
        r"^\W*(?:(?:give|show|read|tell|send|check|see)(?: me| us)?(?: out)? )?(?:my |the |our |today's |tomorrow's )*(?:full |whole )?(?:schedule|agenda|calendar|diary|appointments|events|meetings)(?: please| today| tomorrow| tonight)?(?: (?:for|on|of)? ?(?:today|tomorrow|tonight|(?:this |next |the )?\w+day(?: \w+)?|(?:this|next|the) \w+(?: week)?|\w+ \d+\w*))?(?: please)?\W*$",
    ),
    (
        AGENDA,
        0.94,
        r"^\W*(?:so )?(?:is there )?anything (?:else )?(?:planned|scheduled|on|booked|happening|for)?\b(?!.*\b(?:fun|cool|to do|going on at all|in (?!the (?:morning|afternoon|evening))[a-z]+|at [a-z]+ park|near|around)\b).*\b(?:today|tomorrow|tonight|\w+day|weekend|week|month|morning|afternoon|evening)\W*$|^\W*(?:what's|whats|what is|how's|hows|how is|how does) my (?:\w+day|day|week|month|morning|afternoon|evening|weekend)(?: \w+)?(?: like| look| looking)?(?: like)?\W*$|^\W*(?:what's|whats|what is) (?:on|up|next|coming up|left|up next)(?: for me)?(?: (?:today|tomorrow|tonight|this \w+|next \w+|on \w+day))?(?: \w+)?\W*$|^\W*(?:show|read|tell|give)(?: me)? my (?:day|week|month|plans?)\b|\bfree slots?\b",
        "anything|my |what|how|free slot",
    ),
    (
        AGENDA,
        0.93,
        r"^\W*(?:when|what time|what day|which day|at what time)(?:'s| is| are) (?:my|the) (?:next )?(?:dentist|doctor|haircut|book club|class|lesson|plumber|vet|physio|appointment|meeting|concert|party|game|match|wedding|flight|train|interview|exam|gym)\b",
    ),
    (
        UNDO,
        0.97,
        r"^(?:undo|un-do|revert|reverse (?:that|it|the last)|restore|bring (?:it|that) back|take (?:that|it) back|put (?:it|that) back|roll back|go back one|that was a mistake|that's (?:wrong|not what i (?:meant|said|wanted))|scratch that$)\b(?!.*\b(?:completion|alarm|timer)s?\b)",
    ),
    (
        TALK,
        0.97,
        r"^\W*(?:(?:ok(?:ay)?|great|awesome|lovely|alright|cool|nice|perfect|wonderful|brilliant|good|super)[\s,!.]+)*(?:thanks?(?: you)?|many thanks|thank u|thx|ty|ta|cheers|much appreciated|you're (?:the best|great|welcome)|sounds good|nice one|no worries|that's (?:great|good|fine|nice|perfect)|have a (?:good|nice|great) \w+|lovely|brilliant|no problem|hiya|hi|hello|hey|good (?:morning|evening|afternoon|night|bye)|how are you|"
        r"bye|goodbye|see you|see ya|talk to you later|great|cool|nice|perfect|awesome|wonderful|sweet|well done|good job|ok(?:ay)?|okey|alright)"
        r"(?: (?:hark|so much|a lot|very much|there|again|all|everyone|very|you|then|now|for now|for your help|for that|later|job|today|tomorrow|my friend|a bunch|a million))*\W*$",
    ),
    (
        HELP,
        0.97,
        r"^\W*(?:please )?(?:help|help me|i need help|menu|commands|instructions|\?|how does this work|what now|get help)(?: please| hark)*\W*$",
    ),
    (
        HELP,
        0.9,
        r"\bwhat (?:can|do|are|could|all can|else can|(?:kinds?|types?|sorts?) of (?:\w+ ){1,2}(?:can|do|are)|(?:other )?(?:things|tasks|questions|subjects|topics|services|features|commands|stuff)(?: \w+){0,2} (?:can|do|are)) "
        r"(?:you|i|we) (?:do|help|able|ask|capable|know|say|handle|understand|assist|offer|support|use|programmed|good|make)\b|\bwhat are you (?:able|capable|programmed|good)|\b(?:what|which|list|show me|tell me)\b.*\b(?:commands|languages do you)\b|\b(?:tell|show) me what you can\b|\bwhat i can (?:say|do|ask)\b|\bhow (?:this|it) works\b|\bwhat are you for\b|^\W*(?:instructions|can you help me)\b|\bwhat's possible\b|\bhow do i use (?:you|this)\b|\bhow should i (?:say|phrase)\b|\bwhat (?:do you|does hark|can hark|does this) do\b|\byour (?:abilities|capabilities|features|functions|skills)\b|\b(?:things|tasks|subjects|topics|questions) (?:that )?(?:you|i) (?:can|know|are)|\bhow (?:can|could|do|may) you (?:help|assist)\b|\bhow (?:do|does) (?:you|this|hark|it) work\b",
        "what|how|help|instruc|command|abilit|capab|feature|function|skills|things|tasks|subjects|topics|questions|possible",
    ),
    (
        HELP,
        0.93,
        r"^\W*how (?:do|can|would|should|does) (?:i|you|one|we) (?:use|set|create|make|delete|cancel|change|add|edit|turn off|review|update|see|view|get|remove|work with|snooze|mark|undo)\b(?:.*\b(?:remind|alarms?|tasks?|events?|lists?|reminders?|time zone|everything)\b|\W*$)",
        "how",
    ),
    (
        ZONE,
        0.95,
        r"\b(?:change|set|update|switch|use|make|my|put)\b.*\btime ?zones?\b(?!.*\?)|^\W*(?:i'?m|i am|we'?re|we are) (?:now |currently |back |just )*in (?!(?:a|the|an|my|bed|town|need|trouble|charge|love|\d|class|meetings?|school|work)\b)[a-z][a-z .'-]*?(?: (?:now|this week|today|these days|right now|again|until .*|for .*))?\W*$|"
        r"^\W*(?:i(?:'ve| have|'m| am)? (?:just |finally )?(?:moved|landed|landing|arrived|flew|relocated|travelling|traveling|got|staying)(?: back| over)? (?:to|in|into) (?!the\b|be\b|go\b|a\b|my\b|bed\b|work\b)(?!.*\b(?:at|on) \d)(?=[a-z .]{3,40}\W*$)|i live in |my (?:city|location|home) is |time ?zone:? )[a-z]|^\W*(?:please )?(?:use|switch (?:me |my time zone )?to|put me on|change the clock to) (?!.*\b(?:my|meeting|alarm|timer)\b)(?:[a-z/]+ ){1,3}time\b(?! zone)|^\W*now i'm in [a-z]+\W*$|^\W*we (?:just )?(?:moved|arrived|landed) (?:to|in) [a-z ]+\W*$",
    ),
    (
        REOPEN,
        0.93,
        r"\b(?:reopen|re-open|un-?(?:check|do|mark|tick|complete|finish))\b.*(?:\b(?:task|item|todo|to-do|number|list|as)\b|\d)|^\W*(?:reopen|uncheck|untick|unmark)\b|(?:task|number|item)? ?#?\d+ (?:is|was|isn|wasn|hasn)(?:'t| not)(?: been)? (?:really |actually |yet )*(?:done|finished|completed?)"
        r"|\b(?:isn't|is not|wasn't|was not|hasn't been|haven't|have not|not) (?:really |actually |yet )?(?:done|finished|completed?|bought|paid|called|sent)\b.*(?:after all|yet|actually)|\bi (?:didn't|did not|haven't|have not) (?:actually |really )(?:do|did|done|finish|finished|buy|bought|pay|paid|call|called|send|sent|complete|completed)|\b(?:put|move|bring|add) .* back (?:on|onto|to) (?:my |the )?(?:\w+ )?(?:list|to-?dos?)|\bmark .* as (?:not done|undone|incomplete|open|unfinished|not finished|to do)",
        "reopen|re-open|uncheck|undo|unmark|untick|uncom|unfin|un-|n't| not |back|incomplete|mark ",
    ),
    (
        SNOOZE,
        0.96,
        r"\bsnooze[ds]?\b(?!.* (?:duration|length|setting|time to|button|feature|interval|from))|\b(?:remind|tell|ask|nudge|ping|alert|wake) me (?:(?:about|of) (?:this|that|it) )?(?:again|later|once more)\b(?!.* to\b)|^\W*ask again|\bring again\b|\bremind me .*\babout (?:this|that|it)\W*$|^\W*(?:a few|another|an hour|half an hour) (?:\w+ )*more\b|^\W*(?:not now|later)\b[\s,]*(?:please|later|in .*|maybe later|ask again.*|remind me.*)?\W*$|^\W*(?:later|give (?:me|it) (?:another )?|in |another )(?:\d+|a few|ten|five|fifteen|twenty|thirty|half an|an|one|a couple(?: of)?)(?: more)? ?(?:min(?:ute)?s?|hours?)(?: more| please| longer)*\W*$|\b(?:alarm|me) sleep (?:for )?(?:another )?[a-z0-9 ]+(?: more)? min|^\W*(?:come|get) back to me (?:in|later|at)\b|^\W*(?:postpone|delay|push) (?:this|that|it|the) ?(?:reminder|alarm)? (?:for|by) (?:\w+ )?\w+ (?:min|hour)",
        "snooze|again|later|more|not now|another|min|hour|sleep|get back|come back|about this|about that|about it|me of this|me of that|me of it",
    ),
    (
        SNOOZE,
        0.9,
        r"^pause (?:the |my |all |all my )?alarms?|\bshut (?:off|up) (?:the |my )?alarm for\b|\bsleep for (?:\w+ )?(?:more )?min|\b(?:five|ten|\d+) more minutes\b(?!.*\b(?:to|timer|add)\b)",
        "pause|shut|sleep|more",
    ),
    (
        DONE,
        0.96,
        r"^(?:i(?:'ve|'m| have| am)? )?(?:all |just |already )*(?:done|finished|completed?|did)(?: with)? (?:the |task |tasks |number |no\.? |item |items |todo )*#?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)(?:\s*(?:,|and|&)\s*#?(?:\d+|one|two|three|four|five))*\W*$",
    ),
    (
        DONE,
        0.95,
        r"^\W*(?:tasks?|number|items?|no\.?|numbers)? ?#?\d+(?:\s*(?:,|and|&)\s*#?\d+)* (?:is |are |'s )?(?:all |now )?(?:done|finished|complete[d]?|ready|sorted)\W*$",
    ),
    (
        DONE,
        0.93,
        r"^(?:tick|cross|strike)\b(?! .*\bfrom\b)|^check (?:off|.* off\b|number|task|item|#?\d)|^(?:mark(?:ed)?|set) .*\b(?:done|complete|completed|finished|bought|paid|as (?:done|complete))\b(?!.*calendar)|\b(?:tick|check|cross) it off\b",
    ),
    (
        DONE,
        0.85,
        r"(?:^|[,.] *)(?:it's |all )?(?:done|completed|finished)\W*$|^\W*(?:done|finished|completed):|^\W*done (?:\d+[, and]*)+$|^\W*(?:just |already )?(?:sent|paid|bought|called|got|printed|mailed|picked up|booked|emailed|finished|cleaned|fed|ordered|posted|packed) (?:the|my|a)\b(?!.*\?)|^\W*[a-z ]{2,40} (?:bought|paid|sent|fixed|called|packed|washed)\W*$",
    ),
    (DONE, 0.9, r"^(?:complete|finish) (?:the |my |task|item|number|#|\d|off )"),
    (
        DONE,
        0.88,
        r"^\W*(?:i|we)(?:'ve| have)? (?:just |already |finally |now )?(?:done|did|finished|completed|bought|paid|called|sent|picked up|mailed|emailed|cleaned|returned|watered|fed|taken|took|washed|booked|ordered|submitted|renewed|signed|fixed|walked|cooked|posted|dropped off|got the|got my|gotten|written|wrote|filed|handled|sorted|packed|printed|replied|answered|texted|messaged|vacuumed|mowed|ironed|baked|collected|cancelled my|hung up|put away|taken care|took care|made the|made my|read the) (?!.*\?)",
    ),
    (
        DONE,
        0.86,
        r"\b(?:is|are|'s|has been|have been|got) (?:now |already |all |finally )*(?:done|finished|completed|taken care of|sorted|paid|bought|sent|ticked off)(?<!timer is done)\W*$(?<!\?)",
    ),
    (
        DONE,
        0.8,
        r"^\W*(?:all )?(?:done|finished|completed)(?: with)? (?:the |my )?[a-z]|^\W*(?:done|finished|all done|did it|it's done|that's done|i did it|i'm done)\W*$",
    ),
    (
        AGENDA,
        0.94,
        r"^(?:accept|decline|rsvp|reject)\b(?!.*\b(?:card|payment|transaction|charge|credit|loan|call)\b)",
    ),
    (AGENDA, 0.75, r"^join\b"),
)
