"""`manage.py import_concerns FILE.csv --mapping MAPPING.toml --by E-MAIL`."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from concerns.actions.base import LoopError
from concerns.actions.importing import import_rows
from concerns.importing import MappingError, Reader, read_mapping
from districts.models import User
from districts.roles import Perm


class Command(BaseCommand):
    """Takes over an old list: checks every line first, then all or nothing; the same file twice changes nothing."""

    help = "Übernimmt eine alte Anliegenliste (CSV) mit einer Zuordnungsdatei (TOML, siehe docs/import.md)."

    def add_arguments(self, parser):
        """Describe the command line."""
        parser.add_argument("file", type=Path, help="CSV-Datei")
        parser.add_argument("--mapping", type=Path, required=True, help="Zuordnungsdatei (TOML)")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="Wer die Anliegen übernimmt")
        parser.add_argument("--check", action="store_true", help="nur prüfen, nichts speichern")

    def handle(self, *, file: Path, mapping: Path, by: str, check: bool, **options):
        """Run the import."""
        person = User.objects.active().filter(email__iexact=by).first()
        if person is None:
            raise CommandError(f"Niemand meldet sich mit {by} an.")
        if not person.rights.can(Perm.TRIAGE):
            raise CommandError(f"{person} gehört zu keinem Quartiersmanagement.")
        try:
            reader = Reader(read_mapping(mapping))
            reader.read(file)
        except MappingError as error:
            raise CommandError(str(error)) from error
        for line, reason in reader.errors:
            self.stderr.write(f"Zeile {line}: {reason}")
        if reader.errors:
            raise CommandError(f"{len(reader.errors)} Zeilen sind fehlerhaft; es wurde nichts übernommen.")
        if check:
            self.stdout.write(f"{len(reader.rows)} Zeilen sind in Ordnung; es wurde nichts gespeichert.")
            return
        with tqdm(total=len(reader.rows), unit="Anliegen", file=sys.stderr, disable=None) as bar:
            try:
                added, known = import_rows(rows=reader.rows, mapping=reader.mapping, by=person, step=bar.update)
            except LoopError as error:
                raise CommandError(f"{error} Es wurde nichts übernommen.") from error
        self.stdout.write(f"{added} Anliegen übernommen, {known} waren schon da.")
