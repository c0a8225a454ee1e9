"""The form in which employee ids, user names and addresses are equal, however a system writes them."""

from __future__ import annotations

from echo_core.text.normal_form import comparable


def identity_key(value: str | None) -> str | None:
    """An employee id or user name as it is compared: case, outer blanks and what is not seen do not count.

    None for nothing. Leading zeros stay: "125" and "000125" may be two people.
    """
    return (comparable(value) or None) if value else None


def mail_key(value: str | None) -> str | None:
    """An address as it is compared; of "Łukasz <lz@example.org>" what stands in the brackets. None for nothing."""
    address = comparable(value) if value else ""
    if address.endswith(">") and "<" in address:
        address = address[address.rindex("<") + 1 : -1].strip()
    return address.removeprefix("mailto:") or None
