"""JupyterLab in headless Chromium, driven by its own commands; no menu is ever clicked."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import small_clone
import tree
from playwright.sync_api import ElementHandle, Page, Request, sync_playwright

from course_utils.authoring.editions import edition_of
from course_utils.authoring.execute import execute
from course_utils.paths import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 180  # patience with a slow machine; nothing is measured

# The notebook's panel, once its document and its kernel are ready.
PANEL = """async path => {
    const find = () => [...(window.jupyterapp?.shell.widgets('main') ?? [])]
        .find(widget => widget.context?.path === path);
    while (!find()) await new Promise(resolve => setTimeout(resolve, 100));
    const panel = find();
    await panel.revealed;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    return panel;
}"""


def find_chromium() -> str | None:
    """The path of an installed Chromium, if there is one."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


def clone_into(folder: Path) -> Path:
    """A clone of the course as it lies here, without ``my/``, on the running environment.

    ``.venv`` is a folder of links into that environment with a stamp of its own, so that
    the set-up finds it ready, and leaves the environment under test as it is.
    """
    tree.copy_to(folder)
    (folder / ".venv").mkdir()
    for item in Path(sys.prefix).iterdir():
        if item.name not in ("course-stamp.txt", ".lock"):
            (folder / ".venv" / item.name).symlink_to(item)
    small_clone.stamp(folder)
    cached = ROOT / ".cache" / "data"
    if cached.is_dir():
        shutil.copytree(cached, folder / ".cache" / "data")
    return folder


def environment(clone: Path) -> dict[str, str]:
    """A reader's variables, with a home of its own beside the clone."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    return small_clone.environment(HOME=str(home))


def command(clone: Path, *arguments: str) -> str:
    """What ``python -m course_utils ...`` prints in the clone."""
    done = subprocess.run(
        [small_clone.BASE_PYTHON, "-m", "course_utils", *arguments],
        cwd=clone,
        env=environment(clone),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def served(clone: Path, *arguments: str) -> Iterator[str]:
    """``python -m course_utils lab ... --no-browser``; gives the address that it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = clone.parent / "lab.log"
    # The page shows JupyterLab's application object only if asked to.
    options = ["--no-browser", "--port", str(port), "--expose-app-in-browser"]
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            [small_clone.BASE_PYTHON, "-m", "course_utils", "lab", *arguments, *options],
            cwd=clone,
            env=environment(clone),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _address(server, log, port)
    finally:
        _end(server)


