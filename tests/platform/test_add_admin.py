"""The first administrator comes from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from districts.models import Membership, User
from districts.roles import Perm


@pytest.mark.django_db
def test_the_first_admin_may_enter_people_and_chooses_a_password(settings):
    settings.PUBLIC_URL = "https://quartier.example.org"
    out = StringIO()
    call_command("add_admin", "ines.roth@stadt.example", "Ines Roth", stdout=out)
    person = User.objects.get()
    assert (person.email, person.name, person.has_usable_password()) == ("ines.roth@stadt.example", "Ines Roth", False)
    assert person.rights.can(Perm.MANAGE_USERS)
    assert out.getvalue() == ("Entered. The password is chosen at https://quartier.example.org/konto/password/reset/\n")


@pytest.mark.django_db
def test_the_mail_to_choose_the_first_password_is_sent(mailoutbox):
    call_command("add_admin", "ines.roth@stadt.example", "Ines Roth", stdout=StringIO())
    Client().post("/konto/password/reset/", {"email": "Ines.Roth@stadt.example"})
    assert [mail.to for mail in mailoutbox] == [["ines.roth@stadt.example"]]


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["INES.ROTH@stadt.example", "ines"])
def test_a_taken_or_wrong_address_changes_nothing(email):
    call_command("add_admin", "ines.roth@stadt.example", "Ines Roth", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("add_admin", email, "Ina Roth")
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)
