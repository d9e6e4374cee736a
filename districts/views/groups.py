"""Resident groups: what an actor is as one, and its phases (Z31, Z32)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from districts.access import requires
from districts.actions import groups as actions
from districts.forms.groups import GroupForm, GroupPhaseForm
from districts.models import Actor, ResidentGroup
from districts.roles import Perm
from districts.views.saving import save_form

MAY_EDIT = (Perm.EDIT_ACTORS, Perm.EDIT_ALL_ACTORS)


def _actor(request: HttpRequest, pk: int) -> Actor:
    return get_object_or_404(Actor.objects.editable_by(request.user).select_related("group"), pk=pk)


@requires(*MAY_EDIT)
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter or change what an actor is as a resident group."""
    actor = _actor(request, pk)
    found = getattr(actor, "group", None)
    form = GroupForm(request.POST or None, instance=found)

    def compare() -> dict:
        now = ResidentGroup.objects.filter(actor=actor).first()
        if now is None or found is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_group, actor=actor),
        template="districts/form.html",
        context={
            "title": "Angaben zur Gruppe" if found else "Als Bewohnergruppe führen",
            "back": actor.get_absolute_url(),
            "back_label": actor.name,
        },
        message="Gespeichert.",
        to=f"{actor.get_absolute_url()}#group",
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
def group_phase(request: HttpRequest, pk: int) -> HttpResponse:
    """The group is in another phase, or stays in its own; either is written down with what shows it."""
    actor = _actor(request, pk)
    found = get_object_or_404(ResidentGroup.objects.prefetch_related("phases"), actor=actor)
    first = {"phase": found.proposed_phase or found.phase}
    if found.proposed_phase:
        first["evidence"] = f"Moderation durch {found.get_moderation_display()}."
    return save_form(
        request,
        GroupPhaseForm(request.POST or None, initial=first),
        save=partial(actions.change_phase, group=found),
        template="districts/form.html",
        context={
            "title": "Phase festhalten",
            "lead": f"Jetzt: {found.get_phase_display()}. Moderation durch {found.get_moderation_display()}.",
            "back": actor.get_absolute_url(),
            "back_label": actor.name,
        },
        message="Die Phase ist festgehalten.",
        to=f"{actor.get_absolute_url()}#group",
    )
