"""`manage.py import_boundaries FILE.geojson boroughs|districts`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from districts.actions.boundaries import store_boroughs, store_districts
from districts.boundaries import BoundaryError, read_areas


class Command(BaseCommand):
    """Draws boroughs or districts from a GeoJSON file: all or nothing, the same file twice changes nothing."""

    help = "Übernimmt Grenzen von Stadtbezirken oder Quartieren aus einer GeoJSON-Datei (WGS 84)."

    def add_arguments(self, parser):
        """Describe the command line."""
        parser.add_argument("file", type=Path, help="GeoJSON-Datei")
        parser.add_argument("kind", choices=["boroughs", "districts"], help="was die Flächen sind")
        parser.add_argument("--name-property", default="name", help="Eigenschaft mit dem Namen (name)")
        parser.add_argument(
            "--borough-property", default="borough", help="Eigenschaft mit dem Namen des Stadtbezirks (borough)"
        )

    def handle(self, *, file: Path, kind: str, name_property: str, borough_property: str, **options):
        """Run the import."""
        store = {"boroughs": store_boroughs, "districts": store_districts}[kind]
        try:
            created, changed = store(areas=read_areas(file, name=name_property, borough=borough_property))
        except BoundaryError as error:
            for reason in error.reasons:
                self.stderr.write(reason)
            raise CommandError(f"{len(error.reasons)} Fehler; es wurde nichts übernommen.") from error
        self.stdout.write(f"{created} angelegt, {changed} geändert.")
