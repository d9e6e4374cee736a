"""Settings of the test run: the demo's, with passwords that hash fast."""

import os

# With DATABASE_URL alone the settings would take the run for production.
os.environ["QUARTIER_ENV"] = "demo"

from quartier.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Threads of the live server and of the worker must not keep the test database open.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# Nobody misses a test's commit after a power cut.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405
