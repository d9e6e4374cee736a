"""What the worker does for bodies, needs and theme reports."""

from projects.actions.bodies import forget_addresses
from projects.actions.needs import remind_to_confirm
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
