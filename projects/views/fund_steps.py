"""Votes in a session, the second check, notices, payments and proofs (Z37, Z38)."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from districts.access import requires
from districts.views.saving import save_form
from projects.actions import fund_payments as payments
from projects.actions import fund_votes as votes
from projects.actions.fund_money import sums_of
from projects.eligibility import costs_of
from projects.forms.applications import OfficeForm
from projects.forms.fund_steps import BookingForm, NoticeForm, PayForm, ProofForm, ReturnForm, VoteForm
from projects.fund_workflow import Instance
from projects.models import FundApplication, FundItem, Session
from projects.views.applications import about, application_to_keep, step
from projects.views.bodies import MAY_WRITE
from projects.views.funds import MAY_KEEP, MAY_RULE
from projects.views.minutes import too_late
from projects.views.refusals import refusing
from projects.views.sessions import frame


@requires(*MAY_WRITE)
def fund_vote(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Note what the session decided about an application."""
    found = _item_to_vote(request, pk)
    session = found.item.session
    if answer := too_late(request, session):
        return answer
    form = VoteForm(request.POST or None, instance=found, session=session)

    def compare() -> dict:
        now = FundItem.objects.filter(pk=found.pk).first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(votes.record_vote, fund_item=found)),
        template="projects/funds/vote.html",
        context=frame(session, f"Fondsantrag {found.application.number}", **_to_vote_on(found, form)),
        message="Festgehalten. Es gilt mit der Genehmigung des Protokolls.",
        to=session.get_absolute_url(),
        on_conflict=compare,
    )


def _item_to_vote(request: HttpRequest, pk: int) -> FundItem:
    """The application on an agenda whose minutes this person writes; 404 otherwise."""
    sessions = Session.objects.writable_by(request.user)
    items = FundItem.objects.filter(item__session__in=sessions.values("pk"))
    names = ("application__fund", "application__rule", "application__applicant", "application__partner")
    return get_object_or_404(items.select_related("item__session__body", *names), item=pk)


def _to_vote_on(found: FundItem, form: VoteForm) -> dict:
    """What a body looks at while it votes."""
    application = found.application
    return {
        "application": application,
        "last_check": application.checks.first(),
        "costs": costs_of(application, application.rule),
        "quorum": found.item.session.quorum_now(),
        "voting": form.voting,
    }


@requires(*MAY_RULE)
def application_office(request: HttpRequest, pk: int) -> HttpResponse:
    """The second check: the Sozialplanung decides after the body."""
    found = application_to_keep(request, pk)
    agreed = found.decisions.filter(instance=Instance.BODY).first()
    if agreed is None or (found.awaits != Instance.OFFICE and request.method == "GET"):
        raise Http404
    return save_form(
        request,
        OfficeForm(request.POST or None, agreed=agreed),
        save=refusing(partial(votes.decide_in_office, application=found)),
        template="projects/funds/step.html",
        context=about(found, "Zweite Prüfung und Entscheidung", save_label="Entscheiden"),
        message="Entschieden. Jetzt ist der Bescheid zuzustellen.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_KEEP)
def application_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the applicant was told."""
    found = application_to_keep(request, pk)
    return save_form(
        request,
        NoticeForm(request.POST or None),
        save=refusing(partial(votes.record_notice, application=found)),
        template="projects/funds/step.html",
        context=about(found, "Bescheid zugestellt"),
        message="Die Zustellung ist festgehalten.",
        to=found.get_absolute_url(),
    )


def again(form: BookingForm, found: FundApplication) -> Mapping:
    """Somebody has booked something meanwhile: what was typed stays, against what is booked now."""
    form.on_top_of(FundApplication.objects.get(pk=found.pk))
    return {}


def _rest(found: FundApplication) -> Decimal:
    sums = sums_of(found)
    return sums["grant"] - sums["pay"] - sums["expire"]


@requires(*MAY_KEEP)
def application_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a payment."""
    found = application_to_keep(request, pk)
    form = PayForm(request.POST or None, rest=_rest(found), version=found.version)
    return save_form(
        request,
        form,
        save=refusing(partial(payments.pay, application=found)),
        template="projects/funds/step.html",
        context=about(found, "Auszahlung eintragen"),
        message="Die Auszahlung ist gebucht.",
        to=found.get_absolute_url(),
        on_conflict=partial(again, form, found),
    )


@requires(*MAY_KEEP)
def application_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the proof of use."""
    found = application_to_keep(request, pk)
    sums = sums_of(found)
    return save_form(
        request,
        ProofForm(request.POST or None, initial=ProofForm.first_values(getattr(found, "proof", None))),
        save=refusing(partial(payments.prove, application=found)),
        template="projects/funds/proof.html",
        context=about(
            found,
            "Verwendungsnachweis prüfen",
            sums=sums,
            costs=costs_of(found, found.rule),
            receipts=found.proof_documents.select_related("by"),
        ),
        message="Der Nachweis ist geprüft.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_KEEP)
def application_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that unspent money has come back."""
    found = application_to_keep(request, pk)
    proof = found.checked_proof
    owed = proof.to_return - sums_of(found)["return"] if proof else Decimal(0)
    form = ReturnForm(request.POST or None, owed=owed, version=found.version)
    return save_form(
        request,
        form,
        save=refusing(partial(payments.record_return, application=found)),
        template="projects/funds/step.html",
        context=about(found, "Rückzahlung eintragen"),
        message="Die Rückzahlung ist gebucht.",
        to=found.get_absolute_url(),
        on_conflict=partial(again, form, found),
    )


@requires(*MAY_KEEP)
@require_POST
def application_remind(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Note that the applicant was reminded of the proof."""
    found = application_to_keep(request, pk)
    version = request.POST.get("version", "")
    version = int(version) if version.isdecimal() and len(version) < 10 else 0
    act = partial(payments.remind, application=found, version=version, by=request.user)
    today = timezone.localdate()
    return step(request, found, act, f"Die Erinnerung vom {today:%d.%m.%Y} ist festgehalten.")
