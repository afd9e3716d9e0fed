"""What Hark says in German."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "or": "oder",
    "and": "und",
    "yes": "Ja",
    "no": "Nein",
    "repeats": "wiederholt",
    "in_minutes": "in {minutes} Minuten",
    "help": (
        "Ich merke mir deine Erinnerungen, Aufgaben und Termine. "
        "Sag „erinnere mich um sechs, Ada anzurufen“, „setz Milch auf die Einkaufsliste“, "
        "„Mittagessen mit Ada am Donnerstag um zwölf“, „was steht morgen an“, „erledigt 3“, "
        "„rückgängig“ oder „sag den Zahnarzt ab“."
    ),
    "unknown": (
        "Das habe ich nicht verstanden. "
        "Versuch „erinnere mich um sechs, Ada anzurufen“ oder "
        "„was steht heute an“, oder sag „Hilfe“."
    ),
    "greeting": "Hallo. Woran soll ich dich erinnern?",
    "thanks": "Gern geschehen.",
    "farewell": "Tschüss.",
    "okay": "In Ordnung.",
    "dismissed": "In Ordnung, ich lasse es.",
    "question_over": "Diese Frage ist vorbei. Bitte sag es noch einmal.",
    "ask_event_time": "Wann ist das?",
    "ask_move_time": "Auf wann soll ich es verschieben?",
    "ask_reminder_time": "Sag mir wann, dann erinnere ich dich.",
    "ask_title": "Wie soll ich es nennen?",
    "ask_reminder_title": "Woran soll ich dich erinnern?",
    "ask_task_title": "Was soll auf die Liste?",
    "ask_which": "Was meinst du: {options}?",
    "ask_which_one": "Was davon meinst du?",
    "ask_half": "Meinst du {morning} oder {evening}?",
    "morning": "{time} morgens",
    "evening": "{time} abends",
    "ask_doubt": "Habe ich das richtig verstanden? {what}.",
    "ask_foreign": "Ich lese da: {what}. Soll ich das tun?",
    "ask_undo": "Das hatte ich schon getan: {what}. Soll ich es rückgängig machen?",
    "ask_undo_untitled": "Das hatte ich schon getan. Soll ich es rückgängig machen?",
    "ask_delete_data": (
        "Soll ich alles löschen, was ich über dich weiß? "
        "Deine Erinnerungen, Aufgaben, Termine und was du mir gesagt hast, wären endgültig weg."
    ),
    "ask_place": "Was soll ich mit {place} tun?",
    "place_of": "Ort eines Termins",
    "my_zone": "Meine Zeitzone",
    "ask_zone": "Soll ich ab jetzt die Zeit von {zone} verwenden?",
    "zone_is": "Du hast schon die Zeit von {zone}.",
    "zone_unknown": (
        "Diese Zeitzone kenne ich nicht. Nenn mir bitte eine größere Stadt in deiner Nähe."
    ),
    "time_passed": "Diese Zeit ist schon vorbei. Nenn mir bitte eine Zeit in der Zukunft.",
    "not_found": (
        "Das habe ich nicht gefunden. "
        "Sag „was steht diese Woche an“ oder „meine Aufgaben“, um zu hören, was da ist."
    ),
    "nothing_to_undo": (
        "Es gibt nichts rückgängig zu machen. "
        "Deine letzte Änderung kann ich zehn Minuten lang zurücknehmen."
    ),
    "refused": "Das ging nicht. Sag es bitte anders.",
    "list_default": "deiner Liste",
    "list_named": "deiner Liste {name}",
    "list_empty": "Auf {list} steht nichts.",
    "list_one": "Auf {list} steht {items}.",
    "list_many": "Auf {list}: {items}.",
    "agenda_empty": "Da hast du nichts vor.",
    "agenda": "Du hast {items}.",
    "agenda_more": "Es gibt noch mehr.",
    "free_none": "Ich habe keine freie Zeit gefunden.",
    "started": "Ich bin wieder da und erinnere dich wieder.",
    "exported": "Hier ist, was ich für dich aufbewahre.",
    "calendar_exported": "Hier ist dein Kalender.",
    "export_failed": "Das ist zu viel, um es hier zu senden. Frag bitte den Betreiber dieses Hark.",
    "link": (
        "Hier ist deine private Kalenderadresse. Wer sie hat, kann deine Termine lesen: {url}"
    ),
    "link_revoked": "Die Kalenderadresse funktioniert nicht mehr.",
    "link_none": "Du hast keine Kalenderadresse.",
    "erasing": "Ich lösche alles, was ich über dich weiß. Tschüss.",
    "heard": "Gehört: „{text}“.",
    "listening": "Ich höre deine Sprachnachricht noch an.",
    "looking": "Ich sehe mir noch an, was du geschickt hast.",
    "late": "Das hat zu lange gedauert. Bitte schreib es mir.",
    "came_late": "Deine Nachricht vom {when} hat mich erst jetzt erreicht.",
    "over_budget": (
        "Mein Anteil an genauem Zuhören ist für heute aufgebraucht; ich verstehe weniger als sonst."
    ),
    "model_down_audio": "Ich kann gerade keine Sprachnachrichten anhören. Bitte schreib es mir.",
    "model_down_image": "Ich kann mir gerade keine Bilder ansehen. Bitte schreib es mir.",
    "model_down_document": "Ich kann gerade keine Dateien lesen. Bitte schreib es mir.",
    "unsupported_audio": "Ich kann noch keine Sprachnachrichten anhören. Bitte schreib es mir.",
    "unsupported_image": "Ich kann mir noch keine Bilder ansehen. Bitte schreib es mir.",
    "unsupported_video": "Ich kann keine Videos ansehen. Bitte schreib es mir.",
    "unsupported_document": "Ich kann noch keine Dokumente lesen. Bitte schreib es mir.",
    "unsupported_sticker": "Schöner Sticker, aber ich verstehe bisher nur Worte.",
    "unsupported_contacts": "Ich kann noch keine Kontakte verwenden. Bitte schreib es mir.",
    "unsupported": "Diese Art von Nachricht kann ich noch nicht lesen. Bitte schreib es mir.",
    "nothing_seen": (
        "Ich habe darin nichts gefunden, was ich mir merken könnte. Was soll ich damit tun?"
    ),
    "failed_too_large": "Das ist zu groß für mich. Bitte schick etwas Kürzeres oder Kleineres.",
    "failed_wrong_type": "Diese Art von Datei kann ich nicht öffnen. Bitte schreib es mir.",
    "failed_corrupt": "Das ist beschädigt angekommen. Bitte schick es noch einmal.",
    "failed_unavailable": "Ich konnte das nicht von WhatsApp holen. Bitte schick es noch einmal.",
    "do_remind_me": "Erinnerung: {title}",
    "do_add_task": "Auf die Liste ({list}): {title}",
    "do_add_event": "Neuer Termin: {title}",
    "do_cancel": "Absagen: {item}",
    "do_complete_task": "Erledigt: {item}",
    "do_reopen_task": "Doch nicht erledigt: {item}",
    "do_move": "Verschieben: {item}",
    "do_edit_item": "Ändern: {item}",
    "do_snooze": "Noch einmal erinnern: {item}",
    "do_set_time_zone": "Zeitzone: {zone}",
    "do_set_preferences": "Deine Einstellungen ändern",
    "do_undo": "Die letzte Änderung rückgängig machen",
    "do_delete_data": "Alle deine Daten löschen",
    "do_export_data": "Deine Daten ausgeben",
    "do_calendar_link": "Kalenderadresse",
    "do_stop_messages": "Dir nicht mehr schreiben",
    "do_start_messages": "Dir wieder schreiben",
    "task_number": "Aufgabe {number}",
    "last_item": "worüber wir zuletzt sprachen",
}
