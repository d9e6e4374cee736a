"""Evaluation reports: the list, the wizard, a draft with its texts and preview, a released version (Z44)."""

from dataclasses import replace

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns.actions.base import Conflict, LoopError
from districts.access import requires
from districts.models import User
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page
from reports import frozen
from reports.actions import reports as actions
from reports.actions import runs
from reports.chapters import CHAPTERS
from reports.choice import Choice
from reports.figures import filters, title, words
from reports.forms.reports import ReportForm, ReportSettingsForm, TextForm, as_params
from reports.frame import Names
from reports.models import Report, ReportRun, ReportSettings, ReportText
from reports.papers.evaluation import content_of, paper_table, texts_of
from reports.showing import ShownChapter, chapters
from reports.sums import StillCounting

READERS = (Perm.READ_EVALUATION, Perm.EVALUATE)


@requires(*READERS)
def report_list(request: HttpRequest) -> HttpResponse:
    """Drafts with what is still missing, released ones with their versions, and what has become ready."""
    found = Report.objects.visible_to(request.user).lean().with_successor()
    drafts = found.drafts().prefetch_related(Prefetch("texts", ReportText.objects.without_words()))
    context = {
        "title": "Berichte",
        "drafts": [(one, _missing(one, request.user)) for one in drafts],
        "released": keyset_page(found.released(), request.GET, key="released_at", noun=("Bericht", "Berichte")),
        "ready": ReportRun.objects.unseen_by(request.user).lean(),
        "may_make": request.user.rights.can(Perm.EVALUATE),
    }
    return render_page(request, "reports/reports/list.html", context)


@requires(Perm.EVALUATE)
def report_new(request: HttpRequest) -> HttpResponseBase:
    """Start a draft; the evaluation hands over what it shows in the address."""
    form = _form(request, request.GET)
    if request.method == "POST" and form.is_valid():
        report = actions.create_report(by=request.user, **_asked(form))
        notify(request, "Der Entwurf ist angelegt. Jetzt können Einschätzungen dazu geschrieben werden.")
        return redirect_to(request, report)
    return _wizard(request, form, heading="Bericht anlegen", back=reverse("reports:reports"))


@requires(Perm.EVALUATE)
def report_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change what a draft evaluates."""
    report = draft_or_404(request, pk)
    known = {"title": report.title, "chapters": report.chapters, "revision": report.revision}
    form = _form(request, as_params(Choice.from_json(report.parameters), **known))
    if request.method == "POST" and form.is_valid():
        opened_as = form.cleaned_data["revision"]
        try:
            actions.change_report(report=report, revision=opened_as, by=request.user, **_asked(form))
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            form.data["revision"] = str(Report.objects.get(pk=pk).revision)
            return _wizard(request, form, heading="Bericht ändern", back=report.get_absolute_url(), status=409)
        notify(request, "Gespeichert.")
        return redirect_to(request, report)
    return _wizard(request, form, heading="Bericht ändern", back=report.get_absolute_url())


def draft_or_404(request: HttpRequest, pk: int) -> Report:
    """A draft. What is sent may be about one that was released in the meantime: the action says so."""
    found = Report.objects.visible_to(request.user)
    return get_object_or_404(found if request.method == "POST" else found.drafts(), pk=pk)


def _form(request: HttpRequest, initial) -> ReportForm:
    sent = request.method == "POST"
    return ReportForm(
        request.POST if sent else initial, user=request.user, today=timezone.localdate(), first=not sent
    )  # fmt: skip


def _asked(form: ReportForm) -> dict:
    values = form.cleaned_data
    return {"title": values["title"], "chapters": values["chapters"], "parameters": form.choice().to_json()}


def _wizard(request: HttpRequest, form: ReportForm, *, heading: str, back: str, status: int = 0) -> HttpResponse:
    context = {"title": heading, "form": form, "back": back, "sent": request.method == "POST"}
    found = status or (form_status(form) if context["sent"] else 200)
    return render_page(request, "reports/reports/form.html", context, status=found)


@requires(*READERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with its texts and its file in the making, or a released version with its files."""
    found = get_object_or_404(Report.objects.visible_to(request.user).lean().with_successor(), pk=pk)
    run, draft = found.runs.lean().first(), found.runs.drafts().lean().first()
    if request.htmx and not found.is_draft:
        return redirect_to(request, found)  # It was released while somebody looked on: the whole page is another one.
    if run and not run.is_active and not request.htmx:
        runs.mark_seen(report=found, by=request.user)
    context = {
        "title": found.title,
        "report": found,
        "facts": _facts(found),
        **_texts(found, request.user),
        "files": found.files.defer("content"),
        "run": run,
        "may_stop": bool(run and run.may_be_stopped_by(request.user)),
        "draft": draft,
        "is_stale": bool(draft and draft.revision != found.revision),
        "may_make": request.user.rights.can(Perm.EVALUATE),
        "later": Report.objects.filter(supersedes=found).lean().first(),
    }
    return render_page(request, "reports/reports/report.html", context, fragments={"run": "run"})


