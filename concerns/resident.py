"""What one reporter may see of their concern on the status page: built from the row, never more than this (I7, I11).

No word of staff, of other people, of notes or of departments among themselves gets in here. Sentences are in the
language that is active; names of departments and what people wrote stay as they are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from concerns.models import Concern, Feedback, Reporter, Routing, Voice
from concerns.personal import found_in
from concerns.standing import answer_of, may_be_asked, stations_done
from concerns.wording import greeting
from concerns.workflow import (
    ENDS_DUTY,
    RIGHT_TO_LEFT,
    TOLD,
    WAIVED,
    ConcernStatus,
    FeedbackKind,
    FeedbackState,
    Language,
    RoutingStatus,
)
from districts.models import Office

LANGUAGES: dict[str, str] = {
    Language.DE: "Deutsch",
    Language.EN: "English",
    Language.TR: "Türkçe",
    Language.AR: "العربية",
    Language.UK: "Українська",
    Language.RU: "Русский",
    Language.FR: "Français",
}
# Instead of "Nov. 22, 2026" and of days with a leading zero; the others are written as Django knows it.
_DATE_FORMATS = {Language.EN: "j F Y", Language.TR: "j F Y", Language.UK: "j E Y р."}
_SCRIPTS = {
    Language.AR: re.compile(r"[\u0600-\u06ff]"),
    Language.RU: re.compile(r"[\u0400-\u04ff]"),
    Language.UK: re.compile(r"[\u0400-\u04ff]"),
}
_GERMAN = frozenset(
    ("der", "die", "das", "und", "ist", "nicht", "wir", "sie", "ihnen", "ihre", "haben", "wurde", "werden", "eine")
)
_LONGEST_GREETING = 160
_ENDS_A_SENTENCE = (".", "?", ":", "؟")
_PRIVATE = {Reporter.Kind.RESIDENT, Reporter.Kind.POLITICS, Reporter.Kind.ANONYMOUS}


@dataclass(frozen=True)
class Station:
    """One of the four stations: done, now or later."""

    text: str
    state: str


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, the departments by their names, and until when."""

    text: str
    names: tuple[str, ...] = ()
    until: str = ""


@dataclass(frozen=True)
class Words:
    """What somebody was told, in the language it was written in."""

    text: str
    language: str = Language.DE
    on: str = ""
    second_text: str = ""
    second_language: str = ""

    @property
    def dir(self) -> str:
        """Direction of the text."""
        return direction(self.language)

    @property
    def second_dir(self) -> str:
        """Direction of the text in the second language."""
        return direction(self.second_language)


@dataclass
class Standing:
    """Everything the page shows."""

    number: str
    received_on: str
    office: Office | None
    title: str = ""
    topic: str = ""
    is_closed_to_view: bool = False  # a sensitive concern: nothing but that it is being worked on
    turn: Turn | None = None
    stations: list[Station] = field(default_factory=list)
    answer: Words | None = None
    is_answered: bool = False
    interim: list[Words] = field(default_factory=list)
    promised_on: str = ""
    is_again: bool = False
    asked: datetime | None = None  # which answer can be judged
    voice: Voice | None = None


def direction(language: str) -> str:
    """Which way a language runs; `auto` where we do not know it."""
    if language in RIGHT_TO_LEFT:
        return "rtl"
    return "auto" if language == Language.OTHER else "ltr"


def day(value: date) -> str:
    """A date as it is written in the active language."""
    return date_format(value, _DATE_FORMATS.get(get_language(), "DATE_FORMAT"))


def standing_of(reporter: Reporter, *, today: date) -> Standing:
    """What the reporter's page shows, in the active language."""
    concern = reporter.concern
    lead = concern.lead or concern
    seen = Standing(number=concern.number, received_on=day(concern.received_on), office=concern.office or lead.office)
    if concern.is_sensitive or lead.is_sensitive:
        seen.is_closed_to_view = True
        return seen
    routings = list(lead.routings.filter(round=lead.reopened_count).select_related("department").order_by("pk"))
    feedbacks = list(reporter.feedbacks.filter(result__in=TOLD).select_related("letter").order_by("attempt"))
    people = list(Reporter.objects.filter(concern__in=[lead.pk, concern.pk, *_others(lead)]))
    seen.title = concern.title if _names_nobody(concern.title, people) else ""
    seen.topic = concern.topic.name
    seen.stations = _stations(reporter, lead, routings)
    seen.turn = _turn(reporter, lead, routings, today)
    seen.is_answered = _knows(reporter, lead)
    seen.answer = _answer(reporter, lead, feedbacks, people) if seen.is_answered else None
    seen.interim = [] if seen.is_answered else _interim(reporter, feedbacks, people)
    if lead.promise == Concern.Promise.OPEN and lead.promised_on and seen.is_answered:
        seen.promised_on = day(lead.promised_on)
    seen.is_again = lead.reopened_count > 0 and lead.is_open
    if may_be_asked(reporter, lead):
        seen.asked = answer_of(lead)
        seen.voice = Voice.objects.filter(reporter=reporter, answer_at=seen.asked).first()
        if seen.voice and not seen.voice.helped and not seen.voice.settled:
            seen.turn = _team_looks(seen.voice, today)
    return seen


