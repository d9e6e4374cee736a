"""The directory's lists and settings, for Sozialplanung and administration (Q07)."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from districts import starter
from districts.access import requires
from districts.actions import lists as actions
from districts.forms.lists import DirectorySettingsForm, entry_form
from districts.models import (
    ActionField,
    ActorType,
    DirectorySettings,
    EventFormat,
    ListEntry,
    OfferKind,
    Programme,
    TargetGroup,
)
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page


@dataclass(frozen=True)
class EditableList:
    """One list: how its page is called and what it begins with."""

    model: type[ListEntry]
    title: str
    starter: tuple[str, ...]


LISTS: dict[str, EditableList] = {
    "arten": EditableList(ActorType, "Akteursarten", starter.ACTOR_TYPES),
    "handlungsfelder": EditableList(ActionField, "Handlungsfelder", starter.ACTION_FIELDS),
    "zielgruppen": EditableList(TargetGroup, "Zielgruppen", starter.TARGET_GROUPS),
    "angebotsarten": EditableList(OfferKind, "Angebotsarten", starter.OFFER_KINDS),
    "formate": EditableList(EventFormat, "Formate von Veranstaltungen", starter.EVENT_FORMATS),
    "programme": EditableList(Programme, "Förderprogramme", starter.PROGRAMMES),
}


def _list(code: str) -> EditableList:
    if code not in LISTS:
        raise Http404
    return LISTS[code]


@requires(Perm.EDIT_MASTER_DATA)
def entries(request: HttpRequest, code: str) -> HttpResponse:
    """The entries of a list, also those that are no longer offered."""
    chosen = _list(code)
    context = {
        "title": chosen.title,
        "code": code,
        "rows": chosen.model.objects.all(),
        "starter": len(chosen.starter),
        "lists": [(name, one.title, name == code) for name, one in LISTS.items()],
    }
    return render_page(request, "districts/lists/entries.html", context)


@requires(Perm.EDIT_MASTER_DATA)
def entry_edit(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """Enter or change an entry."""
    chosen = _list(code)
    found = get_object_or_404(chosen.model, pk=pk) if pk is not None else None
    back = reverse("districts:list_entries", args=[code])
    return save_form(
        request,
        entry_form(chosen.model)(request.POST or None, instance=found),
        save=partial(actions.save_entry, model=chosen.model, entry=found),
        template="districts/form.html",
        context={
            "title": f"{chosen.title}: {'Eintrag ändern' if found else 'Eintrag anlegen'}",
            "back": back,
            "back_label": chosen.title,
        },
        message="Gespeichert.",
        to=back,
    )


@requires(Perm.EDIT_MASTER_DATA)
@require_POST
def take_starter(request: HttpRequest, code: str) -> HttpResponseBase:
    """Fill an empty list with entries to begin with."""
    chosen = _list(code)
    count = actions.take_starter(model=chosen.model, names=chosen.starter, by=request.user)
    text = f"{count} Einträge übernommen." if count else "Die Liste hat schon Einträge; es wurde nichts geändert."
    notify(request, text, level="success" if count else "info")
    return redirect_to(request, "districts:list_entries", code)


@requires(Perm.EDIT_MASTER_DATA)
def directory_settings(request: HttpRequest) -> HttpResponse:
    """After how many months the directory asks again."""
    return save_form(
        request,
        DirectorySettingsForm(request.POST or None, instance=DirectorySettings.load()),
        save=actions.save_settings,
        template="districts/lists/settings.html",
        context={"title": "Einstellungen des Verzeichnisses"},
        message="Gespeichert.",
        to=reverse("districts:directory_settings"),
    )
