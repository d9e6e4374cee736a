"""Languages in which somebody can be spoken to, beyond those in which the office itself writes."""

from django.db.models import TextChoices


class Spoken(TextChoices):
    """A language spoken at an actor's or by a contact person; codes of ISO 639-1 where there is one."""

    DE = "de", "Deutsch"
    EN = "en", "Englisch"
    TR = "tr", "Türkisch"
    AR = "ar", "Arabisch"
    UK = "uk", "Ukrainisch"
    RU = "ru", "Russisch"
    FR = "fr", "Französisch"
    PL = "pl", "Polnisch"
    RO = "ro", "Rumänisch"
    FA = "fa", "Persisch/Dari"
    KU = "ku", "Kurdisch"
    ES = "es", "Spanisch"
    PT = "pt", "Portugiesisch"
    IT = "it", "Italienisch"
    SQ = "sq", "Albanisch"
    DGS = "gsg", "Gebärdensprache"
    OTHER = "other", "Andere"
