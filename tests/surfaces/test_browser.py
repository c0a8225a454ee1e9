"""The pages in a real browser, with the demo company's data: readable, reachable, silent, on phone and desktop."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
PHONE, DESKTOP = 390, 1280
PAGES = (
    *("for-you", "narrowed", "explore", "search", "nothing-found", "people", "people-found", "connections", "api"),
    *("access", "policy", "matching", "tokens"),
    *("schedules", "schedule", "tasks", "quarantine", "alerts", "unmatched"),
    *("mentoring", "mentoring-round", "queue", "profile"),
    *("candidates", "also-eligible", "requirements"),
    *("receipt", "receipts"),
    *("job", "project", "mentorship", "learning_path"),
)
ENOUGH = {"exclude": [[".pair:nth-of-type(n+11)"], ["li:nth-child(n+11) > .candidate"]]}
"""The two longest pages repeat one block fifty times; axe takes as long for them as for all other pages together."""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules of axe whose answer another colour scheme can change."""
WIDTH = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = "() => document.activeElement.closest('.skip,.top,.tabs,.filters,.card,.pages,.foot,.lead')?.className ?? ''"


def serious(found):
    """What axe calls serious or critical, told shortly."""
    return [
        f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:3]}"
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def axe():
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_has_a_serious_barrier(site, open_window, axe, width):
    """In the dark nothing but colours is another, so only what depends on them is looked at again."""
    page = open_window(width=width).page
    barriers = {}
    for name, path in site.pages().items():
        page.emulate_media(color_scheme="light")
        page.goto(site.url + path)
        barriers[name] = serious(axe.run(page, context=ENOUGH))
        page.emulate_media(color_scheme="dark")
        barriers[name] += serious(axe.run(page, context=ENOUGH, options=COLOURS))
    assert set(barriers) == set(PAGES)
    assert barriers == {name: [] for name in barriers}


@pytest.mark.thorough
def test_opened_details_have_no_serious_barrier_either(site, open_window, axe):
    window = open_window(width=PHONE)
    found = []
    for name in ("for-you", "job"):
        window.page.goto(site.url + site.pages()[name])
        for summary in window.page.locator("summary:visible").all():
            summary.click()
        found += serious(axe.run(window.page))
    assert found == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_complains_or_asks_anyone_else_for_anything(site, open_window, width):
    window = open_window(width=width)
    for path in site.pages().values():
        window.page.goto(site.url + path)
    assert window.complaints == []
    assert window.asked
    assert {address for address in window.asked if not address.startswith(f"{site.url}/")} == set()


