"""Theme reports by the team: list, draft, sending, thread, end (K16)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.forms.forwarding import PaperReplyForm, QueryAnswerForm, RemarkForm
from concerns.views.steps import press, sent, take_step
from concerns.workflow import OPEN_ROUTINGS, RoutingStatus
from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import theme_answers
from projects.actions import theme_reports as actions
from projects.forms.theme_reports import ConfirmForm, RecipientForm, ThemeReportForm
from projects.models import Need, ThemeRecipient, ThemeReport
from projects.need_filters import ThemeReportFilter
from projects.theme_page import lines_of, page_of
from projects.views.refusals import refusing
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

MAY_WRITE = (Perm.EDIT_NEEDS, Perm.REPORT_ALL_NEEDS)
MAY_SEND = (Perm.DECIDE_NEEDS, Perm.REPORT_ALL_NEEDS)
NOUN = ("Themenmeldung", "Themenmeldungen")


@requires(Perm.READ_NEEDS)
@require_safe
def theme_reports(request: HttpRequest) -> HttpResponse:
    """All theme reports, the newest first."""
    today = timezone.localdate()
    filters = ThemeReportFilter(request.GET, user=request.user)
    rows = filters.qs.select_related("district", "author").defer("content", "reason", "request", "district__boundary")
    page = keyset_page(rows.prefetch_related("recipients__department"), request.GET, key="created_at", noun=NOUN)
    context = {
        "title": "Themenmeldungen",
        "filter": filters,
        "page": page,
        "lines": lines_of(page, today),
        "may_write": any(request.user.rights.can(perm) for perm in MAY_WRITE),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/theme_reports/list.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.READ_NEEDS)
@require_safe
def theme_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One theme report: its content, who it went to, what they answered."""
    shown = ThemeReport.objects.visible_to(request.user).select_related("district", "author", "sent_by")
    found = get_object_or_404(shown, pk=pk)
    context = {"title": found.title, **page_of(found, request.user, today=timezone.localdate())}
    return render_page(request, "projects/theme_reports/detail.html", context)


@requires(*MAY_WRITE)
def theme_report_new(request: HttpRequest) -> HttpResponse:
    """Write a theme report; the address may name a theme to begin with."""
    asked = request.GET.get("thema", "")
    known = Need.objects.visible_to(request.user).filter(pk=asked if asked.isdecimal() and len(asked) < 10 else 0)
    need = known.prefetch_related("districts").first()
    first = {"needs": [need.pk], "title": need.title, "district": need.districts.first()} if need else {}
    return save_form(
        request,
        ThemeReportForm(sent(request), user=request.user, initial=first),
        save=actions.save_report,
        template="projects/theme_reports/form.html",
        context={
            "title": "Themenmeldung schreiben",
            "back": reverse("projects:theme_reports"),
            "back_label": "Themenmeldungen",
        },
        message="Der Entwurf ist gespeichert. Jetzt fehlen noch die Empfänger.",
        to=ThemeReport.get_absolute_url,
    )


def report_to_edit(request: HttpRequest, pk: int) -> ThemeReport:
    """A theme report whose draft this person may change; 404 otherwise."""
    return get_object_or_404(ThemeReport.objects.editable_by(request.user).select_related("district"), pk=pk)


def report_to_send(request: HttpRequest, pk: int) -> ThemeReport:
    """A theme report this person may send and look after; 404 otherwise."""
    return get_object_or_404(ThemeReport.objects.sendable_by(request.user).select_related("district"), pk=pk)


def frame(found: ThemeReport, title: str, **more) -> dict:
    """Context of a small form about a report."""
    return {"title": title, "report": found, "back": found.get_absolute_url(), "back_label": found.title, **more}


@requires(*MAY_WRITE)
def theme_report_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft; whoever was slower compares first."""
    found = report_to_edit(request, pk)
    if request.method != "POST" and not found.is_draft:
        return redirect_to(request, found)
    form = ThemeReportForm(sent(request), instance=found, user=request.user)

    def compare() -> dict:
        now = ThemeReport.objects.filter(pk=pk).first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_report, report=ThemeReport(pk=pk))),
        template="projects/theme_reports/form.html",
        context=frame(found, "Themenmeldung bearbeiten"),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=compare,
    )


@requires(*MAY_WRITE)
@require_POST
def theme_report_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away."""
    found = report_to_edit(request, pk)
    return press(
        request,
        act=lambda: actions.discard(report=found, by=request.user),
        message="Der Entwurf ist gelöscht.",
        to=reverse("projects:theme_reports"),
    )


