"""How departments take part in the quarters, and the talks in which they agree with each other (Z21)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import talks as actions
from projects.department_page import departments_for, page_of
from projects.forms.talks import TalkForm
from projects.models import CoordinationTalk
from projects.views.bodies import MAY_EDIT
from quartier.web.pages import render_page
from quartier.web.paging import keyset_page

SEES_DEPARTMENTS = (*MAY_EDIT, Perm.LEAD_DEPARTMENT)
SEES_TALKS = (Perm.READ_BODIES, Perm.ANSWER_ROUTINGS)


@requires(*SEES_DEPARTMENTS)
@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """The departments whose part in the quarters this person may see."""
    found = departments_for(request.user, timezone.localdate())
    page = keyset_page(
        found, request.GET, key="sort_key", descending=False, noun=("Fachbereich", "Fachbereiche"), size=100
    )
    return render_page(request, "projects/departments/list.html", {"title": "Fachbereiche im Quartier", "page": page})


@requires(*SEES_DEPARTMENTS)
@require_safe
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """One department: tickets, sessions, projects, talks, contact persons; as much as this person may see of each."""
    today = timezone.localdate()
    found = get_object_or_404(departments_for(request.user, today), pk=pk)
    context = {"title": str(found), **page_of(found, request.user, today=today)}
    return render_page(request, "projects/departments/detail.html", context)


@requires(*SEES_TALKS)
@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """Coordination talks, the newest first; departments see those they took part in."""
    found = CoordinationTalk.objects.visible_to(request.user).for_list()
    page = keyset_page(found, request.GET, key="on", noun=("Gespräch", "Gespräche"))
    may_record = any(request.user.rights.can(perm) for perm in MAY_EDIT)
    context = {"title": "Abstimmungsgespräche", "page": page, "may_record": may_record}
    context["sees_departments"] = any(request.user.rights.can(perm) for perm in SEES_DEPARTMENTS)
    return render_page(request, "projects/talks/list.html", context)


@requires(*SEES_TALKS)
@require_safe
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """One talk: who, what about, what was agreed."""
    found = get_object_or_404(CoordinationTalk.objects.visible_to(request.user).for_list().select_related("by"), pk=pk)
    context = {
        "title": found.topic,
        "talk": found,
        "may_edit": found.may_edit(request.user),
        "opens": set(departments_for(request.user, timezone.localdate()).values_list("pk", flat=True)),
    }
    return render_page(request, "projects/talks/detail.html", context)


@requires(*MAY_EDIT)
def talk_new(request: HttpRequest) -> HttpResponse:
    """Record a talk."""
    asked = request.GET.get("fachbereich", "")
    form = TalkForm(
        request.POST or None, user=request.user, initial={"departments": [asked] if asked.isdecimal() else []}
    )
    return save_form(
        request,
        form,
        save=actions.save_talk,
        template="projects/talks/form.html",
        context={
            "title": "Gespräch festhalten",
            "back": reverse("projects:talks"),
            "back_label": "Abstimmungsgespräche",
        },
        message="Festgehalten.",
        to=CoordinationTalk.get_absolute_url,
    )


@requires(*MAY_EDIT)
def talk_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a talk; whoever was slower compares first."""
    found = get_object_or_404(CoordinationTalk.objects.editable_by(request.user), pk=pk)
    form = TalkForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = CoordinationTalk.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_talk, talk=found),
        template="projects/talks/form.html",
        context={"title": "Gespräch ändern", "back": found.get_absolute_url(), "back_label": found.topic},
        message="Gespeichert.",
        to=CoordinationTalk.get_absolute_url,
        on_conflict=compare,
    )
