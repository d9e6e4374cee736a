"""What the worker does for bodies, events, funds, public relations, needs and theme reports."""

from projects.actions.bodies import forget_addresses
from projects.actions.events import forget_internal_photos
from projects.actions.fund_payments import mark_ended
from projects.actions.needs import remind_to_confirm
from projects.actions.pr_images import forget_images_without_consent
from projects.actions.theme_reports import escalate_overdue
from quartier.jobs import periodic


@periodic(name="projects.forget_addresses", cron="47 1,3,5 * * *")
def forget() -> None:
    """Remove addresses that nobody is written to any more."""
    forget_addresses()


@periodic(name="projects.follow_the_clock", cron="*/15 * * * *")
def follow_the_clock() -> None:
    """Raise overdue theme reports, and ask for needs that nobody has confirmed for a year."""
    escalate_overdue()
    remind_to_confirm()


@periodic(name="projects.forget_internal_photos", cron="53 1,3,5 * * *")
def forget_photos() -> None:
    """Delete photos of events on which somebody is to be recognised who has not agreed, a year on."""
    forget_internal_photos()


@periodic(name="projects.forget_images", cron="52 1,3,5 * * *")
def forget_images() -> None:
    """Delete images of public relations to which nobody has agreed within a year."""
    forget_images_without_consent()


@periodic(name="projects.proofs_of_use", cron="23 1,3,5 * * *")
def proofs_of_use() -> None:
    """Projects of a fund that are over: their proof of use is open from now on, and the basket says so."""
    mark_ended()