def _others(lead: Concern) -> list[int]:
    return list(lead.duplicates.values_list("pk", flat=True))


def _knows(reporter: Reporter, lead: Concern) -> bool:
    """Whether this person has the answer, or may read it here because nobody could tell them."""
    if lead.status == ConcernStatus.CLOSED:
        return True
    return lead.status == ConcernStatus.FEEDBACK_DUE and reporter.feedback_state == FeedbackState.DONE


# --- Stations and turn ------------------------------------------------------------------------------------------------


def _stations(reporter: Reporter, lead: Concern, routings: list[Routing]) -> list[Station]:
    done = 4 if _knows(reporter, lead) else min(stations_done(lead), 3)
    nobody_told = reporter.feedback_state in WAIVED
    texts = (
        gettext("Wir haben Sie gehört"),
        _second_station(done, routings),
        gettext("Es gibt eine Antwort") if done >= 3 else gettext("Es gibt noch keine Antwort"),
        gettext("Die Antwort steht auf dieser Seite") if nobody_told else gettext("Sie haben die Antwort von uns"),
    )
    if done < 4:
        last = gettext("Wir sagen Ihnen Bescheid")
        texts = (*texts[:3], gettext("Die Antwort kommt auf diese Seite") if nobody_told else last)
    return [Station(text, "done" if at < done else "now" if at == done else "later") for at, text in enumerate(texts)]


def _second_station(done: int, routings: list[Routing]) -> str:
    if done < 2:
        return gettext("Wir klären, wer helfen kann")
    return gettext("Wir haben es weitergegeben") if routings else gettext("Wir kümmern uns selbst darum")


def _turn(reporter: Reporter, lead: Concern, routings: list[Routing], today: date) -> Turn:
    match lead.status:
        case ConcernStatus.CLOSED:
            return _at_the_end(lead)
        case ConcernStatus.FEEDBACK_DUE if reporter.feedback_state == FeedbackState.DONE:
            return Turn(gettext("Sie haben unsere Antwort. Wir schließen die Sache jetzt ab."))
        case ConcernStatus.FEEDBACK_DUE if reporter.feedback_state in WAIVED:
            text = gettext("Jetzt sind wir dran: Die Antwort ist da. Bald steht sie auf dieser Seite.")
            return Turn(text, until=_until(lead.due_on, today))
        case ConcernStatus.FEEDBACK_DUE:
            text = gettext("Jetzt sind wir dran: Die Antwort ist da. Wir geben sie an Sie weiter.")
            return Turn(text, until=_until(reporter.due_on or lead.due_on, today))
        case ConcernStatus.PARKED:
            text = gettext("Im Moment ruht die Sache. Am %(date)s nehmen wir sie wieder auf.")
            return Turn(text % {"date": day(lead.follow_up_on)})
        case ConcernStatus.OWN_WORK:
            text = gettext("Jetzt sind wir dran: Das Quartiersmanagement kümmert sich selbst darum.")
            return Turn(text, until=_until(lead.due_on, today))
        case ConcernStatus.FORWARDED:
            return _at_departments(lead, routings, today)
    text = gettext("Jetzt sind wir dran: Das Quartiersmanagement sieht sich Ihr Anliegen an.")
    return Turn(text, until=_until(lead.due_on, today))


def _team_looks(voice: Voice, today: date) -> Turn:
    """A no that nobody has looked at yet: then it is not true that nobody has to do anything."""
    text = gettext("Jetzt sind wir dran: Das Quartiersmanagement sieht sich Ihr Anliegen an.")
    return Turn(text, until=_until(voice.due_on, today))


def _at_departments(lead: Concern, routings: list[Routing], today: date) -> Turn:
    still_open = [routing for routing in routings if routing.is_open]
    working = [routing for routing in still_open if routing.status != RoutingStatus.QUERY]
    if not working:
        text = gettext("Jetzt sind wir dran: Wir klären eine Frage zu Ihrem Anliegen.")
        return Turn(text, until="")
    names = tuple(dict.fromkeys(routing.department.name for routing in working))
    text = gettext("Wir warten auf eine Antwort von:")
    return Turn(text, names, _until(max(routing.due_on for routing in working), today))


