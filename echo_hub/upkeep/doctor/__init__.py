"""`echo-hub doctor`: looks for the likeliest mistakes of a set-up, and says of each what, where and how to mend it."""

from echo_hub.upkeep.doctor.examination import examine
from echo_hub.upkeep.doctor.finding import Finding

__all__ = ["Finding", "examine"]
