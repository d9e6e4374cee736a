"""People who sign in, the roles they hold and who stands in for them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from districts.querysets import UserQuerySet, ValidityQuerySet
from districts.roles import CARRIER_ROLES, DEPARTMENT_ROLES, DISTRICT_ROLES, GRANTS, Perm, Rights, Role
from quartier.search import sort_key_field

from .departments import Department, ids_with_predecessors
from .places import District, Office


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Creates people; the e-mail address is the login name."""

    def create_user(self, *, email: str, name: str, password: str | None = None, **fields) -> "User":
        """Store a new person; without a password the account can only sign in through the city's identity provider."""
        user = self.model(email=email.lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        """Find a person by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody with a login. Rights come from memberships only; nobody is a superuser."""

    email = models.EmailField("E-Mail", max_length=254, unique=True)
    name = models.CharField("Name", max_length=120)
    phone = models.CharField("Telefon (dienstlich)", max_length=40, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name="Stadtteilbüro"
    )
    # How the office presents its people; the person decides whether the public sees it.
    task = models.CharField("Aufgabe", max_length=80, blank=True)
    languages = models.CharField("Sprachen", max_length=120, blank=True)
    portrait = models.FileField(upload_to="people/%Y/%m", blank=True, editable=False)
    is_shown = models.BooleanField("auf der öffentlichen Seite des Stadtteilbüros zeigen", default=False)
    wants_digest = models.BooleanField("tägliche Zusammenfassung per E-Mail", default=True)
    is_active = models.BooleanField("aktiv", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field()

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("email"), name="user_email_unique_any_case"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Display name (Django's and allauth's hook)."""
        return self.name

    def get_short_name(self) -> str:
        """Display name (Django's hook)."""
        return self.name

    @property
    def initials(self) -> str:
        """What stands in the place of a portrait."""
        first, *rest = self.name.split()
        return (first[0] + (rest[-1][0] if rest else "")).upper()

    @property
    def roles_today(self) -> list["Membership"]:
        """The own memberships in force today, without those deputised for (reads what was prefetched)."""
        return [membership for membership in self.memberships.all() if membership.is_in_force]

    @cached_property
    def rights(self) -> Rights:
        """What this person may do today: one query for memberships, one for departments' predecessors if needed."""
        today = timezone.localdate()
        if not self.is_active:
            return Rights()
        stands_in_for = set(
            Deputyship.objects.valid_on(today)
            .filter(deputy=self, person__is_active=True)
            .values_list("person_id", flat=True)
        )
        memberships = list(
            Membership.objects.valid_on(today)
            .filter(user_id__in={self.pk, *stands_in_for})
            .values_list("role", "district_id", "department_id", "actor_id")
        )
        departments = {department for role, _, department, _ in memberships if role in DEPARTMENT_ROLES}
        return Rights(
            perms=frozenset(perm for role, *_ in memberships for perm in GRANTS[Role(role)]),
            district_scopes={
                perm: frozenset(
                    district for role, district, *_ in memberships if district and perm in GRANTS[Role(role)]
                )
                for perm in Perm
            },
            department_ids=ids_with_predecessors(departments),
            lead_department_ids=ids_with_predecessors(
                {department for role, _, department, _ in memberships if role == Role.DEPT_LEAD}
            ),
            actor_ids=frozenset(actor for *_, actor in memberships if actor),
            stands_in_for=frozenset(stands_in_for),
        )


def _scope(roles: list[str], needed: str | None) -> Q:
    """Condition: these roles have this one scope and no other."""
    scopes = ("district", "department", "actor")
    return Q(role__in=roles, **{f"{name}__isnull": name != needed for name in scopes})


class Membership(models.Model):
    """A right: a person holds a role, in a district, department or actor where it needs one, for a time (Q01, Q06)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("Rolle", max_length=20, choices=Role)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, verbose_name="Quartier")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, verbose_name="Fachbereich"
    )
    actor = models.ForeignKey(
        "Actor", on_delete=models.PROTECT, null=True, blank=True, related_name="staff", verbose_name="Träger"
    )
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=_scope(sorted(DISTRICT_ROLES), "district")
                | _scope(sorted(DEPARTMENT_ROLES), "department")
                | _scope(sorted(CARRIER_ROLES), "actor")
                | _scope([Role.PLANNING, Role.ADMIN, Role.PRESS], None),
                name="membership_scope_fits_role",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_validity_in_order",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "district", "department", "actor", "valid_from"],
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.scope or ''}".strip()

    @property
    def scope(self) -> models.Model | None:
        """Where or for whom the role counts; none is the whole city."""
        return self.district or self.department or self.actor

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def is_in_force(self) -> bool:
        """Whether the role counts today."""
        today = timezone.localdate()
        return not self.is_over and (self.valid_from is None or self.valid_from <= today)


class Deputyship(models.Model):
    """Stand-in during holidays and illness (Q12): the deputy has the person's rights and sees their basket."""

    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="deputyships", verbose_name="vertreten wird"
    )
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stands_in", verbose_name="Vertretung")
    valid_from = models.DateField("von")
    valid_to = models.DateField("bis")

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="deputy_is_somebody_else"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="deputyship_validity_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} für {self.person}"
