"""The timeline of a concern: its events as German sentences (K12). Events hold codes; names are looked up here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from concerns.actions.closing import ReopenReason
from concerns.events import EVENTS
from concerns.models import Concern, ConcernEvent, Feedback, Referral, Reporter, Voice
from concerns.workflow import ConcernStatus, FeedbackKind, FeedbackResult, Outcome, ReplyResult, WaiverReason

# What only the team may know of: that somebody wrote a note, asked for or lost their personal data, or says something
# about an answer (I11, Q02).
TEAM_ONLY = frozenset(
    {
        *("note_added", "reporter_erased", "reporter_exported", "status_code", "voice", "voice_settled"),
        *("referred", "referral_withdrawn", "referral_asked", "referral_answered"),
    }
)
SHOWN_AT_ONCE = 40
WARNING = frozenset({"routing_query", "routing_returned", "routing_escalated", "promise_due", "reopened"})
DANGER = frozenset({"feedback_bounced", "feedback_failed", "routing_mail_failed"})
GOOD = frozenset({"routing_answered", "answer_recorded", "closed"})
ESCALATIONS = {
    "1": "Erinnerung an den Fachbereich",
    "2": "Leitung des Fachbereichs benachrichtigt",
    "3": "Sozialplanung benachrichtigt",
}
REOPENED = {**dict(ReopenReason.choices), "bounced": "E-Mail mit der Rückmeldung kam nicht an"}
FIELDS = {one.name: one.verbose_name for one in Concern._meta.concrete_fields}


@dataclass(frozen=True)
class Names:
    """Names for the ids that events hold; somebody who is missing stays unnamed."""

    people: dict[int, str] = field(default_factory=dict)
    reporters: dict[int, str] = field(default_factory=dict)
    departments: dict[int, str] = field(default_factory=dict)  # code by routing

    def person(self, pk: str) -> str:
        """Somebody of the staff by the id an event holds."""
        return self.people.get(int(pk), "eine frühere Kollegin oder ein früherer Kollege") if pk.isdigit() else ""

    def reporter(self, event: ConcernEvent) -> str:
        """The reporter of an event, named only where the reader may see the name."""
        return self.reporters.get(event.reporter_id, "")

    def department(self, event: ConcernEvent) -> str:
        """Code of the department an event's routing went to."""
        return self.departments.get(event.routing_id, "Fachbereich")


@dataclass
class Entry:
    """One line of the timeline, as the component draws it."""

    at: datetime
    title: str
    by: str
    tone: str
    text: str = ""
    note: str = ""


def person_ids(events: Iterable[ConcernEvent]) -> set[int]:
    """Ids of staff that stand inside events, to be looked up in one query."""
    inside = (pk for event in events if event.kind in {"owner", "routing_assigned"} for pk in (event.old, event.new))
    return {int(pk) for pk in inside if pk.isdigit()}


def timeline(events: Iterable[ConcernEvent], names: Names) -> list[Entry]:
    """Entries newest first. A change of status that came with another event of the same step is told there."""
    entries: list[Entry] = []
    for _, step in groupby(events, key=lambda event: (event.at, event.by_id)):
        step = list(step)
        told = [_entry(event, names) for event in step if event.kind != "status"]
        for event in step:
            if event.kind != "status":
                continue
            if told:
                told[0].text = f"{told[0].text}\n{_status(event, names)}".strip()
            else:
                told.append(_entry(event, names))
        entries += told
    return sorted(entries, key=lambda one: one.at)[::-1]


def _entry(event: ConcernEvent, names: Names) -> Entry:
    kind = EVENTS[event.kind]
    tell = SENTENCES.get(event.kind)
    title, text = tell(event, names) if tell else (kind.label, "")
    tones = ((DANGER, "danger"), (WARNING, "warning"), (GOOD, "success"))
    tone = next((tone for kinds, tone in tones if event.kind in kinds), "neutral")
    note = "nur Team" if event.kind in TEAM_ONLY else ""
    return Entry(at=event.at, title=title, by=_by(event), tone=tone, text=text, note=note)


def _by(event: ConcernEvent) -> str:
    if event.by_id:
        return str(event.by)
    if event.kind == "voice":
        return "über die Statusseite"
    return "über den Antwortlink" if event.routing_id and event.kind != "routing_escalated" else "automatisch"


def _label(choices, code: str) -> str:
    return dict(choices.choices).get(code, code)


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}" if text else ""


def _status(event: ConcernEvent, names: Names) -> str:
    return f"{_label(ConcernStatus, event.old)} → {_label(ConcernStatus, event.new)}"


def _created(event, names):
    channel = _label(Concern.Channel, event.data.get("channel", ""))
    return EVENTS[event.kind].label, channel and f"Eingang: {channel}"


def _edited(event, names):
    fields = ", ".join(FIELDS.get(name, name) for name in event.data.get("fields", []))
    who = names.reporter(event)
    return ("Angaben zur Person geändert", who) if event.reporter_id else ("Angaben geändert", fields)


def _owner(event, names):
    old, new = names.person(event.old), names.person(event.new)
    return "Zuständige Person geändert", f"{old} → {new}" if old else new


def _follow_up(event, names):
    return (f"Wiedervorlage für den {_day(event.new)} gesetzt", "") if event.new else ("Wiedervorlage gelöscht", "")


def _sent(event, names):
    part = "federführend" if event.data.get("lead") else "beteiligt"
    return f"An {event.new} weitergeleitet ({part})", ""


def _override(event, names):
    return "Vom Zuständigkeitsvorschlag abgewichen", f"{event.old} → {event.new}"


