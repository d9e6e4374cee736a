"""How a routing is answered, whoever opens it: people of the department, or a body behind its link (K06–K08, K19)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from concerns.actions import department as actions
from concerns.actions.base import Conflict, LoopError
from concerns.actions.drafts import discard_draft
from concerns.actions.forwarding import remark
from concerns.forms import department as forms
from concerns.models import Draft, Reply, Routing
from concerns.ticket import Ticket, released_contacts, ticket_of
from concerns.views.drafts import draft_of, draft_values, owner_mark, unstash
from concerns.views.steps import done, show_refusal, take_step
from concerns.workflow import RoutingStatus
from districts.models import User
from districts.roles import Perm
from quartier.web.pages import conflict, redirect_to, render_page


@dataclass(frozen=True)
class Step:
    """Something a department does with a routing besides answering it."""

    title: str
    form: type[forms.TicketForm]
    act: Callable
    message: str
    lead: str = ""
    button: str = "Senden"
    allowed: frozenset[str] = frozenset({RoutingStatus.SENT, RoutingStatus.ACCEPTED, RoutingStatus.QUERY})
    ends: bool = False


FILE_NUMBER = "aktenzeichen"
RUNNING = frozenset({RoutingStatus.SENT, RoutingStatus.ACCEPTED})
STEPS: dict[str, Step] = {
    "annehmen": Step(
        "Annehmen",
        forms.FileNumberForm,
        actions.accept,
        "Angenommen.",
        "Sie sind zuständig und kümmern sich. Ein eigenes Aktenzeichen ist freiwillig.",
        "Annehmen",
        allowed=frozenset({RoutingStatus.SENT}),
    ),
    "zuweisen": Step("Zuweisen", forms.AssignForm, actions.assign, "Zugewiesen.", button="Zuweisen"),
    "rueckfrage": Step(
        "Rückfrage",
        forms.QueryForm,
        actions.ask,
        "Die Rückfrage ist beim Quartiersmanagement. Ihre Frist steht still, bis sie beantwortet ist.",
        "Ihre Frist steht still, bis das Quartiersmanagement geantwortet hat.",
        allowed=RUNNING,
    ),
    "zwischennachricht": Step(
        "Zwischennachricht",
        forms.InterimForm,
        actions.give_interim_notice,
        "Zwischennachricht gegeben. Der neue Termin gilt.",
        "Es dauert länger: Nennen Sie einen neuen Termin.",
    ),
    "mitteilung": Step(
        "Mitteilung",
        forms.RemarkForm,
        remark,
        "Mitteilung geschrieben.",
        "Geht an das Quartiersmanagement. Die Frist läuft weiter.",
    ),
    FILE_NUMBER: Step(
        "Aktenzeichen",
        forms.FileNumberForm,
        actions.set_file_number,
        "Aktenzeichen gespeichert.",
        button="Speichern",
    ),
    "zurueckgeben": Step(
        "Nicht zuständig",
        forms.ReturnForm,
        actions.give_back,
        "Zurückgegeben. Das Quartiersmanagement sucht die richtige Stelle.",
        "Das Anliegen geht an das Quartiersmanagement zurück.",
        "Zurückgeben",
        ends=True,
    ),
}


@dataclass(frozen=True)
class Entrance:
    """The way by which somebody has come to a routing: signed in (`user`), or through a link (`token`)."""

    routing: Routing
    user: User | None = None
    token: str = ""

    @property
    def base(self) -> str:
        """The frame around the page."""
        return "base_public.html" if self.token else "base.html"

    @property
    def url(self) -> str:
        """Address of the ticket."""
        return reverse("concerns:external", args=[self.token]) if self.token else self._url("concerns:ticket")

    @property
    def end_url(self) -> str:
        """Where one goes when the routing is finished."""
        return self.url if self.token else reverse("concerns:inbox")

    @property
    def reply_url(self) -> str:
        """Address of the answer."""
        if self.token:
            return reverse("concerns:external_reply", args=[self.token])
        return self._url("concerns:ticket_reply")

    @property
    def draft_key(self) -> str:
        """Under which a half-typed answer is kept; empty behind a link, where nobody is known."""
        return f"reply:{self.routing.pk}" if self.user else ""

    @property
    def draft_owner(self) -> str:
        """Signed: whose answer this is, should the session end before it is sent."""
        return owner_mark(self.user, self.draft_key) if self.user else ""

    @property
    def draft(self) -> Draft | None:
        """The half-typed answer of this person."""
        return draft_of(self.user, self.draft_key) if self.user else None

    def _url(self, name: str, *args) -> str:
        return reverse(name, args=[self.routing.pk, *args])

    def step_url(self, slug: str) -> str:
        """Address of one step."""
        if self.token:
            return reverse("concerns:external_step", args=[self.token, slug])
        return self._url("concerns:ticket_step", slug)

    def photo(self, pk: int) -> dict:
        """Addresses of a photo in both sizes."""
        link = reverse("concerns:external_photo", args=[self.token, pk]) if self.token else ""
        full = link or reverse("concerns:photo", args=[pk])
        return {"full": full, "small": f"{full}?klein"}

    def may(self, slug: str) -> bool:
        """Whether this step is for whoever came this way, whatever the routing's status."""
        if slug != "zuweisen":
            return slug in STEPS
        if self.user is None:
            return False
        leads = self.user.rights.can(Perm.LEAD_DEPARTMENT)
        mine = {None, self.user.pk, *self.user.rights.stands_in_for}
        return self.routing.assignee_id in mine or (
            leads and self.routing.department_id in self.user.rights.lead_department_ids
        )

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Title and address of what can be done now; the file number is changed where it stands."""
        status = self.routing.status
        return [
            (step.title, self.step_url(slug))
            for slug, step in STEPS.items()
            if status in step.allowed and self.may(slug) and slug != FILE_NUMBER
        ]

    @property
    def file_number_url(self) -> str:
        """Address of the step that changes the file number."""
        return self.step_url(FILE_NUMBER)


def show_ticket(request: HttpRequest, entrance: Entrance, template: str) -> HttpResponseBase:
    """The ticket with the form of the answer, filled with what was typed last time."""
    if entrance.user:
        unstash(request)
    routing, draft = entrance.routing, entrance.draft
    ticket = ticket_of(routing, user=entrance.user)
    typed = draft_values(draft).dict() if draft else {}
    contacts = released_contacts(routing, user=entrance.user, today=timezone.localdate())
    context = page_context(entrance, ticket) | {
        "draft": draft,
        "draft_text": typed.get("text", ""),
        "contacts": contacts,
        "photos": [entrance.photo(photo.pk) for photo in ticket.photos],
        "tiles_url": settings.MAP_TILES_URL,
    }
    if routing.is_open:
        context["form"] = reply_form(entrance, initial=typed)
    return render_page(request, template, context)


def page_context(entrance: Entrance, ticket: Ticket) -> dict:
    """What every page of a ticket needs."""
    return {
        "title": ticket.title,
        "entrance": entrance,
        "ticket": ticket,
        "routing": entrance.routing,
        "reply": Reply.objects.filter(routing=entrance.routing).select_related("by").first(),
    }


def reply_form(entrance: Entrance, **kwargs) -> forms.ReplyForm:
    """The form of the answer; its ids differ from those of a step's form on the same page."""
    return forms.ReplyForm(routing=entrance.routing, user=entrance.user, auto_id="reply_%s", **kwargs)


