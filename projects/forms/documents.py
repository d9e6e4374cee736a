"""The form with which a document is filed, and the one that takes a picture of a proof into an item (Z18, Z19, Z35,
Z38)."""

from django import forms

from projects.actions.pr_images import usable_pictures
from projects.models import PRImage, PRItem
from quartier.web.forms import DocumentField, QuartierForm

from .public_relations import ALT_HELP, CONSENT_HELP, RIGHTS_HELP

WHAT = (
    "PDF oder Bild (JPEG, PNG, WebP, HEIC), höchstens 10 MB. Office-Dateien bitte vorher als PDF speichern. "
    "Skripte und angehängte Dateien eines PDF und Zusatzdaten eines Bildes wie der Ort werden entfernt."
)


class DocumentForm(QuartierForm):
    """A file and what it is; `example` helps to name it."""

    document = DocumentField(label="Datei", help_text=WHAT)
    title = forms.CharField(label="Was es ist", max_length=120)

    def __init__(self, *args, example: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = example


class TakePictureForm(QuartierForm):
    """One of the pictures that were filed with the proof of use."""

    picture = forms.ModelChoiceField(queryset=None, label="Bild", empty_label="Bitte wählen")
    alt = forms.CharField(label="Was zu sehen ist", max_length=300, help_text=ALT_HELP)
    rights = forms.CharField(label="Von wem das Bild ist", max_length=160, help_text=RIGHTS_HELP)
    consent = forms.ChoiceField(
        label="Wer zu erkennen ist", choices=PRImage.Consent, widget=forms.RadioSelect, help_text=CONSENT_HELP
    )

    def __init__(self, *args, item: PRItem, user, **kwargs):
        super().__init__(*args, **kwargs)
        pictures = usable_pictures(item).filter(pk__in=usable_pictures(item).visible_to(user).values("pk"))
        self.fields["picture"].queryset = pictures.order_by("-pk")
