"""Theme reports in a department's inbox: list, one on one screen, steps, answer (K06–K08, K16)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from concerns.actions.drafts import discard_draft
from concerns.forms import department as forms
from concerns.models import Draft
from concerns.ticket import TONES, WORDS
from concerns.views.drafts import draft_of, draft_values, owner_mark, unstash
from concerns.views.inbox import keeps_typed
from concerns.views.steps import done, show_refusal, take_step
from concerns.workflow import OPEN_ROUTINGS, RoutingStatus
from districts.access import requires
from districts.models import User
from districts.roles import Perm
from projects.actions import theme_answers as actions
from projects.actions.base import Conflict, LoopError
from projects.actions.theme_reports import remark
from projects.models import ThemeRecipient
from projects.need_page import ESCALATIONS
from projects.theme_page import thread_of
from quartier.web.pages import conflict, redirect_to, render_page
from quartier.web.paging import keyset_page

TABS = {"offen": "Offene", "erledigt": "Beantwortet & zurückgegeben"}
FILE_NUMBER = "aktenzeichen"
RUNNING = frozenset({RoutingStatus.SENT, RoutingStatus.ACCEPTED})


@dataclass(frozen=True)
class Step:
    """Something a department does with a theme report besides answering it."""

    title: str
    form: type[forms.TicketForm]
    act: Callable
    message: str
    lead: str = ""
    button: str = "Senden"
    allowed: frozenset[str] = OPEN_ROUTINGS
    ends: bool = False


STEPS: dict[str, Step] = {
    "annehmen": Step(
        "Annehmen", forms.FileNumberForm, actions.accept, "Angenommen.",
        "Sie kümmern sich um die Antwort. Ein eigenes Aktenzeichen ist freiwillig.", "Annehmen",
        frozenset({RoutingStatus.SENT}),
    ),
    "zuweisen": Step("Zuweisen", forms.AssignForm, actions.assign, "Zugewiesen.", button="Zuweisen"),
    "rueckfrage": Step(
        "Rückfrage", forms.QueryForm, actions.ask,
        "Die Rückfrage ist beim Quartiersmanagement. Ihre Frist steht still, bis sie beantwortet ist.",
        "Ihre Frist steht still, bis das Quartiersmanagement geantwortet hat.", allowed=RUNNING,
    ),
    "zwischennachricht": Step(
        "Zwischennachricht", forms.InterimForm, actions.give_interim_notice,
        "Zwischennachricht gegeben. Der neue Termin gilt.", "Es dauert länger: Nennen Sie einen neuen Termin.",
    ),
    "mitteilung": Step(
        "Mitteilung", forms.RemarkForm, partial(remark, from_recipient=True), "Mitteilung geschrieben.",
        "Geht an das Quartiersmanagement. Die Frist läuft weiter.",
    ),
    FILE_NUMBER: Step(
        "Aktenzeichen", forms.FileNumberForm, actions.set_file_number, "Aktenzeichen gespeichert.", button="Speichern"
    ),
    "zurueckgeben": Step(
        "Nicht zuständig", forms.ReturnForm, actions.give_back,
        "Zurückgegeben. Das Quartiersmanagement sucht die richtige Stelle.",
        "Die Meldung geht an das Quartiersmanagement zurück.", "Zurückgeben", ends=True,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Entrance:
    """Somebody of the department at one theme report; speaks like the entrance to a routing's ticket."""

    recipient: ThemeRecipient
    user: User
    base: str = "base.html"

    @property
    def url(self) -> str:
        """Address of the page."""
        return self.recipient.get_absolute_url()

    @property
    def reply_url(self) -> str:
        """Address of the answer."""
        return reverse("projects:theme_ticket_reply", args=[self.recipient.pk])

    @property
    def draft_key(self) -> str:
        """Under which a half-typed answer is kept."""
        return f"theme:{self.recipient.pk}"

    @property
    def draft_owner(self) -> str:
        """Signed: whose answer this is, should the session end before it is sent."""
        return owner_mark(self.user, self.draft_key)

    @property
    def draft(self) -> Draft | None:
        """The half-typed answer of this person."""
        return draft_of(self.user, self.draft_key)

    def step_url(self, slug: str) -> str:
        """Address of one step."""
        return reverse("projects:theme_ticket_step", args=[self.recipient.pk, slug])

    def may(self, slug: str) -> bool:
        """Whether this step is for this person, whatever the status."""
        if slug != "zuweisen":
            return slug in STEPS
        mine = {None, self.user.pk, *self.user.rights.stands_in_for}
        leads = self.recipient.department_id in self.user.rights.lead_department_ids
        return self.recipient.assignee_id in mine or leads

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Title and address of what can be done now; the file number is changed where it stands."""
        return [
            (step.title, self.step_url(slug))
            for slug, step in STEPS.items()
            if self.recipient.status in step.allowed and self.may(slug) and slug != FILE_NUMBER
        ]

    @property
    def file_number_url(self) -> str:
        """Address of the step that changes the file number."""
        return self.step_url(FILE_NUMBER)


def rows_of(user: User, shown: str = "offen"):
    """Theme reports to the own departments with what a line shows."""
    found = ThemeRecipient.objects.visible_to(user)
    found = found.open() if shown == "offen" else found.exclude(status__in=OPEN_ROUTINGS)
    return found.select_related("report__district", "department", "assignee").defer(
        "report__content", "report__reason", "report__request", "report__district__boundary", "text", "remark"
    )


@requires(Perm.ANSWER_ROUTINGS)
@require_safe
def theme_tickets(request: HttpRequest) -> HttpResponse:
    """Theme reports to the own departments."""
    shown = request.GET.get("stand", "")
    shown = shown if shown in TABS else "offen"
    key, down = ("due_on", False) if shown == "offen" else ("finished_at", True)
    page = keyset_page(
        rows_of(request.user, shown), request.GET, key=key, descending=down, noun=("Meldung", "Meldungen")
    )
    context = {
        "title": "Themenmeldungen",
        "page": page,
        "lines": [(one, WORDS[one.status], TONES[one.status], ESCALATIONS.get(one.escalation, "")) for one in page],
        "tabs": list(TABS.items()),
        "shown": shown,
        "today": timezone.localdate(),
    }
    return render_page(request, "projects/theme_reports/tickets.html", context)


def entrance_of(request: HttpRequest, pk: int) -> Entrance:
    """A theme report to the own departments; 404 for everybody else."""
    people = ("report__district", "report__sent_by", "department", "assignee", "by", "return_suggestion")
    rows = ThemeRecipient.objects.visible_to(request.user).select_related(*people)
    return Entrance(get_object_or_404(rows, pk=pk), request.user)


def _page(entrance: Entrance, **more) -> dict:
    one = entrance.recipient
    return {
        "title": one.report.title,
        "entrance": entrance,
        "recipient": one,
        "report": one.report,
        "content": one.report.content,
        "routing": one,
        "words": WORDS[one.status],
        "tone": TONES[one.status],
        "thread": thread_of(one, own=True),
        **more,
    }


@requires(Perm.ANSWER_ROUTINGS)
@require_safe
def theme_ticket(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One theme report on one screen, with the form of the answer."""
    unstash(request)
    entrance = entrance_of(request, pk)
    draft = entrance.draft
    typed = draft_values(draft).dict() if draft else {}
    more = {"draft": draft, "draft_text": typed.get("text", "")}
    if entrance.recipient.is_open:
        more["form"] = _reply_form(entrance, initial=typed)
    return render_page(request, "projects/theme_reports/ticket.html", _page(entrance, **more))


