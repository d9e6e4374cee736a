"""The end of the loop: closing, reopening, promises (K10)."""

from django.http import HttpRequest, HttpResponseBase

from concerns.actions import closing as actions
from concerns.forms.closing import CloseForm, PromiseForm, ReopenForm
from concerns.models import Concern, Reply
from concerns.workflow import OUTCOME_OF_REPLY
from districts.access import requires
from districts.roles import Perm

from .desk import desk_step
from .fetch import concern_to_act_on
from .steps import sent


@requires(Perm.TRIAGE)
def close(request: HttpRequest, number: str) -> HttpResponseBase:
    """Close a concern; the page says what is missing until nothing is."""
    concern = concern_to_act_on(request, number)
    return desk_step(
        request,
        concern,
        CloseForm(sent(request), initial=_from_answer(concern)),
        act=lambda **data: actions.close(concern=concern, by=request.user, **data),
        title="Abschließen",
        submit="Abschließen",
        message=f"{number} ist abgeschlossen.",
        fields="concerns/fields/outcome.html",
        missing=actions.missing_for_closing(concern),
    )


def _from_answer(concern: Concern) -> dict:
    """Outcome and words as recorded, else as the leading department answered in this round."""
    if concern.outcome:
        fields = ("outcome", "reason_category", "promised_on", "answer_text")
        return {name: getattr(concern, name) for name in fields}
    found = Reply.objects.filter(routing__concern=concern, routing__round=concern.reopened_count)
    reply = found.order_by("-routing__is_lead", "-at").first()
    if reply is None:
        return {}
    return {
        "outcome": OUTCOME_OF_REPLY[reply.result],
        "reason_category": reply.reason_category,
        "promised_on": reply.date,
        "answer_text": reply.text,
    }


@requires(Perm.TRIAGE)
def reopen(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take a closed concern up again."""
    concern = concern_to_act_on(request, number)
    return desk_step(
        request,
        concern,
        ReopenForm(sent(request), initial={"reason": request.GET.get("grund", "")}),
        act=lambda **data: actions.reopen(concern=concern, by=request.user, **data),
        title="Wieder öffnen",
        submit="Wieder öffnen",
        message=f"{number} ist wieder offen und neu zu sichten.",
        lead="Wer schon eine Rückmeldung bekommen hat, bekommt zur neuen Antwort noch eine.",
    )


@requires(Perm.TRIAGE)
def settle_promise(request: HttpRequest, number: str) -> HttpResponseBase:
    """The promised day has come: was it done?"""
    concern = concern_to_act_on(request, number)
    return desk_step(
        request,
        concern,
        PromiseForm(sent(request)),
        act=lambda **data: actions.settle_promise(concern=concern, by=request.user, **data),
        title="Zusage prüfen",
        submit="Speichern",
        message=_settled,
        fields="concerns/fields/promise.html",
        quote=concern.answer_text,
        lead="Eingehalten: Alle bekommen eine zweite Rückmeldung. Nicht eingehalten: Das Anliegen ist wieder offen.",
    )


def _settled(concern: Concern) -> str:
    if concern.promise == Concern.Promise.KEPT:
        return f"{concern.number}: Zusage eingehalten. Jetzt ist die zweite Rückmeldung offen."
    return f"{concern.number}: Zusage nicht eingehalten. Das Anliegen ist wieder offen."
