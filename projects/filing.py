"""Who may add documents to a fund application and take them out again, as it stands (Z35, Z38)."""

from districts.models import User
from projects.fund_workflow import EDITABLE, RUNNING, ApplicationStatus
from projects.models import FundApplication


def may_attach(application: FundApplication, user: User) -> bool:
    """Whoever may change a draft adds to it; from handing in on the fund's managers do, also after the decision."""
    if application.status in EDITABLE:
        return application.fund.may_draft(user)
    return application.status != ApplicationStatus.WITHDRAWN and application.fund.may_keep(user)


def may_detach(application: FundApplication, user: User) -> bool:
    """The same until it is decided: what was decided on stays."""
    if application.decided_on is not None:
        return False
    if application.status in EDITABLE:
        return application.fund.may_draft(user)
    return application.fund.may_keep(user)


def may_prove(application: FundApplication, user: User) -> bool:
    """Receipts come and go while money is out and nothing is settled."""
    return application.status in RUNNING and application.fund.may_keep(user)
