"""A page of a single-page application, with a package of npm in it."""

import html
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NODE = Path(__file__).parent / "node"
_PAGE = """<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>{title}</title>
<body>
<script id="settings" type="application/json">{settings}</script>
<script type="module" src="/bundle.js"></script>
"""


class WebPage:
    """For a ``with`` block: ``node/pages/NAME.mjs``, bundled, at every path of ``url``.

    ``settings`` is what the page's script reads; set it before the page is opened.
    """

    def __init__(self, name, folder):
        self.name = name
        self.settings = {}
        bundle = folder / f"{name}.js"
        esbuild = NODE / "node_modules/.bin/esbuild"
        subprocess.run(
            [esbuild, f"pages/{name}.mjs", "--bundle", "--format=esm", f"--outfile={bundle}"],
            cwd=NODE,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        self._bundle = bundle.read_bytes()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://localhost:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _document(self):
        settings = json.dumps(self.settings).replace("<", "\\u003c")
        return _PAGE.format(title=html.escape(self.name), settings=settings).encode()

    def _handler(page):  # noqa: N805  (the handler's self is another)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                script = self.path == "/bundle.js"
                body = page._bundle if script else page._document()
                self.send_response(200)
                kind = "text/javascript" if script else "text/html"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
