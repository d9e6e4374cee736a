"""`manage.py import_boundaries FILE.geojson boroughs|districts|living_spaces`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from districts.actions.boundaries import store_boroughs, store_districts, store_living_spaces
from districts.boundaries import BoundaryError, read_areas


class Command(BaseCommand):
    """Draws areas from a GeoJSON file: all or nothing, the same file twice changes nothing."""

    help = "Übernimmt Grenzen von Stadtbezirken, Quartieren oder Lebensräumen aus einer GeoJSON-Datei (WGS 84)."

    def add_arguments(self, parser):
        """Describe the command line."""
        parser.add_argument("file", type=Path, help="GeoJSON-Datei")
        parser.add_argument("kind", choices=["boroughs", "districts", "living_spaces"], help="was die Flächen sind")
        parser.add_argument("--name-property", default="name", help="Eigenschaft mit dem Namen (name)")
        parser.add_argument(
            "--borough-property", default="borough", help="Eigenschaft mit dem Namen des Stadtbezirks (borough)"
        )
        parser.add_argument(
            "--district-property", default="district", help="Eigenschaft mit dem Namen des Quartiers (district)"
        )

    def handle(self, *, file: Path, kind: str, name_property: str, **options):
        """Run the import."""
        store = {"boroughs": store_boroughs, "districts": store_districts, "living_spaces": store_living_spaces}[kind]
        within = options["district_property" if kind == "living_spaces" else "borough_property"]
        try:
            created, changed = store(areas=read_areas(file, name=name_property, borough=within))
        except BoundaryError as error:
            for reason in error.reasons:
                self.stderr.write(reason)
            raise CommandError(f"{len(error.reasons)} Fehler; es wurde nichts übernommen.") from error
        self.stdout.write(f"{created} angelegt, {changed} geändert.")
