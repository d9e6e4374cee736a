"""Base forms: clean texts, German date fields, limits."""

from datetime import date

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quartier.documents import BadDocument, PreparedDocument, prepare_document
from quartier.photos import BadPhoto, Prepared, prepare
from quartier.text import TEXT_LIMIT, clean_text

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # of any date: the day after the last year is no date
CHECK_YEAR = "Bitte das Jahr prüfen."


class DateInput(forms.DateInput):
    """The browser's own date field; it sends and expects ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time of day, to the minute."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%H:%M")


class PhotoField(forms.FileField):
    """An upload that is checked and prepared; gives what is kept of the photo, None when nothing was sent."""

    def __init__(self, **options):
        accept = "image/jpeg,image/png,image/webp,image/heic,image/heif"
        super().__init__(required=False, widget=forms.FileInput(attrs={"accept": accept}), **options)

    def clean(self, data, initial=None) -> Prepared | None:
        """The prepared photo; a ValidationError names what is wrong with the file."""
        file = super().clean(data, None)
        if file is None:
            return None
        try:
            return prepare(file, clean_text(file.name))
        except BadPhoto as error:
            raise forms.ValidationError(str(error)) from error


class DocumentField(forms.FileField):
    """An upload that is checked and prepared: a PDF or a picture; gives what is kept of it."""

    def __init__(self, **options):
        accept = "application/pdf,.pdf,image/jpeg,image/png,image/webp,image/heic,image/heif"
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **options)
        self.error_messages["required"] = "Bitte eine Datei wählen."

    def clean(self, data, initial=None) -> PreparedDocument:
        """The prepared document; a ValidationError names what is wrong with the file."""
        file = super().clean(data, None)
        try:
            return prepare_document(file, clean_text(file.name))
        except BadDocument as error:
            raise forms.ValidationError(str(error)) from error


class LeanSelect(forms.Select):
    """A select without a template per option, which would be the largest part of a page with a large filter."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """The same markup as Django's."""
        chosen = {str(value or "")}
        options = []
        for key, label in self.choices:
            if isinstance(label, list | tuple):
                group = format_html_join("", "{}", ((_option(*one, chosen),) for one in label))
                options.append(format_html('<optgroup label="{}">{}</optgroup>', key, group))
            else:
                options.append(_option(key, label, chosen))
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", attributes, SafeString("".join(options)))


def _option(key, label, chosen: set[str]) -> SafeString:
    selected = SafeString(" selected") if str(key or "") in chosen else ""
    return format_html('<option value="{}"{}>{}</option>', "" if key is None else key, selected, label)


class _CleanFields:
    """Gives every text field the cleaning, the limit and every date field the date widget."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _required_words(field)
            if isinstance(field, forms.DateField) and isinstance(field.widget, forms.DateInput):
                field.widget = DateInput(attrs=field.widget.attrs)
                field.input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
                field.validators += [MinValueValidator(EARLIEST, CHECK_YEAR), MaxValueValidator(LATEST, CHECK_YEAR)]
            elif isinstance(field, forms.TimeField):
                field.widget = TimeInput(attrs=field.widget.attrs)
                field.input_formats = ["%H:%M", "%H:%M:%S", "%H.%M", "%H"]
            elif isinstance(field, forms.CharField):
                _tame(field)


def _required_words(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return "Bitte bestätigen Sie das."
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return "Bitte wählen Sie etwas aus."
    return "Bitte füllen Sie dieses Feld aus."


def _tame(field: forms.CharField) -> None:
    if field.max_length is None:
        field.max_length = TEXT_LIMIT
        field.validators.append(MaxLengthValidator(TEXT_LIMIT))
        field.widget.attrs.setdefault("maxlength", str(TEXT_LIMIT))
    to_python, clean = field.to_python, clean_text if isinstance(field.widget, forms.Textarea) else _one_line
    field.to_python = lambda value: to_python(clean(value) if isinstance(value, str) else value)


def _one_line(value: str) -> str:
    """A browser cannot send line breaks from such a field; in a subject or a list they would break things."""
    return clean_text(value).replace("\n", " ").replace("\t", " ")


class QuartierForm(_CleanFields, forms.Form):
    """Form with cleaned texts (see `clean_text`), limits on every text and browser date fields."""


class QuartierModelForm(_CleanFields, forms.ModelForm):
    """The same for model forms."""
