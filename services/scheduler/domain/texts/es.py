"""Spanish."""

from __future__ import annotations

from types import MappingProxyType

from services.scheduler.domain.texts.form import Agenda, Calendar, Days, Series, Settings, Texts

_WEEK = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_PLURAL = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos")
_ON = (
    "el lunes",
    "el martes",
    "el miércoles",
    "el jueves",
    "el viernes",
    "el sábado",
    "el domingo",
)
_ORDINALS = ("primer", "segundo", "tercer", "cuarto", "quinto", "último")

_DAYS = Days(
    today="hoy",
    tomorrow="mañana",
    yesterday="ayer",
    at="a las {time}",
    at_one="a la {time}",
    until="hasta las {time}",
    until_one="hasta la {time}",
    on=("el {day}",) * 7,
    point="el {day}",
    within="en {span}",
    lengths=(
        ("{n} día", "{n} días"),
        ("{n} hora", "{n} horas"),
        ("{n} minuto", "{n} minutos"),
        ("{n} segundo", "{n} segundos"),
    ),
    span="del {first} al {last}",
    this_week="esta semana",
    next_days="en los próximos siete días",
)

_SERIES = Series(
    minutes=("cada minuto", "cada dos minutos", "cada {n} minutos"),
    hours=("cada hora", "cada dos horas", "cada {n} horas"),
    days=("todos los días", "cada dos días", "cada {n} días"),
    weekly=("todos los {days}", "cada dos semanas, {days}", "cada {n} semanas, {days}"),
    weekly_days=_PLURAL,
    spaced_days=_ON,
    workdays="de lunes a viernes",
    nth=("el {ordinals} {day}", "el {ordinals} {day}"),
    ordinals=(_ORDINALS, _ORDINALS),
    nth_days=_WEEK,
    feminine_days=frozenset(),
    day_of_month="el día {n}",
    first_of_month="el día 1",
    last_of_month="el último día",
    months=("de cada mes", "cada dos meses", "cada {n} meses"),
    years=("todos los años el {day}", "cada dos años el {day}", "cada {n} años el {day}"),
)

_AGENDA = Agenda(
    nothing="No tienes nada {days}.",
    things=("Tienes una cosa {days}.", "Tienes {n} cosas {days}."),
    all_day="{title}, todo el día",
    more=("Y una más.", "Y {n} más."),
    morning="Buenos días.",
    afternoon="Buenas tardes.",
    evening="Buenas noches.",
    free_until="Estás libre {time}, {until}.",
    not_free="No tienes tanto tiempo libre seguido.",
)

_SETTINGS = Settings(
    locale="Ahora te hablo en español.",
    leads="Te recordaré los eventos {leads}.",
    no_leads="No te recordaré los eventos nuevos si no me lo pides.",
    at_start="cuando empiecen",
    before="{span} antes",
    first_day="Tu semana empieza ahora {on}.",
    hours_12="Diré las horas así: {time}.",
    hours_24="Diré las horas así: {time}.",
    hours_usual="Diré las horas como es habitual donde vives.",
    quiet=(
        "Tus horas de silencio son de {start} a {end}. "
        "Los recordatorios que tú programes llegarán igual."
    ),
    no_quiet="Ya no tienes horas de silencio.",
    digest="Recibirás un resumen cada día {time}.",
    no_digest="Ya no recibirás el resumen del día.",
    weekly="Recibirás un resumen de la semana {often} {time}.",
    no_weekly="Ya no recibirás el resumen de la semana.",
)

_CALENDAR = Calendar(
    imported=("He añadido un evento.", "He añadido {n} eventos."),
    updated=("Un evento ha cambiado.", "{n} eventos han cambiado."),
    nothing_new="No había nada nuevo en ese calendario.",
    skipped=MappingProxyType(
        {
            "OVER": ("Uno ya pasó.", "{n} ya pasaron."),
            "MALFORMED": ("Uno no se puede leer.", "{n} no se pueden leer."),
            "RULE_UNSUPPORTED": (
                "Uno se repite de una forma que no conozco.",
                "{n} se repiten de una forma que no conozco.",
            ),
            "TIME_ZONE_UNKNOWN": (
                "Uno está en una zona horaria que no conozco.",
                "{n} están en una zona horaria que no conozco.",
            ),
            "NOT_AN_EVENT": ("Uno no es un evento.", "{n} no son eventos."),
            "CANCELLED": ("Uno estaba cancelado.", "{n} estaban cancelados."),
            "TOO_MANY": (
                "Uno es demasiado para un archivo.",
                "{n} son demasiados para un archivo.",
            ),
            "DUPLICATE": ("Uno estaba dos veces.", "{n} estaban dos veces."),
        }
    ),
    name="Hark",
    untitled="Evento sin título",
)

TEXTS = Texts(
    days=_DAYS,
    series=_SERIES,
    agenda=_AGENDA,
    settings=_SETTINGS,
    calendar=_CALENDAR,
    more_changes=("Y un cambio más.", "Y {n} cambios más."),
    usual_list="tareas",
)
