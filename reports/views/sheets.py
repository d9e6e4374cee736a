"""Sheets for the public: notices and "Gehört – getan" (P04, N15)."""

import re
from collections.abc import Callable

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.models import Concern, Reporter
from concerns.worklist import lead_of, reporters_to_tell
from districts.access import requires
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.web.notices import notify
from quartier.web.pages import conflict, form_status, redirect_to, render_page
from quartier.web.paging import keyset_page
from reports.actions import sheets as actions
from reports.actions.sheets import SheetConflict, SheetError, Topic
from reports.forms.sheets import INTROS, TITLES, SheetForm, StartForm, next_period
from reports.models import Sheet
from reports.papers import sheets as papers
from reports.papers.head import office_in

PAGE = "reports/sheets/sheet.html"
MOST_AT_ONCE = 200
NUMBER = re.compile("[0-9]{4}-[0-9]{5,7}")


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    found = Sheet.objects.visible_to(request.user).select_related("district", "office", "made_by", "released_by")
    return get_object_or_404(found, pk=pk)


@requires(Perm.GIVE_FEEDBACK)
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Drafts and released sheets of the own districts, the newest first."""
    rows = Sheet.objects.visible_to(request.user).select_related("district", "made_by", "released_by")
    page = keyset_page(rows, request.GET, key="made_at", noun=("Blatt", "Blätter"))
    return render_page(request, "reports/sheets/list.html", {"title": "Aushänge", "page": page})


@requires(Perm.GIVE_FEEDBACK)
def sheet_new(request: HttpRequest) -> HttpResponseBase:
    """Begin a sheet; people or concerns chosen on another page are on it at once."""
    kind = request.GET.get("art", "")
    kind = kind if kind in Sheet.Kind.values else Sheet.Kind.NOTICE
    posted = request.POST if request.method == "POST" else None
    form = StartForm(posted, user=request.user, kind=kind, initial=_first_values(request, kind))
    topics, asked = _chosen(request, kind)
    if form.is_valid():
        return _start(request, kind, form.cleaned_data, topics)
    context = {"title": f"Neues Blatt: {Sheet.Kind(kind).label}", "form": form, "topics": topics, "asked": asked}
    return render_page(request, "reports/sheets/new.html", context, status=form_status(form))


def _first_values(request: HttpRequest, kind: str) -> dict:
    mine = sorted(request.user.rights.districts(Perm.GIVE_FEEDBACK))
    values = {"title": TITLES[kind]}
    if kind == Sheet.Kind.HEARD:
        values["district"] = district = mine[0] if len(mine) == 1 else None
        last = Sheet.objects.before(Sheet(kind=kind, district_id=district)).first() if district else None
        values["since"], values["until"] = next_period(last, timezone.localdate())
    return values


def _chosen(request: HttpRequest, kind: str) -> tuple[list[Topic], int]:
    """What other pages ask to put on the sheet (people of the worklist, one concern), as far as it may go on."""
    people = [pk for pk in request.GET.getlist("person")[:MOST_AT_ONCE] if pk.isdecimal() and len(pk) < 19]
    told = reporters_to_tell(request.user).filter(pk__in=people).select_related("concern__lead")
    asked = {lead_of(one.concern).pk for one in told}
    if NUMBER.fullmatch(number := request.GET.get("anliegen", "")):
        found = Concern.objects.for_team(request.user, Perm.GIVE_FEEDBACK).filter(number=number)
        asked |= {concern.lead_id or concern.pk for concern in found.only("pk", "lead")}
    allowed = papers.may_go_on(Sheet(kind=kind), request.user).filter(pk__in=asked)
    return papers.first_words(kind, allowed.order_by("pk")), len(asked)


def _start(request: HttpRequest, kind: str, data: dict, topics: list[Topic]) -> HttpResponseBase:
    district = data["district"]
    office = (office_in(district) if district else None) or request.user.office
    last = Sheet.objects.before(Sheet(kind=kind, district=district)).first() if kind == Sheet.Kind.HEARD else None
    carried = papers.unfinished(last, request.user) if last else []
    try:
        sheet = actions.start_sheet(
            by=request.user, kind=kind, intro=INTROS[kind], office=office, topics=[*carried, *topics], **data
        )
    except SheetError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, reverse("reports:sheets"))
    if carried:
        notify(request, f"Was zuletzt noch in Arbeit war, steht schon auf dem Blatt: {len(carried)}.")
    return redirect_to(request, sheet if topics else reverse("reports:sheet_pick", args=[sheet.pk]))


@requires(Perm.GIVE_FEEDBACK)
def sheet_pick(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Choose the concerns a sheet tells of."""
    sheet = _sheet(request, pk)
    if sheet.is_released:
        return redirect_to(request, sheet)
    groups = papers.candidates(sheet, request.user)
    if request.method == "POST":
        picked = set(request.POST.getlist("thema"))
        topics = [one for group in groups for one in group.topics if str(one.concern.pk) in picked]
        return _add(request, sheet, topics)
    context = {"title": "Themen auswählen", "sheet": sheet, "groups": groups, "most": papers.MOST_CANDIDATES}
    return render_page(request, "reports/sheets/pick.html", context)


def _add(request: HttpRequest, sheet: Sheet, topics: list[Topic]) -> HttpResponseBase:
    try:
        added = actions.add_topics(sheet=sheet, topics=topics, by=request.user)
    except SheetError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, f"{added} Them{'a' if added == 1 else 'en'} aufgenommen. Bitte die Worte durchsehen.")
    return redirect_to(request, sheet)


