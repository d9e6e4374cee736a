"""The capture page: one address for typing, looking ahead and saving (K01, K02, K05, K13)."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from concerns.actions import capture as actions
from concerns.actions.base import Conflict, LoopError
from concerns.actions.drafts import discard_draft, save_draft
from concerns.actions.photos import MAX_PHOTOS, drop_held, hold_photo
from concerns.forms.capture import PREFIX, Sheet, read_key, row_prefixes
from concerns.forms.reporter import MAX_REPORTERS
from concerns.models import Concern, HeldPhoto, Reporter
from concerns.preview import district_at, look
from concerns.views.drafts import NOT_TYPED, draft_of, draft_values
from districts import geo
from districts.access import requires
from districts.models import District
from districts.roles import Perm
from quartier.photos import BadPhoto, prepare
from quartier.web.forms import clean_text
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

TEMPLATE = "concerns/capture.html"
FRAGMENTS = {
    "hints": "hints_live",
    "topic-field": "topic",
    "district-field": "district",
    "reporters": "reporters",
    "photos": "photos",
}
STASH, STASH_LIMIT = "capture_stash", 64 * 1024  # what a signed-out person sent, in characters
KEPT = "capture_kept"  # what „Speichern und nächstes“ carries over
SERIES = ("channel", "occasion", "district", "received_on")
MORE = ("title", "kind", "spot", "channel", "occasion", "received_on", "urgency", "affected", "note")  # behind a click
# Fields whose content makes a draft worth restoring; everything else has a default.
WORTH_KEEPING = ("text", "title", "place", "note", f"{PREFIX}-0-name", f"{PREFIX}-0-phone", f"{PREFIX}-0-email")


def keeps_typed(view: Callable) -> Callable:
    """Decorator: what a signed-out person sends waits in the session until the same person has signed in again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated and not request.htmx:
            _stash(request)
        return view(request, *args, **kwargs)

    return guarded


@keeps_typed
@requires(Perm.LOG_CONCERN)
def capture(request: HttpRequest) -> HttpResponseBase:
    """Log a concern. Buttons say in `step` what to do; without one the concern is saved."""
    if request.method != "POST":
        return _open(request)
    step, _, argument = request.POST.get("step", "save").partition(":")
    wrong = _hold_photos(request)
    if step in SAVING:
        return SAVING[step](request, wrong, argument)
    data = request.POST.copy()
    changed = REWORK[step](request, data, argument) if step in REWORK else False
    sheet = Sheet.typed(request.user, data)
    _focus(sheet, step)
    response = _show(request, sheet, photo_errors=wrong, located=changed and step == "place")
    if changed and request.htmx:
        response.headers["HX-Trigger-After-Settle"] = "input"  # as if typed: the draft and the hints follow
    return response


# --- Showing ----------------------------------------------------------------------------------------------------------


def _open(request: HttpRequest) -> HttpResponseBase:
    _unstash(request)
    draft, asked = draft_of(request.user, actions.DRAFT), _occasion(request)
    if draft and (values := _still_wanted(request, draft)):
        for name, value in asked.items():
            if not values.get(name) or name == "channel":
                values[name] = str(value)
        return _show(request, Sheet.typed(request.user, values), draft=draft)
    kept = request.session.get(KEPT) if "weiter" in request.GET else None
    sheet = Sheet.blank(request.user, {**(kept or {}), **asked})
    _focus(sheet, "open")
    return _show(request, sheet, kept=kept, occasion=asked.get("occasion"))


def _occasion(request: HttpRequest) -> dict:
    """What an address that names an occasion fills in: the way it came in, the occasion, its district (Z30)."""
    occasion = clean_text(request.GET.get("anlass", "")).strip()[:120]
    if not occasion:
        return {}
    district = request.GET.get("quartier", "")
    known = {"district": int(district)} if district.isascii() and district.isdigit() and len(district) < 10 else {}
    return {"channel": Concern.Channel.EVENT, "occasion": occasion, **known}


def _show(request: HttpRequest, sheet: Sheet, *, status: int = 200, photo_errors=(), **more) -> HttpResponseBase:
    def has_errors(*names: str) -> bool:
        return not sheet.concern.errors.keys().isdisjoint(names)

    context = {
        "title": "Anliegen erfassen",
        "sheet": sheet,
        "preview": look(sheet),
        "held": HeldPhoto.objects.filter(user=request.user, form_key=sheet.key) if sheet.key else [],
        "photo_errors": photo_errors,
        "may_triage": request.user.rights.can(Perm.TRIAGE),
        "map_open": sheet.point is not None or has_errors("lat", "lon"),
        "more_open": has_errors(*MORE),
        "forward_open": bool(sheet.forward.errors),
        "more_rows": len(sheet.reporters.forms) < MAX_REPORTERS,
        "tiles_url": settings.MAP_TILES_URL,
        "tiles_attribution": settings.MAP_TILES_ATTRIBUTION,
        **more,
    }
    if not request.htmx:
        context["map"] = {"polygons": geo.features(District.objects.valid_on(timezone.localdate()))}
    return render_page(request, TEMPLATE, context, fragments=FRAGMENTS, status=status)


