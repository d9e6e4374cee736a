"""Steps towards departments: forwarding, the thread, recalling, answers on paper (K05, K07, K19)."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from concerns.actions import department as department_actions
from concerns.actions import forwarding as actions
from concerns.forms.forwarding import ForwardForm, PaperReplyForm, QueryAnswerForm, RemarkForm
from concerns.models import Concern, LoopSettings, Routing
from concerns.responsibility import Suggestion, suggest
from concerns.workflow import RoutingStatus
from districts.access import requires
from districts.roles import Perm
from quartier.web.forms import QuartierForm
from quartier.workdays import add_workdays

from .desk import desk_step
from .fetch import concern_to_act_on, routing_of
from .offers import url_of
from .steps import sent

QUESTION = "Bitte teilen Sie uns mit, was möglich ist und bis wann."


@requires(Perm.TRIAGE)
def forward(request: HttpRequest, number: str) -> HttpResponseBase:
    """Send a concern to one or several departments."""
    concern = concern_to_act_on(request, number)
    suggestion = suggest(concern.topic, concern.district, concern.received_on)
    routings = list(concern.routings.select_related("department", "return_suggestion"))
    form = ForwardForm(
        sent(request),
        initial=_initial(concern, suggestion, routings),
        suggested=suggestion.department if suggestion else None,
        concern=concern,
    )
    lead = not any(one.is_lead and one.is_open for one in routings)
    return desk_step(
        request,
        concern,
        form,
        act=lambda **data: actions.forward(concern=concern, targets=form.targets(lead=lead), by=request.user),
        title="Weiterleiten" if lead else "Weitere Stelle beteiligen",
        submit="Weiterleiten",
        message=_sent,
        fields="concerns/fields/forward.html",
        suggestion=suggestion,
        returned=[one for one in routings if one.status == RoutingStatus.RETURNED],
        lead="" if lead else "Ein Fachbereich ist schon federführend; die neue Stelle wird beteiligt.",
    )


def _initial(concern: Concern, suggestion: Suggestion | None, routings: list[Routing]) -> dict:
    """What the form starts with: the rule's department and time, or what a department suggested when returning."""
    days = suggestion.working_days if suggestion else LoopSettings.load().reply_days
    initial = {"text": concern.text or concern.title, "question": QUESTION}
    initial["due_on"] = add_workdays(timezone.localdate(), days)
    if suggestion:
        # A department that has the concern already is not proposed a second time.
        busy = {one.department_id for one in routings if one.is_open}
        initial["department"] = suggestion.department if suggestion.department.pk not in busy else None
        co = suggestion.co_department
        initial["participants"] = [co] if co and co.pk not in busy else []
    back = next((one for one in routings if one.status == RoutingStatus.RETURNED and one.return_suggestion), None)
    if back and not back.return_handled:
        initial["department"] = back.return_suggestion
        initial["override_reason"] = f"{back.department.code} ist nicht zuständig und nennt diese Stelle."
    return initial


def _sent(routings: list[Routing]) -> str:
    return f"Weitergeleitet an {', '.join(one.department.code for one in routings)}."


@requires(Perm.TRIAGE)
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Recall a routing; the page names the consequence."""
    concern = concern_to_act_on(request, number)
    routing = routing_of(concern, pk)
    return desk_step(
        request,
        concern,
        QuartierForm(sent(request)),
        act=lambda: actions.withdraw(routing=routing, by=request.user),
        title=f"Von {routing.department.code} zurückrufen",
        submit="Zurückrufen",
        message=f"Die Weiterleitung an {routing.department.code} ist zurückgerufen.",
        target=f"step-{pk}",
        danger=True,
        lead=f"{routing.department} sieht das Anliegen danach nicht mehr als offen und kann nicht mehr antworten. "
        "Das lässt sich nicht rückgängig machen; eine neue Weiterleitung beginnt mit neuer Frist.",
    )


@requires(Perm.TRIAGE)
def answer_query(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Answer a department's question."""
    concern = concern_to_act_on(request, number)
    routing = routing_of(concern, pk)
    query = routing.messages.filter(kind="query").last()
    return desk_step(
        request,
        concern,
        QueryAnswerForm(sent(request)),
        act=lambda **data: actions.answer_query(routing=routing, by=request.user, **data),
        title=f"Rückfrage von {routing.department.code} beantworten",
        submit="Antworten",
        message=f"Die Rückfrage von {routing.department.code} ist beantwortet. Die Frist läuft weiter.",
        target=f"step-{pk}",
        to=f"{url_of(number)}#weiterleitung-{pk}",
        quote=query.text if query else "",
    )


@requires(Perm.TRIAGE)
def remark(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Write into the thread with a department."""
    concern = concern_to_act_on(request, number)
    routing = routing_of(concern, pk)
    return desk_step(
        request,
        concern,
        RemarkForm(sent(request)),
        act=lambda **data: actions.remark(routing=routing, by=request.user, **data),
        title=f"Mitteilung an {routing.department.code}",
        submit="Senden",
        message=f"Mitteilung an {routing.department.code} gespeichert.",
        target=f"step-{pk}",
        lead="Der Fachbereich liest die Mitteilung in seinem Eingang. Die Frist bleibt.",
    )


@requires(Perm.TRIAGE)
def paper_reply(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Enter an answer that came on paper or by telephone."""
    concern = concern_to_act_on(request, number)
    routing = routing_of(concern, pk)
    return desk_step(
        request,
        concern,
        PaperReplyForm(sent(request)),
        act=lambda **data: department_actions.reply(
            routing=routing, by=request.user, entered_for_department=True, **data
        ),
        title=f"Antwort von {routing.department.code} eintragen",
        submit="Antwort eintragen",
        message=f"Antwort von {routing.department.code} eingetragen.",
        target=f"step-{pk}",
        fields="concerns/fields/reply.html",
        lead="Für Antworten, die auf Papier oder am Telefon gekommen sind.",
    )