@requires(Perm.GIVE_FEEDBACK)
def sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One sheet: its words, what looks personal, release, print."""
    found = _sheet(request, pk)
    if request.method != "POST":
        return render_page(request, PAGE, _context(request, found, _form(found)))
    form = _form(found, request.POST)
    if not form.is_valid() and form.cleaned_data.get("version", found.version) == found.version:
        return render_page(request, PAGE, _context(request, found, form), status=422)
    try:
        saved = _save(request, found, form)
    except SheetConflict as error:
        return _conflict(request, _sheet(request, pk), str(error))
    if request.POST.get("release"):
        _release(request, saved)
    else:
        notify(request, f"Gespeichert. {_size(saved)}")
    return redirect_to(request, saved)


def _form(sheet: Sheet, data: QueryDict | None = None, *, make: Callable[..., SheetForm] = SheetForm) -> SheetForm:
    entries = list(sheet.entries.select_related("concern"))
    return make(data, sheet=sheet, entries=entries, hints=papers.hints(entries, sheet=sheet))


def _conflict(request: HttpRequest, sheet: Sheet, text: str) -> HttpResponse:
    """What was typed beside what is stored now; who sends it once more has seen both."""
    form = _form(sheet, request.POST, make=SheetForm.again)
    form.add_error(None, text)
    context = _context(request, sheet, form) | {"gone": _gone(request, form), "is_conflict": True}
    return conflict(request, PAGE, context)


def _save(request: HttpRequest, sheet: Sheet, form: SheetForm) -> Sheet:
    if not form.is_valid():
        raise SheetConflict(actions.FASTER)  # it was made of another state of the sheet
    return actions.save_sheet(sheet=sheet, entries=form.words(), by=request.user, **form.cleaned_data)


def _release(request: HttpRequest, sheet: Sheet) -> None:
    """Let what was just saved out of the house, or say what has to be looked at first."""
    if not Sheet.objects.releasable_by(request.user).filter(pk=sheet.pk).exists():
        notify(request, "Gespeichert, aber nicht freigegeben: Das kann nur das Quartiersmanagement.", level="error")
        return
    hints = papers.hints(sheet.entries.all(), sheet=sheet)
    try:
        actions.release_sheet(
            sheet=sheet, version=sheet.version, hints=hints, numbers=papers.numbers(sheet), by=request.user
        )
    except SheetError as error:
        notify(request, f"Gespeichert, aber nicht freigegeben. {error}", level="error")
    else:
        notify(request, f"Freigegeben. {_size(sheet)}")


def _size(sheet: Sheet) -> str:
    """How many pages it has, so that nobody prints half a sheet."""
    today = timezone.localdate()
    counts = {name: papers.page_count(papers.sheet_pdf(sheet=sheet, format=name, today=today)) for name in ("a4", "a3")}
    words = " und ".join(f"als {name.upper()} {n} Seite{'' if n == 1 else 'n'}" for name, n in counts.items())
    return f"Das Blatt hat {words}."


def _gone(request: HttpRequest, form: SheetForm) -> list[str]:
    """Words typed for topics that somebody else has taken off the sheet meanwhile."""
    known = {one.add_prefix("text") for one in form.entries}
    return [text for name, text in request.POST.items() if name.endswith("-text") and name not in known and text]


def _context(request: HttpRequest, sheet: Sheet, form: SheetForm) -> dict:
    may_release = Sheet.objects.visible_to(request.user, Perm.TRIAGE).filter(pk=sheet.pk).exists()
    return {
        "title": sheet.title,
        "sheet": sheet,
        "form": form,
        "editable": form.is_bound or not sheet.is_released,
        "may_release": may_release,
        "numbers": sheet.numbers if sheet.is_released else papers.numbers(sheet),
        "list_query": papers.list_query(sheet),
        "most_entries": actions.MOST_ENTRIES,
        "waiting": _waiting(request, sheet) if sheet.is_released else [],
    }


def _waiting(request: HttpRequest, sheet: Sheet) -> list[Reporter]:
    """Who is told by a notice and waits for the answer to one of its topics, or to what is bundled with it."""
    if sheet.kind != Sheet.Kind.NOTICE:
        return []
    topics = sheet.entries.values("concern")
    told_by_notice = reporters_to_tell(request.user).filter(channel=Reporter.Channel.NOTICE, due=Reporter.Due.FINAL)
    found = told_by_notice.filter(Q(concern__in=topics) | Q(concern__lead__in=topics))
    return list(found.only("pk")[:MOST_AT_ONCE])


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def sheet_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away."""
    try:
        actions.delete_sheet(sheet=_sheet(request, pk), by=request.user)
    except SheetError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Der Entwurf ist gelöscht.")
    return redirect_to(request, reverse("reports:sheets"))


@requires(Perm.GIVE_FEEDBACK)
@require_safe
def sheet_pdf(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The sheet as PDF, A4 or A3."""
    sheet = _sheet(request, pk)
    if format not in papers.FORMATS:
        raise Http404
    content = papers.sheet_pdf(sheet=sheet, format=format, today=timezone.localdate())
    return pdf_response(content, f"{sheet.get_kind_display()} {sheet.pk} {format.upper()}.pdf")
