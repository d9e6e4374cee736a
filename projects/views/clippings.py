"""Clippings of the media, and the collection of positive aspects (Z42)."""

from functools import partial

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import clippings as actions
from projects.forms.public_relations import ClippingForm
from projects.models import Clipping, PRImage, PRItem
from projects.pr_filters import ClippingFilter, StrengthFilter
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

ECHOES = 20  # positive clippings beside the collection


@requires(Perm.READ_PR)
@require_safe
def clippings(request: HttpRequest) -> HttpResponse:
    """What the media wrote, the latest first."""
    filters = ClippingFilter(request.GET, user=request.user)
    rows = filters.qs.select_related("project", "item").prefetch_related("districts")
    page = keyset_page(rows, request.GET, key="on", noun=("Bericht", "Berichte"))
    context = {
        "title": "Medienecho",
        "filter": filters,
        "page": page,
        "lines": [(one, one.may_edit(request.user)) for one in page],
        "may_draft": request.user.rights.can(Perm.DRAFT_PR),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/pr/clippings.html", context, fragments={"list": "list"}, status=status)


def _frame(title: str) -> dict:
    return {"title": title, "back": reverse("projects:clippings"), "back_label": "Medienecho"}


@requires(Perm.DRAFT_PR)
def clipping_new(request: HttpRequest) -> HttpResponse:
    """Enter what a medium wrote."""
    form = ClippingForm(request.POST or None, user=request.user, initial={"on": timezone.localdate()})
    return save_form(
        request, form, save=actions.save_clipping, template="projects/pr/clipping.html",
        context=_frame("Bericht eintragen"), message="Eingetragen.", to="projects:clippings",
    )  # fmt: skip


def _to_edit(request: HttpRequest, pk: int) -> Clipping:
    return get_object_or_404(Clipping.objects.editable_by(request.user), pk=pk)


@requires(Perm.DRAFT_PR)
def clipping_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a clipping; whoever was slower compares first."""
    found = _to_edit(request, pk)
    form = ClippingForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Clipping.objects.filter(pk=pk).first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request, form, save=partial(actions.save_clipping, clipping=found), template="projects/pr/clipping.html",
        context={**_frame("Bericht bearbeiten"), "clipping": found}, message="Gespeichert.", to="projects:clippings",
        on_conflict=compare,
    )  # fmt: skip


@requires(Perm.DRAFT_PR)
@require_POST
def clipping_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove what was entered by mistake."""
    actions.remove_clipping(clipping=_to_edit(request, pk), by=request.user)
    notify(request, "Der Bericht ist entfernt.")
    return redirect_to(request, "projects:clippings")


@requires(Perm.READ_PR)
@require_safe
def strengths(request: HttpRequest) -> HttpResponse:
    """Positive aspects: what appeared about things that work, with images everybody on them has agreed to."""
    filters = StrengthFilter(request.GET, user=request.user)
    images = PRImage.objects.exclude(consent=PRImage.Consent.MISSING)
    shown = PRItem.objects.filter(pk__in=filters.qs.values("pk")).published()
    rows = shown.prefetch_related("districts", Prefetch("images", images, to_attr="pictures")).defer("hint")
    context = {
        "title": "Positive Aspekte",
        "filter": filters,
        "page": keyset_page(rows, request.GET, key="published_on", size=20, noun=("Beitrag", "Beiträge")),
        "echoes": filters.echoes.order_by("-on", "-pk")[:ECHOES],
    }
    return render_page(request, "projects/pr/strengths.html", context, status=form_status(filters.form))
