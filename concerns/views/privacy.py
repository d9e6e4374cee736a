"""What we store about a person: telling them (Art. 15 GDPR) and erasing it (Q02)."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from concerns import worklist
from concerns.actions import privacy as actions
from concerns.forms.feedback import ErasureForm
from concerns.models import ErasureEntry, Reporter
from districts.access import requires
from districts.roles import Perm

from .feedback import reporter_to_tell
from .offers import url_of
from .steps import sent, take_step


@requires(Perm.READ_REPORTERS)
def erase(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Erase a reporter's data; the page names what goes and what stays."""
    reporter = reporter_to_tell(request, pk)
    back = url_of(reporter.concern.number)
    return take_step(
        request,
        ErasureForm(sent(request)),
        act=lambda confirmed: actions.erase_reporter(
            reporter=reporter, reason=ErasureEntry.Reason.REQUEST, by=request.user
        ),
        template="concerns/erase.html",
        context={
            "title": f"Daten von {reporter.label} löschen",
            "reporter": reporter,
            "concern": reporter.concern,
            "others": _same_person(request, reporter),
            "back": back,
        },
        message="Die Personendaten sind gelöscht.",
        to=back,
    )


@requires(Perm.READ_REPORTERS)
@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything stored about this person in the concerns I may see, as a file for the person."""
    reporter = reporter_to_tell(request, pk)
    rows = [reporter, *_same_person(request, reporter)]
    told = actions.export_reporter(reporters=rows, by=request.user)
    text = json.dumps({"Auskunft": told}, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="auskunft-{reporter.concern.number}.json"'
    return response


def _same_person(request: HttpRequest, reporter: Reporter) -> list[Reporter]:
    """Further rows with the same address or telephone number, among those this person may see."""
    seen = worklist.with_history(worklist.reporters_to_tell(request.user)).exclude(pk=reporter.pk)
    same = seen.none()
    if reporter.email:
        same = same | seen.filter(email__iexact=reporter.email)
    if reporter.phone:
        same = same | seen.filter(phone=reporter.phone)
    return list(same.order_by("pk"))
