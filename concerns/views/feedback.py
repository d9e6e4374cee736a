"""The feedback worklist and telling one person (K09)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns import basket, worklist
from concerns.actions import feedback as actions
from concerns.actions.access import note_reporter_access
from concerns.actions.base import LoopError
from concerns.actions.closing import missing_for_closing
from concerns.actions.drafts import discard_draft
from concerns.actions.letters import Draft, make_batch
from concerns.forms.feedback import FeedbackForm
from concerns.letters import letter_to, with_open_letter
from concerns.models import LetterBatch, Reporter
from concerns.plain import check
from concerns.wording import compose_mail, letter_draft
from concerns.workflow import FeedbackResult
from districts.access import requires
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import keyset_page

from .basket import chosen_scope
from .drafts import draft_of, draft_values
from .steps import sent, show_refusal

PAGE = "concerns/feedback.html"
LABELS = {Reporter.Due.FINAL: "Rückmeldung", Reporter.Due.INTERIM: "Zwischennachricht"}


@requires(Perm.GIVE_FEEDBACK)
def work(request: HttpRequest) -> HttpResponse:
    """Who waits for a word, by the way they want to hear it."""
    scopes = basket.scopes_of(request.user)
    scope = chosen_scope(request, scopes)
    waiting = worklist.waiting_in(scope, request.user)
    tabs = worklist.tabs(waiting)
    asked = request.GET.get("weg")
    first = next((tab.channel for tab in tabs if tab.count), Reporter.Channel.PHONE)
    channel = asked if asked in worklist.LABELS else first
    rows = with_open_letter(worklist.rows(waiting, channel))
    page = keyset_page(rows, request.GET, key="due_since", descending=False)
    note_reporter_access(concern_ids=[one.concern_id for one in page], by=request.user, on=timezone.localdate())
    closable = basket.BY_KEY["abschliessen"]
    to_close = basket.count(closable, basket.concerns_in(scope, request.user), timezone.localdate())
    context = {
        "title": "Rückmeldung offen",
        "tabs": tabs,
        "channel": channel,
        "page": page,
        "scope": scope,
        "scopes": [(key, label, f"{request.path}?fuer={key}&weg={channel}") for key, label in scopes.items()],
        "to_close": to_close,
        "close_url": f"{reverse('concerns:basket')}?fuer={scope}&liste=abschliessen",
    }
    return render_page(request, "concerns/worklist.html", context)


def reporter_to_tell(request: HttpRequest, pk: int) -> Reporter:
    """A reporter this person may give feedback to, with concern and history; 404 for everybody else. Noted (Q02)."""
    reporter = get_object_or_404(worklist.with_history(worklist.reporters_to_tell(request.user)), pk=pk)
    note_reporter_access(concern_ids=[reporter.concern_id], by=request.user, on=timezone.localdate())
    return reporter


@requires(Perm.GIVE_FEEDBACK)
def feedback(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tell one person: words, way, result. An e-mail is shown exactly as it will be sent before it is."""
    reporter = reporter_to_tell(request, pk)
    replies = worklist.words_of_departments(reporter.concern)
    interim = worklist.newest_interim(reporter.concern) if reporter.due == Reporter.Due.INTERIM else None
    draft = draft_of(request.user, f"feedback:{pk}") if reporter.due else None
    typed = _typed(request) or (draft_values(draft) if draft else None)
    news = worklist.theme_news([reporter.concern])[reporter.concern_id]
    form = FeedbackForm(typed, reporter=reporter, initial=_initial(reporter, replies, interim, news))
    if request.POST.get("insert"):
        form = _with_block(form, request)
    context = _context(reporter, form) | {"replies": replies, "interim": interim, "draft": draft, "news": news}
    context["letter"] = letter_to(reporter)
    if request.method != "POST" or request.POST.keys() & {"insert", "back"}:
        return render_page(request, PAGE, context)
    return _try_to_tell(request, reporter, form, context)


