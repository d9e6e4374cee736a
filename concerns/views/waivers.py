"""When nobody can or need be told, when a mail came back, how somebody took it; notices for several people (K09)."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from concerns import worklist
from concerns.actions import feedback as actions
from concerns.actions.mail import note_return
from concerns.forms.feedback import CollectiveForm, ReactionForm, WaiverForm
from concerns.models import Feedback, OutgoingMail, Reporter
from districts.access import requires
from districts.roles import Perm

from .feedback import reporter_to_tell
from .steps import press, sent, take_step

MOST_AT_ONCE = 200


@requires(Perm.GIVE_FEEDBACK)
def waive(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Document why a person need not or cannot be told."""
    reporter = reporter_to_tell(request, pk)
    return take_step(
        request,
        WaiverForm(sent(request)),
        act=lambda **data: actions.waive(reporter=reporter, by=request.user, **data),
        template="concerns/feedback_step.html",
        context=_context(reporter, f"Rückmeldung an {reporter.label} entfällt", "Begründet entfallen lassen"),
        message="Die Rückmeldung ist begründet entfallen.",
        undo=lambda waived: reverse("concerns:unwaive", args=[waived.pk]),
        to=_list_of(reporter),
    )


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def unwaive(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a waiver back."""
    reporter = reporter_to_tell(request, pk)
    return press(
        request,
        act=lambda: actions.take_back_waiver(reporter=reporter, by=request.user),
        message="Die Rückmeldung ist wieder offen.",
        to=reverse("concerns:feedback", args=[pk]),
    )


@requires(Perm.GIVE_FEEDBACK)
def collective(request: HttpRequest) -> HttpResponseBase:
    """One notice for several people: the same words, one record per person (N4)."""
    asked = [pk for pk in request.GET.getlist("person")[:MOST_AT_ONCE] if pk.isdecimal() and len(pk) < 19]
    waiting = worklist.reporters_to_tell(request.user).filter(due=Reporter.Due.FINAL, pk__in=asked)
    reporters = list(waiting.select_related("concern__lead").defer("concern__search"))
    return take_step(
        request,
        CollectiveForm(sent(request), initial={"text": _answers_for(reporters)}),
        act=lambda **data: actions.record_collective(reporters=reporters, by=request.user, **data),
        template="concerns/collective.html",
        context={"title": "Aushang für mehrere", "reporters": reporters, "asked": len(asked)},
        message=lambda told: f"Der Aushang ist für {len(told)} Personen festgehalten.",
        to=f"{reverse('concerns:worklist')}?weg=notice",
    )


def _answers_for(reporters: list[Reporter]) -> str:
    """The answer, or with several topics each below its title: everybody's own has to be among the words."""
    leads = {lead.pk: lead for lead in (worklist.lead_of(one.concern) for one in reporters)}
    replies = worklist.answers_by_lead(leads)
    answers = {pk: replies[pk][0].text if pk in replies else lead.answer_text for pk, lead in leads.items()}
    if len(leads) == 1:
        return "".join(answers.values())
    return "\n\n".join(f"{leads[pk].title}:\n{text}" for pk, text in answers.items() if text)


@requires(Perm.GIVE_FEEDBACK)
def reaction(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Note how somebody took an answer, also later."""
    feedback = _feedback(request, pk)
    reporter = feedback.reporter
    return take_step(
        request,
        ReactionForm(sent(request), initial={"reaction": feedback.reaction, "note": feedback.note}),
        act=lambda **data: actions.note_reaction(feedback=feedback, by=request.user, **data),
        template="concerns/feedback_step.html",
        context=_context(reporter, f"Reaktion von {reporter.label}", "Festhalten"),
        message="Die Reaktion ist festgehalten.",
        to=reverse("concerns:feedback", args=[reporter.pk]),
    )


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def mail_returned(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A mail came back to somebody's own mailbox: the person has not heard it."""
    feedback = _feedback(request, pk)
    mail = get_object_or_404(OutgoingMail, feedback=feedback)
    return press(
        request,
        act=lambda: note_return(mail=mail),
        message="Die Person steht wieder auf der Arbeitsliste.",
        to=reverse("concerns:feedback", args=[feedback.reporter_id]),
    )


def _feedback(request: HttpRequest, pk: int) -> Feedback:
    seen = Feedback.objects.filter(reporter__in=worklist.reporters_to_tell(request.user)).exclude(text="")
    return get_object_or_404(seen.select_related("reporter__concern__lead"), pk=pk)


def _list_of(reporter: Reporter) -> str:
    return f"{reverse('concerns:worklist')}?weg={reporter.channel}"


def _context(reporter: Reporter, title: str, submit: str) -> dict:
    back = reverse("concerns:feedback", args=[reporter.pk])
    return {"title": title, "reporter": reporter, "concern": reporter.concern, "submit": submit, "back": back}
