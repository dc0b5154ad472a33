"""Where requests turn off to the mock: one place per HTTP library."""

from cognito_mock.testing.redirection import Seam, Switchboard
from cognito_mock.testing.seams import for_botocore, for_httpx, for_requests, for_urllib

_SEAMS: dict[str, Seam] = {
    "httpx": for_httpx.patches,
    "requests.sessions": for_requests.patches,
    "urllib.request": for_urllib.patches,
    "botocore.endpoint": for_botocore.patches,
}
# Functions of other libraries exist once per process, and so does what decides about them.
switchboard = Switchboard(_SEAMS)
