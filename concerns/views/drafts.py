"""Drafts of every form that has `data-autosave`; the key names the form ("capture", "reply:12")."""

import re

from django.core import signing
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from concerns.actions.drafts import discard_draft, save_draft
from concerns.models import Draft
from districts.access import requires
from districts.models import User
from districts.roles import Perm
from quartier.web.forms import clean_text
from quartier.web.pages import redirect_to

KEY = re.compile(r"[a-z_]{1,40}(:\d{1,20})?")
LIMIT = 150_000  # characters of one draft
OWNER, STASH = "draft_owner", "draft_stash"
NOT_TYPED = {"csrfmiddlewaretoken", OWNER}


def draft_of(user: User, form: str) -> Draft | None:
    """What this person has typed into a form and not yet sent."""
    return Draft.objects.filter(user=user, form=form).first()


def draft_values(draft: Draft) -> QueryDict:
    """A draft as the data of a form."""
    values = QueryDict(mutable=True)
    for name, typed in draft.data.items():
        values.setlist(name, typed)
    return values


def owner_mark(user: User, form: str) -> str:
    """Value of the hidden field OWNER: whose form this is, signed."""
    return signing.dumps([user.pk, form], salt=OWNER)


def stash(request: HttpRequest) -> None:
    """Keep what somebody sent whose session had ended, until they have signed in; only forms that we gave out."""
    try:
        user_id, form = signing.loads(request.POST.get(OWNER, ""), salt=OWNER)
    except signing.BadSignature:
        return
    request.session[STASH] = {"user": user_id, "form": form, "data": _typed(request)}


def unstash(request: HttpRequest) -> None:
    """Make a draft of what this person sent while signed out; what somebody else sent is forgotten."""
    kept = request.session.pop(STASH, None) if STASH in request.session else None
    if kept and kept["user"] == request.user.pk:
        save_draft(user=request.user, form=kept["form"], data=kept["data"])


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    typed = {
        clean_text(name): [clean_text(value) for value in values]
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
    }
    if sum(len(value) for values in typed.values() for value in values) > LIMIT:
        raise RequestDataTooBig("draft")
    return typed


@requires(Perm.LOG_CONCERN, Perm.ANSWER_ROUTINGS, Perm.EDIT_ALL_BODIES)
@require_POST
def draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what was typed so far; answers 204."""
    _check(form)
    save_draft(user=request.user, form=form, data=_typed(request))
    return HttpResponse(status=204)


@requires(Perm.LOG_CONCERN, Perm.ANSWER_ROUTINGS, Perm.EDIT_ALL_BODIES)
@require_POST
def draft_discard(request: HttpRequest, form: str) -> HttpResponse:
    """Throw a draft away and go back to the page it was typed on."""
    _check(form)
    discard_draft(user=request.user, form=form)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect_to(request, back if safe else "home")


def _check(form: str) -> None:
    if not KEY.fullmatch(form):
        raise Http404
