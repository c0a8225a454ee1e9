"""Who acts in a request: read from the cookie or the development header, for a route to depend on."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request

from echo_hub.services.access import ForbiddenError
from echo_hub.services.actor import Actor
from echo_hub.services.actors import act_as, staff_actor
from echo_hub.services.errors import RequestError
from echo_hub.services.hub import Hub
from echo_hub.surfaces.sign_in.cookie import COOKIE, Choice, CookieSigner

HEADER = "X-Echo-Hub-As"
"""For programs during development: `E10073`, `E10073; hr_operations`, or `; auditor` for nobody on file."""


class SignInNeededError(ForbiddenError):
    """Nobody has said whom they act as."""

    code = "access.sign_in"


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
    return Choice(person.strip(), tuple(role for one in roles.split(",") if (role := one.strip())))


def acting(request: Request) -> Actor:
    """Who acts in this request.

    Raises:
        SignInNeededError: nobody has signed in, or the sign-in is over.
        ForbiddenError: the request comes from another machine, or the person may not act any more.
    """
    if not _from_here(request):
        raise ForbiddenError("Development sign-in works on this machine only.")
    hub: Hub = request.app.state.hub
    signer: CookieSigner = request.app.state.signer
    header = request.headers.get(HEADER)
    choice = choice_in(header) if header else signer.read(request.cookies.get(COOKIE, ""))
    if choice is None:
        raise SignInNeededError(
            f"Say first whom you act as: open /sign-in in a browser, or send the header {HEADER} during development."
        )
    try:
        actor = chosen_actor(hub, choice)
    except RequestError as error:
        raise SignInNeededError(f"You acted as somebody who is not there any more. {error.message}") from None
    request.state.actor = actor
    return actor


def _from_here(request: Request) -> bool:
    """Whether the other end of the connection is this machine; a socket of the file system has no address."""
    if request.client is None:
        return True
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


Acting = Annotated[Actor, Depends(acting)]
