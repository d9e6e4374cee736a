"""Applications: list, page, entering, handing in, checking (Z35, Z36)."""

from decimal import Decimal
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.actions.base import NotReady
from districts.access import requires
from districts.actions.base import Conflict as Late
from districts.views.saving import save_form
from projects.actions import applications as actions
from projects.actions.base import LoopError
from projects.eligibility import automatic, costs_with, rule_of
from projects.forms.applications import (
    ApplicationForm,
    CheckForm,
    DiscardForm,
    SubmitForm,
    WithdrawForm,
    lines_form,
)
from projects.fund_filters import ApplicationFilter
from projects.fund_page import application_page, tone_of
from projects.fund_workflow import EDITABLE, ApplicationStatus
from projects.models import Fund, FundApplication
from projects.views.funds import MAY_DRAFT, MAY_KEEP, MAY_SEE
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

NOUN = ("Antrag", "Anträge")
MORE_ROWS = 3


@requires(*MAY_SEE)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """All applications, the newest first."""
    shown = FundApplication.objects.visible_to(request.user).with_names()
    filters = ApplicationFilter(request.GET, queryset=shown, request=request)
    rows = filters.qs.defer("description", "benefit", "advice", "missing", "search_text")
    page = keyset_page(rows, request.GET, key="created_at", noun=NOUN)
    context = {
        "title": "Anträge an die Fonds",
        "filter": filters,
        "page": page,
        "rows": [(one, tone_of(one)) for one in page],
        "may_draft": Fund.objects.drafted_in(request.user).exists(),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/funds/applications.html", context, fragments={"list": "list"}, status=status)


def application_of(request: HttpRequest, pk: int) -> FundApplication:
    """An application that this person may see; 404 otherwise."""
    shown = FundApplication.objects.visible_to(request.user).with_everything()
    return get_object_or_404(shown, pk=pk)


def application_to_keep(request: HttpRequest, pk: int) -> FundApplication:
    """An application to a fund that this person runs; 404 otherwise."""
    return get_object_or_404(FundApplication.objects.kept_by(request.user).with_everything(), pk=pk)


@requires(*MAY_SEE)
@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application with what can be done next."""
    found = application_of(request, pk)
    context = {"title": found.title, **application_page(found, request.user, today=timezone.localdate())}
    return render_page(request, "projects/funds/application.html", context)


def about(found: FundApplication, title: str, **more) -> dict:
    """Context of a small form about an application."""
    return {
        "title": title,
        "lead": f"{found.number} {found.title}",
        "application": found,
        "back": found.get_absolute_url(),
        "back_label": found.number,
        **more,
    }


@requires(*MAY_DRAFT)
def application_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enter an application to a fund."""
    funds = Fund.objects.drafted_in(request.user).prefetch_related("districts", "rounds")
    fund = get_object_or_404(funds, pk=pk)
    return _form(request, FundApplication(fund=fund, created_by=request.user), fund, "Neuer Antrag")


@requires(*MAY_DRAFT)
def application_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft, or what has to be improved."""
    found = get_object_or_404(FundApplication.objects.drafted_by(request.user).with_everything(), pk=pk)
    if request.method == "GET" and found.status not in EDITABLE:
        notify(request, "Der Antrag ist eingereicht und lässt sich nicht mehr ändern.", level="info")
        return redirect_to(request, found)
    return _form(request, found, found.fund, "Antrag bearbeiten")


def _form(request: HttpRequest, found: FundApplication, fund: Fund, title: str) -> HttpResponseBase:
    data, typed = request.POST or None, request.method == "POST"
    step = request.POST.get("step", "save")
    if typed and step == "line":
        data = _with_rows(request.POST)
    form = ApplicationForm(data, instance=found, fund=fund, user=request.user)
    lines, status, more = lines_form(data, found if found.pk else None), 200, {}
    valid = all([form.is_valid(), lines.is_valid()]) if typed else False
    if typed and step == "save":
        status = 422
        if valid:
            try:
                saved = _save(request, form, lines, found, fund)
            except Late as error:
                now = FundApplication.objects.with_everything().get(pk=found.pk)
                form.on_top_of(now)
                more, status = {"problem": str(error), "differences": _differences(form, lines, now)}, 409
            except LoopError as error:
                form.add_error(None, str(error))
            else:
                notify(request, f"{saved.number} ist gespeichert.")
                return redirect_to(request, saved)
    context = _form_context(request, form, lines, found, title) | more | {"checked": step == "save"}
    fragments = {"totals": "totals", "costs": "costs"}
    return render_page(request, "projects/funds/application_form.html", context, fragments=fragments, status=status)


def _save(request: HttpRequest, form, lines, found: FundApplication, fund: Fund) -> FundApplication:
    stored = {"application": found, "version": form.cleaned_data.pop("version")} if found.pk else {"fund": fund}
    return actions.save_application(by=request.user, lines=lines.pairs, **stored, **form.cleaned_data)


def _with_rows(typed):
    """What was typed, with more empty rows for the cost plan."""
    data = typed.copy()
    total = data.get("posten-TOTAL_FORMS", "")
    count = int(total) if total.isdecimal() and len(total) < 4 else 0
    data["posten-TOTAL_FORMS"] = str(min(count + MORE_ROWS, actions.MOST_LINES))
    return data


def _differences(form: ApplicationForm, lines, now: FundApplication) -> list[tuple[str, str, str]]:
    stored = "\n".join(f"{one.label}: {one.amount}" for one in now.lines.all())
    typed = "\n".join(f"{label}: {amount}" for label, amount in lines.pairs)
    found = form.differences(now)
    return [*found, ("Kostenplan", stored or "–", typed or "–")] if stored != typed else found


def _form_context(request: HttpRequest, form, lines, found: FundApplication, title: str) -> dict:
    """The form with its sums, worked out from what was typed as far as it can be read."""
    today = timezone.localdate()
    stored = [one.amount for one in found.lines.all()] if found.pk else []
    rule = rule_of(found, today)
    costs = costs_with(found, rule, lines.total if lines.is_bound else sum(stored, Decimal(0)))
    back = found.get_absolute_url() if found.pk else found.fund.get_absolute_url()
    return {
        "title": title,
        "form": form,
        "lines": lines,
        "fund": found.fund,
        "rule": rule,
        "costs": costs,
        "results": automatic(found, today=today, costs=costs),
        "blank": not found.pk and not form.is_bound,
        "can_add": lines.total_form_count() < actions.MOST_LINES,
        "back": back,
        "back_label": found.number or found.fund.name,
    }


@requires(*MAY_DRAFT)
def application_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, with its attachments: asked first."""
    found = get_object_or_404(FundApplication.objects.drafted_by(request.user).select_related("fund"), pk=pk)
    lead = "Die Anlagen werden gelöscht. Der Antrag bleibt unter seiner Nummer als zurückgezogen stehen."
    return save_form(
        request,
        DiscardForm(request.POST or None),
        save=refusing(partial(actions.delete_draft, application=found)),
        template="districts/form.html",
        context={
            "title": "Entwurf verwerfen", "lead": lead, "back": found.get_absolute_url(), "back_label": found.number,
            "save_label": "Verwerfen",
        },
        message="Verworfen.",
        to=found.get_absolute_url(),
    )  # fmt: skip


def step(request: HttpRequest, found: FundApplication, act, message: str) -> HttpResponseBase:
    """Do one thing to an application and say what came of it."""
    try:
        act()
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, message)
    return redirect_to(request, found)


