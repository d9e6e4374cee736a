"""Runs the demo, the tests and the checks on one machine (see `make help`), inside .venv."""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import django
from django.core.management import call_command

from deploy.bootstrap import ROOT, checksum, fresh, say
from quartier import embedded

VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
# Without windows it needs less than half of the processor time for the same pages.
HEADLESS = "chromium-headless-shell"
CHROMIUM_NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome")
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
IN_PARALLEL = ("-n", "auto")  # which process gets what: tests/conftest.py
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def database_url() -> str:
    """Address of the database; without DATABASE_URL the embedded server's, which runs after this."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    server = embedded.database_config(VAR)
    return f"postgresql://{server['USER']}@/{server['NAME']}?host={server['HOST']}&port={server['PORT']}"


def python(*arguments: object, **environment: str) -> int:
    """Run this Python with arguments and additional environment; the exit code."""
    child = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment})
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child has it too and ends by itself
            continue


def make_assets() -> None:
    """Make static/vendor from the npm packages, when they or the recipe have changed since the last time."""
    sources = (ROOT / "package-lock.json", ROOT / "quartier" / "web" / "assets.py")
    stamp = ROOT / "static" / "vendor" / ".made"
    if not fresh(stamp, *sources):
        say("Making browser assets")
        if code := python("manage.py", "vendor_assets", "--verbosity=0"):
            sys.exit(code)
        stamp.write_text(checksum(*sources))


def need_pango() -> None:
    """End with a sentence unless the library that lays out the papers is there or can be had."""
    if not (_has_pango() or (_apt_install(*PANGO) and _has_pango())):
        sys.exit(f"!!! PDF files need Pango. On Debian: apt-get install {' '.join(PANGO)}")


def _has_pango() -> bool:
    return subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True).returncode == 0


# --- run -------------------------------------------------------------------------------------------------------------


def run() -> int:
    """The demo: web server and worker until Ctrl-C."""
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    _refuse_taken(host, port)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="quartier.settings", QUARTIER_ENV="demo", STATIC_HASHED="1", BIND=f"{host}:{port}"
    )
    os.environ.setdefault("PUBLIC_URL", f"http://localhost:{port}")
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _interrupt)
    children: list[subprocess.Popen] = []
    try:
        _prepare()
        children.append(_start("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "quartier.wsgi"))
        children.append(_start("manage.py", "procrastinate", "worker"))
        _wait_for_answer(f"http://127.0.0.1:{port}/healthz", children)
        say(f"Quartier is ready: {os.environ['PUBLIC_URL']} (Ctrl-C ends it; its mails are written to {_mails()})")
        return _wait_for_end(children)
    except KeyboardInterrupt:
        return 0
    finally:
        # A second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say("Ending")
        _end(children)


def _mails() -> Path:
    """Where the demo writes its mails, as short as it can be said."""
    return (VAR / "mail").relative_to(ROOT) if VAR.is_relative_to(ROOT) else VAR / "mail"


def _port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdigit() or not 0 < int(value) < 65536:
        sys.exit(f"!!! PORT={value} is not a port number.")
    return int(value)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"!!! Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}")


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _prepare() -> None:
    """Bring the database, the static files and the demo city up to date."""
    django.setup()
    _collect_static()
    _load_demo()


def _load_demo() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("demo")


def _collect_static() -> None:
    """Hash and compress the static files, unless none has changed since the last time."""
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    state = "\n".join(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files)
    state = hashlib.sha256((state + (ROOT / "requirements-dev.lock").read_text()).encode()).hexdigest()
    stamp = VAR / "static.made"
    if not (VAR / "static").is_dir() or not stamp.exists() or stamp.read_text() != state:
        say("Preparing static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(state)


def _start(*arguments: str) -> subprocess.Popen:
    # In a session of its own: Ctrl-C reaches only this process, which then ends its children in order.
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, start_new_session=True)


def _wait_for_answer(url: str, children: list[subprocess.Popen]) -> None:
    for _ in range(600):
        if any(child.poll() is not None for child in children):
            return
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    sys.exit("!!! The web server does not answer.")


def _wait_for_end(children: list[subprocess.Popen]) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                say(f"{' '.join(child.args[1:])} has ended with code {child.returncode}")
                return 1
        time.sleep(0.3)


def _end(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


# --- papers ----------------------------------------------------------------------------------------------------------


def papers() -> int:
    """One of every paper of the demo city, as PDF files in var/papers."""
    os.environ.update(DJANGO_SETTINGS_MODULE="quartier.settings", QUARTIER_ENV="demo")
    django.setup()
    _load_demo()
    call_command("papers")
    return 0


# --- test, check, lock -----------------------------------------------------------------------------------------------


def test(*arguments: str) -> int:
    """Every test, in parallel; the browser tests too where a Chromium is there or can be had."""
    if not _has_chromium():
        say("There is no Chromium and none could be installed: the tests in tests/browser are left out.")
    return python("-m", "pytest", *IN_PARALLEL, *arguments)


def _has_chromium() -> bool:
    """Whether there is a Chromium or one can be had; in CI the quick one, which pays for its own installation."""
    has_one = any(shutil.which(name) for name in CHROMIUM_NAMES)
    if has_one and (shutil.which(HEADLESS) or not os.environ.get("CI")):
        return True
    return _apt_install(HEADLESS) or has_one or _apt_install("chromium")


def test_server(*arguments: str) -> int:
    """All but the browser tests on DATABASE_URL, or on a throw-away server of Debian's PostgreSQL 15."""
    if url := os.environ.get("DATABASE_URL"):
        return _test_on(url, arguments)
    if not POSTGRES_15.exists() and not (os.environ.get("CI") and _apt_install("postgresql-15")):
        say("There is no PostgreSQL 15 here: the run on a server is left out.")
        return 0
    account = {"user": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="quartier-") as folder:
        if account:
            shutil.chown(folder, **account)
        options = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, **account}
        initdb = (POSTGRES_15 / "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", "data")
        pg_ctl = (POSTGRES_15 / "pg_ctl", "-w", "-D", "data", "-l", "log", "-m", "fast")
        subprocess.run(initdb, **options)
        subprocess.run((*pg_ctl, "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start"), **options)
        try:
            say("Testing on PostgreSQL 15")
            return _test_on(f"postgresql://postgres@/postgres?host={folder}", arguments)
        finally:
            subprocess.run((*pg_ctl, "stop"), **options)


