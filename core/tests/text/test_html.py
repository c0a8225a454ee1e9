"""HTML of a job post to the text people read."""

from __future__ import annotations

from html import escape

import pytest

from echo_core.text.html import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (None, ""),
        ("", ""),
        ("<p>&nbsp;</p>", ""),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div>two<div>three</div>", "one\n\ntwo\n\nthree"),
        ("<h2>Role</h2><ul><li>Python</li><li>SQL</li></ul><p>Apply</p>", "Role\n\n- Python\n- SQL\n\nApply"),
        ("<ul><li>A<ul><li>B</li></ul></li><li>C</li></ul>", "- A\n  - B\n- C"),
        ("<ul><li><p>One</p><p>more</p></li><li>Two<br><br></li></ul>", "- One\n  more\n- Two"),
        ("<p>a<br>b<br/>c</p>", "a\nb\nc"),
        ("<table><tr><td>Level</td><td>Senior</td></tr><tr><td>Team</td></tr></table>", "Level Senior\nTeam"),
        ("<p>Java<strong>Script</strong> and <em>SQL</em></p>", "JavaScript and SQL"),
        ("<p>salary &lt; 5 &amp; growing&nbsp;fast</p>", "salary < 5 & growing fast"),
        ("<p>Use &lt;div&gt; well</p>", "Use <div> well"),
        ("C++ & R&D, a < b", "C++ & R&D, a < b"),
        ("x<script>alert(1)</script>y<style>p{}</style>", "x y"),
        ('a<video controls><source src="x"></video>b', "a b"),
        ("a<iframe src='x'>fallback</iframe>b", "a b"),
        ("a<iframe src='x'>the rest stays", "a the rest stays"),
        ("zero\u200bwidth\u00ad and\x00control", "zerowidth and control"),
        ("<p>unclosed <b>bold<p>next", "unclosed bold\n\nnext"),
        ("</p></ul></li>stray ends", "stray ends"),
        ("<!-- hidden -->seen", "seen"),
        ("<svg><path/><text>logo</text></svg>job", "job"),
    ],
)
def test_markup_becomes_paragraphs_and_bullets_without_tags(html: str | None, text: str) -> None:
    assert html_to_text(html) == text


PLAIN = "<p>R&amp;D &lt; 5</p><ul><li>one</li></ul>"


@pytest.mark.parametrize(
    "content", [PLAIN, escape(PLAIN), escape(escape(PLAIN))], ids=["as it is", "escaped once", "escaped twice"]
)
def test_board_content_reads_the_same_however_often_it_was_escaped(content: str) -> None:
    assert html_to_text(content, escaped=True) == "R&D < 5\n\n- one"


def test_content_is_never_unescaped_more_than_twice() -> None:
    assert html_to_text("&amp;amp;lt;p&amp;amp;gt;x", escaped=True) == "<p>x"


def test_plain_escaped_content_without_any_tag_is_unescaped_once() -> None:
    assert html_to_text("Search &amp;amp; Discovery", escaped=True) == "Search & Discovery"


def test_cleaning_clean_text_again_changes_nothing() -> None:
    text = html_to_text("<h2>A</h2><p>b &amp; c</p><p>d</p>")
    assert html_to_text(text.replace("\n\n", "<p>")) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain &#39;words&#39;\n\nnext  line\n", "plain 'words'\n\nnext line"),
        ("one\ntwo", "one\ntwo"),
        ("one\ntwo<br>three", "one two\nthree"),
    ],
)
def test_text_without_a_tag_keeps_its_lines_where_the_source_sends_such(html: str, text: str) -> None:
    assert html_to_text(html, plain_lines=True) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a title="5 > 3" href=x>link</a>', "link"),
        ('<p class="lead>we hire</p>', "we hire"),
        ("<!-- <p>old</p> -->new<!-- unclosed", "new<!-- unclosed"),
        ("<!doctype html><?xml version='1'?><p>text", "text"),
        ("I <3 SQL, a </3 and <", "I <3 SQL, a </3 and <"),
        ("a</>b", "ab"),
        ("<script>if (a < b) x = '<p>'</script>seen", "seen"),
        ("<video a>kept <video b>hidden</video>", "kept"),
        ("<BR>UPPER<Br/>case", "UPPER\ncase"),
        ("x &#" + "1" * 5000 + "; y", "x \ufffd y"),
    ],
)
def test_markup_that_is_broken_loses_no_text(html: str, text: str) -> None:
    assert html_to_text(html) == text
