"""Bundling duplicates and undoing it (K13, I5)."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from concerns.actions import bundling as actions
from concerns.forms.bundling import BundleForm
from concerns.models import Concern, LoopSettings
from concerns.similar import similar_to
from districts.access import requires
from districts.roles import Perm
from quartier.web.forms import QuartierForm

from .desk import desk_step
from .fetch import concern_to_act_on
from .steps import sent


@requires(Perm.TRIAGE)
def bundle(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put a concern under another that leads from now on."""
    concern = concern_to_act_on(request, number)
    leads = Concern.objects.for_team(request.user, Perm.TRIAGE).exclude(pk=concern.pk).exclude(lead=concern)
    months = LoopSettings.load().similar_months
    similar = similar_to(concern, among=leads, months=months, today=timezone.localdate())
    form = BundleForm(sent(request), leads=leads, similar=similar, initial={"pick": request.GET.get("unter", "")})
    followers = concern.duplicates.count()
    return desk_step(
        request,
        concern,
        form,
        act=lambda **data: actions.bundle(concern=concern, lead=form.lead, by=request.user),
        title="Unter einem anderen Anliegen bündeln",
        submit="Bündeln",
        message=lambda bundled: f"{number} ist jetzt unter {bundled.lead.number} gebündelt.",
        undo=lambda bundled: reverse("concerns:unbundle", args=[number]),
        lead="Weiterleitung und Antwort laufen dann beim führenden Anliegen. Jede Person behält ihre eigene "
        "Rückmeldung. Offene Weiterleitungen dieses Anliegens werden zurückgerufen."
        + (f" {followers} hier gebündelte Anliegen ziehen mit um." if followers else ""),
    )


@requires(Perm.TRIAGE)
def unbundle(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take a concern out of its bundle."""
    concern = concern_to_act_on(request, number)
    return desk_step(
        request,
        concern,
        QuartierForm(sent(request)),
        act=lambda: actions.unbundle(concern=concern, by=request.user),
        title="Aus dem Bündel lösen",
        submit="Aus dem Bündel lösen",
        message=f"{number} steht wieder für sich und ist neu zu sichten.",
        lead="Das Anliegen steht danach wieder für sich und ist neu zu sichten. Wer es gemeldet hat, wartet weiter auf "
        "die eigene Rückmeldung.",
    )
