"""Ways a notice leaves the house: mail, a Slack incoming webhook, any address that takes signed JSON."""

from echo_hub.channels.notice import Notice
from echo_hub.channels.sending import send

__all__ = ["Notice", "send"]
