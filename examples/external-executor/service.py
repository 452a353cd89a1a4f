"""Asks the service about a run."""

import json
import logging
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from run import Run

log = logging.getLogger(__name__)
TIMEOUT_S = 5


@dataclass(frozen=True)
class Service:
    """Where it listens, such as http://127.0.0.1:3000, and a key with the scope `read` where it wants one."""

    url: str
    api_key: str | None

    def has_closed(self, run: Run) -> bool:
        """
        Whether the run has been cancelled, or has ended otherwise. An answer that cannot be had is a no: the worst is a
        result that the service does not take.
        """
        path = f"/api/v1/certification-cron/{quote(run.cron_id, safe='')}/runs/{quote(run.run_id, safe='')}"
        headers = {} if self.api_key is None else {"Authorization": f"Bearer {self.api_key}"}
        try:
            with urlopen(Request(self.url.rstrip("/") + path, headers=headers), timeout=TIMEOUT_S) as response:  # noqa: S310
                return bool(json.load(response)["status"] != "running")
        except HTTPError as error:
            # 404: the run has just begun, and cannot be read yet.
            if error.code != 404:
                log.warning("the service answers %d to a question about %s", error.code, run.run_id)
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the service cannot be asked about %s: %s", run.run_id, error)
        return False
