"""What is new about themes and who still has to hear it (N5)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from concerns.views.steps import press, sent, take_step
from concerns.workflow import OUTCOME_OF_REPLY
from districts.access import requires
from districts.roles import Perm
from projects.actions import theme_news as actions
from projects.forms.needs import NewsAnswerForm
from projects.models import ConcernNews
from quartier.web.pages import render_page
from quartier.web.paging import keyset_page


@requires(Perm.GIVE_FEEDBACK)
@require_safe
def theme_news(request: HttpRequest) -> HttpResponse:
    """Concerns of the own team whose people wait to hear what is new about a theme."""
    rows = ConcernNews.objects.of_team(request.user).waiting()
    shown = rows.select_related("concern__district", "concern__lead", "news__need").defer("concern__search")
    page = keyset_page(shown, request.GET, key="id", noun=("Anliegen", "Anliegen"))
    context = {"title": "Neues zu Themen", "page": page, "may_triage": request.user.rights.can(Perm.TRIAGE)}
    return render_page(request, "projects/needs/news.html", context)


def _news(request: HttpRequest, pk: int) -> ConcernNews:
    rows = ConcernNews.objects.of_team(request.user).filter(concern__is_sensitive=False)
    return get_object_or_404(rows.select_related("concern", "news__need", "news__recipient"), pk=pk)


@requires(Perm.TRIAGE)
def news_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The news is the answer to the concern."""
    found = _news(request, pk)
    recipient = found.news.recipient
    first = {"answer_text": found.news.text, "reason_category": found.news.reason_category}
    if recipient:
        first |= {"outcome": OUTCOME_OF_REPLY[recipient.result], "promised_on": recipient.date}
    form = NewsAnswerForm(sent(request), concern=found.concern, initial=first)
    return take_step(
        request,
        form,
        act=partial(actions.take_as_answer, news=found, by=request.user),
        template="projects/needs/news_answer.html",
        context={
            "title": "Als Ergebnis übernehmen",
            "concern": found.concern,
            "news": found.news,
            "back": reverse("projects:theme_news"),
            "back_label": "Neues zu Themen",
        },
        message="Das Ergebnis ist festgehalten. Alle dahinter stehen auf der Liste der Rückmeldungen.",
        to=found.concern.get_absolute_url(),
    )


@requires(Perm.GIVE_FEEDBACK)
@require_POST
def news_dismiss(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The news does not concern these people."""
    found = _news(request, pk)
    return press(
        request,
        act=lambda: actions.dismiss(news=found, by=request.user),
        message=f"{found.concern.number}: Die Neuigkeit ist vom Tisch.",
        to=reverse("projects:theme_news"),
    )