@requires(*MAY_KEEP)
def application_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that an application was handed in."""
    found = application_to_keep(request, pk)

    def hand_in(**given):
        try:
            return actions.submit(application=found, **given)
        except NotReady as error:
            raise LoopError(" ".join(error.missing)) from error

    return save_form(
        request,
        SubmitForm(request.POST or None, initial={"received_on": found.received_on or timezone.localdate()}),
        save=refusing(hand_in),
        template="projects/funds/step.html",
        context=about(found, "Antrag einreichen", save_label="Einreichen"),
        message="Eingereicht.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_KEEP)
@require_POST
def application_begin(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin the check."""
    found = application_to_keep(request, pk)
    act = partial(actions.begin_check, application=found, by=request.user)
    try:
        act()
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found)
    return redirect_to(request, "projects:application_check", found.pk)


@requires(*MAY_KEEP)
def application_check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Check an application: what the rules say, the checklist, the result."""
    found = application_to_keep(request, pk)
    if request.method == "GET" and found.status != ApplicationStatus.CHECKING:
        notify(request, f"Der Antrag steht auf „{found.get_status_display()}“.", level="info")
        return redirect_to(request, found)
    today = timezone.localdate()
    rule = rule_of(found, today)
    form = CheckForm(request.POST or None, criteria=list(rule.criteria.all()) if rule else [])

    def check(**given):
        typed = {name: given[name] for name in ("overall", "reason", "by")}
        return actions.check(application=found, answers=form.answers, **typed)

    return save_form(
        request,
        form,
        save=refusing(check),
        template="projects/funds/check.html",
        context=about(found, "Förderfähigkeit prüfen", results=automatic(found, today=today), rule=rule),
        message="Die Prüfung ist gespeichert.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_KEEP)
def application_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant takes the application back."""
    found = application_to_keep(request, pk)
    return save_form(
        request,
        WithdrawForm(request.POST or None),
        save=refusing(partial(actions.withdraw, application=found)),
        template="projects/funds/step.html",
        context=about(found, "Antrag zurückziehen", save_label="Zurückziehen"),
        message="Zurückgezogen. Was dafür vorgemerkt oder bewilligt war, ist wieder frei.",
        to=found.get_absolute_url(),
    )
