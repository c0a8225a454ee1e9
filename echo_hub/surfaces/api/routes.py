"""`/api/v1`: every resource of the REST API, in the order in which its description lists them."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from echo_hub.services.hub import Hub
from echo_hub.surfaces.api.access import access_routes
from echo_hub.surfaces.api.alerts import alert_routes
from echo_hub.surfaces.api.decisions import decision_routes
from echo_hub.surfaces.api.events import event_routes
from echo_hub.surfaces.api.looks import look_routes
from echo_hub.surfaces.api.mentoring import mentoring_routes
from echo_hub.surfaces.api.operations import operation_routes
from echo_hub.surfaces.api.opportunities import opportunity_routes
from echo_hub.surfaces.api.people import people_routes
from echo_hub.surfaces.api.policy import policy_routes
from echo_hub.surfaces.api.problem import ERRORS
from echo_hub.surfaces.api.quarantine import quarantine_routes
from echo_hub.surfaces.api.receipts import receipt_routes
from echo_hub.surfaces.api.schedules import schedule_routes
from echo_hub.surfaces.api.sessions import session_routes
from echo_hub.surfaces.api.sources import licence_link, source_routes
from echo_hub.surfaces.api.tasks import task_routes
from echo_hub.surfaces.api.tokens import token_routes


def api_routes(hub: Hub) -> APIRouter:
    """The routes of the REST API."""
    routes = APIRouter(responses=ERRORS, dependencies=[Depends(licence_link)])
    routes.include_router(opportunity_routes(hub))
    routes.include_router(people_routes(hub))
    routes.include_router(mentoring_routes(hub))
    routes.include_router(decision_routes(hub))
    routes.include_router(policy_routes(hub))
    routes.include_router(receipt_routes(hub))
    routes.include_router(event_routes(hub))
    routes.include_router(session_routes(hub))
    routes.include_router(access_routes(hub))
    routes.include_router(token_routes(hub))
    routes.include_router(look_routes(hub))
    routes.include_router(source_routes(hub))
    routes.include_router(operation_routes(hub))
    routes.include_router(quarantine_routes(hub))
    routes.include_router(schedule_routes(hub))
    routes.include_router(task_routes(hub))
    routes.include_router(alert_routes(hub))
    return routes
