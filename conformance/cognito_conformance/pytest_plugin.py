"""Collect the conformance suite as pytest items.

Costs nothing and does nothing unless ``--cognito-adapter`` is given: everything else is imported
then. ``pytest --pyargs cognito_conformance.suite --cognito-adapter=mypackage.adapter:adapter``
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's options, which are those of ``cognito-conformance run``."""
    group = parser.getgroup("cognito-conformance", "Amazon Cognito verifier conformance")
    group.addoption("--cognito-adapter", metavar="SPEC", help="module:attr, exec:COMMAND or URL")
    group.addoption("--cognito-select", metavar="GLOB", help="cases or requirements, e.g. 'alg/*'")
    group.addoption("--cognito-level", choices=("must", "should", "may"), default="may")
    group.addoption("--cognito-profile", metavar="NAME", help="a frozen list of requirements")
    group.addoption("--cognito-baseline", metavar="FILE", help="expected failures")
    group.addoption("--cognito-write-baseline", metavar="FILE", help="write what fails now")
    group.addoption("--cognito-report", metavar="DIR", help="report.json and replay files")
    group.addoption("--cognito-seed", type=int, metavar="N", help="for keys and properties")
    group.addoption("--cognito-examples", type=int, default=200, metavar="N", help="per property")
    group.addoption("--cognito-trace", metavar="FILE", help="write every message down")
    group.addoption("--cognito-restarts", type=int, default=1, metavar="N")
    group.addoption("--cognito-issuer", metavar="URL", help="the suite's issuer, for an API")
    group.addoption("--cognito-header", metavar="LINE", help="'Name: text with {token}'")
    group.addoption("--cognito-token-use", choices=("access", "id"), default="access")
    group.addoption("--cognito-settle-time", action="store_true", help="wait for a new key")
    group.addoption("--cognito-strict", action="store_true", help="a broken SHOULD fails the run")


def pytest_configure(config: pytest.Config) -> None:
    """Register the suite, if it was asked for."""
    if config.getoption("--cognito-adapter"):
        # Imported here: the plugin is loaded in every pytest run of its host environment.
        from cognito_conformance.pytest_session import (  # noqa: PLC0415
            PLUGIN_NAME,
            ConformanceSession,
        )

        config.pluginmanager.register(ConformanceSession(config), PLUGIN_NAME)
