"""Writes on people, their roles and their deputies. Leaving is in `concerns.actions.handover` (I9)."""

import logging
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from districts.models import Actor, Department, Deputyship, District, Membership, Office, User
from districts.roles import Role
from quartier.photos import Prepared, forget_files, stored

logger = logging.getLogger("quartier.rights")

PERSON_FIELDS = ("name", "email", "phone", "office", "wants_digest")
PROFILE_FIELDS = ("name", "phone", "task", "languages", "is_shown", "wants_digest")


@transaction.atomic
def create_person(
    *, name: str, email: str, phone: str = "", office: Office | None = None, wants_digest: bool = True, by: User
) -> User:
    """Enter a person without a role. They choose their password themselves through „Passwort vergessen“."""
    person = User.objects.create_user(name=name, email=email, phone=phone, office=office, wants_digest=wants_digest)
    logger.info("person %s entered by %s", person.pk, by.pk)
    return person


@transaction.atomic
def enter_admin(*, name: str, email: str) -> User:
    """Enter a person with the role Administration from the command line: the first one, or when all have left.

    Raises ValidationError if somebody has the address already.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError("Diese E-Mail-Adresse ist bereits vergeben.")
    person = User.objects.create_user(name=name, email=email)
    membership = Membership.objects.create(user=person, role=Role.ADMIN)
    logger.info("person %s entered as administration (membership %s) at the command line", person.pk, membership.pk)
    return person


@transaction.atomic
def update_person(
    *, person: User, name: str, email: str, phone: str, office: Office | None, wants_digest: bool, by: User
) -> User:
    """Change a person's data; the e-mail address is the login name, and only the new one still opens the account."""
    person = User.objects.select_for_update().get(pk=person.pk)
    # allauth notes addresses in a table of its own and takes every one of them for a login name.
    EmailAddress.objects.filter(user=person).exclude(email=email.lower()).delete()
    person.name, person.email, person.phone = name, email.lower(), phone
    person.office, person.wants_digest = office, wants_digest
    person.save(update_fields=PERSON_FIELDS)
    logger.info("person %s changed by %s", person.pk, by.pk)
    return person


@transaction.atomic
def update_profile(
    *,
    name: str,
    phone: str,
    wants_digest: bool,
    by: User,
    task: str = "",
    languages: str = "",
    is_shown: bool = False,
    portrait: Prepared | None = None,
    drop_portrait: bool = False,
) -> User:
    """Change what people keep up themselves; that the public sees them is their own decision and can be taken back."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.name, person.phone, person.task, person.languages = name, phone, task, languages
    person.wants_digest, person.is_shown = wants_digest, is_shown
    if portrait or drop_portrait:
        forget_files(person.portrait)
        person.portrait = stored(portrait.preview) if portrait else ""
    person.save(update_fields=[*PROFILE_FIELDS, "portrait"])
    return person


@transaction.atomic
def forget_portrait(*, person: User) -> None:
    """Nobody sees a person any more who has left."""
    person = User.objects.select_for_update().get(pk=person.pk)
    forget_files(person.portrait)
    person.portrait, person.is_shown = "", False
    person.save(update_fields=["portrait", "is_shown"])


@transaction.atomic
def reactivate(*, person: User, by: User) -> User:
    """Let somebody sign in again; their roles count as far as they are still valid."""
    person = User.objects.select_for_update().get(pk=person.pk)
    person.is_active = True
    person.save(update_fields=["is_active"])
    logger.info("person %s reactivated by %s", person.pk, by.pk)
    return person


@transaction.atomic
def grant_role(
    *,
    person: User,
    role: Role,
    by: User,
    district: District | None = None,
    department: Department | None = None,
    actor: Actor | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give a role for a time. Raises ValidationError for one's own person and for a time already covered."""
    if person.pk == by.pk:
        raise ValidationError("Eigene Rollen vergibt eine andere Person.")
    person = User.objects.select_for_update().get(pk=person.pk)
    same = person.memberships.filter(role=role, district=district, department=department, actor=actor)
    if overlapping(same, valid_from, valid_to).exists():
        raise ValidationError("Diese Rolle hat die Person in diesem Zeitraum bereits.")
    scope = {"district": district, "department": department, "actor": actor}
    membership = Membership.objects.create(user=person, role=role, **scope, valid_from=valid_from, valid_to=valid_to)
    logger.info("membership %s (%s) of person %s given by %s", membership.pk, role, person.pk, by.pk)
    return membership


def overlapping(rows, valid_from: date | None, valid_to: date | None):
    """Rows whose validity shares at least one day with the given one (ends inclusive, None is open)."""
    if valid_to is not None:
        rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=valid_to))
    if valid_from is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    return rows


@transaction.atomic
def add_deputyship(*, person: User, deputy: User, valid_from: date, valid_to: date, by: User) -> Deputyship:
    """Let `deputy` stand in for `person`. Raises ValidationError for oneself and for people of other kinds of roles.

    A deputy takes over all rights of the person; they must already do the same kind of work, and nobody can make
    themselves the deputy of somebody else.
    """
    if deputy.pk == person.pk:
        raise ValidationError({"deputy": "Die Vertretung muss eine andere Person sein."})
    if deputy.pk == by.pk:
        raise ValidationError({"deputy": "Sich selbst kann niemand als Vertretung eintragen."})
    if not User.objects.possible_deputies(person, on=valid_from).filter(pk=deputy.pk).exists():
        raise ValidationError({"deputy": "Diese Person hat keine vergleichbare Rolle."})
    person = User.objects.select_for_update().get(pk=person.pk)
    if overlapping(person.deputyships.filter(deputy=deputy), valid_from, valid_to).exists():
        raise ValidationError("Diese Vertretung ist für diesen Zeitraum bereits eingetragen.")
    made = Deputyship.objects.create(person=person, deputy=deputy, valid_from=valid_from, valid_to=valid_to)
    logger.info("deputyship %s: %s for %s, entered by %s", made.pk, deputy.pk, person.pk, by.pk)
    return made


@transaction.atomic
def end_deputyship(*, deputyship: Deputyship, today: date, by: User) -> None:
    """End a stand-in with yesterday's day; one that has not begun is removed, for it never counted."""
    deputyship = Deputyship.objects.select_for_update().get(pk=deputyship.pk)
    if deputyship.valid_from >= today:
        deputyship.delete()
    elif deputyship.valid_to >= today:
        deputyship.valid_to = today - timedelta(days=1)
        deputyship.save(update_fields=["valid_to"])
    logger.info("deputyship ended by %s", by.pk)
