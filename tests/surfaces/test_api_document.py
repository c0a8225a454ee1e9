"""The API answers as its document says, whatever is asked and whoever asks. The long run is a benchmark."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from benchmarks.api_document import STAFF, run


def test_no_call_of_the_document_breaks_or_answers_what_the_document_does_not_tell(browse, fresh_hub, awkward_id):
    client = browse(fresh_hub, as_=None)
    known = {"person": ["E1", "E2", "Sam Moss"], "opportunity_id": [awkward_id, "exchange:mentorship:m1"]}
    result = run(client, known, actors=[f"E1; {STAFF}", "E2", None], examples=2)
    assert result["wrong"] == {}
    assert {200, 201, 401, 403, 404, 422} <= result["statuses"].keys()


def test_a_call_that_takes_a_person_tells_of_nobody_and_of_several(web):
    calls = [
        (path, call)
        for path, item in web.get("/api/v1/openapi.json").json()["paths"].items()
        for call in item.values()
        if any(parameter["name"] == "person" for parameter in call.get("parameters", ()))
    ]
    assert len(calls) > 5
    assert [path for path, call in calls if not {"404", "409"} <= call["responses"].keys()] == []


def test_a_fault_a_status_and_a_shape_that_are_not_told_of_are_seen():
    app = FastAPI(openapi_url="/api/v1/openapi.json")

    @app.get("/fault")
    def fault() -> int:
        raise RuntimeError

    @app.get("/status")
    def status() -> int:
        return JSONResponse(1, 418)

    @app.get("/shape")
    def shape() -> int:
        return JSONResponse("one")

    wrong = run(_client(app), {}, actors=[None], examples=1)["wrong"]
    assert sorted(key.split()[1] for key in wrong) == ["/fault", "/fault", "/shape", "/status"]


def _client(app):
    import warnings

    from starlette.exceptions import StarletteDeprecationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StarletteDeprecationWarning)  # it would rather have httpx2; ours is httpx
        from fastapi.testclient import TestClient
    return TestClient(app, raise_server_exceptions=False)
