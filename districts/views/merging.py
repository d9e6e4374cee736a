"""Two entries for one actor: see both, make one of them, take it back (Z13)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from districts.access import requires
from districts.actions.base import Conflict
from districts.actions.merging import merge_actors, undo_merge
from districts.forms.actors import MergeForm
from districts.forms.fields import actor_label
from districts.models import Actor, ActorMerge
from districts.views.actors import MAY_EDIT, actor_to_edit
from quartier.web.notices import notify
from quartier.web.pages import conflict, form_status, redirect_to, render_page

TEMPLATE = "districts/actors/merge.html"
MERGE = "zusammenfuehren"


@requires(*MAY_EDIT)
def actor_merge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Choose the double entry, compare both side by side, then merge."""
    kept = actor_to_edit(request, pk)
    form = MergeForm(request.POST or None, user=request.user, kept=kept)
    other = form.cleaned_data["merged"] if form.is_bound and form.is_valid() else None
    context = {"title": "Doppelten Eintrag zusammenführen", "actor": kept, "form": form, "do": MERGE}
    if other and request.POST.get("do") == MERGE:
        try:
            merge = merge_actors(kept=kept, merged=other, by=request.user)
        except Conflict as error:
            form.add_error(None, str(error))
            return conflict(request, TEMPLATE, context)
        notify(request, "Zusammengeführt.", undo_url=reverse("districts:merge_undo", args=[merge.pk]))
        return redirect_to(request, kept)
    context |= {"other": other, "rows": _side_by_side(kept, other) if other else [], "alike": _alike(request, kept)}
    return render_page(request, TEMPLATE, context, status=form_status(form))


def _alike(request: HttpRequest, kept: Actor) -> list[tuple[Actor, str]]:
    """Entries that may be the double, with what stands in the field when they are chosen."""
    found = Actor.objects.editable_by(request.user).exclude(pk=kept.pk).alike(kept.name)
    return [(one, actor_label(one)) for one in found]


def _side_by_side(kept: Actor, other: Actor) -> list[tuple[str, str, str]]:
    """What both say, where they differ."""
    both = [_told(one) for one in (kept, other)]
    return [(label, mine, both[1][label]) for label, mine in both[0].items() if mine != both[1][label]]


def _told(actor: Actor) -> dict[str, str]:
    texts = {
        "Art": str(actor.type),
        "Quartiere": ", ".join(map(str, actor.districts.all())) or "stadtweit",
        "Anschrift": ", ".join(filter(None, (actor.street, actor.place))),
        "Telefon": actor.phone,
        "E-Mail": actor.email,
        "Internetseite": actor.website,
        "Handlungsfelder": ", ".join(map(str, actor.action_fields.all())),
        "Zielgruppen": ", ".join(map(str, actor.target_groups.all())),
        "Ansprechpersonen": str(actor.contacts.count()),
        "Geprüft am": f"{actor.verified_on:%d.%m.%Y}" if actor.verified_on else "",
    }
    return {label: text or "–" for label, text in texts.items()}


@requires(*MAY_EDIT)
@require_POST
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Two entries again."""
    editable = Actor.objects.editable_by(request.user)
    merge = get_object_or_404(ActorMerge.objects.select_related("kept", "merged"), pk=pk, kept__in=editable)
    try:
        undo_merge(merge=merge, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, f"Es gibt wieder zwei Einträge. Der andere: {merge.merged}.")
    return redirect_to(request, merge.kept)
