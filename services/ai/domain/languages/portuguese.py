"""What Hark says in Portuguese."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "or": "ou",
    "and": "e",
    "yes": "Sim",
    "no": "Não",
    "repeats": "repete-se",
    "in_minutes": "daqui a {minutes} minutos",
    "help": (
        "Guardo os teus lembretes, tarefas e compromissos. "
        "Diz «lembra-me de ligar à Ada às seis», «adiciona leite à lista de compras», "
        "«almoço com a Ada na quinta ao meio-dia», «o que tenho amanhã», «feito 3», "
        "«desfazer» ou «cancela o dentista»."
    ),
    "unknown": (
        "Não percebi. "
        "Experimenta «lembra-me de ligar à Ada às seis» ou «o que tenho hoje», ou diz «ajuda»."
    ),
    "greeting": "Olá. O que queres que te lembre?",
    "thanks": "De nada.",
    "farewell": "Até logo.",
    "okay": "Está bem.",
    "dismissed": "Está bem, deixo assim.",
    "question_over": "Essa pergunta já passou. Diz outra vez, por favor.",
    "ask_event_time": "Quando é?",
    "ask_move_time": "Para quando o mudo?",
    "ask_reminder_time": "Diz-me quando e eu lembro-te.",
    "ask_title": "Como lhe chamo?",
    "ask_reminder_title": "O que queres que te lembre?",
    "ask_task_title": "O que ponho na lista?",
    "ask_which": "Qual deles: {options}?",
    "ask_which_one": "Qual deles?",
    "ask_half": "Queres dizer {morning} ou {evening}?",
    "morning": "{time} da manhã",
    "evening": "{time} da noite",
    "ask_doubt": "Percebi bem? {what}.",
    "ask_foreign": "Li isto: {what}. Faço?",
    "ask_undo": "Já o tinha feito: {what}. Desfaço?",
    "ask_undo_untitled": "Já o tinha feito. Desfaço?",
    "ask_delete_data": (
        "Apago tudo o que sei sobre ti? "
        "Os teus lembretes, tarefas, compromissos e o que me disseste desapareciam de vez."
    ),
    "ask_place": "O que faço com {place}?",
    "place_of": "Local de um evento",
    "my_zone": "O meu fuso horário",
    "ask_zone": "Uso a hora de {zone} a partir de agora?",
    "zone_is": "Já usas a hora de {zone}.",
    "zone_unknown": "Não conheço esse fuso horário. Diz uma cidade maior perto de ti.",
    "time_passed": "Essa hora já passou. Diz uma hora no futuro.",
    "not_found": (
        "Não encontrei isso. Diz «o que tenho esta semana» ou "
        "«as minhas tarefas» para ouvir o que há."
    ),
    "nothing_to_undo": (
        "Não há nada para desfazer. Posso desfazer a tua última mudança durante dez minutos."
    ),
    "refused": "Não consegui fazer isso. Diz de outra maneira, por favor.",
    "list_default": "a tua lista",
    "list_named": "a tua lista {name}",
    "list_empty": "Não há nada em {list}.",
    "list_one": "Em {list}: {items}.",
    "list_many": "Em {list}: {items}.",
    "agenda_empty": "Não tens nada nessa altura.",
    "agenda": "Tens {items}.",
    "agenda_more": "Há mais.",
    "free_none": "Não encontrei tempo livre.",
    "started": "Voltei. Vou lembrar-te outra vez.",
    "exported": "Aqui está o que guardo para ti.",
    "calendar_exported": "Aqui está o teu calendário.",
    "export_failed": "É demasiado para enviar aqui. Pede os teus dados a quem gere este Hark.",
    "link": (
        "Aqui está o teu endereço privado de calendário. "
        "Quem o tiver pode ler os teus compromissos: {url}"
    ),
    "link_revoked": "O endereço do calendário já não funciona.",
    "link_none": "Não tens nenhum endereço de calendário.",
    "erasing": "Estou a apagar tudo o que sei sobre ti. Adeus.",
    "heard": "Ouvi: «{text}».",
    "listening": "Ainda estou a ouvir a tua nota de voz.",
    "looking": "Ainda estou a ver o que enviaste.",
    "late": "Demorei demasiado. Escreve-me, por favor.",
    "came_late": "A tua mensagem de {when} só agora me chegou.",
    "over_budget": (
        "Hoje já gastei a minha parte de escuta atenta, por isso percebo menos do que o costume."
    ),
    "model_down_audio": "De momento não consigo ouvir notas de voz. Escreve-me, por favor.",
    "model_down_image": "De momento não consigo ver imagens. Escreve-me, por favor.",
    "model_down_document": "De momento não consigo ler ficheiros. Escreve-me, por favor.",
    "unsupported_audio": "Ainda não consigo ouvir notas de voz. Escreve-me, por favor.",
    "unsupported_image": "Ainda não consigo ver imagens. Escreve-me, por favor.",
    "unsupported_video": "Não consigo ver vídeos. Escreve-me, por favor.",
    "unsupported_document": "Ainda não consigo ler documentos. Escreve-me, por favor.",
    "unsupported_sticker": "Bonito autocolante, mas por agora só percebo palavras.",
    "unsupported_contacts": "Ainda não consigo usar contactos. Escreve-me, por favor.",
    "unsupported": "Ainda não consigo ler este tipo de mensagem. Escreve-me, por favor.",
    "nothing_seen": "Não encontrei nada para guardar. Diz-me o que faço com isso.",
    "failed_too_large": "É grande demais para mim. Envia algo mais curto ou mais pequeno.",
    "failed_wrong_type": "Não consigo abrir esse tipo de ficheiro. Escreve-me, por favor.",
    "failed_corrupt": "Chegou estragado. Envia outra vez, por favor.",
    "failed_unavailable": "Não consegui ir buscá-lo ao WhatsApp. Envia outra vez, por favor.",
    "do_remind_me": "Lembrete: {title}",
    "do_add_task": "Adicionar a {list}: {title}",
    "do_add_event": "Novo evento: {title}",
    "do_cancel": "Cancelar: {item}",
    "do_complete_task": "Feito: {item}",
    "do_reopen_task": "Afinal não feito: {item}",
    "do_move": "Mudar: {item}",
    "do_edit_item": "Alterar: {item}",
    "do_snooze": "Lembrar de novo: {item}",
    "do_set_time_zone": "Fuso horário: {zone}",
    "do_set_preferences": "Mudar as tuas definições",
    "do_undo": "Desfazer a última mudança",
    "do_delete_data": "Apagar todos os teus dados",
    "do_export_data": "Exportar os teus dados",
    "do_calendar_link": "Endereço de calendário",
    "do_stop_messages": "Deixar de te escrever",
    "do_start_messages": "Voltar a escrever-te",
    "task_number": "tarefa {number}",
    "last_item": "o último de que falámos",
}