def _answered(event, names):
    return f"{event.old} hat geantwortet: {_label(ReplyResult, event.new)}", ""


def _returned(event, names):
    return f"{event.old} gibt zurück: nicht zuständig", f"Vorschlag: {event.new}" if event.new else ""


def _query_answered(event, names):
    days = event.data.get("paused_days", 0)
    pause = f"Die Frist verlängert sich um {days} {'Arbeitstag' if days == 1 else 'Arbeitstage'}." if days else ""
    return f"Rückfrage von {names.department(event)} beantwortet", pause


def _withdrawn(event, names):
    why = "wegen der Bündelung" if event.new == "bundled" else ""
    return f"Weiterleitung an {names.department(event)} zurückgerufen", why


def _feedback(event, names):
    title = f"{_label(FeedbackKind, event.old)}: {_label(FeedbackResult, event.new)}"
    if event.data.get("reaction"):
        title = f"Reaktion auf die Rückmeldung: {_label(Feedback.Reaction, event.data['reaction'])}"
    parts = [names.reporter(event), _label(Reporter.Channel, event.data.get("channel", ""))]
    if attempt := event.data.get("attempt"):
        parts.append(f"{attempt}. Versuch")
    return title, " · ".join(part for part in parts if part)


def _waived(event, names):
    if event.old == "taken_back":
        return "Verzicht auf Rückmeldung zurückgenommen", names.reporter(event)
    parts = [_label(WaiverReason, event.new), names.reporter(event)]
    return "Rückmeldung begründet entfallen", " · ".join(part for part in parts if part)


def _bundled(event, names):
    if event.old in ConcernStatus.values:
        return f"Unter {event.new} gebündelt", ""
    return f"{event.old} hier gebündelt", ""


def _unbundled(event, names):
    return (f"Aus dem Bündel {event.old} gelöst", "") if event.new else (f"{event.old} aus dem Bündel gelöst", "")


def _voice(event, names):
    said = "hat geholfen" if event.new == "helped" else "hat nicht geholfen"
    return f"Stimme von außen: {said}", names.reporter(event)


def _voice_settled(event, names):
    if event.new:
        return f"Stimme von außen: {_label(Voice.Settled, event.new)}", names.reporter(event)
    return "Stimme von außen wieder offen", names.reporter(event)


def _referred(event, names):
    where = {"offer": "ein Angebot", "person": "eine Ansprechperson"}.get(event.new, "einen Akteur")
    return f"Vermittelt an {where}", names.reporter(event)


def _person(sentence: str) -> Callable:
    return lambda event, names: (sentence, names.reporter(event))


def _routing(sentence: str) -> Callable:
    """A sentence with the department's code in it."""
    return lambda event, names: (sentence.format(names.department(event)), "")


def _outcome(sentence: str) -> Callable:
    return lambda event, names: (f"{sentence}: {_label(Outcome, event.new)}", "")


SENTENCES: dict[str, Callable[[ConcernEvent, Names], tuple[str, str]]] = {
    "created": _created,
    "imported": _created,
    "edited": _edited,
    "status": lambda event, names: ("Stand geändert", _status(event, names)),
    "owner": _owner,
    "follow_up": _follow_up,
    "reporter_added": _person("Weitere Person hat dasselbe gemeldet"),
    "routing_sent": _sent,
    "routing_override": _override,
    "routing_accepted": _routing("{} hat angenommen"),
    "routing_assigned": lambda event, names: (f"{names.department(event)}: zugewiesen", names.person(event.new)),
    "routing_query": _routing("Rückfrage von {}"),
    "routing_query_answered": _query_answered,
    "routing_interim": lambda event, names: (
        f"Zwischennachricht von {names.department(event)}: Antwort bis {_day(event.new)}",
        "",
    ),
    "routing_remark": _routing("Mitteilung im Verlauf mit {}"),
    "routing_answered": _answered,
    "routing_returned": _returned,
    "routing_withdrawn": _withdrawn,
    "routing_link": _routing("Neuer Antwortlink an {}"),
    "routing_mail_failed": _routing("E-Mail an {} kam nicht an"),
    "routing_escalated": lambda event, names: (
        f"Frist überschritten bei {names.department(event)}",
        ESCALATIONS.get(event.new, ""),
    ),
    "feedback": _feedback,
    "feedback_waived": _waived,
    "feedback_bounced": _person("E-Mail kam unzustellbar zurück"),
    "feedback_failed": _person("E-Mail ließ sich nicht zustellen"),
    "answer_recorded": _outcome("Ergebnis festgehalten"),
    "closed": _outcome("Abgeschlossen"),
    "reopened": lambda event, names: ("Wieder geöffnet", REOPENED.get(event.new, event.new)),
    "promise_settled": lambda event, names: (f"Zusage {_label(Concern.Promise, event.new)}", ""),
    "bundled": _bundled,
    "unbundled": _unbundled,
    "status_code": _person("Statuscode ausgegeben"),
    "voice": _voice,
    "voice_settled": _voice_settled,
    "referred": _referred,
    "referral_withdrawn": _person("Vermittlung zurückgenommen"),
    "referral_asked": lambda event, names: (f"Nachgefragt, noch einmal am {_day(event.new)}", names.reporter(event)),
    "referral_answered": lambda event, names: (
        f"Vermittlung: {_label(Referral.Result, event.new)}",
        names.reporter(event),
    ),
    "reporter_erased": _person("Personendaten gelöscht"),
    "reporter_exported": _person("Auskunft über Personendaten erstellt"),
}
