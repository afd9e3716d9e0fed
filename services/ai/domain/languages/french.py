"""What Hark says in French."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "or": "ou",
    "and": "et",
    "yes": "Oui",
    "no": "Non",
    "repeats": "se répète",
    "in_minutes": "dans {minutes} minutes",
    "help": (
        "Je garde tes rappels, tes tâches et tes rendez-vous. "
        "Dis « rappelle-moi d'appeler Ada à six heures », « "
        "ajoute du lait à la liste de courses », "
        "« déjeuner avec Ada jeudi à midi », « qu'est-ce que j'ai demain », « fait 3 », "
        "« annuler » ou « annule le dentiste »."
    ),
    "unknown": (
        "Je n'ai pas compris. "
        "Essaie « rappelle-moi d'appeler Ada à six heures » ou « qu'est-ce que j'ai aujourd'hui », "
        "ou dis « aide »."
    ),
    "greeting": "Bonjour. Que dois-je te rappeler ?",
    "thanks": "De rien.",
    "farewell": "Au revoir.",
    "okay": "D'accord.",
    "dismissed": "D'accord, je laisse.",
    "question_over": "Cette question est passée. Redis-le, s'il te plaît.",
    "ask_event_time": "C'est quand ?",
    "ask_move_time": "À quand dois-je le déplacer ?",
    "ask_reminder_time": "Dis-moi quand, et je te le rappellerai.",
    "ask_title": "Comment dois-je l'appeler ?",
    "ask_reminder_title": "Que dois-je te rappeler ?",
    "ask_task_title": "Que dois-je mettre sur la liste ?",
    "ask_which": "Lequel veux-tu dire : {options} ?",
    "ask_which_one": "Lequel veux-tu dire ?",
    "ask_half": "Veux-tu dire {morning} ou {evening} ?",
    "morning": "{time} du matin",
    "evening": "{time} du soir",
    "ask_doubt": "Ai-je bien compris ? {what}.",
    "ask_foreign": "J'y lis ceci : {what}. Dois-je le faire ?",
    "ask_undo": "Je l'avais déjà fait : {what}. Dois-je l'annuler ?",
    "ask_undo_untitled": "Je l'avais déjà fait. Dois-je l'annuler ?",
    "ask_delete_data": (
        "Dois-je effacer tout ce que je sais de toi ? "
        "Tes rappels, tes tâches, tes rendez-vous et ce que tu "
        "m'as dit seraient perdus pour de bon."
    ),
    "ask_place": "Que dois-je faire de {place} ?",
    "place_of": "Lieu d'un événement",
    "my_zone": "Mon fuseau horaire",
    "ask_zone": "Dois-je utiliser l'heure de {zone} à partir de maintenant ?",
    "zone_is": "Tu es déjà à l'heure de {zone}.",
    "zone_unknown": "Je ne connais pas ce fuseau horaire. Nomme une plus grande ville près de toi.",
    "time_passed": "Cette heure est déjà passée. Dis-moi une heure à venir.",
    "not_found": (
        "Je ne l'ai pas trouvé. "
        "Dis « qu'est-ce que j'ai cette semaine » ou « mes tâches » pour entendre ce qu'il y a."
    ),
    "nothing_to_undo": (
        "Il n'y a rien à annuler. Je peux revenir sur ton dernier changement pendant dix minutes."
    ),
    "refused": "Je n'ai pas pu le faire. Dis-le autrement, s'il te plaît.",
    "list_default": "ta liste",
    "list_named": "ta liste {name}",
    "list_empty": "Il n'y a rien sur {list}.",
    "list_one": "Il y a {items} sur {list}.",
    "list_many": "Sur {list} : {items}.",
    "agenda_empty": "Tu n'as rien à ce moment-là.",
    "agenda": "Tu as {items}.",
    "agenda_more": "Il y en a d'autres.",
    "free_none": "Je n'ai trouvé aucun moment libre.",
    "started": "Je suis de retour et je te rappellerai tout à nouveau.",
    "exported": "Voici ce que je garde pour toi.",
    "calendar_exported": "Voici ton calendrier.",
    "export_failed": "C'est trop pour l'envoyer ici. Demande tes données à qui gère ce Hark.",
    "link": ("Voici ton adresse de calendrier privée. Qui l'a peut lire tes rendez-vous : {url}"),
    "link_revoked": "L'adresse du calendrier ne fonctionne plus.",
    "link_none": "Tu n'as pas d'adresse de calendrier.",
    "erasing": "J'efface tout ce que je sais de toi. Au revoir.",
    "heard": "Entendu : « {text} ».",
    "listening": "J'écoute encore ton message vocal.",
    "looking": "Je regarde encore ce que tu as envoyé.",
    "late": "Cela m'a pris trop de temps. Écris-le-moi, s'il te plaît.",
    "came_late": "Ton message du {when} ne m'est parvenu que maintenant.",
    "over_budget": (
        "J'ai épuisé ma part d'écoute attentive pour aujourd'hui ; je comprends moins bien."
    ),
    "model_down_audio": "Je ne peux pas écouter les messages vocaux en ce moment. Écris-le-moi.",
    "model_down_image": "Je ne peux pas regarder les images en ce moment. Écris-le-moi.",
    "model_down_document": "Je ne peux pas lire les fichiers en ce moment. Écris-le-moi.",
    "unsupported_audio": "Je ne peux pas encore écouter les messages vocaux. Écris-le-moi.",
    "unsupported_image": "Je ne peux pas encore regarder les images. Écris-le-moi.",
    "unsupported_video": "Je ne peux pas regarder les vidéos. Écris-le-moi.",
    "unsupported_document": "Je ne peux pas encore lire les documents. Écris-le-moi.",
    "unsupported_sticker": "Joli sticker, mais je ne comprends que les mots pour l'instant.",
    "unsupported_contacts": "Je ne peux pas encore utiliser les contacts. Écris-le-moi.",
    "unsupported": "Je ne peux pas encore lire ce genre de message. Écris-le-moi.",
    "nothing_seen": "Je n'y ai rien trouvé à garder pour toi. Dis-moi quoi en faire.",
    "failed_too_large": (
        "C'est trop grand pour moi. Envoie quelque chose de plus court ou plus petit."
    ),
    "failed_wrong_type": "Je ne peux pas ouvrir ce genre de fichier. Écris-le-moi.",
    "failed_corrupt": "C'est arrivé abîmé. Envoie-le encore une fois.",
    "failed_unavailable": "Je n'ai pas pu le récupérer de WhatsApp. Envoie-le encore une fois.",
    "do_remind_me": "Rappel : {title}",
    "do_add_task": "Ajouter à {list} : {title}",
    "do_add_event": "Nouvel événement : {title}",
    "do_cancel": "Annuler : {item}",
    "do_complete_task": "Fait : {item}",
    "do_reopen_task": "Finalement pas fait : {item}",
    "do_move": "Déplacer : {item}",
    "do_edit_item": "Changer : {item}",
    "do_snooze": "Rappeler encore : {item}",
    "do_set_time_zone": "Fuseau horaire : {zone}",
    "do_set_preferences": "Changer tes réglages",
    "do_undo": "Annuler le dernier changement",
    "do_delete_data": "Effacer toutes tes données",
    "do_export_data": "Exporter tes données",
    "do_calendar_link": "Adresse de calendrier",
    "do_stop_messages": "Ne plus t'écrire",
    "do_start_messages": "T'écrire à nouveau",
    "task_number": "tâche {number}",
    "last_item": "ce dont nous venons de parler",
}
