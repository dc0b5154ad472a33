"""Turn an in-process adapter into a subprocess one.

``python -m cognito_conformance.serve package.module:attr`` answers protocol requests on stdin
until ``bye`` or the end of the input.
"""

import json
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from cognito_conformance.adapters.faults import AdapterFault
from cognito_conformance.adapters.opening import load_adapter
from cognito_conformance.adapters.responder import Responder


def serve(responder: Responder, requests: BinaryIO, responses: BinaryIO) -> None:
    """Answer each line of ``requests`` in order."""
    for line in requests:
        if json.loads(line)["cmd"] == "bye":
            return
        responses.write(responder.respond(line))
        responses.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the adapter named by the only argument."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if len(given) != 1:
        sys.stderr.write("usage: python -m cognito_conformance.serve package.module:attr\n")
        return 2
    # What the library prints belongs to stderr: stdout is the protocol's alone.
    with os.fdopen(os.dup(1), "wb") as responses:
        os.dup2(2, 1)
        try:
            responder = Responder(load_adapter(given[0]))
        except AdapterFault as fault:
            sys.stderr.write(f"{fault}\n")
            return 1
        serve(responder, sys.stdin.buffer, responses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