def _reply_form(entrance: Entrance, **kwargs) -> forms.ReplyForm:
    form = forms.ReplyForm(routing=entrance.recipient, user=entrance.user, auto_id="reply_%s", **kwargs)
    form.fields["text"].label = "Ihre Antwort"
    return form


@requires(Perm.ANSWER_ROUTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def theme_ticket_step(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """Accept, assign, ask, interim notice, message, file number, not responsible."""
    entrance = entrance_of(request, pk)
    if not entrance.may(step):
        raise Http404
    kind, found = STEPS[step], entrance.recipient
    if request.method != "POST" and found.status not in kind.allowed:
        return redirect_to(request, entrance.url)
    form = kind.form(request.POST if request.method == "POST" else None, routing=found, user=entrance.user,
                     auto_id="step_%s")  # fmt: skip
    return take_step(
        request,
        form,
        act=partial(kind.act, recipient=found, by=entrance.user),
        template="projects/theme_reports/ticket_step.html",
        context={
            "title": kind.title,
            "step": kind,
            "action": entrance.step_url(step),
            "entrance": entrance,
            "report": found.report,
        },
        message=kind.message,
        to=reverse("projects:theme_tickets") if kind.ends else entrance.url,
        fragments={"step": "step"},
    )


@keeps_typed
@requires(Perm.ANSWER_ROUTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def theme_ticket_reply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The department's answer, or a text block put in."""
    entrance = entrance_of(request, pk)
    if request.method != "POST":
        return redirect_to(request, entrance.url)
    form = _reply_form(entrance, data=request.POST)
    if "insert" in request.POST:
        return _show_reply(request, entrance, form.with_block(request.POST.get("block", "")))
    if not form.is_valid():
        return _show_reply(request, entrance, form, status=422)
    try:
        stored = actions.reply(recipient=entrance.recipient, by=entrance.user, **form.cleaned_data)
    except Conflict as error:
        now = entrance_of(request, pk)
        context = _page(now, form=form, problem=str(error))
        return conflict(request, "projects/theme_reports/ticket_reply.html", context, fragments={"reply": "reply"})
    except LoopError as error:
        show_refusal(form, error)
        return _show_reply(request, entrance, form, status=422)
    discard_draft(user=entrance.user, form=entrance.draft_key)
    message = "Antwort gespeichert. Vielen Dank!"
    return done(request, stored, message=message, to=reverse("projects:theme_tickets"))


def _show_reply(request: HttpRequest, entrance: Entrance, form, status: int = 200) -> HttpResponseBase:
    context = _page(entrance, form=form) | {"title": "Antworten"}
    return render_page(
        request, "projects/theme_reports/ticket_reply.html", context, fragments={"reply": "reply"}, status=status
    )
