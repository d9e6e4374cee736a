"""Copy third-party browser assets from node_modules to static/vendor."""

import gzip

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from quartier.web import assets


class Command(BaseCommand):
    help = "Makes static/vendor from the npm packages (run `npm ci` first)."

    def handle(self, *args, **options):
        packages = settings.BASE_DIR / "node_modules"
        if not (packages / "@kern-ux").is_dir():
            raise CommandError("node_modules is missing: run `npm ci` first.")
        for path in assets.build(packages, settings.BASE_DIR / "static" / "vendor"):
            size = len(gzip.compress(path.read_bytes()))
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}  {size / 1000:.1f} kB compressed")
