"""The documentation site: ``python -m nox -s docs``."""

import re
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent

project = "cognito-verify"
author = "the cognito-verify authors"
project_copyright = author
release = version = metadata.version("cognito-verify")

extensions = ["myst_parser"]
# The fact book is as long as all other pages together; fidelity.md shows each fact with its test.
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["misc.highlighting_failure"]  # excerpts with dots where a reader's code goes

html_theme = "furo"
html_title = "cognito-verify"
html_show_sourcelink = False
html_copy_source = False
# Nothing is fetched from elsewhere when a page is read.
html_static_path = ["_static"]
html_css_files = ["site.css"]

_LINK_OUT_OF_THE_DOCS = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)]*)\)")


def name_files_outside(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn a link to a file of the repository that is not part of the site into its path."""
    page = HERE / f"{docname}.md"

    def path_or_link(match: re.Match[str]) -> str:
        text, target = match[1], match[2].partition("#")[0]
        path = (page.parent / target).resolve()
        if path.is_relative_to(HERE):
            return match[0]
        within = path.relative_to(HERE.parent)
        return f"{text} (`{within}`)" if str(within) not in text else text

    source[0] = _LINK_OUT_OF_THE_DOCS.sub(path_or_link, source[0])


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", name_files_outside)
