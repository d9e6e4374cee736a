"""What pages with follow-ups offer to whom (Z20)."""

from districts.models import User
from districts.roles import Perm


def may_make(user: User) -> dict:
    """What a person may make of a follow-up: a concern, a project, a need."""
    can = user.rights.can
    return {
        "perms_log": can(Perm.LOG_CONCERN),
        "perms_projects": can(Perm.EDIT_PROJECTS) or can(Perm.EDIT_ALL_PROJECTS),
        "perms_needs": can(Perm.EDIT_NEEDS),
    }