def test_no_page_scrolls_sideways_at_any_width(site, open_window):
    """320 is a phone at large text; half the desktop's width is the desktop at 200 % zoom."""
    page = open_window().page
    wide = {}
    for name, path in site.pages().items():
        page.goto(site.url + path)
        for width in (320, PHONE, DESKTOP // 2, DESKTOP):
            page.set_viewport_size({"width": width, "height": 900})
            wide[name, width] = page.evaluate(WIDTH)
    assert {where: over for where, over in wide.items() if over > 0} == {}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_person_finds_narrows_and_opens_without_javascript(site, open_window, width):
    page = open_window(width=width, script=False).page
    page.goto(site.url)
    page.get_by_role("searchbox").fill(site.person)
    page.get_by_role("button", name="Find").click()
    page.locator(".person-row a").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("For ")
    page.get_by_role("navigation", name="Kinds").get_by_role("link", name="Learning").click()
    assert page.url.count("kind=learning_path") == 1
    if width == PHONE:
        page.locator(".panel > summary").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Apply filters").click()
    assert "kind=learning_path" in page.url
    removal = page.get_by_role("link", name=re.compile("^Remove filter"))
    assert removal.count() == 1
    cards = page.locator(".card").count()
    removal.click()
    assert page.locator(".card").count() >= cards > 0
    page.locator(".card h3 a").first.click()
    assert page.get_by_role("rowheader", name="Match, out of 100").is_visible()
    page.get_by_text("Rules that were checked").click()
    assert page.get_by_text("Rules come before the score").is_visible()


def test_search_works_without_javascript_and_keeps_the_person(site, open_window):
    page = open_window(script=False).page
    page.goto(site.url + site.pages()["for-you"])
    name = page.get_by_role("heading", level=1).inner_text().removeprefix("For ")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Explore").click()
    page.get_by_role("searchbox").fill("python")
    page.get_by_role("searchbox").press("Enter")
    assert "results for “python”" in page.locator("#list-title").inner_text()
    assert name in page.locator(".development").inner_text()
    page.get_by_role("link", name="Next").click()
    assert "offset=20" in page.url
    assert "q=python" in page.url


def test_filters_stand_open_beside_the_list_and_are_folded_on_a_phone(site, open_window):
    wide = open_window(width=DESKTOP, script=False).page
    wide.goto(site.url + site.pages()["explore"])
    assert wide.get_by_role("checkbox").first.is_visible()
    assert not wide.locator(".panel > summary").is_visible()
    phone = open_window(width=PHONE, script=False).page
    phone.goto(site.url + site.pages()["explore"])
    assert not phone.get_by_role("checkbox").first.is_visible()
    assert phone.locator(".panel > summary").is_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_an_owner_adds_a_skill_with_the_keyboard_and_without_javascript_and_takes_it_back(site, open_window, width):
    page = open_window(width=width, script=False).page
    page.goto(site.url + site.pages()["project"])
    page.get_by_role("link", name="Decide its skills").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Skills of ")
    page.get_by_label("A skill that is missing above").focus()
    page.keyboard.type("Kubernetes")
    page.keyboard.press("Tab")
    page.keyboard.type("good")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "1 skill decided" in page.get_by_role("status").inner_text()
    assert page.get_by_text("Kubernetes is good to have at level 4").first.is_visible()
    page.get_by_role("button", name="Undo the decision about Kubernetes").click()
    assert "Undone" in page.get_by_role("status").inner_text()


def test_the_keyboard_reaches_everything_in_reading_order(site, open_window):
    page = open_window().page
    page.goto(site.url + site.pages()["for-you"])
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    seen = []
    for _ in range(120):
        place = page.evaluate(FOCUSED)
        if place and (not seen or seen[-1] != place):
            seen.append(place)
        if place.startswith("card"):
            break
        page.keyboard.press("Tab")
    assert [place.split()[0] for place in seen] == ["skip", "top", "tabs", "filters", "card"]


def test_the_skip_link_leads_past_the_menu(site, open_window):
    page = open_window().page
    page.goto(site.url + site.pages()["explore"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "q"


def test_whatever_has_the_focus_shows_it(site, open_window):
    page = open_window(width=PHONE).page
    page.goto(site.url + site.pages()["for-you"])
    bare = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, summary')].filter(one => {
            if (!one.checkVisibility()) return false;
            one.focus({focusVisible: true});
            return getComputedStyle(one).outlineStyle === 'none'
                && getComputedStyle(one, '::after').outlineStyle === 'none';
        }).map(one => one.outerHTML)"""
    )
    assert bare == []


def test_a_policy_violation_would_be_noticed(site, open_window):
    window = open_window()
    window.page.goto(site.url + site.pages()["people"])
    window.page.evaluate("() => { document.body.setAttribute('style', 'color: red') }")
    assert any("Content Security Policy" in said for said in window.complaints)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_titles_of_any_length_and_script_stay_inside_their_cards(new_hub, browse, open_window, width):
    client = browse(new_hub())
    style = client.get("/static/echo.css").text
    page = open_window(width=width, script=False).page
    long = "exchange:project:long"
    for path in (
        "/explore?q=donau*",
        "/explore?kind=project&kind=job",
        f"/opportunities/{long}",
        f"/requirements/{long}",
    ):
        answer = client.get(path)
        sheet = re.sub(r'<link rel="(?:icon|stylesheet)"[^>]*>', "", answer.text)
        page.set_content(sheet.replace("</head>", f"<style>{style}</style></head>"))
        assert answer.status_code == 200
        assert page.evaluate(WIDTH) <= 0, path
