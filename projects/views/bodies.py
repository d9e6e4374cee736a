"""Bodies and their members (Z18)."""

from datetime import date
from functools import partial
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from concerns.models import Concern
from districts.access import requires
from districts.models import District, User
from districts.roles import Perm
from districts.views.contacts import compared
from districts.views.saving import save_form
from projects.actions import bodies as actions
from projects.calendar import calendar_of
from projects.filters import BodyFilter
from projects.follow_up_page import may_make, readable
from projects.forms.bodies import BodyForm, EndMemberForm, MemberForm
from projects.models import Body, BodyMember
from projects.parallel import parallel_to
from quartier.text import code_of
from quartier.web.pages import form_status, render_page
from quartier.web.paging import keyset_page

MAY_SEE = (Perm.READ_BODIES, Perm.SEE_INVITATIONS)
MAY_EDIT = (Perm.EDIT_BODIES, Perm.EDIT_ALL_BODIES)
MAY_WRITE = (Perm.WRITE_MINUTES, Perm.EDIT_ALL_BODIES)
NOUN = ("Gremium", "Gremien")
PAST = 12  # sessions that a body's page lists


def places(body: Body) -> str:
    """Districts in short, or that it belongs to the whole city."""
    return ", ".join(one.short_name for one in body.districts.all()) or "stadtweit"


@requires(*MAY_SEE)
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """All bodies that somebody may see, with their next date."""
    today = timezone.localdate()
    shown = Body.objects.visible_to(request.user).for_list(today)
    filters = BodyFilter(request.GET, queryset=shown, request=request)
    page = keyset_page(filters.qs, request.GET, key="sort_key", descending=False, noun=NOUN)
    context = {
        "title": "Gremien",
        "filter": filters,
        "page": page,
        "rows": [(one, places(one)) for one in page],
        "full": request.user.rights.can(Perm.READ_BODIES),
        "carrier": request.user.rights.can(Perm.OWN_ACTOR),
        "may_edit": any(request.user.rights.can(perm) for perm in MAY_EDIT),
        "today": today,
    }
    status = form_status(filters.form)
    return render_page(request, "projects/bodies/list.html", context, fragments={"list": "list"}, status=status)


