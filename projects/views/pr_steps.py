"""The steps of an item: handing in, deciding, publishing, archiving, handing over (Z41, D11)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from districts.access import requires
from districts.models import User
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import public_relations as actions
from projects.actions.base import LoopError
from projects.forms.public_relations import PublishForm, ReturnForm, TakeOverForm
from projects.models import PRItem
from projects.views.pr_items import MAY_SEE, item_to_edit
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to

# What a button asks for, and what is said when it is done.
STEPS = {
    "hand_in": (actions.hand_in, "Liegt jetzt zur Freigabe."),
    "take_back": (actions.take_back, "Der Beitrag ist wieder im Entwurf."),
    "archive": (actions.archive, "Liegt jetzt im Archiv."),
}


@requires(Perm.EDIT_PR)
@require_POST
def pr_item_step(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand in, take back, archive."""
    found = item_to_edit(request, pk)
    act, done = STEPS.get(request.POST.get("step", ""), (None, ""))
    if act is not None:
        _try(request, partial(act, item=found, by=request.user), done)
    return redirect_to(request, found)


def _try(request: HttpRequest, act, done: str) -> bool:
    try:
        act()
    except LoopError as error:
        notify(request, str(error), level="error")
        return False
    notify(request, done)
    return True


def _to_decide(request: HttpRequest, pk: int) -> PRItem:
    """An item that somebody else has handed in."""
    return get_object_or_404(PRItem.objects.visible_to(request.user), pk=pk)


@requires(Perm.APPROVE_PR)
@require_POST
def pr_item_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Agree to exactly the version that was read."""
    found, version = _to_decide(request, pk), request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    _try(request, partial(actions.approve, item=found, version=seen, by=request.user), "Freigegeben.")
    return redirect_to(request, found)


@requires(Perm.APPROVE_PR)
def pr_item_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Not yet: say what is missing."""
    found = _to_decide(request, pk)
    return save_form(
        request,
        ReturnForm(request.POST or None),
        save=refusing(partial(actions.give_back, item=found)),
        template="districts/form.html",
        context={
            "title": "Zurück mit Hinweis",
            "lead": found.title,
            "back": found.get_absolute_url(),
            "back_label": found.title,
            "save_label": "Zurückgeben",
        },
        message="Der Beitrag ist mit Ihrem Hinweis wieder im Entwurf.",
        to="projects:pr_approvals",
    )


@requires(Perm.EDIT_PR)
def pr_item_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """An approved item has appeared."""
    found = item_to_edit(request, pk)
    form = PublishForm(request.POST or None, initial={"link": found.link})
    return save_form(
        request,
        form,
        save=refusing(partial(actions.publish, item=found)),
        template="districts/form.html",
        context={
            "title": "Als veröffentlicht festhalten",
            "lead": found.title,
            "back": found.get_absolute_url(),
            "back_label": found.title,
        },
        message="Veröffentlicht.",
        to=found.get_absolute_url(),
    )


@requires(Perm.MANAGE_USERS)
def pr_keeping(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody keeps in view, and who takes all of it over when they leave."""
    person = get_object_or_404(User, pk=pk)
    kept = PRItem.objects.kept_by(person).prefetch_related("districts").defer("text").order_by("publish_on", "pk")
    return save_form(
        request,
        TakeOverForm(request.POST or None, person=person),
        save=refusing(partial(actions.hand_over, person=person)),
        template="projects/pr/keeping.html",
        context={
            "title": f"Beiträge von {person}",
            "person": person,
            "rows": kept[:200],
            "may_read": request.user.rights.can(MAY_SEE[0]),
        },
        message="Die Beiträge sind übergeben.",
        to=request.path,
    )
