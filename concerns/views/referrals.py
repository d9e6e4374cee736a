"""Referring somebody to an offer or an actor, and asking later whether they have arrived (K17)."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.actions import referrals as actions
from concerns.actions.access import note_reporter_access
from concerns.actions.base import LoopError
from concerns.forms.referrals import AskedForm, ReferralForm
from concerns.models import Concern, Referral, Reporter
from concerns.referring import ACTORS_SHOWN, searches
from concerns.workflow import CONCERN_MOVES, ConcernStatus, Outcome, may_move
from concerns.worklist import reporters_to_tell
from districts.access import requires
from districts.directory import places
from districts.models import Actor, Offer
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import conflict, form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

from .desk import back_to, desk_step
from .fetch import concern_to_act_on
from .offers import url_of
from .steps import press, sent, show_refusal

SIZE, TEMPLATE = 15, "concerns/referrals/form.html"


@requires(Perm.LOG_CONCERN)
@require_safe
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Offers and actors that fit the concern, narrowed while typing."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    offers, actors = searches(concern, request.GET, request.user)
    # How many there are helps nobody to choose, and counting them costs more than finding the first.
    page = keyset_page(offers.qs.for_list(), request.GET, key="sort_key", descending=False, size=SIZE, count=0)
    found = list(actors.qs.for_list().order_by("sort_key", "pk")[: ACTORS_SHOWN + 1])
    context = {
        "title": "Vermitteln",
        "concern": concern,
        "filter": offers,
        "page": page,
        "rows": [(one, places(one)) for one in page],
        "actors": [(one, places(one)) for one in found[:ACTORS_SHOWN]],
        "more_actors": len(found) > ACTORS_SHOWN,
    }
    status = form_status(offers.form)
    return render_page(request, "concerns/referrals/search.html", context, fragments={"found": "found"}, status=status)


@requires(Perm.LOG_CONCERN)
def refer_to_offer(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Refer somebody to an offer."""
    offers = Offer.objects.visible_to(request.user).running(timezone.localdate()).of_working_providers()
    return _refer(request, number, offer=get_object_or_404(offers.select_related("provider"), pk=pk))


@requires(Perm.LOG_CONCERN)
def refer_to_actor(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Refer somebody to an actor."""
    return _refer(request, number, actor=get_object_or_404(Actor.objects.visible_to(request.user).active(), pk=pk))


def _refer(request: HttpRequest, number: str, **target) -> HttpResponseBase:
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    people = _people(request, concern)
    place = target["offer"].provider if "offer" in target else target["actor"]
    form = ReferralForm(
        sent(request),
        reporters=people,
        contacts=place.contacts.may_be_named(timezone.localdate()),
        may_finish=_may_finish(concern),
        initial={"reporter": people[0].pk if len(people) == 1 else None},
    )
    name = str(target.get("offer") or target["actor"])
    context = {"title": f"Vermitteln an „{name}“", "concern": concern, "form": form, **target}
    if request.method == "POST" and form.is_valid():
        finish = form.cleaned_data.pop("finish", False)
        try:
            made = actions.refer(concern=concern, by=request.user, **target, **form.cleaned_data)
        except LoopError as error:
            show_refusal(form, error)
            return conflict(request, TEMPLATE, context)
        slip = reverse("reports:referral_slip", args=[made.pk, "a5"])
        notify(request, f"Vermittelt an „{name}“.", link=("Zettel zum Mitgeben (PDF)", slip))
        return redirect_to(request, _afterwards(concern, finish=finish))
    return render_page(request, TEMPLATE, context, status=form_status(form))


def _afterwards(concern: Concern, *, finish: bool) -> str:
    """The concern's page, or first the step that records the outcome."""
    if finish:
        return f"{reverse('concerns:answer', args=[concern.number])}?ergebnis={Outcome.REFERRED}"
    return f"{url_of(concern.number)}#vermittlungen"


def _people(request: HttpRequest, concern: Concern):
    """Who raised the concern or one bundled with it, as far as this person may see them; looking is noted (Q02)."""
    people = reporters_to_tell(request.user).filter(erased_at=None).exclude(kind=Reporter.Kind.OBSERVATION)
    found = people.filter(Q(concern=concern) | Q(concern__lead=concern)).select_related("concern")
    if shown := list(found):
        note_reporter_access(concern_ids=[one.concern_id for one in shown], by=request.user, on=timezone.localdate())
    return found


def _may_finish(concern: Concern) -> bool:
    """Whether an outcome can be recorded right after it."""
    free = concern.status != ConcernStatus.FORWARDED and not concern.lead_id
    return concern.may_triage and free and may_move(CONCERN_MOVES, concern.status, ConcernStatus.FEEDBACK_DUE)


def _referral(request: HttpRequest, pk: int) -> tuple[Referral, Concern]:
    found = get_object_or_404(Referral.objects.visible_to(request.user).for_page().select_related("concern"), pk=pk)
    return found, concern_to_act_on(request, found.concern.number, Perm.LOG_CONCERN)


@requires(Perm.LOG_CONCERN)
def referral_asked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What came of asking whether somebody has arrived."""
    referral, concern = _referral(request, pk)

    def act(result: str, ask_on=None):
        if result == AskedForm.AGAIN:
            return actions.ask_again(referral=referral, ask_on=ask_on, by=request.user)
        return actions.answer_referral(referral=referral, result=result, by=request.user)

    return desk_step(
        request,
        concern,
        AskedForm(sent(request)),
        act=act,
        title="Angekommen?",
        submit="Eintragen",
        message="Eingetragen.",
        fields="concerns/fields/asked.html",
        lead=f"Vermittelt am {referral.referred_on:%d.%m.%Y} an „{referral.target}“.",
        to=back_to(request, concern),
    )


@requires(Perm.LOG_CONCERN)
@require_POST
def referral_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It was a mistake."""
    referral, concern = _referral(request, pk)
    return press(
        request,
        act=lambda: actions.withdraw_referral(referral=referral, by=request.user),
        message="Die Vermittlung ist zurückgenommen.",
        to=f"{url_of(concern.number)}#vermittlungen",
    )