def _at_the_end(lead: Concern) -> Turn:
    if lead.promise == Concern.Promise.OPEN and lead.promised_on:
        text = gettext("Am %(date)s fragen wir nach, ob es gemacht wurde. Dann sagen wir Ihnen wieder Bescheid.")
        return Turn(text % {"date": day(lead.promised_on)})
    return Turn(gettext("Die Sache ist abgeschlossen. Im Moment muss niemand etwas tun."))


def _until(due_on: date | None, today: date) -> str:
    """Until when, and how many days that is; past dates say so."""
    if due_on is None:
        return ""
    left = (due_on - today).days
    if left < 0:
        text = gettext("Das sollte bis zum %(date)s geschehen. Es dauert leider länger. Wir bleiben dran.")
        return text % {"date": day(due_on)}
    if left == 0:
        return gettext("Bis heute, %(date)s.") % {"date": day(due_on)}
    text = ngettext(
        "Bis zum %(date)s. Das ist noch %(count)s Tag.", "Bis zum %(date)s. Das sind noch %(count)s Tage.", left
    )
    return text % {"date": day(due_on), "count": left}


# --- Words ------------------------------------------------------------------------------------------------------------


def _answer(reporter: Reporter, lead: Concern, feedbacks: list[Feedback], people: list[Reporter]) -> Words | None:
    """What this person was told last; else the answer that is meant for everybody.

    Words that name one of the people behind the concern are not shown: whoever finds the slip could read them.
    """
    told = [one for one in feedbacks if one.kind in ENDS_DUTY]
    own = _words(reporter, told[-1]) if told and reporter.feedback_state == FeedbackState.DONE else None
    for_all = Words(lead.answer_text) if lead.answer_text else None
    for words in (own, for_all):
        if words and _may_be_shown(words, people):
            return words
    return None


def _interim(reporter: Reporter, feedbacks: list[Feedback], people: list[Reporter]) -> list[Words]:
    """Interim messages since the last answer, newest first."""
    since = max((one.attempt for one in feedbacks if one.kind in ENDS_DUTY), default=0)
    notices = [one for one in feedbacks if one.kind == FeedbackKind.INTERIM and one.attempt > since]
    words = (_words(reporter, one) for one in reversed(notices))
    return [one for one in words if _may_be_shown(one, people)]


def _may_be_shown(words: Words, people: list[Reporter]) -> bool:
    return bool(words.text) and _names_nobody(f"{words.text}\n{words.second_text}", people)


def _names_nobody(text: str, people: list[Reporter]) -> bool:
    """Whether nobody's name, number or address is in a text. Names of groups are no secret."""
    private = [
        SimpleNamespace(name=one.name if one.kind in _PRIVATE else "", phone=one.phone, email=one.email)
        for one in people
    ]
    return not found_in(text, private)


def _words(reporter: Reporter, feedback: Feedback) -> Words:
    letter = getattr(feedback, "letter", None)
    text = letter.text if letter else feedback.text
    text = _without_greeting(text, reporter)
    language = Language.DE if letter else language_of(text, feedback.language)
    second = {"second_text": "", "second_language": ""}
    if letter and letter.second_text:
        second = {
            "second_text": _without_greeting(letter.second_text, reporter),
            "second_language": letter.second_language,
        }
    return Words(text, language, on=day(timezone.localdate(feedback.at)), **second)


def _without_greeting(text: str, reporter: Reporter) -> str:
    """The text without its first line when that greets the person by name and says nothing else."""
    first, _, rest = text.strip().partition("\n")
    short = len(first) <= _LONGEST_GREETING and not first.rstrip().endswith(_ENDS_A_SENTENCE)
    greets = first == greeting(reporter) or (short and found_in(first, [reporter]))
    return rest.strip() if greets and rest.strip() else text.strip()


def language_of(text: str, noted: str) -> str:
    """The language a text is written in: as it was noted, unless the text is plainly German.

    A call in Turkish is noted as Turkish, but what was said is often written down in German.
    """
    if noted == Language.DE:
        return noted
    script = _SCRIPTS.get(noted)
    if script:
        return noted if script.search(text) else Language.DE
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return Language.DE if len(words & _GERMAN) >= 3 else noted


def names(languages: Iterable[str] = LANGUAGES) -> list[tuple[str, str, str]]:
    """Code, own name and direction of the languages, for the switch."""
    return [(code, LANGUAGES[code], direction(code)) for code in languages]