def _test_on(url: str, arguments: tuple[str, ...]) -> int:
    return python("-m", "pytest", *IN_PARALLEL, "--ignore=tests/browser", *arguments, DATABASE_URL=url)


def _apt_install(*packages: str) -> bool:
    """Install Debian packages where this user may; whether they are there now."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say(f"Installing {' '.join(packages)} with apt-get")
    options = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "capture_output": True, "text": True}
    subprocess.run(("apt-get", "-qq", "update"), **options)
    done = subprocess.run(("apt-get", "-qq", "-y", "--no-install-recommends", "install", *packages), **options)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return done.returncode == 0


def check() -> int:
    """Style, layers, migrations, static files and deploy checks; tells all that is wrong, not only the first."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        city = {**production(database_url()), "VAR_DIR": folder}
        for name, command, environment in (
            ("ruff check", ("-m", "ruff", "check", "."), {}),
            ("ruff format", ("-m", "ruff", "format", "--check", "."), {}),
            ("import-linter", (Path(sys.executable).parent / "lint-imports", "--no-cache"), {}),
            ("migrations", ("manage.py", "makemigrations", "--check", "--dry-run"), {}),
            ("static files", ("manage.py", "collectstatic", "--no-input", "--verbosity=0"), city),
            ("deploy checks", ("manage.py", "check", "--deploy", "--fail-level=WARNING"), city),
        ):
            say(name)
            if python(*command, **environment):
                failed.append(name)
    say(f"Not in order: {', '.join(failed)}" if failed else "All in order")
    return len(failed)


def production(url: str) -> dict[str, str]:
    """An environment as a city would set it."""
    return {
        "QUARTIER_ENV": "production",
        "DATABASE_URL": url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "quartier.example.org",
        "PUBLIC_URL": "https://quartier.example.org",
        "EMAIL_URL": "smtp+tls://mail.example.org",
        "DEFAULT_FROM_EMAIL": "quartier@example.org",
    }


def lock() -> int:
    """Resolve requirements*.in anew; the locks name no package index and no path of this machine."""
    options = ("--quiet", "--upgrade", "--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-header")
    silent = ("--no-config", "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host")
    return any(
        python("-m", "piptools", "compile", *options, *silent, "-o", f"{name}.lock", f"{name}.in")
        for name in ("requirements", "requirements-dev")
    )


COMMANDS = {
    "run": run,
    "papers": papers,
    "test": test,
    "test-server": test_server,
    "check": check,
    "lock": lock,
}


def main(command: str, *arguments: str) -> int:
    """Carry out one command; the embedded server is stopped by whoever started it."""
    started_here = not embedded.is_running(VAR)
    try:
        need_pango()
        make_assets()
        return COMMANDS[command](*arguments)
    finally:
        if started_here:
            embedded.stop(VAR)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
