"""Letters: prepare those that are due, look over and print them, say that they are in the post (P03)."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns import basket, letters, worklist
from concerns.actions import letters as actions
from concerns.actions.access import note_reporter_access
from concerns.actions.base import Conflict, LoopError
from concerns.actions.letters import Words
from concerns.forms.letters import BatchForm
from concerns.models import Letter, LetterBatch, Reporter
from concerns.querysets import ReporterQuerySet
from concerns.workflow import LetterState
from districts.access import requires
from districts.roles import Perm
from quartier.web.forms import QuartierForm
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import keyset_page

from .basket import chosen_scope
from .steps import press, sent, show_refusal, take_step

PAGE = "concerns/letters/batch.html"
WORKLIST = "concerns:worklist"


def _letters_tab() -> str:
    return f"{reverse(WORKLIST)}?weg={Reporter.Channel.LETTER}"


@requires(Perm.GIVE_FEEDBACK)
def batches(request: HttpRequest) -> HttpResponse:
    """Batches of letters, the newest first."""
    rows = letters.for_list(letters.batches_of(request.user), request.user)
    page = keyset_page(rows, request.GET, key="made_at", noun=("Stapel", "Stapel"), count=rows.count())
    context = {"title": "Briefe", "page": page, "tab_url": _letters_tab()}
    return render_page(request, "concerns/letters/list.html", context)


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def prepare(request: HttpRequest) -> HttpResponseBase:
    """Letters to the chosen people or to all who wait for one, with first words; then to the page of the batch."""
    people = list(_asked_for(request))
    ready = [one for one in people if one.address.strip() and not one.letter_batch]
    if len(people) == 1 and people[0].letter_batch:
        return redirect_to(request, LetterBatch(pk=people[0].letter_batch).get_absolute_url())
    try:
        batch = actions.make_batch(drafts=letters.drafts_for(ready[: actions.MOST_LETTERS]), by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, _letters_tab())
    made, rest = batch.letters.count(), _left_over(people, ready)
    notify(request, f"{made} Brief{'e' if made > 1 else ''} vorbereitet.{rest}", level="warning" if rest else "success")
    return redirect_to(request, batch.get_absolute_url())


def _left_over(people: list[Reporter], ready: list[Reporter]) -> str:
    """Who gets no letter in this batch, and why."""
    waiting = sum(bool(one.letter_batch) for one in people)
    reasons = (
        (len(ready) - actions.MOST_LETTERS, "zu viele für einen Stapel"),
        (len(people) - len(ready) - waiting, "ohne Anschrift"),
        (waiting, "schon vorbereitet"),
    )
    left = ", ".join(f"{count} {reason}" for count, reason in reasons if count > 0)
    return f" Nicht dabei: {left}." if left else ""


def _asked_for(request: HttpRequest) -> ReporterQuerySet:
    """The chosen people, as far as this person may tell them and something is due; "all" means the letters tab."""
    if request.POST.get("all"):
        scope = chosen_scope(request, basket.scopes_of(request.user))
        people = worklist.rows(worklist.waiting_in(scope, request.user), Reporter.Channel.LETTER)
    else:
        asked = [pk for pk in request.POST.getlist("person")[:200] if pk.isdecimal() and len(pk) < 19]
        people = worklist.reporters_to_tell(request.user).feedback_due().filter(pk__in=asked)
    return letters.with_open_letter(people).select_related("concern__lead").defer("concern__search")


@requires(Perm.GIVE_FEEDBACK)
def batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One batch: the words of every letter, print, mark as sent."""
    found = get_object_or_404(letters.batches_of(request.user).select_related("made_by"), pk=pk)
    rows = list(letters.for_page(letters.letters_of(request.user).filter(batch=found)))
    note_reporter_access(
        concern_ids={row.reporter.concern_id for row in rows}, by=request.user, on=timezone.localdate()
    )
    form = BatchForm(sent(request), batch=found, letters=_editable(request, rows))
    if request.method != "POST":
        return render_page(request, PAGE, _context(request, found, rows, form))
    if where := request.POST.get("insert"):
        return render_page(request, PAGE, _context(request, found, rows, form.with_block(where)))
    if not form.is_valid():
        return render_page(request, PAGE, _context(request, found, rows, form), status=422)
    return _save(request, found, rows, form)


