"""Which profile of a district somebody wants: inside or for the public, and which chapters (D02)."""

from django import forms

from quartier.web.forms import QuartierForm

INSIDE, PUBLIC = "intern", "oeffentlich"


class ProfileForm(QuartierForm):
    """Edition and chapters of a profile; `chapters` are those this person may print."""

    ausgabe = forms.ChoiceField(
        label="Ausgabe",
        choices=[(INSIDE, "für die Verwaltung"), (PUBLIC, "für die Öffentlichkeit")],
        initial=INSIDE,
        widget=forms.RadioSelect,
        help_text="Öffentlich sind nur freigegebene Namen, Akteure und Angebote; Anliegen und Stellen fehlen.",
    )
    teile = forms.MultipleChoiceField(label="Kapitel", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, chapters: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teile"].choices = list(chapters.items())
        self.fields["teile"].initial = list(chapters)
        self.fields["teile"].error_messages["required"] = "Bitte mindestens ein Kapitel auswählen."