def _focus(sheet: Sheet, step: str) -> None:
    """Where the typing goes on after a step."""
    field = {
        "open": sheet.concern.fields["text"],
        "topic": sheet.concern.fields["topic"],
        "add_person": sheet.reporters.forms[-1].fields["kind"],
    }.get(step)
    if field:
        field.widget.attrs["autofocus"] = True


# --- Saving -----------------------------------------------------------------------------------------------------------


def _save(request: HttpRequest, wrong: list[str], argument: str, *, forward: bool = False, more: bool = False):
    sheet = Sheet.sent(request.user, request.POST)
    targets = []
    if not sheet.is_valid() or wrong or (forward and (targets := sheet.targets()) is None):
        return _show(request, sheet, status=422, photo_errors=wrong)
    data = replace(sheet.concern.concern_data(), note=sheet.concern.cleaned_data["note"])
    try:
        captured = actions.capture(
            by=request.user,
            form_key=sheet.key,
            data=data,
            reporters=sheet.reporters.reporters_data(),
            targets=targets,
        )
    except LoopError as error:
        return _refused(request, sheet, error)
    _tell(request, captured, targets)
    if more:
        request.session[KEPT] = {name: _storable(sheet.concern.cleaned_data[name]) for name in SERIES}
    return redirect_to(request, _next_page(request, captured.concern, more))


def _forward(request: HttpRequest, wrong: list[str], argument: str) -> HttpResponseBase:
    return _save(request, wrong, argument, forward=True)


def _next(request: HttpRequest, wrong: list[str], argument: str) -> HttpResponseBase:
    return _save(request, wrong, argument, more=True)


def _join(request: HttpRequest, wrong: list[str], argument: str) -> HttpResponseBase:
    """Add the typed people to a concern that is already there, instead of making a new one."""
    concern = get_object_or_404(Concern.objects.for_team(request.user), number=argument)
    sheet = Sheet.sent(request.user, request.POST, joins=True)
    if wrong or not sheet.is_valid():
        return _show(request, sheet, status=422, photo_errors=wrong)
    try:
        added = actions.join(
            concern=concern,
            by=request.user,
            form_key=sheet.key,
            reporters=sheet.reporters.reporters_data(),
            text=sheet.all_words,
        )
    except LoopError as error:
        return _refused(request, sheet, error)
    notify(request, _joined(concern, added), level="success" if added else "info")
    return redirect_to(request, concern.get_absolute_url())


def _discard(request: HttpRequest, wrong: list[str], argument: str) -> HttpResponseBase:
    """Forget what was typed, with its photos."""
    discard_draft(user=request.user, form=actions.DRAFT)
    if key := Sheet.typed(request.user, request.POST).key:
        drop_held(photos=HeldPhoto.objects.filter(user=request.user, form_key=key))
    notify(request, "Entwurf verworfen.", level="info")
    return redirect_to(request, "concerns:capture")


def _refused(request: HttpRequest, sheet: Sheet, error: LoopError) -> HttpResponseBase:
    sheet.concern.add_error(None, str(error))
    return _show(request, sheet, status=409 if isinstance(error, Conflict) else 422)


def _tell(request: HttpRequest, captured: actions.Captured, targets: list) -> None:
    concern = captured.concern
    if not captured.is_new:
        notify(request, f"Dieses Formular war schon gespeichert: {concern.number}.", level="info")
        return
    sent = " und ".join(target.department.code for target in targets)
    text = f"{concern.number} gespeichert{f' und an {sent} weitergeleitet' if sent else ''}."
    if concern.owner_id != request.user.pk:
        text += f" Zuständig ist jetzt {concern.owner}."
    notify(request, text, link=_receipt_of(concern))


def _receipt_of(concern: Concern) -> tuple[str, str] | None:
    """Link to the receipt of the one person who told it; of several each has their own on the concern's page."""
    people = list(concern.reporters.exclude(kind=Reporter.Kind.OBSERVATION)[:2])
    return ("Quittung drucken", reverse("reports:receipt", args=[people[0].pk])) if len(people) == 1 else None


def _joined(concern: Concern, added: list) -> str:
    if not added:
        return f"Das war schon bei {concern.number} gespeichert."
    people = "Eine Person" if len(added) == 1 else f"{len(added)} Personen"
    return (
        f"{people} bei {concern.number} hinzugefügt. Ihr Text steht dort als Teamnotiz, Fotos sind übernommen. "
        "Ein neues Anliegen wurde nicht angelegt."
    )


