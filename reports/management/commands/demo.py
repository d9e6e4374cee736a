"""Loads the demo city (once) and prints the logins."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from concerns import demo as loop
from concerns.demo import handover, referrals
from concerns.demo.status import codes_to_try
from districts import demo as city
from districts.demo import directory, offers, posts, rooms
from districts.models import User
from projects import demo as bodies
from projects.demo import funding, needs, plans, projects, public_relations
from reports import demo as papers


class Command(BaseCommand):
    """`manage.py demo`"""

    help = "Load the demo city with invented people, concerns, reports and sheets. Running it again changes nothing."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo city is not for production: its logins are public.")
        if not city.is_loaded():
            if User.objects.exists():
                raise CommandError(
                    "The database already holds people who are not of the demo city; nothing was loaded."
                )
            self.stdout.write("Loading the demo city …")
            self.stdout.write(f"{loop.load()} concerns loaded.")
        if not directory.is_loaded():
            self.stdout.write(f"{directory.load(now=timezone.now())} actors loaded.")
        if not offers.is_loaded():
            self.stdout.write(f"{offers.load(now=timezone.now())} offers loaded.")
        if not posts.is_loaded():
            self.stdout.write(f"{posts.load(now=timezone.now())} assignments loaded.")
        if not rooms.is_loaded():
            self.stdout.write(f"{rooms.load(now=timezone.now())} bookings of rooms loaded.")
        if not referrals.is_loaded():
            self.stdout.write(f"{referrals.load(now=timezone.now())} referrals loaded.")
        if not handover.is_loaded():
            self.stdout.write(f"{handover.load(now=timezone.now())} hand-overs loaded.")
        if not bodies.is_loaded():
            self.stdout.write(f"{bodies.load(now=timezone.now())} sessions of bodies loaded.")
        if not projects.is_loaded():
            count, events = projects.load(now=timezone.now())
            self.stdout.write(f"{count} projects and {events} events loaded.")
        if not funding.is_loaded():
            self.stdout.write(f"{funding.load(now=timezone.now())} funding sources loaded.")
        if not plans.is_loaded():
            self.stdout.write(f"{plans.load(now=timezone.now())} measures of action plans loaded.")
        if not public_relations.is_loaded():
            self.stdout.write(f"{public_relations.load(now=timezone.now())} items of public relations loaded.")
        if not needs.is_loaded():
            self.stdout.write(f"{needs.load(now=timezone.now())} needs loaded.")
        for line in papers.load_missing(now=timezone.now()):
            self.stdout.write(line)
        width = max(len(email) for email, _ in city.logins())
        for email, what in city.logins():
            self.stdout.write(f"  {email:<{width}}  {what}")
        self.stdout.write(f"Password for all of them: {city.PASSWORD}")
        if codes := codes_to_try():
            self.stdout.write(
                f"Status page of residents, without login: {settings.PUBLIC_URL}{reverse('concerns:status')}"
            )
            for what, code in codes:
                self.stdout.write(f"  {code}  {what}")
