"""What the worker does by the clock; every task looks for what is due and not yet done."""

from concerns.actions.clock import announce_promises, escalate_overdue, wake_parked
from concerns.actions.digest import send_digests
from concerns.actions.mail import queue_again
from concerns.actions.privacy import apply_retention
from concerns.actions.vocabulary import recount_words
from quartier.jobs import periodic


@periodic(name="concerns.follow_the_clock", cron="*/15 * * * *")
def follow_the_clock() -> None:
    """Bring back what was parked, note promises that fall due, raise overdue routings, then send the digests."""
    wake_parked()
    announce_promises()
    escalate_overdue()
    send_digests()


@periodic(name="concerns.keep_mail_moving", cron="7 * * * *")
def keep_mail_moving() -> None:
    """Find queued mails without a job."""
    queue_again()


@periodic(name="concerns.apply_retention", cron="41 1,3,5 * * *")
def retention() -> None:
    """Erase personal data whose time is over, and old drafts."""
    apply_retention()


@periodic(name="concerns.recount_words", cron="11 2 * * *")
def recount_vocabulary() -> None:
    """Tell the search which words are frequent; forget words nobody uses any more."""
    recount_words()
