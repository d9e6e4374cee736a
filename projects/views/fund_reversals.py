"""A booking that was wrong is reversed; a checked proof is opened again (Z38)."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from districts.access import requires
from districts.views.saving import save_form
from projects.actions import fund_reversals as actions
from projects.costs import euros
from projects.forms.fund_steps import ReversalForm
from projects.fund_workflow import REVERSIBLE, EntryKind
from projects.models import FundApplication, LedgerEntry
from projects.views.applications import about, application_to_keep
from projects.views.fund_steps import again
from projects.views.funds import MAY_KEEP
from projects.views.refusals import refusing


@requires(*MAY_KEEP)
def entry_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a payment or a repayment that was booked by mistake."""
    kept = FundApplication.objects.kept_by(request.user)
    entries = LedgerEntry.objects.filter(application__in=kept.values("pk"), kind__in=REVERSIBLE)
    entry = get_object_or_404(entries, pk=pk)
    found = application_to_keep(request, entry.application_id)
    form = ReversalForm(request.POST or None, version=found.version)
    what = "Auszahlung" if entry.kind == EntryKind.PAY else "Rückzahlung"
    lead = f"{found.number} {found.title}: {what} von {euros(entry.amount)} am {entry.on:%d.%m.%Y}. Die Buchung bleibt "
    lead += "stehen; eine Gegenbuchung hebt sie auf."
    return save_form(
        request,
        form,
        save=refusing(partial(actions.reverse, entry=entry)),
        template="projects/funds/step.html",
        context=about(found, f"{what} stornieren", lead=lead, save_label="Stornieren"),
        message=f"Die {what} ist storniert.",
        to=found.get_absolute_url(),
        on_conflict=partial(again, form, found),
    )


@requires(*MAY_KEEP)
def application_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a checked proof again, so that bookings can be put right."""
    found = application_to_keep(request, pk)
    if request.method == "GET" and not found.checked_proof:
        raise Http404
    form = ReversalForm(request.POST or None, version=found.version)
    lead = f"{found.number} {found.title}. Danach lassen sich Buchungen stornieren; der Nachweis ist neu zu prüfen."
    return save_form(
        request,
        form,
        save=refusing(partial(actions.reopen, application=found)),
        template="projects/funds/step.html",
        context=about(found, "Nachweis wieder öffnen", lead=lead, save_label="Wieder öffnen"),
        message="Der Nachweis ist wieder offen.",
        to=found.get_absolute_url(),
        on_conflict=partial(again, form, found),
    )
