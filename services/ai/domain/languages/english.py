"""What Hark says in English. Written for the ear: a short, complete first sentence, no markup."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "or": "or",
    "and": "and",
    "yes": "Yes",
    "no": "No",
    "repeats": "repeating",
    "in_minutes": "in {minutes} minutes",
    "help": (
        "I keep your reminders, tasks and events. "
        "Say “remind me to call Ada at six”, “add milk to my shopping list”, "
        "“lunch with Ada on Thursday at noon”, “what's on tomorrow”, “done 3”, "
        "“snooze”, “undo” or “cancel the dentist”."
    ),
    "unknown": (
        "I didn't understand that. "
        "Try “remind me to call Ada at six” or “what's on today”, or say “help”."
    ),
    "greeting": "Hello. What shall I remind you of?",
    "thanks": "You're welcome.",
    "farewell": "Goodbye.",
    "okay": "All right.",
    "dismissed": "All right, I'll leave it.",
    "question_over": "That question is over. Please say it again.",
    "ask_event_time": "When is it?",
    "ask_move_time": "When shall I move it to?",
    "ask_reminder_time": "Say when, and I'll remind you.",
    "ask_title": "What shall I call it?",
    "ask_reminder_title": "What shall I remind you of?",
    "ask_task_title": "What shall I put on the list?",
    "ask_which": "Which one do you mean: {options}?",
    "ask_which_one": "Which one do you mean?",
    "ask_half": "Do you mean {morning} or {evening}?",
    "morning": "{time} in the morning",
    "evening": "{time} in the evening",
    "ask_doubt": "Did I get that right? {what}.",
    "ask_foreign": "I read this: {what}. Shall I do it?",
    "ask_undo": "I had already done that: {what}. Shall I undo it?",
    "ask_undo_untitled": "I had already acted on that. Shall I undo it?",
    "ask_delete_data": (
        "Shall I delete everything I know about you? "
        "Your reminders, tasks, events and what you told me would be gone for good."
    ),
    "ask_place": "What shall I do with {place}?",
    "place_of": "Place of an event",
    "my_zone": "My time zone",
    "ask_zone": "Shall I use the time of {zone} from now on?",
    "zone_is": "You are on {zone} time already.",
    "zone_unknown": "I don't know that time zone. Please name a larger city near you.",
    "time_passed": "That time has already passed. Please say a time in the future.",
    "not_found": (
        "I couldn't find that. Say “what's on this week” or “my tasks” to hear what there is."
    ),
    "nothing_to_undo": (
        "There is nothing I can undo. I can take back your last change for ten minutes."
    ),
    "refused": "I couldn't do that. Please say it another way.",
    "list_default": "your list",
    "list_named": "your {name} list",
    "list_empty": "There is nothing on {list}.",
    "list_one": "There is {items} on {list}.",
    "list_many": "On {list}: {items}.",
    "agenda_empty": "You have nothing then.",
    "agenda": "You have {items}.",
    "agenda_more": "There is more.",
    "free_none": "I found no free time then.",
    "started": "I'm back. I'll remind you again.",
    "exported": "Here is what I keep for you.",
    "calendar_exported": "Here is your calendar.",
    "export_failed": (
        "There is too much to send here. Please ask whoever runs this Hark for your data."
    ),
    "link": "Here is your private calendar address. Whoever has it can read your events: {url}",
    "link_revoked": "The calendar address doesn't work any more.",
    "link_none": "You have no calendar address.",
    "erasing": "I'm deleting everything I know about you. Goodbye.",
    "heard": "Heard: “{text}”.",
    "listening": "I'm still listening to your voice note.",
    "looking": "I'm still looking at what you sent.",
    "late": "That took me too long. Please write it to me.",
    "came_late": "Your message of {when} reached me only now.",
    "over_budget": (
        "I've used up my share of careful listening for today, so I understand less than usual."
    ),
    "model_down_audio": "I can't listen to voice notes at the moment. Please write it to me.",
    "model_down_image": "I can't look at pictures at the moment. Please write it to me.",
    "model_down_document": "I can't read files at the moment. Please write it to me.",
    "unsupported_audio": "I can't listen to voice notes yet. Please write it to me.",
    "unsupported_image": "I can't look at pictures yet. Please write it to me.",
    "unsupported_video": "I can't watch videos. Please write it to me.",
    "unsupported_document": "I can't read documents yet. Please write it to me.",
    "unsupported_sticker": "That's a nice sticker, but I only understand words so far.",
    "unsupported_contacts": "I can't use contact cards yet. Please write it to me.",
    "unsupported": "I can't read this kind of message yet. Please write it to me.",
    "nothing_seen": "I found nothing in it to keep for you. Tell me what I shall do with it.",
    "failed_too_large": "That is too large for me. Please send a shorter or smaller one.",
    "failed_wrong_type": "I can't open that kind of file. Please write it to me.",
    "failed_corrupt": "That arrived broken. Please send it again.",
    "failed_unavailable": "I couldn't fetch that from WhatsApp. Please send it again.",
    "do_remind_me": "Reminder: {title}",
    "do_add_task": "Add to {list}: {title}",
    "do_add_event": "New event: {title}",
    "do_cancel": "Cancel: {item}",
    "do_complete_task": "Done: {item}",
    "do_reopen_task": "Not done after all: {item}",
    "do_move": "Move: {item}",
    "do_edit_item": "Change: {item}",
    "do_snooze": "Remind again: {item}",
    "do_set_time_zone": "Time zone: {zone}",
    "do_set_preferences": "Change your settings",
    "do_undo": "Undo the last change",
    "do_delete_data": "Delete all your data",
    "do_export_data": "Export your data",
    "do_calendar_link": "Calendar address",
    "do_stop_messages": "Stop writing to you",
    "do_start_messages": "Write to you again",
    "task_number": "task {number}",
    "last_item": "what we spoke of last",
}
