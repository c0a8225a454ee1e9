"""Development sign-in: whoever is at this machine says whom they act as. On loopback only, and every page says so."""

from __future__ import annotations

from fastapi import Request

from echo_hub.services.access import ForbiddenError
from echo_hub.services.actor import Actor
from echo_hub.services.actors import act_as, staff_actor
from echo_hub.services.errors import RequestError
from echo_hub.services.hub import Hub
from echo_hub.surfaces.forwarded import is_from_here
from echo_hub.surfaces.sign_in.cookie import COOKIE, Choice, CookieSigner
from echo_hub.surfaces.sign_in.own_request import demand_own_request
from echo_hub.surfaces.sign_in.problems import SignInNeededError

HEADER = "X-Echo-Hub-As"
"""For programs during development: `E10073`, `E10073; hr_operations`, or `; auditor` for nobody on file."""


class DevelopmentGate:
    """Believes the cookie of the page `/sign-in`, and the header."""

    def __init__(self, hub: Hub, signer: CookieSigner) -> None:
        self._hub = hub
        self._signer = signer

    def actor(self, request: Request, *, notice: bool = True) -> Actor:
        """Who acts; `notice` is nothing to somebody who tries the hub."""
        del notice
        if not is_from_here(request.scope):
            raise ForbiddenError("Development sign-in works on this machine only.")
        header = request.headers.get(HEADER)
        choice = choice_in(header) if header else self._signer.read(request.cookies.get(COOKIE, ""))
        if choice is None:
            raise SignInNeededError(
                f"Say first whom you act as: open /sign-in in a browser, or send the header {HEADER} during "
                "development."
            )
        if not header:
            demand_own_request(request)
        try:
            return chosen_actor(self._hub, choice)
        except RequestError as error:
            raise SignInNeededError(f"You acted as somebody who is not there any more. {error.message}") from None


def chosen_actor(hub: Hub, choice: Choice) -> Actor:
    """The actor that somebody chose to be.

    Raises:
        UnknownPersonError, AmbiguousPersonError: the text names nobody, or several people.
        ForbiddenError: the person has left, or a role cannot be given.
    """
    if choice.person:
        return act_as(hub, choice.person, given=choice.roles, came_by="development sign-in")
    return staff_actor(choice.roles, "development sign-in")


def choice_in(text: str) -> Choice:
    """What the header says."""
    person, _, roles = text.partition(";")
    return Choice(person.strip(), tuple(role for each in roles.split(",") if (role := each.strip())))
