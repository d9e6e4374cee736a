"""Concerns of the demo city that came from a session, and the way of their answers back (K14)."""

from datetime import date, timedelta

from concerns.actions import closing, department
from concerns.actions.forwarding import Target, forward
from concerns.actions.intake import ConcernData
from concerns.models import Concern, Topic
from districts.models import User
from projects.actions import agenda, follow_ups
from projects.models import AgendaItem, Body, Session
from quartier.workdays import add_workdays

TITLE = "Wege zum Haus der Begegnung bei Dunkelheit"
MINUTES = (
    "Mehrere Einrichtungen berichten, dass die Gruppen am Abend den Weg am Elsassplatz meiden: Die Sträucher sind "
    "zugewachsen, eine Bank ist zerbrochen. Das Quartiersmanagement gibt das an die Verwaltung weiter."
)
_ANSWERS = (
    "Die Sträucher sind zurückgeschnitten, die Bank ist ersetzt. Wir nehmen den Weg in die regelmäßige Pflege auf.",
    "Wir stellen im Frühjahr zwei weitere Papierkörbe auf. Bis dahin leeren wir die vorhandenen einmal mehr pro Woche.",
)
_TOPICS = ("gruenpflege", "abfallbehaelter")
_TITLES = (TITLE, "Überfüllte Papierkörbe auf dem Platz")
_TEXTS = (
    MINUTES,
    "Auf dem Platz vor dem Haus quellen die Papierkörbe nach jedem Wochenende über. Die Konferenz bittet darum, "
    "öfter zu leeren oder weitere aufzustellen.",
)


def item_of(session: Session, today: date, key: str, by: User) -> AgendaItem | None:
    """The item of the conference in Ost that becomes a concern: of the third last session, and of the last one."""
    if key != "ost" or (turn := _turn(session, today)) is None:
        return None
    return agenda.save_item(
        session=session, by=by, title=_TITLES[turn], kind="discussion", presenter="Haus der Begegnung", duration=15
    )


def text_of(item: AgendaItem) -> str:
    """What the minutes say about such an item."""
    return _TEXTS[_TITLES.index(item.title)]


def _turn(session: Session, today: date) -> int | None:
    past = list(session.body.sessions.filter(on__lt=today).order_by("-on").values_list("pk", flat=True)[:3])
    wanted = {2: 0, 0: 1}  # the answer to the first was told in the session after it
    return wanted.get(past.index(session.pk)) if session.pk in past else None


def play(stage, body: Body, session: Session, item: AgendaItem | None, by: User) -> None:
    """Make a concern of the item and let the department answer it before the next session."""
    close_what_was_told(stage, body, by)
    if item is None:
        return
    turn = _TITLES.index(item.title)
    data = ConcernData(
        title=item.title, text=_TEXTS[turn], topic=Topic.objects.get(code=_TOPICS[turn]),
        district=body.districts.get(), place="Elsassplatz", channel=Concern.Channel.BODY, occasion=str(session),
        received_on=session.on,
    )  # fmt: skip
    order = follow_ups.save_follow_up(
        body=body, by=by, at=stage.at(session.on, 18), item=item, task=f"An die Verwaltung geben: {item.title}",
        responsible="Quartiersmanagement", due_on=session.on + timedelta(days=7), owner=by,
    )  # fmt: skip
    first = add_workdays(session.on, 1)
    concern = follow_ups.raise_concern(by=by, data=data, follow_up=order, at=stage.at(first))
    target = Target(
        department=stage.departments["E 18"], text=_TEXTS[turn], due_on=add_workdays(first, 15), is_lead=True
    )
    routing = forward(concern=concern, targets=[target], by=by, at=stage.at(first, 11), announce=False)[0]
    follow_ups.settle(
        follow_up=order, status="done", result=f"Als {concern.number} an den Stadtbetrieb gegeben.", by=by, on=first,
        at=stage.at(first, 12),
    )  # fmt: skip
    answered = min(add_workdays(first, 9), stage.today - timedelta(days=1))
    department.reply(
        routing=routing, result="fulfilled" if turn == 0 else "planned", text=_ANSWERS[turn],
        date_=None if turn == 0 else stage.today + timedelta(days=120), by=stage.people["d.pelzer"],
        at=stage.at(answered),
    )  # fmt: skip


def close_what_was_told(stage, body: Body, by: User) -> None:
    """Nobody waits for the answer any more: the team closes the concern."""
    for raised in (
        body.raised.filter(feedback__isnull=False).exclude(concern__status="closed").select_related("concern")
    ):
        at = raised.feedback.at + timedelta(hours=1)
        closing.close(concern=raised.concern, outcome="fulfilled", answer_text=_ANSWERS[0], by=by, at=at)