def _editable(request: HttpRequest, rows: list[Letter]) -> list[Letter]:
    """Open letters, and those for which words were typed although somebody has just closed them."""
    return [row for row in rows if row.state == LetterState.OPEN or f"brief-{row.pk}-text" in request.POST]


def _save(request: HttpRequest, found: LetterBatch, rows: list[Letter], form: BatchForm) -> HttpResponseBase:
    """Save what was typed, then what the pressed button says; a refusal keeps the words on the page."""
    words = [one.as_words() for one in form.letters]
    try:
        saved = actions.save_letters(
            batch=found, words=words, dated_on=form.cleaned_data["dated_on"], version=form.cleaned_data["version"],
            by=request.user,
        )  # fmt: skip
    except LoopError as error:
        found.refresh_from_db()
        rows = list(letters.for_page(letters.letters_of(request.user).filter(batch=found)))
        still_open = [row for row in rows if row.state == LetterState.OPEN]
        form = BatchForm(request.POST, batch=found, letters=still_open).shown_again()
        show_refusal(form, error)
        context = _context(request, found, rows, form) | {"clash": True, "lost": _lost(words, rows)}
        return render_page(request, PAGE, context, status=409 if isinstance(error, Conflict) else 422)
    return press(request, act=lambda: _act(request, saved, rows), message=str, to=found.get_absolute_url())


def _lost(words: list[Words], rows: list[Letter]) -> list[Words]:
    """What was typed for letters that are not open any more, to be copied; nothing of people whose data is gone."""
    closed = {row.pk: row for row in rows if row.state != LetterState.OPEN and row.text}
    typed = [replace(one, letter=closed[one.letter.pk]) for one in words if one.letter.pk in closed]
    return [one for one in typed if one.differs]


def _act(request: HttpRequest, saved: LetterBatch, rows: list[Letter]) -> str:
    """What the pressed button does with the letters just saved, and the words that say so."""
    if request.POST.get("mark"):
        posted = actions.mark_sent(batch=saved, letters=rows, version=saved.version, by=request.user)
        out = f" {len(posted.left_out)} ausgelassen: Die Gründe stehen bei den Namen." if posted.left_out else ""
        return f"{posted.sent} als versandt festgehalten.{out}"
    chosen = {str(row.pk): row for row in rows}.get(request.POST.get("out", ""))
    if chosen is None:
        return "Gespeichert."
    actions.take_out(letter=chosen, by=request.user)
    return "Aus dem Stapel genommen."


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put a letter that was taken out back into its batch."""
    letter = get_object_or_404(letters.letters_of(request.user).select_related("batch", "reporter"), pk=pk)
    return press(
        request,
        act=lambda: actions.put_back(letter=letter, by=request.user),
        message="Wieder im Stapel.",
        to=letter.batch.get_absolute_url(),
    )


@requires(Perm.GIVE_FEEDBACK)
def discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a batch away; says what that means."""
    found = get_object_or_404(letters.batches_of(request.user), pk=pk)
    return take_step(
        request,
        QuartierForm(sent(request)),
        act=lambda: actions.discard_batch(batch=found, by=request.user),
        template="concerns/letters/discard.html",
        context={"title": "Stapel verwerfen", "batch": found, "back": found.get_absolute_url()},
        message="Der Stapel ist verworfen. Die Personen stehen weiter auf der Arbeitsliste.",
        to=_letters_tab(),
    )


def _context(request: HttpRequest, found: LetterBatch, rows: list[Letter], form: BatchForm) -> dict:
    editable = {one.letter.pk for one in form.letters}
    waiting = letters.waiting_for_letter(request.user).filter(address="").select_related("concern")
    return {
        "title": f"Briefe vom {found.dated_on:%d.%m.%Y}",
        "batch": found,
        "form": form,
        "open": sum(row.state == LetterState.OPEN for row in rows),
        "sent": [row for row in rows if row.state == LetterState.SENT],
        "printable": any(row.state == LetterState.SENT and row.text for row in rows),
        "out": [row for row in rows if row.state == LetterState.OUT and row.pk not in editable],
        "without_address": list(waiting.defer("concern__search")[:50]),
        "tab_url": _letters_tab(),
    }
