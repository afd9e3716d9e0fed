"""What Hark says in Spanish."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "or": "o",
    "and": "y",
    "yes": "Sí",
    "no": "No",
    "repeats": "se repite",
    "in_minutes": "en {minutes} minutos",
    "help": (
        "Guardo tus recordatorios, tareas y eventos. "
        "Di «recuérdame llamar a Ada a las seis», «añade leche a la lista de la compra», "
        "«comida con Ada el jueves a mediodía», «qué tengo mañana», «hecho 3», "
        "«deshacer» o «cancela el dentista»."
    ),
    "unknown": (
        "No te he entendido. "
        "Prueba con «recuérdame llamar a Ada a las seis» o «qué tengo hoy», o di «ayuda»."
    ),
    "greeting": "Hola. ¿Qué quieres que te recuerde?",
    "thanks": "De nada.",
    "farewell": "Hasta luego.",
    "okay": "De acuerdo.",
    "dismissed": "De acuerdo, lo dejo así.",
    "question_over": "Esa pregunta ya ha pasado. Dímelo otra vez, por favor.",
    "ask_event_time": "¿Cuándo es?",
    "ask_move_time": "¿A cuándo lo cambio?",
    "ask_reminder_time": "Dime cuándo y te lo recuerdo.",
    "ask_title": "¿Cómo lo llamo?",
    "ask_reminder_title": "¿Qué quieres que te recuerde?",
    "ask_task_title": "¿Qué apunto en la lista?",
    "ask_which": "¿Cuál quieres decir: {options}?",
    "ask_which_one": "¿Cuál quieres decir?",
    "ask_half": "¿Quieres decir {morning} o {evening}?",
    "morning": "{time} de la mañana",
    "evening": "{time} de la tarde",
    "ask_doubt": "¿Lo he entendido bien? {what}.",
    "ask_foreign": "He leído esto: {what}. ¿Lo hago?",
    "ask_undo": "Ya lo había hecho: {what}. ¿Lo deshago?",
    "ask_undo_untitled": "Ya lo había hecho. ¿Lo deshago?",
    "ask_delete_data": (
        "¿Borro todo lo que sé de ti? "
        "Tus recordatorios, tareas, eventos y lo que me has dicho desaparecerían para siempre."
    ),
    "ask_place": "¿Qué hago con {place}?",
    "place_of": "Lugar de un evento",
    "my_zone": "Mi zona horaria",
    "ask_zone": "¿Uso la hora de {zone} a partir de ahora?",
    "zone_is": "Ya usas la hora de {zone}.",
    "zone_unknown": "No conozco esa zona horaria. Dime una ciudad más grande cerca de ti.",
    "time_passed": "Esa hora ya ha pasado. Dime una hora futura.",
    "not_found": (
        "No lo he encontrado. Di «qué tengo esta semana» o «mis tareas» para oír lo que hay."
    ),
    "nothing_to_undo": (
        "No hay nada que pueda deshacer. Puedo deshacer tu último cambio durante diez minutos."
    ),
    "refused": "No he podido hacerlo. Dilo de otra manera, por favor.",
    "list_default": "tu lista",
    "list_named": "tu lista {name}",
    "list_empty": "No hay nada en {list}.",
    "list_one": "En {list} hay {items}.",
    "list_many": "En {list}: {items}.",
    "agenda_empty": "No tienes nada entonces.",
    "agenda": "Tienes {items}.",
    "agenda_more": "Hay más.",
    "free_none": "No he encontrado ningún hueco libre.",
    "started": "He vuelto. Te volveré a avisar.",
    "exported": "Aquí está lo que guardo para ti.",
    "calendar_exported": "Aquí está tu calendario.",
    "export_failed": "Es demasiado para enviarlo aquí. Pide tus datos a quien gestiona este Hark.",
    "link": (
        "Esta es tu dirección privada de calendario. Quien la tenga puede leer tus eventos: {url}"
    ),
    "link_revoked": "La dirección del calendario ya no funciona.",
    "link_none": "No tienes ninguna dirección de calendario.",
    "erasing": "Estoy borrando todo lo que sé de ti. Adiós.",
    "heard": "He oído: «{text}».",
    "listening": "Sigo escuchando tu nota de voz.",
    "looking": "Sigo mirando lo que has enviado.",
    "late": "He tardado demasiado. Escríbemelo, por favor.",
    "came_late": "Tu mensaje del {when} me ha llegado ahora.",
    "over_budget": "Hoy he agotado mi cupo de escucha atenta, así que entiendo menos de lo normal.",
    "model_down_audio": "Ahora mismo no puedo escuchar notas de voz. Escríbemelo, por favor.",
    "model_down_image": "Ahora mismo no puedo ver imágenes. Escríbemelo, por favor.",
    "model_down_document": "Ahora mismo no puedo leer archivos. Escríbemelo, por favor.",
    "unsupported_audio": "Todavía no puedo escuchar notas de voz. Escríbemelo, por favor.",
    "unsupported_image": "Todavía no puedo ver imágenes. Escríbemelo, por favor.",
    "unsupported_video": "No puedo ver vídeos. Escríbemelo, por favor.",
    "unsupported_document": "Todavía no puedo leer documentos. Escríbemelo, por favor.",
    "unsupported_sticker": "Bonito sticker, pero por ahora solo entiendo palabras.",
    "unsupported_contacts": "Todavía no puedo usar contactos. Escríbemelo, por favor.",
    "unsupported": "Todavía no puedo leer este tipo de mensaje. Escríbemelo, por favor.",
    "nothing_seen": "No he encontrado nada que guardar. Dime qué hago con ello.",
    "failed_too_large": "Es demasiado grande para mí. Envía algo más corto o pequeño.",
    "failed_wrong_type": "No puedo abrir ese tipo de archivo. Escríbemelo, por favor.",
    "failed_corrupt": "Ha llegado dañado. Envíalo otra vez, por favor.",
    "failed_unavailable": "No he podido recogerlo de WhatsApp. Envíalo otra vez, por favor.",
    "do_remind_me": "Recordatorio: {title}",
    "do_add_task": "Añadir a {list}: {title}",
    "do_add_event": "Evento nuevo: {title}",
    "do_cancel": "Cancelar: {item}",
    "do_complete_task": "Hecho: {item}",
    "do_reopen_task": "Al final no hecho: {item}",
    "do_move": "Mover: {item}",
    "do_edit_item": "Cambiar: {item}",
    "do_snooze": "Recordar de nuevo: {item}",
    "do_set_time_zone": "Zona horaria: {zone}",
    "do_set_preferences": "Cambiar tus ajustes",
    "do_undo": "Deshacer el último cambio",
    "do_delete_data": "Borrar todos tus datos",
    "do_export_data": "Exportar tus datos",
    "do_calendar_link": "Dirección de calendario",
    "do_stop_messages": "Dejar de escribirte",
    "do_start_messages": "Volver a escribirte",
    "task_number": "tarea {number}",
    "last_item": "lo último de lo que hablamos",
}
