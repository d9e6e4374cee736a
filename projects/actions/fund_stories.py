"""What the report of a fund's project becomes: a draft of public relations (Z38, Z41)."""

from datetime import datetime

from django.db import transaction

from districts.models import District, User
from districts.roles import Perm
from projects.models import FundApplication, PRItem
from projects.workflow import PRStatus

from .applications import lock_application
from .base import LoopError
from .public_relations import save_item


def may_tell(application: FundApplication, user: User) -> bool:
    """Whether a person may draft an item for the application's district, or one of its fund."""
    return bool(_own_places(application, user))


def _own_places(application: FundApplication, user: User) -> list[District]:
    places = [application.district] if application.district_id else application.fund.districts.all()
    own = user.rights.districts(Perm.DRAFT_PR)
    return [one for one in places if one.pk in own]


def drafted_from(application: FundApplication) -> PRItem | None:
    """The item that its report has become, unless it was put away."""
    items = PRItem.objects.filter(proof__application=application)
    return items.exclude(status=PRStatus.ARCHIVED, published_on=None).order_by("-pk").first()


@transaction.atomic
def draft_from_report(*, application: FundApplication, by: User, at: datetime | None = None) -> PRItem:
    """Draft an item whose text is the short report of a proof of use; once: asked again, it is the same item.

    Raises:
        LoopError: there is no report.
    """
    found = lock_application(application)
    if item := drafted_from(found):
        return item
    proof = getattr(found, "proof", None)
    if proof is None or not proof.report:
        raise LoopError("Zu diesem Antrag gibt es noch keinen Bericht.")
    return save_item(
        by=by, at=at, districts=_own_places(found, by), kind=PRItem.Kind.OTHER, title=found.title, text=proof.report,
        keeper=by, project=found.project, proof=proof, languages=["de"],
    )  # fmt: skip
