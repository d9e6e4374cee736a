"""What the page of one item shows to whom, in a fixed number of queries."""

from datetime import date

from districts.models import User
from districts.roles import Perm
from projects.actions.pr_images import usable_photos, usable_pictures
from projects.models import FundApplication, PRItem
from projects.pr_plan import TONES
from projects.workflow import PRStatus


def pr_page_of(item: PRItem, user: User, *, today: date) -> dict:
    """Context of the page; the press reads what it decides about, without history and costs."""
    full = user.rights.can(Perm.READ_PR)
    may_draft, may_edit = item.may_draft(user), item.may_edit(user)
    images = list(item.images.all())
    lacking = [one for one in images if one.consent == "missing"]
    never_appeared = item.published_on is None
    reports_on = FundApplication.objects.visible_to(user).filter(proof=item.proof_id) if item.proof_id else ()
    return {
        "title": item.title,
        "item": item,
        "application": next(iter(reports_on), None),
        "full": full,
        "tone": "warning" if item.is_returned else TONES[item.status],
        "images": images,
        "lacking": lacking,
        "may_write": may_draft and item.is_writable,
        "may_organise": may_edit and item.status in {PRStatus.APPROVED, PRStatus.PUBLISHED},
        "may_hand_in": may_edit and item.status == PRStatus.DRAFT,
        "may_take_back": may_edit and never_appeared and not item.is_writable,
        "may_publish": may_edit and item.status == PRStatus.APPROVED,
        "may_archive": may_edit and (item.is_writable or item.status == PRStatus.PUBLISHED),
        "may_consent": may_draft,
        "may_decide": item.may_decide(user),
        "can_take_photo": may_draft and item.is_writable and usable_photos(item).exists(),
        "can_take_picture": may_draft and item.is_writable and full and usable_pictures(item).exists(),
        "log": list(item.log.select_related("by")[:30]) if full else [],
        "clippings": list(item.clippings.all()[:10]) if full else [],
        "is_due": item.status == PRStatus.APPROVED and (item.publish_on is None or item.publish_on <= today),
        "today": today,
    }
