"""Which requests of this process go to a mock, and the patches by which they get there.

What is patched belongs to the whole process, so there is one table of the redirections in force.
The patches are installed with the first and removed with the last; a library that is imported
meanwhile is patched then, one that is not imported costs nothing.
"""

import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from cognito_mock.testing.courier import Courier

# COG-API-WIRE-001, COG-HOST-001, COG-TOK-009.
_POOL_HOST = re.compile(
    r"(?:(?:issuer-)?cognito-idp(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws))"
    r"|(?:[a-z0-9-]+\.auth(?:-fips)?\.[a-z0-9-]+\.amazoncognito\.com)"
)
_BENEATH = "_cognito_mock_beneath"
_HTTPS_PORTS = {None, 443}
_HTTP_PORTS = {None, 80}
# What `Addresses` makes of a pool's domain where there is no port.
_LOCAL_DOMAIN = re.compile(r"[a-z0-9-]+\.auth\.[a-z0-9-]+\.localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirection:
    """Sends what is meant for the pools' AWS addresses to ``courier``.

    ``own_host`` is that of a mock without a socket: its own addresses need carrying, too.
    """

    courier: Courier
    base_url: str
    own_host: str | None = None

    def takes(self, url: str) -> bool:
        """Whether a request to ``url`` goes to this mock."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if self.own_host is not None and parts.scheme == "http" and port in _HTTP_PORTS:
            return host == self.own_host or _LOCAL_DOMAIN.fullmatch(host) is not None
        return (
            parts.scheme == "https"
            and port in _HTTPS_PORTS
            and _POOL_HOST.fullmatch(host) is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """``owner.name`` becomes what ``wrap`` makes of the function that is there."""

    owner: Any
    name: str
    wrap: Callable[[Callable[..., Any]], Callable[..., Any]]


Find = Callable[[str], "Redirection | None"]
# What to patch in a module that has been imported.
Seam = Callable[[ModuleType, Find], Sequence[Patch]]


@dataclass(frozen=True, slots=True)
class _Installed:
    patch: Patch
    original: Any
    wrapper: Any

    def remove(self) -> None:
        # Somebody else's later patch stays; below it our wrapper finds no redirection in force.
        if vars(self.patch.owner).get(self.patch.name) is self.wrapper:
            setattr(self.patch.owner, self.patch.name, self.original)


class Switchboard(MetaPathFinder):
    """The redirections in force in this process, the latest last. Thread-safe."""

    def __init__(self, seams: dict[str, Seam]) -> None:
        self._seams = seams
        self._lock = threading.RLock()
        self._redirections: tuple[Redirection, ...] = ()
        self._installed: list[_Installed] = []
        self._waiting: dict[str, Seam] = {}

    @contextmanager
    def redirected(self, redirection: Redirection) -> Iterator[None]:
        """Keep ``redirection`` in force inside the block."""
        with self._lock:
            first = not self._redirections
            self._redirections = (*self._redirections, redirection)
            if first:
                self._install()
        try:
            yield
        finally:
            with self._lock:
                left = list(self._redirections)
                # The one that was added, not an equal one that came before.
                del left[max(i for i, r in enumerate(left) if r is redirection)]
                self._redirections = tuple(left)
                if not left:
                    self._remove()

    def find(self, url: str) -> Redirection | None:
        """Return the latest redirection that takes ``url``."""
        for redirection in reversed(self._redirections):
            if redirection.takes(url):
                return redirection
        return None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let the other finders find a library's module, and patch it once it is loaded."""
        del path, target
        with self._lock:
            seam = self._waiting.pop(fullname, None)
        if seam is None:
            return None
        spec = find_spec(fullname)  # asks this finder again, which is no longer waiting
        if spec is None or spec.loader is None:
            return None
        spec.loader = _ThenPatch(spec.loader, lambda module: self._patch(module, seam))
        return spec

    def _install(self) -> None:
        for name, seam in self._seams.items():
            module = sys.modules.get(name)
            if module is None:
                self._waiting[name] = seam
            else:
                self._patch(module, seam)
        sys.meta_path.insert(0, self)

    def _patch(self, module: ModuleType, seam: Seam) -> None:
        with self._lock:
            if not self._redirections:  # the last one ended while a library was being imported
                return
            for patch in seam(module, self.find):
                original = vars(patch.owner)[patch.name]
                # Whoever patched on top of ours may have put it back after we had gone.
                original = getattr(original, _BENEATH, original)
                wrapper = patch.wrap(original)
                setattr(wrapper, _BENEATH, original)
                setattr(patch.owner, patch.name, wrapper)
                self._installed.append(_Installed(patch, original, wrapper))

    def _remove(self) -> None:
        sys.meta_path.remove(self)
        self._waiting.clear()
        for installed in reversed(self._installed):
            installed.remove()
        self._installed.clear()


class _ThenPatch(Loader):
    """Another's loader, and something to do afterwards."""

    def __init__(self, loader: Loader, patch: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._patch = patch

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the other's."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Load, put the other's loader where it belongs, patch."""
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._patch(module)
