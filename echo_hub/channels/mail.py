"""Sends a notice as plain mail through the company's mail server (RFC 5321, STARTTLS by RFC 3207)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as CRLF

from echo_core.connectors.errors import AuthError, ConfigError, HubError, TransientError
from echo_core.text.neutral import neutral
from echo_hub.channels.notice import Notice
from echo_hub.settings.alerts import MailSettings

PATIENCE_S = 20.0
"""How long the server may take for one answer."""
FOR_GOOD = 500
"""Answers from here on are a refusal; those below may be another one later (RFC 5321, 4.2.1)."""


def send_mail(settings: MailSettings, notice: Notice) -> str:
    """Sends one mail to all recipients; answers how many of them the server took.

    Raises:
        ConfigError: the server refuses for good: the certificate, the sign-in, the sender or every recipient.
        TransientError: it does not answer, or refuses for now.
    """
    message = mail_of(settings, notice)
    try:
        with _connected(settings) as server:
            if settings.user is not None and settings.password is not None:
                server.login(settings.user, settings.password.get_secret_value())
            refused = server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise _explained(settings, error) from None  # what the server says may quote what it was sent
    return f"{len(settings.to) - len(refused)} of {len(settings.to)} recipients"


def mail_of(settings: MailSettings, notice: Notice) -> EmailMessage:
    """The mail: plain text, marked as written by a machine so that nobody's absence note answers (RFC 3834)."""
    message = EmailMessage(policy=CRLF)
    message["Subject"] = " ".join(neutral(f"Echo Hub: {notice.title}").split())
    message["From"] = settings.sender
    message["To"] = ", ".join(settings.to)
    message["Date"] = notice.at
    message["Message-ID"] = f"<{notice.id}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    return message


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=PATIENCE_S, context=ssl.create_default_context())
    server = smtplib.SMTP(settings.host, settings.port, timeout=PATIENCE_S)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


def _explained(settings: MailSettings, error: Exception) -> HubError:
    server = f"The mail server {settings.host}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConfigError(f"{server} shows a certificate that is not trusted here; nothing was sent.", code="mail.tls")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ConfigError(f"{server} offers no STARTTLS or no sign-in; see alerts.mail.security.", code="mail.tls")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    else:
        return TransientError(f"{server} does not answer ({type(error).__name__}).", code="mail.unavailable")
    if min(codes, default=0) < FOR_GOOD:
        return TransientError(f"{server} refuses for now (answer {min(codes, default=0)}).", code="mail.unavailable")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return AuthError(f"{server} refuses alerts.mail.user and its password.", code="mail.sign_in")
    what = "every recipient" if isinstance(error, smtplib.SMTPRecipientsRefused) else "the mail"
    return ConfigError(f"{server} refuses {what} (answer {min(codes)}); look at alerts.mail.", code="mail.refused")
