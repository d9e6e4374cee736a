"""Loads the demo city (once) and prints the logins."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from concerns.demo import load
from districts import demo as city
from districts.models import User


class Command(BaseCommand):
    """`manage.py demo`"""

    help = "Load the demo city with invented people and concerns. Running it again changes nothing."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo city is not for production: its logins are public.")
        if not city.is_loaded():
            if User.objects.exists():
                raise CommandError(
                    "The database already holds people who are not of the demo city; nothing was loaded."
                )
            self.stdout.write("Loading the demo city …")
            self.stdout.write(f"{load()} concerns loaded.")
        width = max(len(email) for email, _ in city.logins())
        for email, what in city.logins():
            self.stdout.write(f"  {email:<{width}}  {what}")
        self.stdout.write(f"Password for all of them: {city.PASSWORD}")
