"""Forms about theme reports (K16)."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from concerns.forms.answers import check_day
from concerns.models import LoopSettings
from districts.forms.base import MasterDataForm
from districts.forms.versions import VersionedForm
from districts.models import Department, District, User
from districts.roles import Perm
from projects.models import Need, ThemeRecipient, ThemeReport
from quartier.web.forms import LeanSelect, QuartierForm
from quartier.workdays import add_workdays

PERIOD = "Das Ende liegt vor dem Anfang."


class ThemeReportForm(VersionedForm):
    """The draft of a theme report."""

    constraint_messages = {
        "theme_report_period_in_order": ("until", PERIOD),
        "theme_report_says_what": (None, "Titel, Anlass und Bitte dürfen nicht leer sein."),
    }

    class Meta:
        model = ThemeReport
        fields = ["title", "district", "since", "until", "needs", "reason", "request"]
        widgets = {
            "needs": forms.CheckboxSelectMultiple,
            "district": LeanSelect,
            "reason": forms.Textarea(attrs={"rows": 6}),
            "request": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "since": "Aus diesem Zeitraum zählt die Meldung die Anliegen nach Themen, ohne Menschen und Texte.",
            "needs": "Problemlage und Lösungen stehen so in der Meldung, wie sie beim Senden im Themenspeicher stehen.",
            "reason": "Warum Sie sich jetzt melden. Ohne Namen von Bewohnerinnen und Bewohnern.",
            "request": "Was die Empfänger prüfen, entscheiden oder beantworten sollen.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, today = user, timezone.localdate()
        everywhere = user.rights.can(Perm.REPORT_ALL_NEEDS)
        own = user.rights.districts(Perm.EDIT_NEEDS)
        districts = District.objects.valid_on(today).defer("boundary")
        self.fields["district"].queryset = districts if everywhere else districts.filter(pk__in=own)
        self.fields["district"].required = not everywhere
        self.fields["district"].empty_label = "ganze Stadt" if everywhere else "Bitte wählen"
        chosen = [getattr(one, "pk", one) for one in self.initial.get("needs") or ()]
        needs = Need.objects.visible_to(user).filter(Q(pk__in=Need.objects.open().values("pk")) | Q(pk__in=chosen))
        if not everywhere:
            needs = needs.filter(Q(needs_in(own)) | Q(pk__in=chosen))
        self.fields["needs"].queryset = needs.prefetch_related("districts").only("title", "sort_key")
        self.fields["needs"].label_from_instance = _label
        if not self.instance.pk:
            self._begin(list(own), today)

    def _begin(self, own: list[int], today) -> None:
        quarter = today.replace(day=1) - timedelta(days=1)
        self.initial.setdefault("until", quarter)
        self.initial.setdefault("since", quarter.replace(day=1) - timedelta(days=150))
        self.initial["since"] = self.initial["since"].replace(day=1)
        if len(own) == 1:
            self.initial.setdefault("district", own[0])

    def clean_until(self):
        """Not in the future: what has not happened cannot be counted."""
        day = self.cleaned_data["until"]
        if day > timezone.localdate():
            raise forms.ValidationError("Das liegt in der Zukunft.")
        return day

    def clean(self):
        """The themes belong to the district."""
        data = super().clean()
        district, needs = data.get("district"), data.get("needs")
        if district and needs is not None:
            others = [one.title for one in needs if district.pk not in {here.pk for here in one.districts.all()}]
            if others:
                self.add_error("needs", f"Nicht in {district.name}: {'; '.join(others)}.")
        return data


def needs_in(pks) -> Q:
    """Condition: needs of these districts."""
    return Need.objects.all().in_districts(pks)


def _label(need: Need) -> str:
    return f"{need.title} ({', '.join(one.short_name for one in need.districts.all())})"


class RecipientForm(MasterDataForm):
    """Somebody a theme report goes to."""

    known = frozenset({"report"})
    constraint_messages = {
        "theme_recipient_is_one": (None, "Bitte genau eines angeben: einen Fachbereich oder eine andere Stelle."),
        "theme_recipient_department_once": ("department", "Diese Stelle steht schon in der Liste."),
        "theme_recipient_name_once": ("name", "Diese Stelle steht schon in der Liste."),
    }

    class Meta:
        model = ThemeRecipient
        fields = ["department", "name", "due_on"]
        help_texts = {"name": "Zum Beispiel ein Ausschuss. Die Antwort trägt dann das Team ein."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["department"].queryset = Department.objects.valid_on(today)
        self.initial["due_on"] = add_workdays(today, LoopSettings.load().reply_days)

    def clean_due_on(self):
        """Tomorrow or later."""
        return check_day(
            self.cleaned_data["due_on"], earliest=timezone.localdate() + timedelta(days=1), what="Die Frist"
        )


class ConfirmForm(QuartierForm):
    """Nothing to type: the page names the consequence."""
