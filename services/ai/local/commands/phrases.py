"""The words that tell requests apart, as regular expressions over lower-case text."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re

_FILLER = re.compile(
    r"[\s,.!:;-]*(?:"
    r"(?:hey|hi|hello|hiya|yo|ok|okay|yes|yeah|no|so|and|then|also|oh|well|please|pls|kindly|just|hark|there|wait|sorry|"
    r"oops|hold on|mistake|actually|i didn't mean that|i changed my mind|that's not right|that was wrong|that's wrong|"
    r"siri|alexa|google|cortana|olly|computer|assistant|thanks|right|alright|now|go|to|kindly)\b"
    r"|(?:can|could|would|will|may) (?:you|u|we|i)\b"
    r"|i(?:'d| would)? (?:want|need|like|love)(?: you)? to\b|i(?:'m| am) going to need (?:you )?to\b|i want you to\b"
    r"|i wanna\b|i'd like you to\b|you (?:can|should|need to|have to)\b|go ahead and\b|feel free to\b|let's\b|lets\b|let us\b"
    r"|help me(?: to)?\b|be sure to\b|make sure (?:to|you)\b|do me a favor and\b|i need help(?: to)?\b|would you mind\b"
    r"|is it possible to\b|it's time to\b|do you mind\b|try to\b)[\s,.!:;-]*"
)
_FILLER_LIMIT = 12


def politeness(text: str) -> int:
    """How many characters of greeting and asking stand before what is asked."""
    at = 0
    for _ in range(_FILLER_LIMIT):
        match = _FILLER.match(text, at)
        if match is None or match.end() == at:
            break
        at = match.end()
    return at


THING = (
    r"(?:meetings?|meet|meeing|metting|appointments?|appointment|apointments?|appts?|appoint?ments?|events?|"
    r"calend[ae]rs?|schedules?|sechdule|agenda|planner|diary|plans?|itinerary|commitments?|engagements?|"
    r"lunch(?:es)?|luncheon|dinners?|breakfasts?|brunch|dates?|part(?:y|ies)|interviews?|class(?:es)?|"
    r"sessions?|bookings?|birthdays?|anniversary|weddings?|conferences?|calls?|reservations?|"
    r"practice|game|match|trip|vacation|lesson|recital|exam|flight|gala|reunion|shower|workshop|"
    r"webinar|standup|review|rehearsal|checkup|seminar|lecture|fundraiser|get together|hangout)"
)
PERSONAL = re.compile(
    r"\b(?:my|i|i'm|i've|i'll|i'd|me|we|our|mine|us|am i|meeting|meetings|appointments?|calend[ae]r|schedule|agenda|"
    r"planner|scheduled|invited?|invitation|attend(?:ing|ed|ees?)?|organizer|org|rsvp|accepted|declined|responded)\b"
)
STRONG_THING = (
    r"(?:meetings?|meet with|meeing|metting|appointments?|apointments?|appts?|appoin?tments?|appoinment|events?|"
    r"calend[ae]rs?|schedules?|sechdule|scheduled|agenda|planner|diary|standup|itinerary|organizer|attendees?|invitation|invite)"
)
REMINDER = r"(?:remind(?:er|ers)?|reminding|reminded|alarms?|timers?|alerts?|stopwatch|countdown|alaram|remainder|notifications?)"
LIST = (
    r"(?:(?:to[\s-]?dos?|shopping|grocer(?:y|ies)|tasks?|chores?|packing|bucket|wish|gift|"
    r"christmas|check|reading|purchase|errands?)(?:[\s-]*lists?)|lists?|to-dos?|todos?|(?<=my )to dos?|(?<=the )to dos?|checklists?|shopping list)"
)
CANCEL_VERB = (
    r"(?:cancel+(?:ed|led|ing)?|cancle|delete|deleted|remove|erase|clear|drop|discard|scrap|scratch|get rid of|"
    r"take (?:out|off|away)|call off|nix|eliminate|unschedule|wipe|dump|void|disable|kill|omit|ditch|purge|trash|"
    r"dismiss|empty|deactivate|turn(?: \w+){0,4} off|turn off|shut(?: \w+){0,3} off|shut off|stop|end|silence|undo)"
)
MOVE_VERB = (
    r"(?:move|mve|reschedule|re-schedule|postpone|push|shift|delay|bring forward|change|chang|update|edit|modify|adjust|"
    r"extend|shorten|rename|switch|swap|alter|amend|revise|correct|fix|prolong|lengthen|advance|bump|defer|slide|"
    r"replace|convert|increase|decrease|subtract|make (?:it|that)|make (?:my|the) (?=.*\b(?:earlier|later|longer|shorter|instead|weekly|daily|monthly|half an hour|all day)\b))"
)
CREATE_VERB = (
    r"(?:add|create|creat|make|set|set ?up|setup|schedule|schedual|book|put|plan|enter|insert|input|"
    r"place|log|arrange|organi[sz]e|start|initiate|note|jot|write|mark|block|reserve|save|record|"
    r"include|throw|append|tack|slot|new|pencil|give me|get me|activate|establish|begin|do)"
)
ASK = (
    r"(?:what|what's|whats|which|when|when's|whens|where|where's|who|who's|whose|whoz|how|show|list|tell me|display|"
    r"view|see|read|check|find|look|search|pull up|bring up|open|do i|did i|do we|do you (?:know|see)|am i|are there|"
    r"is there|is my|is the|are my|are any|have i|will i|does|did|any|let me (?:know|see|hear)|fetch|recite|repeat|go over|"
    r"are we|is it|is|are|run through|remind me what|remind me when|was|were|has|will|should|hear|give me (?:my|the|all|a list|details|info)|"
    r"i want to (?:see|know|hear)|i(?:'d| would) (?:like|love) to (?:see|know|hear)|i need to (?:see|know|hear|check|find out)|"
    r"i can't remember|do you|how's|in what|at what|on what|for my|confirm|verify|look up|pull|access|navigate to|"
    r"could i see|may i see|are|call up|go to|return to|name)"
)
OTHER_TOPIC = re.compile(
    r"\b(?:weather|forecast|rain(?:ing|y|s)?|snow(?:ing|y|s)?|temperature|umbrella|degrees|humid(?:ity)?|celsius|fahrenheit|"
    r"farenheight|sunny|cloudy|windy|storms?|sunrise|sunset|uv index|hot|cold|cooler|warmer|hottest|coldest|chill|haboob|"
    r"hail|thunder|tornado|hurricane|wear|jacket|coat|"
    r"traffic|detours?|directions?|route|drive|driving|commute|highway|road|arrive|eta|"
    r"play|songs?|music|playlist|album|artist|radio|podcast|audiobook|volume|lyrics|spotify|pandora|"
    r"recipes?|ingredients?|cook(?:ing)? time|calories|"
    r"news|headlines|stocks?|exchange rate|currency|"
    r"movies?|theat(?:er|re)|concerts?|festivals?|showtimes?|tickets?|near me|nearby|near here|things to do|"
    r"restaurants?|lights?|vacuum|coffee machine|thermostat|"
    r"emails?|tweet|facebook|joke|taxi|uber|translate|spell|definition|define|"
    r"pay ?checks?|pay ?days?|salary|visa|insurance|deposit(?:ed)?|debit|reservation (?:for|at) [\w\' ]{2,40} (?:at|was)|flight status|status of my|refund|packages?|luggage|coin|"
    r"time difference|what time is it|what date is it|bank|account|credit|billing|boarding|station|settings|whisper|factory|health care|friend requests|speaking|pto|wi-?fi|sockets?|plug|holiday|capital of|how old|how far|how tall)\b"
)
PUBLIC_EVENT = re.compile(
    r"\b(?:things? to do|something (?:fun )?to do|activities|concerts?|festivals?|fairs?|parades?|exhibit(?:ion)?s?|"
    r"shows?|performances?|tournaments?|races?|movies?|tours?|nightlife|happening in|going on in|happening near|"
    r"happening around|to do in|tickets|live music|comedy|broadway|carnival|rodeo|expo|auditions?|meetups?|"
    r"farmers market|plays|musicals?|fireworks|marathons?)\b"
    r"|\b(?:events?|parties|dinners|classes|groups|happening|dances|activities|what's up|whats up|going on)\b.*\b(?:in|near|around|at) (?!my\b|the (?:morning|afternoon|evening)\b|(?:january|february|march|april|may|june|july|august|september|october|november|december|the)\b)[a-z]"
    r"|\bin (?:my|our|this|the) (?:town|city|area|neighborhood|region|county)\b|^what's up \w+\W*$"
    r"|\b(?:local|free|fun|kid|kids|family|public|upcoming|community|cultural|unusual|holiday|christmas|halloween|wine|food|outdoor|indoor|all ages) (?:\w+ ){0,2}(?:events?|activities|parties|tastings?)\b"
    r"|\bevents (?:are |is )?(?:happening|going on|taking place|near|around|in )|^events\b|^any .*events\b|^\W*(?:what|which|are there|is there|show me|find(?: me)?|list|tell me about)(?: \w+){0,4} events(?: \w+)* (?:in|near|around)\b"
)
"""What goes on in town is somebody else's service; one's own diary is not."""
