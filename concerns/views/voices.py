"""What residents said on their status page is taken off the desk; that they were handed their receipt is noted."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from concerns.actions import voices as actions
from concerns.actions.feedback import record_receipt
from concerns.models import Concern, Voice
from concerns.worklist import reporters_to_tell
from districts.access import requires
from districts.roles import Perm

from .steps import press


def _voice(request: HttpRequest, pk: int) -> Voice:
    """A voice of somebody this person may see; 404 for everybody else."""
    seen = reporters_to_tell(request.user).values("pk")
    return get_object_or_404(Voice.objects.select_related("reporter__concern"), pk=pk, reporter__in=seen)


def _back(request: HttpRequest) -> str:
    """To the concern the person came from, else to the list in the basket."""
    number = request.GET.get("zurueck", "")
    concern = Concern.objects.visible_to(request.user).filter(number=number).first()
    return concern.get_absolute_url() if concern else f"{reverse('concerns:basket')}?liste=stimmen"


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Looked at and done."""
    voice = _voice(request, pk)
    return press(
        request,
        act=partial(actions.settle, voice=voice, by=request.user),
        message=f"{voice.reporter.concern.number}: Stimme erledigt.",
        to=_back(request),
        undo=lambda _: reverse("concerns:voice_unsettle", args=[pk]),
    )


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def unsettle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put it back onto the desk."""
    voice = _voice(request, pk)
    return press(
        request,
        act=partial(actions.unsettle, voice=voice, by=request.user),
        message="Liegt wieder im Arbeitskorb.",
        to=_back(request),
    )


@requires(Perm.LOG_CONCERN)
@require_POST
def receipt_given(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The receipt was handed over."""
    reporter = get_object_or_404(reporters_to_tell(request.user).select_related("concern"), pk=pk)
    return press(
        request,
        act=partial(record_receipt, reporter=reporter, by=request.user),
        message="Festgehalten: Quittung ausgehändigt.",
        to=reporter.concern.get_absolute_url(),
    )
