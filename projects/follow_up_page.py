"""What pages with follow-ups offer to whom (Z20)."""

from collections.abc import Iterable

from concerns.models import Concern
from districts.models import User
from districts.roles import Perm
from projects.models import FollowUp


def readable(user: User, follow_ups: Iterable[FollowUp]) -> set[int]:
    """Ids of the concerns that follow-ups became and that this person may open; of others the number stands."""
    became = [one.raised.concern_id for one in follow_ups if hasattr(one, "raised")]
    return set(Concern.objects.visible_to(user).filter(pk__in=became).values_list("pk", flat=True)) if became else set()


def may_make(user: User) -> dict:
    """What a person may make of a follow-up: a concern, a project, a need."""
    can = user.rights.can
    return {
        "perms_log": can(Perm.LOG_CONCERN),
        "perms_projects": can(Perm.EDIT_PROJECTS) or can(Perm.EDIT_ALL_PROJECTS),
        "perms_needs": can(Perm.EDIT_NEEDS),
    }
