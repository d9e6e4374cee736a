"""What the worker does for bodies."""

from projects.actions.bodies import forget_addresses
from quartier.jobs import periodic


@periodic(name="projects.forget_addresses", cron="47 1,3,5 * * *")
def forget() -> None:
    """Remove addresses that nobody is written to any more."""
    forget_addresses()
