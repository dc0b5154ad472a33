"""Take the pictures of README.md and of the tutorial: ``python docs/take_pictures.py``.

They show a mock that has just been started, in headless Chromium. Needs
what the tests of the pages need: playwright, and chromium at /usr/bin/chromium.
"""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
# A port that the pictures can show: README starts the mock there.
COMMAND = [sys.executable, "-m", "cognito_mock", "serve", "--port", "9229"]
MOST_BYTES = 150_000


def main() -> None:
    """Start a mock, look at it, write the files."""
    IMAGES.mkdir(exist_ok=True)
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as mock:  # noqa: S603  (ours)
        try:
            assert mock.stdout is not None  # noqa: S101  (asked for above)
            url = mock.stdout.readline().rpartition(" ")[2].strip()
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox"]
                )
                page = chromium.new_page(viewport={"width": 1280, "height": 720})
                page.goto(url)
                _take(page, "start.png", whole=True)
                page.locator("a[data-client]").first.click()
                page.wait_for_url("**/login?*")
                _take(page, "sign-in.png", whole=False)
                chromium.close()
        finally:
            mock.terminate()


def _take(page: Page, name: str, *, whole: bool) -> None:
    page.wait_for_load_state()
    path = IMAGES / name
    page.screenshot(path=path, full_page=whole)
    size = path.stat().st_size
    if size > MOST_BYTES:
        sys.exit(f"{path} has {size} bytes")
    print(path, size)


if __name__ == "__main__":
    main()