def take(request: HttpRequest, entrance: Entrance, slug: str) -> HttpResponseBase:
    """Show the form of a step, or take it."""
    if not entrance.may(slug):
        raise Http404
    step = STEPS[slug]
    if request.method != "POST" and entrance.routing.status not in step.allowed:
        return redirect_to(request, entrance.url)
    data = request.POST if request.method == "POST" else None
    form = step.form(data, routing=entrance.routing, user=entrance.user, auto_id="step_%s")
    context = {"title": step.title, "step": step, "action": entrance.step_url(slug), "entrance": entrance}
    return take_step(
        request,
        form,
        act=partial(step.act, routing=entrance.routing, by=entrance.user),
        template="concerns/ticket/step.html",
        context={**context, "number": entrance.routing.concern.number},
        message=step.message,
        to=entrance.end_url if step.ends else entrance.url,
        fragments={"step": "step"},
    )


def answer(request: HttpRequest, entrance: Entrance) -> HttpResponseBase:
    """Show the form of the answer, put a text block in, or answer."""
    if request.method != "POST":
        return redirect_to(request, entrance.url)
    form = reply_form(entrance, data=request.POST)
    if "insert" in request.POST:
        form = form.with_block(request.POST.get("block", ""))
        return _reply_page(request, entrance, form)
    if not form.is_valid():
        return _reply_page(request, entrance, form, status=422)
    try:
        stored = actions.reply(routing=entrance.routing, by=entrance.user, **form.cleaned_data)
    except Conflict as error:
        return _too_late(request, entrance, form, str(error))
    except LoopError as error:
        show_refusal(form, error)
        return _reply_page(request, entrance, form, status=422)
    if entrance.user:
        discard_draft(user=entrance.user, form=entrance.draft_key)
    return done(request, stored, message="Antwort gespeichert. Vielen Dank!", to=entrance.end_url)


def _reply_page(request, entrance, form, status=200) -> HttpResponseBase:
    context = {"title": "Antworten", "entrance": entrance, "routing": entrance.routing, "form": form}
    context["number"] = entrance.routing.concern.number
    return render_page(request, "concerns/ticket/reply.html", context, fragments={"reply": "reply"}, status=status)


def _too_late(request, entrance, form, problem: str) -> HttpResponseBase:
    """Somebody else has finished the routing: show what they wrote beside what was typed here."""
    now = Routing.objects.select_related("concern__district", "concern__topic", "department").get(
        pk=entrance.routing.pk
    )
    entrance = Entrance(now, entrance.user, entrance.token)
    context = page_context(entrance, ticket_of(now, user=entrance.user)) | {"form": form, "problem": problem}
    context |= {"title": "Inzwischen beendet", "number": now.concern.number}
    return conflict(request, "concerns/ticket/reply.html", context, fragments={"reply": "reply"})
