"""Settings of the benchmark: the application as in production, Django's admin beside it, a database of its own."""

import os
from pathlib import Path

BENCH_DIR = Path(__file__).resolve().parent.parent / "var" / "bench"
os.environ["QUARTIER_ENV"] = "demo"
os.environ.setdefault("VAR_DIR", str(BENCH_DIR))

from quartier.settings import *  # noqa: E402, F403
from quartier.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE  # noqa: E402

DATABASES["default"]["NAME"] = "quartier_bench"  # whatever DATABASE_URL names: the seeding drops this database
if "django.contrib.admin" not in INSTALLED_APPS:
    INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS]
ROOT_URLCONF = "bench.urls"
WSGI_APPLICATION = "bench.wsgi.application"
LOGGING_CONFIG = None
MIDDLEWARE = ["bench.count.CountQueriesMiddleware", *MIDDLEWARE]
