"""The status page of residents: a code from the receipt instead of a login (K24, decision 0017).

The code stands in no address that stays: the QR code's own address leads on at once. What was opened is remembered in
the session for an hour. Nothing here is cached, indexed or told to other sites.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concerns import codes, resident
from concerns.actions import status_codes, voices
from concerns.actions.base import Conflict
from concerns.forms.status import CodeForm, VoiceForm
from concerns.models import StatusCode
from concerns.workflow import Language
from districts.models import Office
from quartier.web.limits import Limit, client_network, give_back, take_try
from quartier.web.pages import redirect_to

from .external import HEADERS

OPENED = "status_code"  # in the session: the hash of the code, and until when it stays open
OPEN_FOR = timedelta(hours=1)
CHANGES_AN_HOUR = 12  # of what somebody says about an answer: each is a line of the history for good


def for_residents(view: Callable) -> Callable:
    """Decorator: the headers of these pages, and the language chosen in the address or asked for by the browser."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        with translation.override(_language(request)):
            response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return guarded


def _language(request: HttpRequest, own: str = "") -> str:
    """What was chosen on the page, else the reporter's own language, else what the browser asks for, else German.

    German is noted for everybody who was not asked, so it does not outdo the browser: the page in which the code was
    typed would change its language at the next step.
    """
    own = "" if own == Language.DE else own
    asked = (code.split("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    wanted = (request.GET.get("sprache"), own, *asked)
    return next((code for code in wanted if code in resident.LANGUAGES), "de")


def _page(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    language = translation.get_language()
    more = {
        "language": language,
        "direction": resident.direction(language),
        "languages": resident.names(),
        "query": _query(request),
        "imprint_url": settings.IMPRINT_URL,
        "privacy_url": settings.PRIVACY_URL,
    }
    return render(request, f"concerns/status/{template}.html", {**more, **context}, status=status)


def _query(request: HttpRequest) -> str:
    """Keeps a chosen language from page to page."""
    chosen = request.GET.get("sprache")
    return f"?{urlencode({'sprache': chosen})}" if chosen in resident.LANGUAGES else ""


# --- The way in -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def enter(request: HttpRequest) -> HttpResponseBase:
    """The form for the code."""
    if request.method != "POST":
        return _code_page(request, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form, status=422)
    return _open(request, form, status=422)


@require_safe
@for_residents
def by_code(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where the QR code leads: opens the page and leaves this address at once."""
    return _open(request, CodeForm({"code": code[:60]}), status=404)


def _open(request: HttpRequest, form: CodeForm, *, status: int) -> HttpResponseBase:
    typed = form["code"].value() or ""
    if not codes.read(typed):
        form.add_error("code", _("Das ist kein ganzer Code. Ein Code hat 12 Zeichen."))
        return _code_page(request, form, status=status)
    limits = _limits(request)
    if seconds := take_try(*limits):
        return _too_many(request, seconds)
    found = status_codes.find(typed=typed)
    if found is None:
        form.add_error("code", _("Diesen Code kennen wir nicht, oder er gilt nicht mehr. Bitte prüfen Sie ihn."))
        return _code_page(request, form, status=status)
    give_back(*limits)
    request.session.cycle_key()
    request.session[OPENED] = {"digest": found.digest, "until": (timezone.now() + OPEN_FOR).timestamp()}
    return redirect_to(request, reverse("concerns:status_standing") + _query(request))


def _limits(request: HttpRequest) -> tuple[Limit, Limit]:
    seconds = settings.STATUS_TRIES_SECONDS
    one = Limit(f"status:{client_network(request)}", settings.STATUS_TRIES, seconds)
    return one, Limit("status", settings.STATUS_TRIES_OVERALL, seconds)


def _code_page(request: HttpRequest, form: CodeForm, *, status: int = 200, **more) -> HttpResponse:
    context = {
        "title": _("Wie steht es um Ihr Anliegen?"),
        "form": form,
        "offices": Office.objects.existing_on(timezone.localdate()).with_hours(),
        **more,
    }
    return _page(request, "code", context, status=status)


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"title": _("Bitte warten Sie ein wenig"), "minutes": -(-seconds // 60)}
    response = _page(request, "too_many", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


# --- The page ---------------------------------------------------------------------------------------------------------


def behind_code(view: Callable) -> Callable:
    """Decorator: hands the view the code that was opened, in its reporter's language; without one back to the form."""

    @wraps(view)
    @for_residents
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        found = _opened(request)
        if found is None:
            return _ended(request)
        with translation.override(_language(request, found.reporter.language)):
            return view(request, found, *args, **kwargs)

    return guarded


def _opened(request: HttpRequest) -> StatusCode | None:
    opened = request.session.get(OPENED)
    if not opened or datetime.fromtimestamp(opened["until"], tz=timezone.get_current_timezone()) < timezone.now():
        return None
    return status_codes.find_by_digest(digest=opened["digest"])


def _ended(request: HttpRequest) -> HttpResponse:
    """The hour is over, or the code: what was typed stays on the page."""
    if request.method != "POST":
        return redirect_to(request, reverse("concerns:status") + _query(request))
    form = CodeForm(initial={})
    return _code_page(request, form, status=409, typed=request.POST.get("comment", "")[:4000], is_over=True)


@require_safe
@behind_code
def standing(request: HttpRequest, found: StatusCode) -> HttpResponse:
    """The four stations, whose turn it is, the answer, and whether it helped."""
    return _standing_page(request, found)


def _standing_page(request: HttpRequest, found: StatusCode, *, status: int = 200, **more) -> HttpResponse:
    seen = resident.standing_of(found.reporter, today=timezone.localdate())
    answer = seen.asked.isoformat() if seen.asked else ""
    form = VoiceForm(initial={"comment": seen.voice.comment if seen.voice else ""})
    context = {"title": _("So steht es um Ihr Anliegen"), "seen": seen, "answer": answer, "form": form}
    context["voice_due"] = resident.day(seen.voice.due_on) if seen.voice and seen.voice.due_on else ""
    return _page(request, "standing", context | more, status=status)


@require_POST
@behind_code
def say(request: HttpRequest, found: StatusCode) -> HttpResponseBase:
    """Has it helped? Yes with one click, no with a comment."""
    form = VoiceForm(request.POST)
    if not form.is_valid():
        return _standing_page(request, found, form=form, status=422)
    if take_try(Limit(f"voice:{found.reporter_id}", CHANGES_AN_HOUR, 3600)):
        return _standing_page(request, found, form=form, conflict="TooOften", status=429)
    data = form.cleaned_data
    try:
        voices.say(reporter=found.reporter, answer_at=data["answer"], helped=data["helped"], comment=data["comment"])
    except Conflict as error:
        return _standing_page(request, found, form=form, conflict=type(error).__name__, status=409)
    return redirect_to(request, f"{reverse('concerns:status_standing')}{_query(request)}#stimme")


@require_POST
@for_residents
def leave(request: HttpRequest) -> HttpResponseBase:
    """Close the page for whoever uses the device next."""
    request.session.pop(OPENED, None)
    return redirect_to(request, reverse("concerns:status") + _query(request))
