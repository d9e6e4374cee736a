"""Pages about all posts and assignments: key date, timeline, terms, gaps, models (Z06–Z10)."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.assigning import Status
from districts.forms.posts import GapForm, KeyDayForm
from districts.models import Assignment, District, DistrictClassification
from districts.organising import DESCRIPTIONS
from districts.posts import overview, tabs
from districts.roles import Perm
from districts.terms import YEARS, expiring, last_warned, organised, timeline
from quartier.web.pages import form_status, render_page

FIRST_YEAR, LAST_YEAR = 1950, 2150
LEAD_YEARS = 3  # of the timeline, before the present year


@requires(Perm.READ_POSTS)
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """All posts on a key date with their sums."""
    form = KeyDayForm(request.GET or None)
    assignments = Assignment.objects.visible_to(request.user)
    planned = assignments.filter(status__in=[Status.AIMED, Status.APPLIED]).select_related("programme")
    classes = DistrictClassification.objects.visible_to(request.user)
    context = {
        "title": "Stellen",
        "tabs": tabs(request.user, "posts"),
        "form": form,
        "found": overview(assignments, form.day),
        "ending": assignments.ending_by(last_warned(timezone.localdate())).count(),
        "uncovered": classes.without_management(form.day).count(),
        "planned": planned.prefetch_related(Prefetch("districts", District.objects.defer("boundary"))),
        "may_edit": request.user.rights.can(Perm.EDIT_POSTS),
    }
    return render_page(
        request, "districts/posts/overview.html", context, fragments={"posts": "posts"}, status=form_status(form)
    )


@requires(Perm.READ_POSTS)
@require_safe
def timeline_page(request: HttpRequest) -> HttpResponse:
    """Every district with its assignments, year by year."""
    asked, this_year = request.GET.get("ab", ""), timezone.localdate().year
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year - LEAD_YEARS
    first = min(max(first, FIRST_YEAR), LAST_YEAR)
    context = {
        "title": "Zeitleiste",
        "tabs": tabs(request.user, "timeline"),
        "tracks": timeline(Assignment.objects.visible_to(request.user), first),
        "years": range(first, first + YEARS),
        "last": first + YEARS - 1,
        "before": first - YEARS // 2,
        "after": first + YEARS // 2,
        "this_year": this_year,
    }
    return render_page(request, "districts/posts/timeline.html", context, fragments={"timeline": "timeline"})


@requires(Perm.READ_POSTS)
@require_safe
def expiring_page(request: HttpRequest) -> HttpResponse:
    """Assignments that end within 18 months, the next one first."""
    context = {
        "title": "Auslaufende Einsätze",
        "tabs": tabs(request.user, "expiring"),
        "rows": expiring(Assignment.objects.visible_to(request.user), timezone.localdate()),
    }
    return render_page(request, "districts/posts/expiring.html", context)


@requires(Perm.READ_POSTS)
@require_safe
def uncovered_page(request: HttpRequest) -> HttpResponse:
    """Quarters with special challenges that nobody supports on a key date."""
    form = GapForm(request.GET or None, user=request.user)
    classes = DistrictClassification.objects.visible_to(request.user)
    context = {
        "title": "Quartiere ohne Quartiersmanagement",
        "tabs": tabs(request.user, "uncovered"),
        "form": form,
        "day": form.day,
        "rows": classes.without_management(form.day, leaving_out=form.leaving_out),
        "challenged": classes.challenged_on(form.day).count(),
        "left_out": Assignment.objects.filter(pk__in=form.leaving_out).first(),
    }
    return render_page(
        request, "districts/posts/uncovered.html", context, fragments={"gaps": "gaps"}, status=form_status(form)
    )


@requires(Perm.READ_POSTS)
@require_safe
def models_page(request: HttpRequest) -> HttpResponse:
    """The organisational models side by side, and how the assignments that run are organised."""
    standing = Assignment.objects.visible_to(request.user).filter(status__in=[Status.DECIDED, Status.RUNNING])
    shown = standing.select_related("steering_actor", "planning_actor", "community_actor")
    context = {
        "title": "Organisationsmodelle",
        "tabs": tabs(request.user, "models"),
        "models": DESCRIPTIONS.items(),
        "rows": [organised(one) for one in shown],
    }
    return render_page(request, "districts/posts/models.html", context)
