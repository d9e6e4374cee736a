"""The department mirror: seen by the department's head and the Sozialplanung first, by others once published (N14)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from concerns.actions.base import Conflict
from districts.access import requires
from districts.models import Department
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from reports import frozen, showing
from reports.actions import mirror as actions
from reports.actions.reports import checksum_of
from reports.forms.mirror import CommentForm, PublishForm, QuarterForm
from reports.mirror import mirror_figures
from reports.models import Mirror
from reports.papers.mirror import content_of, mirror_paper
from reports.quarters import Quarter, latest
from reports.sums import StillCounting
from reports.tables import Figures

QUARTERS = 12  # that can be chosen
SEES_MIRRORS = (Perm.READ_EVALUATION, Perm.EVALUATE, Perm.LEAD_DEPARTMENT)


@dataclass(frozen=True)
class Seen:
    """The mirror a person has opened, and what they may do with it."""

    department: Department
    quarter: Quarter
    mirror: Mirror
    may_comment: bool
    may_publish: bool

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("reports:mirror", args=[self.department.pk, self.quarter.code])


def _open(request: HttpRequest, pk: int, code: str) -> Seen:
    """The mirror at this address.

    Raises:
        Http404: there is none, or this person may not see it (yet).
    """
    rights, today = request.user.rights, timezone.localdate()
    department, quarter = get_object_or_404(Department, pk=pk), Quarter.read(code, today)
    if quarter is None:
        raise Http404
    known = {"department": department, "year": quarter.year, "quarter": quarter.number}
    mirror = Mirror.objects.filter(**known).select_related("comment_by", "published_by").first() or Mirror(**known)
    leads, plans = pk in rights.lead_department_ids, rights.can(Perm.EVALUATE)
    if not (leads or plans or (mirror.is_published and rights.can(Perm.READ_EVALUATION))):
        raise Http404
    is_draft = not mirror.is_published
    return Seen(department, quarter, mirror, leads and is_draft, plans and is_draft and quarter.is_over(today))


def _figures(request: HttpRequest, seen: Seen) -> Figures:
    """The figures as published or as of now; only who may open the concerns behind them gets links to them."""
    if seen.mirror.is_published:
        return frozen.from_json(seen.mirror.frozen["figures"])
    figures = mirror_figures(seen.department, seen.quarter)
    if request.user.rights.can(Perm.READ_CONCERNS):
        return figures
    return frozen.from_json(frozen.to_json(figures))


@requires(*SEES_MIRRORS)
def mirrors(request: HttpRequest) -> HttpResponse:
    """The mirrors of a quarter: all for the Sozialplanung, the own ones for a head, what was published for the rest."""
    today, rights = timezone.localdate(), request.user.rights
    quarters = latest(today, QUARTERS)
    form = QuarterForm(request.GET or {"quartal": quarters[1].code}, quarters=quarters)
    quarter = Quarter.read(form.cleaned_data["quartal"], today) if form.is_valid() else None
    quarter = quarter or quarters[1]
    found = Mirror.objects.visible_to(request.user).filter(year=quarter.year, quarter=quarter.number)
    by_department = {mirror.department_id: mirror for mirror in found.defer("frozen", "pdf")}
    departments = Department.objects.valid_on(quarter.since) | Department.objects.valid_on(quarter.until)
    if not rights.can(Perm.EVALUATE):
        departments = Department.objects.filter(pk__in=rights.lead_department_ids | set(by_department))
    context = {
        "title": "Fachbereichsspiegel",
        "form": form,
        "quarter": quarter,
        "rows": [(department, by_department.get(department.pk)) for department in departments],
    }
    fragments = {"list": "list"}
    return render_page(request, "reports/mirror/list.html", context, fragments=fragments, status=form_status(form))


def _show(request: HttpRequest, seen: Seen, *, status: int = 200, refusal: str = "", **forms) -> HttpResponse:
    context = {
        "title": f"Fachbereichsspiegel {seen.department.code}",
        "seen": seen,
        "mirror": seen.mirror,
        "refusal": refusal,
        "comment_form": CommentForm(initial={"version": seen.mirror.version, "comment": seen.mirror.comment}),
        "publish_form": PublishForm(initial={"version": seen.mirror.version}),
        **forms,
    }
    try:
        figures = _figures(request, seen)
    except StillCounting as counting:
        return render_page(request, "reports/mirror/mirror.html", context | {"left": counting.left}, status=status)
    measures, *parts = showing.chapters(figures, [])[0].tables
    context |= {"figures": figures, "measures": measures, "parts": parts}
    return render_page(request, "reports/mirror/mirror.html", context, status=status)


@requires(*SEES_MIRRORS)
def mirror(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    """One department in one quarter, with its comment; its head writes the comment here."""
    seen = _open(request, pk, quarter)
    if request.method != "POST":
        return _show(request, seen)
    if pk not in request.user.rights.lead_department_ids:
        raise Http404
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, seen, comment_form=form, status=422)
    try:
        actions.write_comment(department=seen.department, quarter=seen.quarter, by=request.user, **form.cleaned_data)
    except Conflict as error:
        # Shown beside what was stored meanwhile; who sends it once more has read that.
        seen = _open(request, pk, quarter)
        form = CommentForm({**form.cleaned_data, "version": seen.mirror.version})
        return _show(request, seen, comment_form=form, refusal=str(error), status=409)
    notify(request, "Stellungnahme gespeichert." if form.cleaned_data["comment"] else "Stellungnahme zurückgenommen.")
    return redirect_to(request, seen.url)


@requires(Perm.EVALUATE)
def mirror_publish(request: HttpRequest, pk: int, quarter: str) -> HttpResponseBase:
    """Publish a mirror; the page says what that means."""
    seen = _open(request, pk, quarter)
    if not seen.may_publish:
        notify(request, "Dieser Spiegel ist schon veröffentlicht oder sein Quartal läuft noch.", level="warning")
        return redirect_to(request, seen.url)
    sent = request.POST if request.method == "POST" else None
    form = PublishForm(sent, initial={"version": seen.mirror.version})
    context = {"title": "Spiegel veröffentlichen", "seen": seen, "mirror": seen.mirror, "form": form}
    if form.is_valid():
        try:
            _publish(request, seen, form.cleaned_data["version"])
        except Conflict as error:
            return _show(request, _open(request, pk, quarter), refusal=str(error), status=409)
        except StillCounting:
            return _show(request, seen, status=409)
        notify(request, "Veröffentlicht. Zahlen und Stellungnahme bleiben ab jetzt so.")
        return redirect_to(request, seen.url)
    return render_page(request, "reports/mirror/publish.html", context, status=form_status(form))


def _publish(request: HttpRequest, seen: Seen, version: int) -> None:
    content = content_of(seen.mirror, mirror_figures(seen.department, seen.quarter))
    now = timezone.now()
    pdf = mirror_paper(content, checksum=checksum_of(content), published_at=now)
    known = {"department": seen.department, "quarter": seen.quarter}
    # What was rendered is what was read at the beginning: the comment of another version is a conflict.
    if seen.mirror.version != version:
        raise Conflict("Die Stellungnahme hat sich inzwischen geändert. Bitte noch einmal ansehen.")
    actions.publish(**known, frozen=content, pdf=pdf, version=version, by=request.user, at=now)


@requires(*SEES_MIRRORS)
def mirror_pdf(request: HttpRequest, pk: int, quarter: str) -> HttpResponseBase:
    """The mirror as one page: as published, byte for byte, or as a draft of now."""
    seen = _open(request, pk, quarter)
    if seen.mirror.is_published:
        content = bytes(seen.mirror.pdf)
    else:
        try:
            content = mirror_paper(content_of(seen.mirror, mirror_figures(seen.department, seen.quarter)))
        except StillCounting:
            return redirect_to(request, seen.url)
    return pdf_response(content, f"fachbereichsspiegel-{seen.department.code}-{seen.quarter.code}.pdf")
