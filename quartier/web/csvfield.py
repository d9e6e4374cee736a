"""The field of a form that takes a CSV file."""

from django import forms

from quartier.csvfile import MAX_BYTES, BadFile, read_sheet


class CsvFileField(forms.FileField):
    """A table of texts, given back as name and bytes; what it means is the preview's business."""

    widget = forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"})
    default_error_messages = {
        "required": "Bitte eine Datei wählen.",
        "empty": "Die Datei ist leer.",
        "max_length": "Der Name der Datei ist zu lang.",
    }

    def __init__(self, **kwargs):
        words = "Höchstens 2 MB und 20.000 Zeilen. Aus Excel: „Speichern unter“, Dateityp CSV."
        super().__init__(**{"label": "CSV-Datei", "help_text": words, **kwargs})

    def clean(self, data, initial=None) -> tuple[str, bytes]:
        """Refuse what is no table, in words."""
        file = super().clean(data, initial)
        try:
            if file.size > MAX_BYTES:
                raise BadFile("Die Datei ist größer als 2 MB. Bitte in mehrere Dateien teilen.")
            content = file.read()
            read_sheet(content)
        except BadFile as error:
            raise forms.ValidationError(str(error)) from error
        return file.name, content
