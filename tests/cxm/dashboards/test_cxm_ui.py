"""The tag library: signs have names, figures are whole, charts say in words what they draw."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from cxm.common.clock import now
from cxm.common.statistics import Difference, Figure
from cxm.common.targets import Status
from cxm.dashboards.icons import ICONS
from cxm.dashboards.templatetags import cxm_ui
from tests.cxm.dashboards.test_answer import score

FIGURE = Figure(32.2, 1204, 27.1, 36.8, 2.5)


def render(source: str, **context: object) -> str:
    return Template("{% load cxm_ui %}" + source).render(Context(context))


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_hidden_from_screen_readers(name: str) -> None:
    html = cxm_ui.icon(name)

    assert 'aria-hidden="true"' in html
    assert html.count("<svg") == html.count("</svg>") == 1
    assert "style=" not in html


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        cxm_ui.icon("unicorn")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.GOOD, "On target"),
        (Status.WATCH, "Watch"),
        (Status.BAD, "Off target"),
        (Status.UNSURE, "Unsure"),
        (Status.NONE, "Not enough data"),
    ],
)
def test_a_pill_has_sign_and_word(status: Status, word: str) -> None:
    html = render("{% pill status %}", status=status)

    assert f"#g-{status.value}" in html
    assert word in html
    assert html.startswith(f'<span class="pill {status.value}">')


def test_no_target_has_no_pill() -> None:
    assert render("{% pill status %}", status=None) == ""


def test_a_glyph_alone_has_a_name() -> None:
    assert 'role="img" aria-label="Off target"' in render('{% glyph "bad" name=True %}')
    assert 'aria-hidden="true"' in render('{% glyph "bad" %}')


def test_figures_are_written_whole() -> None:
    assert render('{% figure f "points" %}', f=FIGURE) == "32 [27, 37], n 1,204"
    assert render('{% figure_value f "points" %}', f=FIGURE) == "32"
    assert render('{% interval f "points" %}', f=FIGURE) == "[27, 37]"
    assert render('{% amount 74.6 "percent" 1 %}') == "74.6\u202f%"
    assert render("{{ n|grouped }} {{ d|signed }} {{ s|duration }}", n=1204, d=-7, s=200) == (
        "1,204 −7 3 min 20 s"
    )


def test_times_are_relative_and_never_is_a_word() -> None:
    assert render("{{ t|ago }}", t=now() - timedelta(minutes=4)) == "4 min ago"
    assert render("{{ t|ago }}", t=None) == "never"


def test_a_score_card_says_everything() -> None:
    html = render(
        "{% score_card s %}",
        s=score(
            "satisfaction", 68, target=75, status=Status.BAD, previous=Figure(71, 300, 70, 72, 1),
            change=Difference(-3, -5, -1, 0.01, True),
        ),
    )  # fmt: skip

    for said in ("Satisfaction", "Off target", "[66, 70]", "n 400 answers", "7 below target"):
        assert said in html
    assert "3 lower, a clear change" in html
    assert 'aria-label="Satisfaction 68, interval [66, 70], target 75, before 71"' in html


def test_a_score_card_without_enough_data_says_how_many_more() -> None:
    html = render("{% score_card s %}", s=score("satisfaction", 68, minimum=490))

    assert "Too few answers to say. About 90 more are needed." in html
    assert "Not enough data" in html
    assert ">68<" not in html


def test_a_score_card_without_target_says_so() -> None:
    html = render("{% score_card s %}", s=score("satisfaction", 68))

    assert "No target set" in html
    assert "Nothing to compare with yet" in html


def test_a_course_has_words_a_table_and_two_drawings() -> None:
    html = render(
        '{% course_chart points "points" "NPS" 40 %}',
        points=[("Sep", FIGURE), ("Oct", Figure(None, 0)), ("Nov", Figure(12.0, 112, -3, 28, 8))],
    )

    assert html.count('role="img"') == 2
    assert "NPS, Sep to Nov. From 32 to 12; lowest 12 in Nov, highest 32 in Sep. Target 40." in html
    assert html.count("<tr>") == 4
    assert "12 · Nov" in html


def test_a_course_without_values_draws_nothing() -> None:
    html = render('{% course_chart points "points" %}', points=[("Sep", Figure(None, 0))])

    assert "<svg" not in html


def test_shares_of_an_nps_are_named() -> None:
    html = render("{% nps_shares 540 240 220 %}")

    assert (
        "Promoters, 9–10: 54\u202f%, Passives, 7–8: 24\u202f%, Detractors, 0–6: 22\u202f%" in html
    )
    assert render("{% nps_shares 0 0 0 %}").strip() == ""


def test_a_share_stays_inside_its_bar() -> None:
    assert 'width="100.0"' in render("{% share_bar 1.7 %}")
    assert 'x1="33.0"' in render("{% share_bar 0.31 0.33 %}")


def test_an_empty_state_has_one_button() -> None:
    html = render('{% empty_state "No maps yet" "Draw one." "New map" "/app/journeys/new/" %}')

    assert html.count('class="btn') == 1
    assert "Draw one." in html
    assert "btn" not in render('{% empty_state "No maps yet" %}')


def test_coordinates_do_not_follow_the_language() -> None:
    with translation.override("de"):
        html = render('{% range_line f "points" "bad" 40.5 %}', f=FIGURE)

    assert "40,5" in html
    assert "," not in html.split('cx="', 1)[1].split('"', 1)[0]


def test_what_a_template_says_is_escaped() -> None:
    assert "<b>" not in render("{% empty_state t %}", t="<b>x</b>")
    assert "<b>" not in render("{% pill 'good' t %}", t="<b>x</b>")
