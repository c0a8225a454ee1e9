"""Run as a script by the tests of deliveries: one attempt at what is to be told, killed after it was sent.

Usage: killed_delivery.py SETTINGS_FILE
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from echo_hub.application import Hub
from echo_hub.jobs import Attempt
from echo_hub.services import alert_delivery
from echo_hub.services.alerting import ALERT
from echo_hub.store.tasks import claim_task, database_time
from echo_hub.surfaces.messages.wording import saying

send = alert_delivery.send


def send_and_die(*arguments: Any) -> str:
    """Sends as ever, and is not there any more when that is to be stored."""
    send(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


with Hub.open(Path(sys.argv[1])) as hub:
    task = claim_task(hub.database, [ALERT], "doomed", timedelta(seconds=1))
    assert task is not None
    alert_delivery.send = send_and_die
    alert_delivery.deliver(hub, Attempt(hub.database, task, database_time), saying("en"))
