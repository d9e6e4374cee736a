"""Forms about topics, responsibility rules, text blocks and the loop's figures."""

from django import forms
from django.utils import timezone

from concerns.actions.catalogue import RULE_OVERLAP
from concerns.models import LoopSettings, ResponsibilityRule, TextBlock, Topic
from concerns.workflow import ReplyResult
from districts.forms.base import MasterDataForm
from districts.models import Borough, Department, District
from quartier.web.forms import QuartierForm

VALIDITY = "Das Ende liegt vor dem Anfang."
SENSITIVE = (
    "Nur das Team des Quartiers sieht Anliegen zu diesem Thema; sie erscheinen nie auf Karten, Tagesordnungen oder in "
    "stadtweiten Listen, und Personendaten werden früher gelöscht. Eine Änderung gilt sofort auch für alle "
    "vorhandenen Anliegen dieses Themas."
)
RULE_CONSTRAINTS = {
    "rule_one_kind_of_place": ("borough", "Bitte entweder ein Quartier oder einen Stadtbezirk wählen."),
    "rule_validity_in_order": ("valid_to", VALIDITY),
    "rule_two_departments_differ": ("co_department", "Das ist schon der zuständige Fachbereich."),
    "rule_no_overlap": (None, RULE_OVERLAP),
}