def _try_to_tell(request: HttpRequest, reporter: Reporter, form: FeedbackForm, context: dict) -> HttpResponseBase:
    if not form.is_valid():
        return render_page(request, PAGE, context, status=422)
    if form.is_mail and not request.POST.get("send"):
        return render_page(request, "concerns/feedback_mail.html", context)
    try:
        batch = _make_letter(reporter, form, request) if request.POST.get("letter") else None
        if batch is None:
            _tell(reporter, form, request)
    except LoopError as error:
        show_refusal(form, error)
        return render_page(request, PAGE, context, status=409)
    discard_draft(user=request.user, form=f"feedback:{reporter.pk}")
    return redirect_to(request, batch.get_absolute_url()) if batch else _next(request, reporter)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; a letter that is only being prepared has its way and no result that somebody could choose."""
    data = sent(request)
    if data is not None and "letter" in data:
        data = data.copy()
        data["channel"], data["result"] = Reporter.Channel.LETTER, FeedbackResult.SENT
    return data


def _make_letter(reporter: Reporter, form: FeedbackForm, request: HttpRequest) -> LetterBatch:
    """A batch with just this letter: it is recorded as feedback when it is in the post."""
    batch = make_batch(drafts=[Draft(reporter, letter_draft(form.cleaned_data["text"]))], by=request.user)
    notify(request, "Der Brief liegt bereit: ansehen, drucken und danach als versandt festhalten.")
    return batch


def _initial(reporter: Reporter, replies, interim, news) -> dict:
    text = worklist.first_words(reporter, replies, interim, news)
    return {"text": text, "channel": reporter.channel, "language": reporter.language}


def _with_block(form: FeedbackForm, request: HttpRequest) -> FeedbackForm:
    """The form as typed, with the chosen text block at the end of the words; nothing is checked yet."""
    typed = {name: values for name, values in request.POST.items() if name in form.fields}
    text = form.with_block(request.POST.get("block", ""))
    return FeedbackForm(reporter=form.reporter, initial={**typed, "text": text})


def _context(reporter: Reporter, form: FeedbackForm) -> dict:
    what = LABELS.get(reporter.due, "Rückmeldung")
    text = form["text"].value() or ""
    subject, body = compose_mail(reporter.concern, text)
    return {
        "title": f"{what} an {reporter.label}",
        "reporter": reporter,
        "concern": reporter.concern,
        "lead": worklist.lead_of(reporter.concern),
        "form": form,
        "hints": check(text),
        "mail": {"to": reporter.email, "subject": subject, "body": body},
        "worklist_url": f"{reverse('concerns:worklist')}?weg={reporter.channel}",
        "waiting": bool(reporter.due),
        "draft_key": f"feedback:{reporter.pk}",
    }


def _tell(reporter: Reporter, form: FeedbackForm, request: HttpRequest) -> None:
    data = form.cleaned_data
    kind = reporter.due or Reporter.Due.FINAL
    common = {"reporter": reporter, "kind": kind, "text": data["text"], "language": data["language"]}
    if form.is_mail:
        actions.send_feedback(**common, by=request.user)
        notify(request, f"Die E-Mail zu {reporter.concern.number} wird versandt.")
        return
    given = {name: data[name] for name in ("channel", "result", "reaction", "note")}
    actions.record_feedback(**common, **given, by=request.user)
    words = "ist festgehalten" if data["result"] != "not_reached" else "war vergeblich und steht weiter auf der Liste"
    notify(request, f"Der Versuch zu {reporter.concern.number} {words}.")


def _next(request: HttpRequest, reporter: Reporter) -> HttpResponseBase:
    """To closing when nobody waits any more, else back to the list."""
    concern = worklist.lead_of(reporter.concern)
    if request.user.rights.can(Perm.TRIAGE) and not missing_for_closing(concern):
        notify(request, "Alle haben ihre Rückmeldung. Das Anliegen kann abgeschlossen werden.")
        return redirect_to(request, reverse("concerns:close", args=[concern.number]))
    return redirect_to(request, f"{reverse('concerns:worklist')}?weg={reporter.channel}")


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def plain_check(request: HttpRequest) -> HttpResponse:
    """The plain-language checklist for what is being typed (a fragment; the page shows it without JavaScript too)."""
    text = request.POST.get("text", "")[:8000]
    return render_page(request, "concerns/parts/plain.html", {"hints": check(text)})