@requires(*MAY_WRITE)
def recipient_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Somebody the draft will go to."""
    found = report_to_edit(request, pk)
    if request.method != "POST" and not found.is_draft:
        return redirect_to(request, found)
    return save_form(
        request,
        RecipientForm(sent(request), instance=ThemeRecipient(report=found)),
        save=refusing(partial(actions.add_recipient, report=found)),
        template="districts/form.html",
        context=frame(found, "Empfänger eintragen"),
        message="Der Empfänger ist eingetragen.",
        to=f"{found.get_absolute_url()}#recipients",
    )


@requires(*MAY_WRITE)
@require_POST
def recipient_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The draft shall not go there."""
    own = ThemeReport.objects.editable_by(request.user)
    found = get_object_or_404(
        ThemeRecipient.objects.filter(report__in=own.values("pk")).select_related("report"), pk=pk
    )
    return press(
        request,
        act=lambda: actions.remove_recipient(recipient=found, by=request.user),
        message="Der Empfänger ist entfernt.",
        to=f"{found.report.get_absolute_url()}#recipients",
    )


@requires(*MAY_SEND)
def theme_report_send(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a draft: the page shows what goes out and that it stays as it is."""
    found = report_to_send(request, pk)
    if request.method != "POST" and not found.is_draft:
        return redirect_to(request, found)
    return take_step(
        request,
        ConfirmForm(sent(request)),
        act=lambda: actions.send_report(report=found, by=request.user),
        template="projects/theme_reports/send.html",
        context=frame(
            found,
            "Themenmeldung senden",
            content=actions.preview(found) if found.is_draft else found.content,
            recipients=list(found.recipients.select_related("department")),
            missing=actions.missing_for_sending(found, timezone.localdate()) if found.is_draft else [],
        ),
        message="Gesendet. Die Fristen laufen.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_SEND)
@require_POST
def theme_report_finish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everybody has heard of the answers."""
    found = report_to_send(request, pk)
    return press(
        request,
        act=lambda: actions.finish(report=found, by=request.user),
        message="Die Meldung ist als zurückgemeldet abgeschlossen.",
        to=found.get_absolute_url(),
    )


@dataclass(frozen=True)
class Step:
    """What the team does with one recipient."""

    title: str
    form: type
    act: Callable
    message: str
    allowed: frozenset[str] = OPEN_ROUTINGS
    lead: str = ""
    button: str = "Senden"
    fields: str = ""


STEPS: dict[str, Step] = {
    "rueckfrage": Step(
        "Rückfrage beantworten", QueryAnswerForm, actions.answer_query, "Beantwortet. Die Frist läuft weiter.",
        frozenset({RoutingStatus.QUERY}), button="Antworten",
    ),
    "mitteilung": Step(
        "Mitteilung schreiben", RemarkForm, actions.remark, "Mitteilung gespeichert.",
        lead="Der Fachbereich liest sie in seinem Eingang. Die Frist bleibt.",
    ),
    "antwort": Step(
        "Antwort eintragen", PaperReplyForm, partial(theme_answers.reply, entered_for_department=True),
        "Die Antwort ist eingetragen. Wer dahinter wartet, steht auf der Liste der Rückmeldungen.",
        lead="Für Antworten auf Papier, am Telefon oder aus einem Ausschuss.", button="Antwort eintragen",
        fields="concerns/fields/reply.html",
    ),
    "zurueckziehen": Step(
        "Zurückziehen", ConfirmForm, actions.withdraw, "Zurückgezogen.",
        lead="Die Stelle kann danach nicht mehr antworten. Was gesendet ist, bleibt stehen.", button="Zurückziehen",
    ),
}  # fmt: skip


@requires(*MAY_SEND)
def recipient_step(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """Answer a question, write, enter an answer, withdraw."""
    if step not in STEPS:
        raise Http404
    own = ThemeReport.objects.sendable_by(request.user).sent()
    rows = ThemeRecipient.objects.filter(report__in=own.values("pk")).select_related("report", "department")
    found, kind = get_object_or_404(rows, pk=pk), STEPS[step]
    if request.method != "POST" and found.status not in kind.allowed:
        return redirect_to(request, found.report)
    query = found.messages.filter(kind="query").last() if step == "rueckfrage" else None
    return take_step(
        request,
        kind.form(sent(request)),
        act=partial(kind.act, recipient=found, by=request.user),
        template="projects/theme_reports/step.html",
        context=frame(found.report, f"{kind.title}: {found.label}", step=kind, quote=query.text if query else ""),
        message=kind.message,
        to=f"{found.report.get_absolute_url()}#empfaenger-{pk}",
    )