class DepartmentChoice(forms.ModelChoiceField):
    """A department in force today, and the one already chosen even if it has ended."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Department.objects.all(), **kwargs)

    def offer(self, *chosen: int | None) -> None:
        """Read the choices of today."""
        today = Department.objects.valid_on(timezone.localdate())
        self.queryset = today | Department.objects.filter(pk__in=[pk for pk in chosen if pk])


class TopicForm(MasterDataForm):
    """A theme or a topic."""

    constraint_messages = {"topic_name_once": ("name", "Diesen Namen gibt es dort schon.")}

    class Meta:
        model = Topic
        fields = ["parent", "name", "keywords", "action_field", "is_sensitive", "is_active", "position"]
        help_texts = {
            "is_sensitive": SENSITIVE,
            "is_active": "Was nicht aktiv ist, steht bei neuen Anliegen nicht mehr zur Wahl.",
            "position": "Kleine Zahlen stehen oben.",
        }
        widgets = {"keywords": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        themes = Topic.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = themes
        self.fields["parent"].empty_label = "keines: das ist selbst ein Handlungsfeld"

    def clean(self) -> dict:
        """Only topics carry concerns, so only they can be sensitive."""
        cleaned = super().clean()
        if cleaned.get("is_sensitive") and "parent" in cleaned and cleaned["parent"] is None:
            self.add_error("is_sensitive", "Vertraulich sind einzelne Themen, nicht ganze Handlungsfelder.")
        return cleaned


class RuleForm(MasterDataForm):
    """A responsibility rule: topic, place, departments, days, validity."""

    constraint_messages = RULE_CONSTRAINTS
    department = DepartmentChoice(label="Zuständig (federführend)")
    co_department = DepartmentChoice(label="Beteiligt", required=False)

    class Meta:
        model = ResponsibilityRule
        fields = [
            "topic",
            "district",
            "borough",
            "department",
            "co_department",
            "working_days",
            "note",
            "valid_from",
            "valid_to",
        ]
        help_texts = {
            "district": "Leer und ohne Stadtbezirk: im ganzen Stadtgebiet.",
            "note": "Erscheint beim Vorschlag, zum Beispiel „nur auf öffentlichem Grund“.",
            "valid_from": "Leer: schon immer.",
            "valid_to": "Leer: ohne Ende. Der Tag selbst zählt noch mit.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.in_use().in_catalogue_order() | Topic.objects.filter(
            pk=self.instance.topic_id
        )
        self.fields["district"].queryset = District.objects.defer("boundary")
        self.fields["borough"].queryset = Borough.objects.defer("boundary")
        self.fields["department"].offer(self.instance.department_id)
        self.fields["co_department"].offer(self.instance.co_department_id)


class ReplaceRuleForm(MasterDataForm):
    """What applies from a day on; topic and place stay."""

    constraint_messages = {"rule_two_departments_differ": RULE_CONSTRAINTS["rule_two_departments_differ"]}
    from_day = forms.DateField(label="Gilt ab", help_text="Die bisherige Regel endet am Tag davor.")
    department = DepartmentChoice(label="Dann zuständig (federführend)")
    co_department = DepartmentChoice(label="Dann beteiligt", required=False)

    class Meta:
        model = ResponsibilityRule
        fields = ["department", "co_department", "working_days", "note"]

    field_order = ["from_day", "department", "co_department", "working_days", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_day"].initial = timezone.localdate()
        self.fields["department"].offer(self.instance.department_id)
        self.fields["co_department"].offer(self.instance.co_department_id)


class RuleEndForm(QuartierForm):
    """The last day of a rule."""

    last_day = forms.DateField(label="Letzter Tag", help_text="An diesem Tag gilt die Regel noch.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate()


class PreviewForm(QuartierForm):
    """A case to try the rules on."""

    topic = forms.ModelChoiceField(label="Thema", queryset=Topic.objects.none(), empty_label="Bitte wählen")
    district = forms.ModelChoiceField(
        label="Quartier", queryset=District.objects.none(), required=False, empty_label="außerhalb aller Quartiere"
    )
    on = forms.DateField(label="Eingegangen am")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.in_use().in_catalogue_order()
        self.fields["district"].queryset = District.objects.defer("boundary")
        self.fields["on"].initial = timezone.localdate()


class TextBlockForm(MasterDataForm):
    """A text block for replies, feedback or interim notices."""

    result = forms.ChoiceField(
        label="Zum Ergebnis", choices=[("", "zu jedem Ergebnis"), *ReplyResult.choices], required=False
    )

    class Meta:
        model = TextBlock
        fields = ["name", "purpose", "language", "result", "department", "text", "is_active"]
        labels = {"department": "nur für Fachbereich"}
        help_texts = {
            "text": "In der Sie-Form und in einfachen Sätzen; ohne Namen und Nummern.",
            "language": "Andere Sprachen stehen bei zweisprachigen Briefen zur Wahl.",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "dir": "auto"})}

    def clean(self) -> dict:
        """Departments answer in German; the words for residents can be in any language."""
        cleaned = super().clean()
        if cleaned.get("purpose") == TextBlock.Purpose.REPLY and cleaned.get("language", "de") != "de":
            self.add_error("language", "Fachbereiche antworten auf Deutsch.")
        return cleaned


# field: (smallest, largest value, hint); the database holds the same limits.
LIMITS: dict[str, tuple[int, int, str]] = {
    "triage_days": (1, 250, "So lange darf ein neues Anliegen ungesichtet bleiben."),
    "own_work_days": (1, 250, "Frist, wenn das Quartiersmanagement selbst arbeitet."),
    "reply_days": (1, 250, "Gilt, wenn keine Regel eine Frist nennt."),
    "feedback_days": (1, 250, "So lange hat das Quartiersmanagement, um die Antwort weiterzugeben."),
    "remind_after_days": (0, 250, "Schritt 1: Erinnerung an den Fachbereich."),
    "lead_after_days": (0, 250, "Schritt 2: Die Leitung des Fachbereichs erfährt davon."),
    "planning_after_days": (0, 250, "Schritt 3: Die Sozialplanung erfährt davon."),
    "feedback_attempts": (1, 20, "Danach lässt sich „nicht erreichbar“ festhalten."),
    "link_days": (1, 90, "Für Stellen, die ohne Anmeldung antworten."),
    "status_days": (
        1,
        730,
        "So lange öffnet der Code auf der Quittung die Statusseite noch, wenn alles abgeschlossen ist.",
    ),
    "similar_months": (1, 60, "So weit zurück reicht der Hinweis auf ähnliche Anliegen beim Erfassen."),
    "retention_months": (1, 120, "Danach werden Namen und Kontaktdaten gelöscht."),
    "sensitive_retention_months": (1, 120, "Bei vertraulichen Themen."),
}
SETTING_GROUPS = (
    ("Fristen", ("triage_days", "own_work_days", "reply_days", "feedback_days")),
    ("Erinnern und Eskalieren", ("remind_after_days", "lead_after_days", "planning_after_days")),
    ("Rückmeldung", ("feedback_attempts", "link_days", "status_days", "similar_months")),
    ("Personendaten", ("retention_months", "sensitive_retention_months", "assistants_see_team_reporters")),
)


class LoopSettingsForm(MasterDataForm):
    """The loop's figures, each with its limits."""

    constraint_messages = {
        "loop_settings_steps_in_order": (
            "planning_after_days",
            "Die Schritte müssen aufeinander folgen: Erinnerung, dann Leitung, dann Sozialplanung.",
        )
    }

    class Meta:
        model = LoopSettings
        fields = [name for _, names in SETTING_GROUPS for name in names]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (smallest, largest, hint) in LIMITS.items():
            field = self.fields[name] = forms.IntegerField(
                label=self.fields[name].label, min_value=smallest, max_value=largest, help_text=hint
            )
            field.widget.attrs["inputmode"] = "numeric"

    def groups(self) -> list[tuple[str, list]]:
        """The fields in the groups of the page."""
        return [(title, [self[name] for name in names]) for title, names in SETTING_GROUPS]
