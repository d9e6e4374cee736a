"""Reads on people."""

from datetime import date

from django.db import models

from districts.roles import CARRIER_ROLES, DEPARTMENT_ROLES, DISTRICT_ROLES, OFFICE_ROLES, PRESS_ROLES, Role


class UserQuerySet(models.QuerySet):
    """Reads on people."""

    def active(self):
        """People who may sign in."""
        return self.filter(is_active=True)

    def with_role(self, *roles, on: date):
        """Active people who hold one of `roles` on a day."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        return self.active().filter(pk__in=memberships.filter(role__in=roles).values("user"))

    def team_of(self, district_id: int, *, on: date):
        """Quarter managers and assistants of a district on a day."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        return self.active().filter(pk__in=memberships.filter(district_id=district_id).values("user"))

    def teams_of(self, district_ids, *, on: date, roles=DISTRICT_ROLES):
        """People of the teams of these districts on a day; without districts those of all teams."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        held = memberships.filter(role__in=roles)
        held = held.filter(district_id__in=district_ids) if district_ids else held
        return self.active().filter(pk__in=held.values("user"))

    def colleagues_of(self, user, *, on: date):
        """Everybody of the teams of the districts this person works in, also the person."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        return self.active().filter(
            pk__in=memberships.filter(district_id__in=user.rights.team_district_ids).values("user")
        )

    def staff_of(self, department, *, on: date):
        """People who answer for a department on a day: its own, and those of the departments that succeeded it."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        return self.active().filter(
            pk__in=memberships.filter(department_id__in=department.with_successor_ids()).values("user")
        )

    def managers_of(self, district_id: int, *, on: date):
        """Quarter managers of a district on a day."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        of_district = memberships.filter(district_id=district_id, role=Role.MANAGER)
        return self.active().filter(pk__in=of_district.values("user"))

    def possible_deputies(self, person, *, on: date):
        """Active people who do the same kind of work as `person` on a day: for every kind of role the person holds.

        Anybody of the districts' teams for them, the same department for its people, planning and administration for
        each other, the press among themselves, the same carrier for its staff; nobody for a person without a role.
        """
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        held = list(memberships.filter(user=person).values_list("role", "department_id", "actor_id"))
        found = self.active().exclude(pk=person.pk)
        if not held:
            return found.none()
        for kind in (DISTRICT_ROLES, OFFICE_ROLES, PRESS_ROLES):
            if any(role in kind for role, *_ in held):
                found = found.filter(pk__in=memberships.filter(role__in=kind).values("user"))
        for department in {department for role, department, _ in held if role in DEPARTMENT_ROLES}:
            found = found.filter(pk__in=memberships.filter(department_id=department).values("user"))
        for actor in {actor for role, _, actor in held if role in CARRIER_ROLES}:
            found = found.filter(pk__in=memberships.filter(actor_id=actor).values("user"))
        return found

    def staff_of_office(self, office):
        """People whom an office presents: those who may sign in and work there."""
        return self.active().filter(office=office)

    def with_memberships(self):
        """With everything a list shows about roles and office, in a fixed number of queries."""
        scopes = ("memberships__district", "memberships__department", "memberships__actor")
        return self.select_related("office").prefetch_related(*scopes)