@requires(*READERS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the report says now; of a released one what it said at release."""
    found = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    context = {"title": found.title, "report": found, "facts": _facts(found)}
    try:
        content = content_of(found) if found.is_draft else found.frozen
    except StillCounting as counting:
        context["left"] = counting.left
    else:
        context |= {"content": content, "chapters": _shown(content)}
    return render_page(request, "reports/reports/preview.html", context)


def _shown(content: dict) -> list[ShownChapter]:
    """Chapters as the evaluation shows them, without its files; where all is hidden there still is something."""
    return [
        replace(
            one,
            tables=[
                replace(shown, has_file=False, nothing=shown.nothing and not paper_table(shown.table).says_something)
                for shown in one.tables
            ],
        )
        for one in chapters(frozen.from_json(content["figures"]), [])
    ]


@requires(*READERS)
def text_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write an assessment; two who write at once lose nothing, nor does who comes too late."""
    text = ReportText.objects.select_related("report", "district", "changed_by").filter(pk=pk).first()
    sent = request.method == "POST"
    if text is None and sent:
        return _gone(request)
    if text is None or not may_write(request.user, text) or not (text.report.is_draft or sent):
        raise Http404
    form = TextForm(request.POST or None, initial={"content": text.text, "version": text.version})
    context = {"title": text.heading, "text": text, "report": text.report, "form": form}
    if sent and form.is_valid():
        try:
            actions.write_text(text=text, by=request.user, **form.cleaned_data)
        except Conflict as conflict:
            return _both(request, context, form, text, conflict)
        notify(request, "Gespeichert.")
        return redirect_to(request, text.report)
    return render_page(request, "reports/reports/text.html", context, status=form_status(form))


def _both(request: HttpRequest, context: dict, form: TextForm, text: ReportText, conflict: Conflict) -> HttpResponse:
    """Both versions: the own one in the field, the other one above it; the next save is about the other one."""
    changed_since = form.cleaned_data["version"] != ReportText.objects.get(pk=text.pk).version
    text.refresh_from_db()
    text.report.refresh_from_db()
    form.add_error(None, str(conflict))
    form.data = form.data.copy()
    form.data["version"] = str(text.version)
    context |= {"theirs": text.text if changed_since else None}
    return render_page(request, "reports/reports/text.html", context, status=409)


def _gone(request: HttpRequest) -> HttpResponse:
    """The draft was deleted while somebody wrote: the words are given back."""
    context = {"title": "Nicht gespeichert", "content": request.POST.get("content", "")}
    return render_page(request, "reports/reports/text_gone.html", context, status=409)


def may_write(user: User, text: ReportText) -> bool:
    """Quarter managers write about their own districts, the Sozialplanung everything else."""
    if text.district_id:
        return text.district_id in user.rights.districts(Perm.READ_EVALUATION)
    return user.rights.can(Perm.EVALUATE)


@requires(Perm.EVALUATE)
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away."""
    found = draft_or_404(request, pk)
    if request.method == "POST":
        try:
            actions.delete_draft(report=found, by=request.user)
        except Conflict as conflict:
            notify(request, str(conflict), level="error")
            return redirect_to(request, "reports:reports")
        notify(request, f"Der Entwurf „{found.title}“ ist gelöscht.")
        return redirect_to(request, "reports:reports")
    return render_page(request, "reports/reports/delete.html", {"title": "Entwurf löschen", "report": found})


@requires(Perm.EVALUATE)
@require_POST
def supersede(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Start the next version of a released report."""
    found = get_object_or_404(Report.objects.visible_to(request.user).released(), pk=pk)
    try:
        new = actions.supersede(report=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found)
    notify(request, f"Version {new.version} ist als Entwurf angelegt. Version {found.version} bleibt, wie sie ist.")
    return redirect_to(request, new)


@requires(Perm.EVALUATE)
def settings(request: HttpRequest) -> HttpResponse:
    """From which number on figures may leave the house."""
    return save_form(
        request,
        ReportSettingsForm(request.POST or None, instance=ReportSettings.load()),
        save=actions.save_settings,
        template="districts/form.html",
        context={"title": "Kleine Zahlen", "back": reverse("reports:reports"), "back_label": "Berichte"},
        message="Gespeichert. Freigegebene Berichte bleiben, wie sie sind.",
        to=reverse("reports:reports"),
    )


def _texts(found: Report, user: User) -> dict:
    """Texts that stand there or that this person may write, and what the others are called."""
    pairs = [(one, found.is_draft and may_write(user, one)) for one in texts_of(found)]
    return {
        "texts": [(one, mine) for one, mine in pairs if one.text or mine],
        "without": [one.heading for one, mine in pairs if not one.text and not mine],
    }


def _facts(found: Report) -> list[tuple[str, str]]:
    choice, names = Choice.from_json(found.parameters), Names.load()
    return [
        ("Quartiere", title(choice, names)),
        ("Zeitraum", words(choice.span)),
        ("Vergleich mit", words(choice.comparison) if choice.comparison else "ohne Vergleich"),
        *filters(choice, names),
        ("Kapitel", ", ".join(label for code, label in CHAPTERS.items() if code in found.chapters)),
    ]


def _missing(found: Report, user: User) -> tuple[int, bool]:
    """How many texts are still empty, and whether one of them is this person's."""
    empty = [one for one in texts_of(found, found.texts.all()) if not one.is_written]
    return len(empty), any(may_write(user, one) for one in empty)