def _address(server: subprocess.Popen[bytes], log: Path, port: int) -> str:
    """Wait for the line with the address and its token."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        said = log.read_text(encoding="utf-8")
        found = re.search(rf"http://(localhost|127\.0\.0\.1):{port}/\S*token=\w+", said)
        if found:
            return found.group()
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab printed no address:\n{log.read_text(encoding='utf-8')}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, which ends its kernels; then make sure of it."""
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class Notebook:
    """One notebook, open in JupyterLab.

    Attributes:
        page: the browser's page.
        trouble: errors of the page and requests that left this machine; empty, if all is well.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        page.on("request", self._watch)
        page.on("websocket", lambda socket: self._local(socket.url))

    def _watch(self, request: Request) -> None:
        self._local(request.url)

    def _local(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            self.trouble.append(f"request to {parts.hostname}")

    def open(self, address: str, path: str) -> None:
        """Go to the address and wait until it has opened that notebook, kernel and all."""
        self.page.goto(address)
        shown = "window.jupyterapp?.shell?.currentWidget?.context"
        self.page.wait_for_function(f"() => {shown} || document.querySelector('.jp-Dialog')")
        assert not self.dialogs()
        opened = self.page.evaluate(f"() => {shown}.path")
        assert opened == path, f"JupyterLab opened {opened}"
        self._panel = self._within(PANEL, path)

    def _within(self, code: str, argument: Any = None) -> Any:
        """A handle on what an asynchronous function returns, which must not take for ever."""
        return self.page.evaluate_handle(
            f"""argument => Promise.race([
                ({code})(argument),
                new Promise((_, reject) =>
                    setTimeout(() => reject(new Error('no answer')), {SECONDS * 1000})),
            ])""",
            argument,
        )

    def ask(self, expression: str, argument: Any = None) -> Any:
        """The value of a JavaScript expression of ``panel`` and ``argument``."""
        return self.page.evaluate(
            f"async ([panel, argument]) => {expression}", [self._panel, argument]
        )

    def command(self, name: str, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands and wait for its end."""
        code = "([name, given]) => window.jupyterapp.commands.execute(name, given).then(() => 0)"
        self._within(code, [name, arguments])

    def cells(self) -> list[dict[str, Any]]:
        """The notebook as JupyterLab holds it now, cell by cell."""
        cells = self.ask("panel.context.model.sharedModel.toJSON().cells")
        return [{**cell, "source": _text(cell["source"])} for cell in cells]

    def index(self, fragment: str) -> int:
        """The number of the only code cell whose source holds the fragment."""
        [found] = [
            number
            for number, cell in enumerate(self.cells())
            if cell["cell_type"] == "code" and fragment in cell["source"]
        ]
        return found

    def show(self, index: int) -> ElementHandle:
        """Make a cell the active one and bring it into view; gives its element."""
        self.ask("{ panel.content.activeCellIndex = argument; }", index)
        # JupyterLab first, since it may not have drawn a cell that is far away.
        self._within(
            "([panel, index]) => panel.content.scrollToItem(index, 'start')", [self._panel, index]
        )
        node = self.page.evaluate_handle(
            "([panel, index]) => panel.content.widgets[index].node", [self._panel, index]
        )
        element = node.as_element()
        assert element is not None
        element.wait_for_element_state("visible")
        element.evaluate("element => element.scrollIntoView({block: 'start'})")
        return element

    def type_and_run(self, index: int, source: str) -> ElementHandle:
        """Replace a cell's text as a reader does, with the keyboard; run it; give its output."""
        element = self.show(index)
        self.command("notebook:enter-edit-mode")
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        assert self.cells()[index]["source"] == source
        self.command("notebook:run-cell")
        box = element.wait_for_selector(".jp-OutputArea-output")
        assert box is not None
        return box

    def dialogs(self) -> list[str]:
        """What open dialogs and pop-ups say."""
        found = self.page.query_selector_all(".jp-Dialog-content, .Toastify__toast")
        return [one.inner_text() for one in found]

    def picture(self, file: Path) -> None:
        """A screenshot of the page."""
        file.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=file)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


@contextmanager
def chromium(executable: str, width: int = 1400, height: int = 900) -> Iterator[Page]:
    """A page of a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


@contextmanager
def lesson(
    folder: Path, name: str, source: str, finish: Callable[[Any], None] = lambda notebook: None
) -> Iterator[tuple[Path, str, Notebook]]:
    """A clone with one more lesson, built as all are, and that lesson as ``lab`` opens it.

    Args:
        name: of its file, with its number: ``"98_slider"``.
        source: its cells, ``py:percent``.
        finish: what ``build`` does to the executed notebook besides.

    Yields:
        The clone, JupyterLab's address, and the open notebook.
    """
    executable = find_chromium()
    assert executable is not None, "CI must have Chromium"
    clone = clone_into(folder / "clone")
    file = clone / "solutions" / f"{name}.py"
    file.write_text(source, encoding="utf-8")
    notebook = edition_of(file, "notebooks")
    execute(notebook, clone / "notebooks", name)
    finish(notebook)
    nbformat.write(notebook, clone / "notebooks" / f"{name}.ipynb")
    with served(clone, name[:2]) as address, chromium(executable, height=1200) as page:
        opened = Notebook(page)
        opened.open(address, f"my/{name}.ipynb")
        yield clone, address, opened
