"""What the rooms below may refuse, by name: surfaces tell these apart from a database that does not answer."""

from echo_hub.jobs.errors import ScheduleError
from echo_hub.store.alerts import AlertError
from echo_hub.store.holds import HoldError
from echo_hub.store.ledger import DecisionError
from echo_hub.store.mentoring_places import CapacityError
from echo_hub.store.mentoring_rounds import MentoringError
from echo_hub.store.quarantine import QuarantineError
from echo_hub.store.receipts import ReceiptError
from echo_hub.store.runs import RunError
from echo_hub.store.task_list import TaskError

__all__ = [
    "AlertError",
    "CapacityError",
    "DecisionError",
    "HoldError",
    "MentoringError",
    "QuarantineError",
    "ReceiptError",
    "RunError",
    "ScheduleError",
    "TaskError",
]
