"""A subprocess adapter that breaks the protocol in the way its argument names.

Run as a program. The verdict of the well-behaved part is read off the token's text, so that no
library is needed: ``good`` is accepted, everything else rejected.
"""

import json
import os
import subprocess
import sys
import time

WAY = sys.argv[1]


def main() -> None:
    """Answer requests until the end of stdin, in the way that was asked for."""
    if WAY == "exits-at-once":
        sys.stderr.write("cannot find my library\n")
        sys.exit(7)
    if WAY == "silent-start":
        time.sleep(60)
    answered = 0
    for line in sys.stdin:
        request = json.loads(line)
        if request["cmd"] == "bye":
            return
        answer = {"id": request["id"], **respond(request)}
        if request["cmd"] == "verify":
            answered += 1
            misbehave(request, answer)
        print(json.dumps(answer), flush=True)


def respond(request: dict) -> dict:
    """Return the answer of a correct adapter, but for the verdict."""
    match request["cmd"]:
        case "hello":
            protocol = 2 if WAY == "version" else 1
            capabilities = ["verify", "jwks.static", "clock.token"]
            capabilities += ["concurrency"] if WAY == "threads" else []
            return {
                "protocol": protocol,
                "implementation": {"name": WAY, "version": "1", "language": "python"},
                "capabilities": ["telepathy"] if WAY == "unknown-capability" else capabilities,
            }
        case "configure" | "reset":
            return {"ok": True}
    if WAY == "accept-everything" or (WAY != "reject-everything" and request["token"] == "good"):
        return {"verdict": "accept", "claims": {}}
    return {"verdict": "reject", "reason": "other"}


def misbehave(request: dict, answer: dict) -> None:
    """Break the protocol when the token is ``trigger``, so that other calls are untouched."""
    if request["token"] != "trigger" and "MISBEHAVE_ALWAYS" not in os.environ:
        return
    match WAY:
        case "hang":
            time.sleep(60)
        case "hang-in-a-grandchild":
            subprocess.run(["sleep", "60"], check=True)
        case "crash":
            sys.stderr.write("Segmentation fault, more or less\n")
            sys.stderr.flush()
            os._exit(139)
        case "garbage":
            print("{this is not json", flush=True)
        case "noise":
            print("DEBUG verifying a token", flush=True)
        case "wrong-id":
            answer["id"] -= 1
        case "no-verdict":
            del answer["verdict"]
        case "unknown-reason":
            answer["reason"] = "mood"
        case "closes-stdout":
            os.close(1)
            time.sleep(60)


main()
