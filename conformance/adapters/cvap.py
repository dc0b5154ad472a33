"""The loop of the Python adapters: one JSON object a line, answered by a library of its own venv.

Needs nothing of the suite. The clock is set by time-machine, for the library has none to set, and
the monotonic one follows it, so that caches age alike.
"""

import json
import os
import sys
import time
import traceback
from importlib.metadata import version

import time_machine

ISSUER = "https://cognito-idp.{region}.amazonaws.com/{user_pool_id}"


class Rejected(Exception):
    """A refusal that is not the library's own but that of the steps its manual leaves to us."""

    def __init__(self, reason, message=""):
        super().__init__(message)
        self.reason = reason


class Unsupported(Exception):
    """The library has no setting for these members of the configuration."""


def options_must_be_plain(config, *supported):
    """Refuse what a library has no setting for, apart from what it supports."""
    asked = {
        "required_scopes": bool(config["required_scopes"]),
        "required_groups": bool(config["required_groups"]),
        "leeway_s": bool(config["leeway_s"]),
        "client_ids": len(config["client_ids"]) != 1,
        "token_use": config["token_use"] is None,
        "issuers": config["issuers"] != [ISSUER.format(**config)],
    }
    if unknown := [name for name, is_asked in asked.items() if is_asked and name not in supported]:
        raise Unsupported(*unknown)


def check_cognito(claims, config):
    """The steps of AWS's page "Verifying JSON web tokens" that a general library leaves out."""
    use = claims.get("token_use")
    if use not in (["access", "id"] if config["token_use"] is None else [config["token_use"]]):
        raise Rejected("token_use", "another token_use")
    if claims.get("aud" if use == "id" else "client_id") not in config["client_ids"]:
        raise Rejected("audience", "another client")
    if config["required_scopes"]:
        granted = str(claims.get("scope", "")).split(" ")
        if not set(granted) & set(config["required_scopes"]):
            raise Rejected("scope", "no such scope")
    if config["required_groups"]:
        groups = claims.get("cognito:groups")
        if not isinstance(groups, list) or not set(groups) & set(config["required_groups"]):
            raise Rejected("group", "no such group")


def sayable(claims):
    """What JSON cannot hold was accepted all the same: the claims are left out, not the verdict."""
    try:
        json.dumps(claims, allow_nan=False)
    except (RecursionError, TypeError, ValueError):
        return {}
    return claims


class Loop:
    def __init__(self, library):
        self.library = library
        self.config = None
        self.monotonic = time.monotonic()

    def hello(self, request):
        library = self.library
        return {
            "protocol": 1,
            "implementation": {
                "name": library.name,
                "version": version(library.name),
                "language": "python",
                "homepage": library.homepage,
            },
            "capabilities": ["verify", "clock.token", *library.capabilities],
            "limits": library.limits,
        }

    def configure(self, request):
        self.config = request["config"]
        try:
            self.library.configure(self.config)
        except Unsupported as error:
            return {"ok": False, "message": "no such setting", "unsupported": list(error.args)}
        except Exception as error:
            return {"ok": False, "message": f"{type(error).__name__}: {error}"}
        return {"ok": True}

    def reset(self, request):
        return {"ok": True}

    def verify(self, request):
        now = request["now"]
        time.monotonic = lambda: now
        try:
            with time_machine.travel(now, tick=False):
                claims = self.library.verify(request["token"])
            return {"verdict": "accept", "claims": sayable(claims)}
        except Rejected as error:
            return {"verdict": "reject", "reason": error.reason, "message": str(error)}
        except self.library.rejections as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            reason = next((r for n, r in self.library.reasons.items() if n in kinds), "other")
            return {"verdict": "reject", "reason": reason, "message": _said(error)}
        except Exception as error:
            trace = traceback.format_exc(limit=-5)[-2000:]
            return {"verdict": "error", "message": _said(error), "traceback": trace}


def _said(error):
    return f"{type(error).__name__}: {error}"[:2000]


def serve(library):
    loop = Loop(library)
    with os.fdopen(os.dup(1), "wb") as responses:
        os.dup2(2, 1)  # what the library prints is not the protocol's
        for line in sys.stdin.buffer:
            request = json.loads(line)
            if request["cmd"] == "bye":
                return
            answer = {"id": request["id"], **getattr(loop, request["cmd"])(request)}
            responses.write(json.dumps(answer).encode() + b"\n")
            responses.flush()
