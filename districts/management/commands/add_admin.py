"""Enters the first administrator of a new installation."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from districts.actions.people import enter_admin


class Command(BaseCommand):
    """`manage.py add_admin EMAIL NAME`"""

    help = "Enter a person with the role Administration; everybody else is entered in the interface."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args, email: str, name: str, **options):
        try:
            validate_email(email)
            enter_admin(name=name, email=email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        reset = settings.PUBLIC_URL + reverse("account_reset_password")
        self.stdout.write(f"Entered. The password is chosen at {reset}")
