"""Receipts on pages, in the API and on the command line: kept when asked, shown, run again, removed."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from echo_hub.services.receipts import Receipts
from echo_hub.store.errors import StoreError

ADA = "workday:person:1"


@pytest.fixture
def hub(fresh_hub):
    return fresh_hub


@pytest.fixture
def client(hub, browse):
    return browse(hub)


def press(client, path, **fields):
    """Sends the form behind "Keep a receipt" on a page."""
    page = client.get(path).text
    form = re.search(r'<form action="(/receipts[^"]*)" method="post">(.*?)</form>', page, re.DOTALL)
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    return client.post(unescape(form[1]), data={name: unescape(value) for name, value in hidden.items()} | fields)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (f"/for-you?person={ADA}", "For you"),
        (f"/for-you?person={ADA}&kind=job&kind=project&limit=1&offset=1", "For you"),
        (f"/explore?person={ADA}&q=python", "Search"),
        (f"/opportunities/exchange:project:bad?person={ADA}", "Why it fits"),
    ],
)
def test_a_receipt_is_kept_with_a_form_alone_and_its_page_runs_it_again(client, path, heading):
    answer = press(client, path)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    text = unescape(page.text)
    assert "everything came out the same" in text
    assert heading in text
    assert "What was shown to <bdi>Ada Lindqvist" in text
    listed = client.get(f"/receipts?person={ADA}").text
    assert answer.headers["location"].split("/")[2].split("?")[0] in listed


def test_a_form_of_another_site_keeps_nothing(client):
    assert press(client, f"/for-you?person={ADA}", token="guessed").status_code == 403
    assert client.get("/api/v1/receipts").json() == []


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (f"feed?person={ADA}&kind=job", "for_you"),
        (f"search?person={ADA}&q=python", "search"),
        (f"explanation?person={ADA}&opportunity_id=exchange:project:bad", "explanation"),
    ],
)
def test_the_api_keeps_what_the_same_parameters_answer_and_replays_it(client, path, answer):
    parameters = path.partition("?")[2]
    shown = client.get(f"/api/v1/{path}").json()
    assert shown["receipt"] is None
    answered = client.post(f"/api/v1/receipts?answer={answer}&{parameters}")
    assert answered.status_code == 201
    kept = answered.json()
    assert client.get(f"/api/v1/receipts/{kept['id']}").json() == kept
    cards = shown["cards"] if "cards" in shown else [shown["card"]]
    assert cards
    assert [(one["id"], one["score"], one["reasons"]) for one in kept["items"]] == [
        (one["id"], one["score"], one["reasons"]) for one in cards
    ]
    assert client.get(f"/api/v1/receipts/{kept['id']}/replay").json()["identical"] is True


def test_a_get_keeps_no_receipt_whoever_asks_for_one(client):
    headers = {"sec-fetch-site": "cross-site"}
    for path in ("feed", "search", "explanation"):
        address = f"/api/v1/{path}?person={ADA}&receipt=true&opportunity_id=exchange:project:bad"
        assert client.get(address, headers=headers).status_code == 200
    assert client.post(f"/api/v1/receipts?answer=for_you&person={ADA}", headers=headers).status_code == 403
    assert client.get("/api/v1/receipts").json() == []


def test_receipts_are_listed_by_person(client):
    for answer in ("for_you", "search"):
        assert client.post(f"/api/v1/receipts?answer={answer}&person={ADA}").status_code == 201
    assert len(client.get("/api/v1/receipts", params={"person": "E1"}).json()) == 2
    assert client.get("/api/v1/receipts", params={"person": "E6"}).json() == []
    assert client.get("/api/v1/receipts", params={"person": "workday:person:long-gone"}).json() == []


def test_an_unknown_and_a_changed_receipt_are_told(client, hub):
    gone = client.get("/api/v1/receipts/r-0")
    assert (gone.status_code, gone.json()["code"]) == (404, "receipt.unknown")
    assert client.get("/receipts/r-0").status_code == 404
    identity = client.post(f"/api/v1/receipts?answer=for_you&person={ADA}").json()["id"]
    with hub.database.writing() as transaction:
        transaction.run("UPDATE receipt SET scorer = 'better'")
    changed = client.get(f"/api/v1/receipts/{identity}")
    assert (changed.status_code, changed.json()["code"]) == (409, "receipt.changed")
    assert "cannot be trusted" in client.get(f"/receipts/{identity}").text


def test_where_every_list_is_kept_a_failing_store_spoils_no_page(client, hub, monkeypatch):
    hub.receipts = Receipts(hub.database, "shown", hub.now)
    assert "Kept as" in client.get(f"/for-you?person={ADA}").text

    def refuse(*_):
        raise StoreError("The disk is full.")

    monkeypatch.setattr("echo_hub.services.receipts.keep_receipt", refuse)
    page = client.get(f"/for-you?person={ADA}")
    assert page.status_code == 200
    assert "No receipt of this could be kept: The disk is full." in unescape(page.text)


@pytest.mark.thorough
def test_the_commands_keep_list_show_replay_and_prune(demo_hub, run_command, tmp_path):
    hub, person = demo_hub

    def call(*arguments, code=0):
        return "".join(run_command(hub.settings.file, *arguments, code=code))

    identity = re.search(r"Receipt (r-[0-9a-f]+)\.", call("match", person, "--receipt", "--limit", "5"))[1]
    assert identity in call("receipts", "list", "--person", person)
    assert json.loads(call("receipts", "show", identity, "--json"))["person"] == person
    assert "sha256" in call("receipts", "show", identity)
    assert "Identical: every score" in call("receipts", "replay", identity)
    broken = tmp_path / "weights.toml"
    broken.write_text("version = 'x'")
    assert "cannot be used" in call("receipts", "replay", identity, "--weights", str(broken), code=2)
    assert "write days" in call("receipts", "prune", "--older-than", "soon", code=2)
    assert json.loads(call("receipts", "prune", "--older-than", "180d", "--json"))["receipts"] == 0
    assert "There is no receipt" in call("receipts", "replay", "r-0", code=1)
