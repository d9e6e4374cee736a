"""The directory's lists, edited by Sozialplanung (Q07), and its settings."""

from django.db import models
from django.db.models import Q

from quartier.search import sort_key_field


class ListEntry(models.Model):
    """One choice of an editable list. The code stays whatever the name becomes; what is in use is never deleted."""

    code = models.SlugField("Kennung", max_length=60, unique=True, editable=False)
    name = models.CharField("Name", max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    is_active = models.BooleanField("wird angeboten", default=True)
    sort_key = sort_key_field()

    class Meta:
        abstract = True
        ordering = ["position", "sort_key"]

    def __str__(self) -> str:
        return self.name


class ActorType(ListEntry):
    """What kind of actor: Verein, Kita, Wohnungsunternehmen … (appendix D.3)."""


class ActionField(ListEntry):
    """Handlungsfeld: what somebody works on; the city-wide list of twelve (appendix E)."""


class TargetGroup(ListEntry):
    """For whom somebody works (appendix D.7)."""


class Programme(ListEntry):
    """What pays for an assignment of Quartiersmanagement: a programme of the Land, own money of the city (Z06)."""


class EventFormat(ListEntry):
    """What kind of event or activation: Stadtteilfest, Kochaktion, Wandercafé … (appendix D.8)."""


class DirectorySettings(models.Model):
    """After how long the directory asks again; one row. No source names a time: the defaults are assumptions."""

    verify_months = models.PositiveSmallIntegerField("Angaben prüfen nach (Monate)", default=12)
    silence_months = models.PositiveSmallIntegerField("„Lange nicht gesprochen“ nach (Monate)", default=6)
    meeting_months = models.PositiveSmallIntegerField("Netzwerk ohne Treffen seit (Monate)", default=6)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="directory_settings_single_row"),
            models.CheckConstraint(
                condition=Q(
                    verify_months__range=(1, 120), silence_months__range=(1, 120), meeting_months__range=(1, 120)
                ),
                name="directory_settings_in_range",
            ),
        ]

    def __str__(self) -> str:
        return "Einstellungen des Akteursverzeichnisses"

    @classmethod
    def load(cls) -> "DirectorySettings":
        """The settings, with the defaults when nobody has set anything yet (nothing is written for that)."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
