"""Portuguese, as in Brazil."""

from __future__ import annotations

from types import MappingProxyType

from services.scheduler.domain.texts.form import Agenda, Calendar, Days, Series, Settings, Texts

_WEEK = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)
_EVERY = (
    "toda segunda-feira",
    "toda terça-feira",
    "toda quarta-feira",
    "toda quinta-feira",
    "toda sexta-feira",
    "todo sábado",
    "todo domingo",
)
_ON = (
    "na segunda-feira",
    "na terça-feira",
    "na quarta-feira",
    "na quinta-feira",
    "na sexta-feira",
    "no sábado",
    "no domingo",
)

_DAYS = Days(
    today="hoje",
    tomorrow="amanhã",
    yesterday="ontem",
    at="às {time}",
    at_one="à {time}",
    until="até as {time}",
    until_one="até a {time}",
    on=("na {day}",) * 5 + ("no {day}",) * 2,
    point="{day}",
    within="em {span}",
    lengths=(
        ("{n} dia", "{n} dias"),
        ("{n} hora", "{n} horas"),
        ("{n} minuto", "{n} minutos"),
        ("{n} segundo", "{n} segundos"),
    ),
    span="de {first} a {last}",
    this_week="esta semana",
    next_days="nos próximos sete dias",
)

_SERIES = Series(
    minutes=("a cada minuto", "a cada dois minutos", "a cada {n} minutos"),
    hours=("a cada hora", "a cada duas horas", "a cada {n} horas"),
    days=("todos os dias", "a cada dois dias", "a cada {n} dias"),
    weekly=("{days}", "a cada duas semanas, {days}", "a cada {n} semanas, {days}"),
    weekly_days=_EVERY,
    spaced_days=_ON,
    workdays="de segunda a sexta-feira",
    nth=("no {ordinals} {day}", "na {ordinals} {day}"),
    ordinals=(
        ("primeiro", "segundo", "terceiro", "quarto", "quinto", "último"),
        ("primeira", "segunda", "terceira", "quarta", "quinta", "última"),
    ),
    nth_days=_WEEK,
    feminine_days=frozenset(range(5)),
    day_of_month="no dia {n}",
    first_of_month="no dia 1º",
    last_of_month="no último dia",
    months=("de cada mês", "a cada dois meses", "a cada {n} meses"),
    years=("todo ano em {day}", "a cada dois anos em {day}", "a cada {n} anos em {day}"),
)

_AGENDA = Agenda(
    nothing="Você não tem nada {days}.",
    things=("Você tem uma coisa {days}.", "Você tem {n} coisas {days}."),
    all_day="{title}, o dia todo",
    more=("E mais uma.", "E mais {n}."),
    morning="Bom dia.",
    afternoon="Boa tarde.",
    evening="Boa noite.",
    free_until="Você está livre {time}, {until}.",
    not_free="Você não tem tanto tempo livre seguido.",
)

_SETTINGS = Settings(
    locale="Agora falo português com você.",
    leads="Vou lembrar você dos eventos {leads}.",
    no_leads="Só vou lembrar você de novos eventos se você pedir.",
    at_start="quando começarem",
    before="{span} antes",
    first_day="Sua semana agora começa {on}.",
    hours_12="Vou dizer as horas assim: {time}.",
    hours_24="Vou dizer as horas assim: {time}.",
    hours_usual="Vou dizer as horas como é comum onde você mora.",
    quiet=(
        "Seu horário de silêncio é de {start} a {end}. "
        "Os lembretes que você mesmo marcar chegam assim mesmo."
    ),
    no_quiet="Você não tem mais horário de silêncio.",
    digest="Você vai receber um resumo de cada dia {time}.",
    no_digest="Você não vai mais receber o resumo do dia.",
    weekly="Você vai receber um resumo da semana {often} {time}.",
    no_weekly="Você não vai mais receber o resumo da semana.",
)

_CALENDAR = Calendar(
    imported=("Adicionei um evento.", "Adicionei {n} eventos."),
    updated=("Um evento mudou.", "{n} eventos mudaram."),
    nothing_new="Não havia nada de novo nesse calendário.",
    skipped=MappingProxyType(
        {
            "OVER": ("Um já passou.", "{n} já passaram."),
            "MALFORMED": ("Não consigo ler um deles.", "Não consigo ler {n} deles."),
            "RULE_UNSUPPORTED": (
                "Um se repete de um jeito que não conheço.",
                "{n} se repetem de um jeito que não conheço.",
            ),
            "TIME_ZONE_UNKNOWN": (
                "Um está em um fuso horário que não conheço.",
                "{n} estão em um fuso horário que não conheço.",
            ),
            "NOT_AN_EVENT": ("Um não é um evento.", "{n} não são eventos."),
            "CANCELLED": ("Um estava cancelado.", "{n} estavam cancelados."),
            "TOO_MANY": (
                "Um é demais para um arquivo.",
                "{n} são demais para um arquivo.",
            ),
            "DUPLICATE": ("Um estava duas vezes.", "{n} estavam duas vezes."),
        }
    ),
    name="Hark",
    untitled="Evento sem título",
)

TEXTS = Texts(
    days=_DAYS,
    series=_SERIES,
    agenda=_AGENDA,
    settings=_SETTINGS,
    calendar=_CALENDAR,
    more_changes=("E mais uma mudança.", "E mais {n} mudanças."),
    usual_list="tarefas",
)
