"""Referrals: to whom somebody was sent, and whether they arrived (K17). No case file: there are no words in it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from concerns.querysets import ReferralQuerySet
from districts.models import Actor, ContactPerson, Offer, User

from .concern import Concern
from .reporter import Reporter


class Referral(models.Model):
    """Vermittlung of one concern to an offer or to an actor; visible to the team only, like reporters."""

    class Result(models.TextChoices):
        ARRIVED = "arrived", "angekommen"
        NOT_ARRIVED = "not_arrived", "nicht angekommen"
        NOT_REACHED = "not_reached", "nicht erreicht"
        WITHDRAWN = "withdrawn", "zurückgenommen"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="referrals")
    reporter = models.ForeignKey(
        Reporter, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name="Für wen"
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, related_name="referrals", verbose_name="Angebot"
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="referrals", verbose_name="Akteur"
    )
    # Somebody by name at the actor's or the offer's provider, who agreed to be named; erased, the place remains.
    contact = models.ForeignKey(
        ContactPerson, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals",
        verbose_name="Ansprechperson",
    )  # fmt: skip
    accompanied = models.BooleanField("mit Begleitung", default=False)
    hands_over_data = models.BooleanField("Wir geben Kontaktdaten weiter", default=False)
    consent_on = models.DateField("Einwilligung vom", null=True, blank=True)
    referred_on = models.DateField("vermittelt am", default=timezone.localdate)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ask_on = models.DateField("nachfragen am", null=True, blank=True)
    result = models.CharField("Ergebnis", max_length=11, choices=Result, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-referred_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offer=None, actor__isnull=False) | Q(offer__isnull=False, actor=None),
                name="referral_to_one_target",
            ),
            models.CheckConstraint(
                condition=Q(hands_over_data=False, consent_on=None)
                | Q(hands_over_data=True, consent_on__isnull=False, reporter__isnull=False),
                name="referral_data_need_consent",
            ),
            models.CheckConstraint(
                condition=Q(result="", answered_on=None, answered_by=None)
                | Q(
                    result__in=["arrived", "not_arrived", "not_reached", "withdrawn"],
                    answered_on__isnull=False,
                    answered_by__isnull=False,
                ),
                name="referral_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(ask_on=None) | Q(ask_on__gte=F("referred_on")), name="referral_asks_afterwards"
            ),
        ]
        indexes = [
            # basket: whom to ask whether they have arrived, by date
            models.Index(fields=["ask_on", "id"], name="referral_to_ask", condition=Q(result="", ask_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Vermittlung {self.pk}"

    @property
    def target(self) -> Offer | Actor:
        """The offer or actor somebody was sent to."""
        return self.offer or self.actor

    @property
    def named_contact(self) -> ContactPerson | None:
        """The person somebody was sent to, as long as they are there and agree to be named."""
        contact = self.contact
        return contact if contact and contact.consent_on and not contact.is_over else None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what became of it."""
        return not self.result

    @property
    def is_asked(self) -> bool:
        """Whether somebody still has to ask."""
        return not self.result and self.ask_on is not None
