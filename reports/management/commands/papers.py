"""Writes one of every paper of the demo city."""

from io import BytesIO

import pikepdf
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reports.papers.samples import SAMPLES


class Command(BaseCommand):
    """`manage.py papers`"""

    help = "Write one of every PDF to VAR_DIR/papers. The database stays as it is."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The papers show people by name: only for the demo city.")
        folder = settings.VAR_DIR / "papers"
        folder.mkdir(parents=True, exist_ok=True)
        for sample in SAMPLES:
            # Making a paper may note that somebody looked, or need a row that the demo city does not have.
            with transaction.atomic():
                for name, content in sample():
                    path = folder / f"{name}.pdf"
                    path.write_bytes(content)
                    self.stdout.write(f"{path.relative_to(settings.VAR_DIR.parent)}  {_pages(content)}")
                transaction.set_rollback(True)


def _pages(content: bytes) -> str:
    with pikepdf.open(BytesIO(content)) as pdf:
        return f"{len(pdf.pages)} page{'' if len(pdf.pages) == 1 else 's'}"
