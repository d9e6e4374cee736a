"""Sets the house up on one machine and continues in deploy/local.py: what `make` calls. Python's own library only.

    python3 deploy/bootstrap.py run | papers | test | test-server | check | lock

The set-up (.venv, npm packages) happens when a lock file has changed since the last time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMANDS = ("run", "papers", "test", "test-server", "check", "lock")


def main(arguments: list[str]) -> None:
    """Set up, then hand over to the Python of .venv."""
    if not arguments or arguments[0] not in COMMANDS:
        sys.exit(__doc__)
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"!!! Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=python3.13 …")
    try:
        set_up()
    except KeyboardInterrupt:
        sys.exit(130)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "deploy.local", *arguments])


def set_up() -> None:
    """Bring .venv and node_modules up to their lock files."""
    lock, stamp = ROOT / "requirements-dev.lock", VENV / ".installed"
    if not fresh(stamp, lock):
        make_venv()
        say("Installing Python packages (a minute or two the first time)")
        pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--root-user-action=ignore")
        call(*pip, "--require-hashes", "-r", lock)
        stamp.write_text(checksum(lock))
    lock, stamp = ROOT / "package-lock.json", ROOT / "node_modules" / ".installed"
    if not fresh(stamp, lock):
        say("Installing browser assets")
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        call(
            VENV / "bin" / "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", env={**os.environ, "PATH": path}
        )
        stamp.write_text(checksum(lock))


def make_venv() -> None:
    """Make .venv unless a working one is there (a moved or half-made one does not work)."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    say("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"{made.stdout}{made.stderr}\n!!! Python cannot make .venv. On Debian: apt-get install python3-venv")


def checksum(*files: Path) -> str:
    """One value for the content of some files."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def fresh(stamp: Path, *files: Path) -> bool:
    """Whether the stamp was written for the files as they are now."""
    return stamp.exists() and stamp.read_text() == checksum(*files)


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    print(f"==> {text}", flush=True)


def call(*command: object, **options) -> None:
    """Run a command and end with its exit code when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