def _next_page(request: HttpRequest, concern: Concern, more: bool) -> str:
    """Back to an empty page in a series; the concern itself only where this person may open it."""
    if more:
        return f"{reverse('concerns:capture')}?weiter=1"
    visible = Concern.objects.visible_to(request.user).filter(pk=concern.pk).exists()
    return concern.get_absolute_url() if visible else reverse("concerns:capture")


def _storable(value) -> str | int | None:
    return value.pk if isinstance(value, District) else value.isoformat() if hasattr(value, "isoformat") else value


SAVING = {"save": _save, "forward": _forward, "next": _next, "join": _join, "discard": _discard}


# --- Steps that save nothing ------------------------------------------------------------------------------------------


def _add_row(request: HttpRequest, data: QueryDict, argument: str) -> bool:
    count = len(row_prefixes(data))
    data[f"{PREFIX}-TOTAL_FORMS"] = str(min(count + 1, MAX_REPORTERS))
    return False


def _remove_row(request: HttpRequest, data: QueryDict, argument: str) -> bool:
    """Take one row out and close the gap; the last one is only emptied."""
    rows = row_prefixes(data)
    if f"{PREFIX}-{argument}" not in rows:
        return False
    typed = [{key.removeprefix(row): data.getlist(key) for key in data if key.startswith(f"{row}-")} for row in rows]
    typed.pop(int(argument))
    for key in [key for key in data if key.startswith(tuple(f"{row}-" for row in rows))]:
        del data[key]
    for row, values in zip(rows, typed, strict=False):
        for name, value in values.items():
            data.setlist(row + name, value)
    data[f"{PREFIX}-TOTAL_FORMS"] = str(max(len(typed), 1))
    return True


def _pick_topic(request: HttpRequest, data: QueryDict, argument: str) -> bool:
    data["topic"] = argument
    return True


def _take_district(request: HttpRequest, data: QueryDict, argument: str) -> bool:
    """The point on the map decides; outside all districts the choice goes to "outside"."""
    point = Sheet.typed(request.user, data).point
    if point is None:
        return False
    found = district_at(point)
    data["district"] = str(found.pk) if found else ""
    return True


def _drop_photo(request: HttpRequest, data: QueryDict, argument: str) -> bool:
    key = Sheet.typed(request.user, data).key
    if key and argument.isdecimal():
        drop_held(photos=HeldPhoto.objects.filter(user=request.user, form_key=key, pk=int(argument[:18])))
    return False


REWORK = {
    "add_person": _add_row,
    "remove_person": _remove_row,
    "topic": _pick_topic,
    "place": _take_district,
    "drop_photo": _drop_photo,
}


# --- Photos, drafts, sessions -----------------------------------------------------------------------------------------


def _hold_photos(request: HttpRequest) -> list[str]:
    """Keep the photos that came along, whatever becomes of the rest of the form; returns what is wrong with others."""
    found, wrong = read_key(request.POST.get("form_key", "")), []
    files = request.FILES.getlist("photos")
    if files and (found is None or found[0] != request.user.pk):
        return ["Das Formular war veraltet. Bitte die Fotos noch einmal wählen."]
    for file in files[: MAX_PHOTOS + 1]:
        try:
            hold_photo(user=request.user, form_key=found[1], photo=prepare(file, clean_text(file.name)))
        except (BadPhoto, LoopError) as error:
            wrong.append(str(error))
    return wrong


def _still_wanted(request: HttpRequest, draft) -> QueryDict | None:
    """What a draft holds; None when nothing was typed, or when it was saved while it was on its way."""
    values = draft_values(draft)
    found = read_key(values.get("form_key", ""))
    saved = found is not None and actions.concern_of_form(found[1]) is not None
    if not saved and any(values.get(name, "").strip() for name in WORTH_KEEPING):
        return values
    discard_draft(user=request.user, form=actions.DRAFT)
    return None


def _stash(request: HttpRequest) -> None:
    """Put what was sent into the session of nobody; only forms that we gave to somebody are taken."""
    found = read_key(request.POST.get("form_key", ""))
    if found is None:
        return
    sent = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    if sum(len(value) for values in sent.values() for value in values) > STASH_LIMIT:
        raise RequestDataTooBig("stash")
    typed = {clean_text(name): [clean_text(value) for value in values] for name, values in sent.items()}
    request.session[STASH] = {"user": found[0], "data": typed}


def _unstash(request: HttpRequest) -> None:
    """Make a draft of what this person sent while signed out; what somebody else sent is forgotten."""
    stash = request.session.pop(STASH, None)
    if stash and stash["user"] == request.user.pk:
        save_draft(user=request.user, form=actions.DRAFT, data=stash["data"])
