"""The register of needs: list, page, form, status (K15)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.models import Concern
from concerns.views.steps import press, sent
from districts.access import requires
from districts.models import User
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import needs as actions
from projects.forms.needs import ChosenConcernsForm, HandOverForm, NeedForm, NeedStatusForm
from projects.models import Need
from projects.need_export import csv_lines
from projects.need_filters import NeedFilter
from projects.need_page import listed, page_of
from projects.views.refusals import refusing
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

NOUN = ("Thema", "Themen")


@requires(Perm.READ_NEEDS)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """The register with live counts."""
    filters = NeedFilter(request.GET, user=request.user)
    page = keyset_page(filters.qs.for_list(), request.GET, key="sort_key", descending=False, noun=NOUN)
    context = {
        "title": "Themenspeicher",
        "filter": filters,
        "page": page,
        "lines": listed(page, user=request.user, today=filters.today),
        "query": request.GET.urlencode(),
        "may_edit": request.user.rights.can(Perm.EDIT_NEEDS),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/needs/list.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.READ_NEEDS)
@require_safe
def need_export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a CSV file; a filter that cannot be read leads back to the list, which says why."""
    filters = NeedFilter(request.GET, user=request.user)
    if not filters.form.is_valid():
        return redirect_to(request, f"{reverse('projects:needs')}?{request.GET.urlencode()}")
    name = f"themen-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(filters.qs),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@requires(Perm.READ_NEEDS)
@require_safe
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One need with its evidence and what became of it."""
    sets = ("districts", "action_fields", "target_groups", "departments")
    shown = Need.objects.visible_to(request.user).select_related("keeper", "follow_up__body").prefetch_related(*sets)
    found = get_object_or_404(shown.defer("search_text"), pk=pk)
    context = {"title": found.title, **page_of(found, request.user, today=timezone.localdate())}
    return render_page(request, "projects/needs/detail.html", context)


@requires(Perm.EDIT_NEEDS)
def need_new(request: HttpRequest) -> HttpResponse:
    """Enter a need; concerns that were chosen before come along as ids, never with their words."""
    chosen = ChosenConcernsForm(sent(request), user=request.user)
    concerns = (
        own_concerns(request, chosen.cleaned_data.get("c") or []) if chosen.is_bound and chosen.is_valid() else []
    )
    begins = "begin" in request.POST
    form = NeedForm(None if begins else sent(request), user=request.user)
    context = {
        "title": "Thema eintragen",
        "back": reverse("projects:needs"),
        "back_label": "Themenspeicher",
        "chosen": concerns,
    }
    if begins:
        return render_page(request, "projects/needs/form.html", {**context, "form": form})
    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_need, concerns=concerns)),
        template="projects/needs/form.html",
        context=context,
        message="Eingetragen.",
        to=Need.get_absolute_url,
    )


def own_concerns(request: HttpRequest, pks) -> list[Concern]:
    """Those of the chosen concerns on which this person works and which may be in a theme (N13)."""
    found = Concern.objects.for_team(request.user).filter(pk__in=list(pks), is_sensitive=False)
    return list(found.only("number", "title", "status", "lead").order_by("pk"))


def need_to_edit(request: HttpRequest, pk: int) -> Need:
    """A need of the own districts; 404 otherwise."""
    return get_object_or_404(Need.objects.editable_by(request.user).prefetch_related("districts"), pk=pk)


def need_to_decide(request: HttpRequest, pk: int) -> Need:
    """A need whose status this person sets; 404 otherwise."""
    return get_object_or_404(Need.objects.decidable_by(request.user).prefetch_related("districts"), pk=pk)


def frame(found: Need, title: str, **more) -> dict:
    """Context of a small form about a need."""
    return {"title": title, "back": found.get_absolute_url(), "back_label": found.title, **more}


@requires(Perm.EDIT_NEEDS)
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need; whoever was slower compares first."""
    found = need_to_edit(request, pk)
    form = NeedForm(sent(request), instance=found, user=request.user)

    def compare() -> dict:
        now = Need.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_need, need=Need(pk=pk))),
        template="projects/needs/form.html",
        context=frame(found, "Thema bearbeiten"),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=compare,
    )


@requires(Perm.DECIDE_NEEDS)
def need_status(request: HttpRequest, pk: int) -> HttpResponse:
    """What has become of a need."""
    found = need_to_decide(request, pk)
    asked = request.GET.get("stand", "")
    form = NeedStatusForm(sent(request), need=found, initial={"status": asked})

    def refresh() -> dict:
        now = Need.objects.get(pk=pk)
        form.data = form.data.copy()
        form.data["version"] = str(now.version)
        return {}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.set_status, need=found)),
        template="projects/needs/status.html",
        context=frame(found, "Stand ändern", need=found),
        message="Der Stand ist geändert.",
        to=found.get_absolute_url(),
        on_conflict=refresh,
    )


@requires(Perm.EDIT_NEEDS)
@require_POST
def need_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """„Gibt es noch“."""
    found = need_to_edit(request, pk)
    return press(
        request,
        act=lambda: actions.confirm(need=found, by=request.user),
        message="Danke. Das Thema gilt als heute bestätigt.",
        to=found.get_absolute_url(),
    )


@requires(Perm.READ_NEEDS, Perm.MANAGE_USERS)
def needs_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything somebody keeps goes to somebody else: by the person, or by whoever keeps up people and roles (I9)."""
    people = (
        User.objects.all() if request.user.rights.can(Perm.MANAGE_USERS) else User.objects.filter(pk=request.user.pk)
    )
    person = get_object_or_404(people, pk=pk)
    kept = list(Need.objects.kept_by(person).only("title"))
    back = reverse("concerns:handover", args=[pk])
    return save_form(
        request,
        HandOverForm(sent(request), person=person),
        save=refusing(partial(actions.hand_over_needs, person=person)),
        template="projects/needs/hand_over.html",
        context={
            "title": "Themen übergeben",
            "kept": kept,
            "person": person,
            "back": back,
            "back_label": "Übergabe",
            "reads": request.user.rights.can(Perm.READ_NEEDS),
        },
        message="Die Themen sind übergeben.",
        to=back,
    )