@requires(*MAY_SEE)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: members, next dates, past sessions, open follow-ups; departments see its dates, carriers also what is
    open."""
    today, user = timezone.localdate(), request.user
    shown = Body.objects.visible_to(user).select_related("coordinator").prefetch_related("districts")
    found = get_object_or_404(shown, pk=pk)
    full = user.rights.can(Perm.READ_BODIES)
    members = list(found.members.with_names()) if full else []
    follow_ups = list(found.follow_ups.visible_to(user).open().for_lines())
    context = {
        "title": found.name,
        "body": found,
        "full": full,
        **_dates(found, user, today),
        "members": [one for one in members if one.is_in_force(today)],
        "others": [one for one in members if not one.is_in_force(today)],
        "reads_along": not full and Body.objects.told_to(user).filter(pk=pk).exists(),
        "follow_ups": follow_ups,
        "readable": readable(user, follow_ups) if full else (),
        **may_make(user),
        "parallel": _parallel(found, user, today),
        "raised": _raised(found, user) if full else [],
        "documents": list(found.documents.select_related("by")),
        "may_edit": found.may_edit(user),
        "may_write": found.may_write(user),
        "today": today,
    }
    return render_page(request, "projects/bodies/detail.html", context)


def _dates(body: Body, user: User, today: date) -> dict:
    sessions = body.sessions.visible_to(user).select_related("office")
    ahead = body.sessions.ahead(today)
    return {
        "coming": list(sessions.ahead(today)[:8]),
        # Partners open a session from the invitation on; its day stands in their list of bodies before.
        "planned": [] if user.rights.can(Perm.READ_BODIES) else list(ahead.filter(invited_at=None)[:8]),
        "past": list(sessions.past(today)[:PAST]),
        "more": body.sessions.visible_to(user).past(today)[PAST : PAST + 1].exists(),
    }


def _parallel(body: Body, user: User, today: date) -> list[tuple[Body, str]]:
    """What runs beside it and may do the same, for whoever could bring both together."""
    if not body.may_edit(user) or body.is_over(today):
        return []
    return parallel_to(user, name=body.name, kind=body.kind, districts=body.districts.all(), today=today, but=body)


def _raised(body: Body, user: User):
    """Concerns the body raised, as far as this person may read concerns (appendix A)."""
    seen = Concern.objects.visible_to(user).filter(is_sensitive=False)
    return body.raised.filter(concern__in=seen.values("pk")).select_related("concern").order_by("-pk")[:PAST]


@requires(*MAY_SEE)
@require_safe
def body_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """All sessions of a body."""
    found = get_object_or_404(Body.objects.visible_to(request.user), pk=pk)
    sessions = found.sessions.visible_to(request.user)
    page = keyset_page(sessions, request.GET, key="on", noun=("Sitzung", "Sitzungen"))
    context = {"title": f"Sitzungen: {found.name}", "body": found, "page": page}
    context |= {"full": request.user.rights.can(Perm.READ_BODIES)}
    return render_page(request, "projects/bodies/sessions.html", context)


def _numbers(typed: list[str]) -> list[int]:
    return [int(one) for one in typed[:50] if one.isdecimal() and len(one) < 19]


def _hints(request: HttpRequest, sent: QueryDict) -> dict:
    """Bodies that may do already what the one that is being typed is for; a look never keeps anybody from saving."""
    if not sent:
        return {}
    places, but = _numbers(sent.getlist("districts")), _numbers([sent.get("but", "")])
    districts = list(District.objects.filter(pk__in=places).defer("boundary")) if places else []
    typed = {"name": sent.get("name", "")[:160].replace("\0", ""), "kind": sent.get("kind", "")[:20].replace("\0", "")}
    rows = parallel_to(
        request.user, **typed, districts=districts, today=timezone.localdate(), but=Body(pk=but[0]) if but else None
    )
    return {"parallel": rows, "looked": True}


@requires(*MAY_EDIT)
@require_safe
def body_alike(request: HttpRequest) -> HttpResponse:
    """Similar bodies while one is typed."""
    return render_page(request, "projects/bodies/alike.html", _hints(request, request.GET))


@requires(*MAY_EDIT)
def body_new(request: HttpRequest) -> HttpResponse:
    """Enter a body; similar ones are pointed out, also without JavaScript by a button that does not save."""
    form = BodyForm(request.POST or None, user=request.user, initial={"coordinator": request.user.pk})
    context = {"title": "Gremium anlegen", "back": reverse("projects:bodies"), "back_label": "Gremien"}
    context |= _hints(request, request.POST)
    if "look" in request.POST:
        return render_page(request, "projects/bodies/form.html", {**context, "form": form})
    return save_form(
        request,
        form,
        save=actions.save_body,
        template="projects/bodies/form.html",
        context=context,
        message="Angelegt. Jetzt fehlen noch die Mitglieder.",
        to=Body.get_absolute_url,
    )


def body_to_edit(request: HttpRequest, pk: int) -> Body:
    """A body that this person runs; 404 otherwise."""
    return get_object_or_404(Body.objects.editable_by(request.user), pk=pk)


@requires(*MAY_EDIT)
def body_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a body; whoever was slower compares first."""
    found = body_to_edit(request, pk)
    form = BodyForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Body.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    context = {"title": "Gremium bearbeiten", "back": found.get_absolute_url(), "back_label": found.name}
    context |= _hints(request, request.POST)
    if "look" in request.POST:
        return render_page(request, "projects/bodies/form.html", {**context, "form": form})
    return save_form(
        request,
        form,
        save=partial(actions.save_body, body=found),
        template="projects/bodies/form.html",
        context=context,
        message="Gespeichert.",
        to=Body.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody belong to a body."""
    found = body_to_edit(request, pk)
    return _save_member(request, found, None, "Mitglied eintragen")


def _member_to_edit(request: HttpRequest, pk: int) -> BodyMember:
    seats = BodyMember.objects.filter(body__in=Body.objects.editable_by(request.user).values("pk"))
    return get_object_or_404(seats.with_names().select_related("body"), pk=pk)


@requires(*MAY_EDIT)
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a membership."""
    found = _member_to_edit(request, pk)
    return _save_member(request, found.body, found, "Mitgliedschaft ändern")


def _save_member(request: HttpRequest, body: Body, found: BodyMember | None, title: str) -> HttpResponse:
    form = MemberForm(request.POST or None, instance=found or BodyMember(body=body), user=request.user)
    return save_form(
        request,
        form,
        save=partial(actions.save_member, body=body, member=found),
        template="projects/bodies/member.html",
        context={"title": title, "back": body.get_absolute_url(), "back_label": body.name, "member": found},
        message="Gespeichert.",
        to=body.get_absolute_url(),
        on_conflict=lambda: compared(form, BodyMember.objects.filter(pk=found.pk).with_names().first()),
    )


@requires(*MAY_EDIT)
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership after a day."""
    found = _member_to_edit(request, pk)
    return save_form(
        request,
        EndMemberForm(request.POST or None),
        save=partial(actions.end_member, member=found),
        template="districts/form.html",
        context={
            "title": "Mitgliedschaft beenden",
            "lead": found.label,
            "back": found.body.get_absolute_url(),
            "back_label": found.body.name,
            "save_label": "Beenden",
        },
        message="Die Mitgliedschaft endet an diesem Tag.",
        to=found.body.get_absolute_url(),
    )


@require_safe
def body_calendar(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The dates of a public body as a calendar that programs subscribe to; sent again only when it has changed."""
    found = get_object_or_404(Body.objects.filter(is_public=True), pk=pk)
    content = calendar_of(found, today=timezone.localdate())
    etag = quote_etag(sha256(content).hexdigest())
    answer = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(False, f"{code_of(found.name, 'gremium')}.ics"),
            "Cache-Control": "public, max-age=3600",
            "ETag": etag,
        },
    )
    return get_conditional_response(request, etag=etag, response=answer)
