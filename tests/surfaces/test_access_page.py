"""The table of access as a page and over the API."""

from __future__ import annotations

import re

from echo_hub.surfaces.sign_in.development import HEADER


def test_the_page_says_beside_each_rule_whether_it_counts_for_the_reader(web):
    page = web.get("/access", headers={HEADER: "E1"}).text
    row = re.search(r"See a person(?:'|&#39;)s list</th>(.*?)</tr>", page, re.DOTALL)[1]
    nobodys, own, anybodys = re.findall(r"<td.*?</td>", row, re.DOTALL)
    assert "You" in own
    assert "the person it is about" in own
    assert "HR operations" in anybodys
    assert "You" not in nobodys + anybodys
    assert "You" not in re.search(r"<code>hr_operations</code>(.*?)</tr>", page, re.DOTALL)[1]


def test_the_api_answers_the_same_table_for_whoever_asks(web):
    table = web.get("/api/v1/access", headers={HEADER: "; auditor"}).json()
    rules = {rule["intent"]: rule for subject in table["subjects"] for rule in subject["rules"]}
    assert rules["receipt.read"]["yours"] == ["anyone"]
    assert rules["feed.read"]["yours"] == []
    assert [role["role"] for role in table["roles"] if role["yours"]] == ["auditor"]
