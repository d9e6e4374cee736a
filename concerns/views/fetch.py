"""The one way a view gets a concern: only what this person may see or act on, everybody else gets 404."""

from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from concerns.models import Concern, Routing
from concerns.querysets import team_filter
from districts.models import User
from districts.roles import Perm

SHOWN_WITH = ("topic__parent", "district__borough", "owner", "taken_by", "office", "lead")


def visible_concern(request: HttpRequest, number: str) -> Concern:
    """A concern this person may read; `.is_team` and `.may_triage` say what they may do there."""
    found = Concern.objects.visible_to(request.user).select_related(*SHOWN_WITH).defer("search")
    return get_object_or_404(with_rights(found, request.user), number=number)


def concern_to_act_on(request: HttpRequest, number: str, perm: Perm = Perm.TRIAGE) -> Concern:
    """A concern on which this person may act with `perm` in its district; 404 for everybody else."""
    found = Concern.objects.for_team(request.user, perm).select_related(*SHOWN_WITH).defer("search")
    return get_object_or_404(with_rights(found, request.user), number=number)


def with_rights(concerns, user: User):
    """Annotate `is_team` and `may_triage` with the same conditions that the querysets filter by."""
    return concerns.annotate(
        is_team=ExpressionWrapper(team_filter(user, Perm.LOG_CONCERN), output_field=BooleanField()),
        may_triage=ExpressionWrapper(team_filter(user, Perm.TRIAGE), output_field=BooleanField()),
    )


def routing_of(concern: Concern, pk: int) -> Routing:
    """One of the concern's own routings, whoever it went to."""
    found = concern.routings.select_related("department", "concern").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
