"""Takes the pictures of README and docs anew, from the demo organisation on a scratch database.

    python -m tests.journeys.screenshots [--into docs/images]

Needs Debian's chromium. Run it when a page looks different; look at what it made before committing it.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliverops.settings")
django.setup()

from reviews.demo.people import PASSWORD  # noqa: E402 - the environment is set first

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
# File, who looks, address, what to scroll to, window, colour scheme.
SHOTS = [
    ("portfolio", "ingrid", "/projects/", "", WIDE, "light"),
    ("inbox", "samira", "/", "", WIDE, "light"),
    ("project", "ingrid", "/projects/PRJ-0019/", "", WIDE, "light"),
    ("project-dark", "ingrid", "/projects/PRJ-0012/", "", WIDE, "dark"),
    ("room", "ingrid", "/projects/PRJ-0012/reviews/RR-2/", "", WIDE, "light"),
    ("board", "ingrid", "/projects/PRJ-0012/reviews/RR-1/", "#board", WIDE, "light"),
    ("history", "emile", "/projects/PRJ-0012/history/", "", WIDE, "light"),
    ("evidence", "emile", "/projects/PRJ-0012/evidence/", "", WIDE, "light"),
    ("project-phone", "yusuf", "/projects/PRJ-0019/", "", PHONE, "light"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs/images"))
    into = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "DELIVEROPS_VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "deliverops.settings"}
        for command in (["migrate", "-v0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], env=env, check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        serve = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload", "--insecure"]
        with subprocess.Popen(serve, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                wait_for(f"{site}/health/live")
                take(site, into, env)
            finally:
                server.terminate()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address)  # noqa: S310 - our own server
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{address} does not answer")


def take(site: str, into: Path, env: dict[str, str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, who, address, anchor, window, scheme in SHOTS:
            page = browser.new_context(viewport=window, color_scheme=scheme, locale="en-GB").new_page()
            log_in(page, site, who)
            shoot(page, site + address, anchor, into / f"{name}.png")
        sign_page(browser.new_context(viewport=WIDE, color_scheme="light", locale="en-GB").new_page(), site, into, env)
        browser.close()


def log_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def shoot(page: Page, address: str, anchor: str, path: Path) -> None:
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{address} answered {answer and answer.status}")
    if anchor:
        page.locator(anchor).evaluate("element => element.scrollIntoView({block: 'start', behavior: 'instant'})")
    page.screenshot(path=path)


FIND_SIGNER = """
from reviews.models import Participant
waiting = Participant.objects.filter(review__state="signing", signs=True, removed_at=None, sign_offs=None)
one = waiting.select_related("user", "review__project").first()
print(one.user.username, one.review.project.code, one.review.ref) if one else print()
"""


def sign_page(page: Page, site: str, into: Path, env: dict[str, str]) -> None:
    """Whoever has a signature to give in the demo, about to give it."""
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FIND_SIGNER]
    found = subprocess.run(shell, env=env, check=True, capture_output=True, text=True).stdout.split()
    if len(found) < 3:
        raise SystemExit("The demo has no round that is being signed.")
    who, code, ref = found[-3:]
    log_in(page, site, who)
    shoot(page, f"{site}/projects/{code}/reviews/{ref}/sign/", "", into / "sign.png")


if __name__ == "__main__":
    main()
