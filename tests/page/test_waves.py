"""One survey over its life: collecting, late answers, the report, and the next wave."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from survey import project
from tests.page.asking import Client, added, begun, waited
from tests.survey import offices

BRANCHES = ("一支部", "二支部", "三支部")
REAL = os.environ.get("SURVEY_REPORT_EXPORTS", "")


def answers(folder: Path, satisfied: int) -> bytes:
    """Write an export of three branches; the further answers come last."""
    people = [
        (branch, role, answer)
        for answer, n in (("不满意", 2), ("满意", 20), ("满意", satisfied - 20))
        for branch in BRANCHES
        for role in (offices.MEMBER, offices.STAFF)
        for _ in range(n)
    ]
    return offices.export(folder / "导出.csv", people).read_bytes()


def roster(folder: Path) -> bytes:
    return offices.roster(folder / "名册.csv", dict.fromkeys(BRANCHES, 80)).read_bytes()


def page(client: Client, name: str, step: str) -> str:
    return client.ask("GET", f"/survey/{quote(name)}/{step}").text


def understood(client: Client, name: str) -> project.Understood:
    """Look at the page until it tells what is understood, as a browser does that waits."""
    for _ in range(4):
        page(client, name, "confirm")
        waited(client, name)
        found = project.result(client.served.home / name, "understand")
        if isinstance(found, project.Understood):
            return found
    raise AssertionError(page(client, name, "confirm"))


def computed(client: Client, name: str) -> None:
    """Understand, then compute, as a person who only presses the buttons."""
    found = understood(client, name)
    if found.undecided:
        fields = "&".join(
            f"point-{at}={quote(next(v for v, _ in point.choices if v in ('satisfied', '')))}"
            for at, point in enumerate(found.points)
            if point.value is None
        )
        key = project.load(client.served.home / name).key
        form = f"csrf={client.csrf}&key={key}&{fields}"
        assert client.ask("POST", f"/survey/{quote(name)}/confirm", form).status == 303
        understood(client, name)
    done = client.ask("POST", f"/survey/{quote(name)}/compute", f"csrf={client.csrf}")
    assert done.status == 303, done.text
    waited(client, name, 240)


def test_late_answers_and_the_next_wave(client: Client, tmp_path: Path) -> None:
    name, folder = "几次", client.served.home / "几次"
    begun(client, name)
    added(client, name, {"名册.csv": roster(tmp_path)}, "roster")
    added(client, name, {"导出.csv": answers(tmp_path, 20)})
    computed(client, name)
    first = project.kept_result(folder, "report")
    assert first is not None

    assert added(client, name, {"导出 (新).csv": answers(tmp_path, 30)}).status == 303
    assert len(project.load(folder).paths("export")) == 1, "the newer export holds the older one"
    waited(client, name)
    assert "还没有重新计算" in page(client, name, "results")
    computed(client, name)
    text = page(client, name, "results")
    assert "新增 60 份，少了 0 份" in text

    assert client.ask("POST", f"/survey/{quote(name)}/next", f"csrf={client.csrf}").status == 303
    kinds = [source.kind for source in project.load(folder).sources]
    assert "export" not in kinds
    assert "earlier" in kinds
    added(client, name, {"名册.csv": roster(tmp_path)}, "roster")
    added(client, name, {"导出.csv": answers(tmp_path, 35)}, "export")
    computed(client, name)
    outcome = project.kept_result(folder, "report")
    assert outcome is not None
    assert "与上次相比" in (folder / "报告" / "report.html").read_text(encoding="utf-8")


def test_while_it_runs_nothing_of_what_was_answered_is_shown(
    client: Client, tmp_path: Path
) -> None:
    name = "收集中"
    begun(client, name)
    added(client, name, {"名册.csv": roster(tmp_path)}, "roster")
    added(client, name, {"导出.csv": answers(tmp_path, 20)}, "export")
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    project.decide(client.served.home / name, {("survey", "until"): tomorrow})
    computed(client, name)
    text = page(client, name, "results")
    assert "只有回收情况" in text, re.sub("<[^>]+>", "", text)
    assert "满意率" not in text.replace("假定的满意率", "")
    assert 'class="chip' not in text


def test_before_it_the_roster_alone_tells_what_to_ask_for(client: Client, tmp_path: Path) -> None:
    name = "之前"
    begun(client, name)
    assert "放入名册" in page(client, name, "before")
    added(client, name, {"名册.csv": roster(tmp_path)}, "roster")
    page(client, name, "before")
    waited(client, name)
    assert "三支部" in page(client, name, "before")
    signs = {"roster.xlsx": "PK", "questionnaire.txt": "三支部", "evidence.xlsx": "PK", "x": "没有"}
    for which, sign in signs.items():
        answer = client.ask("GET", f"/survey/{quote(name)}/material/{which}")
        assert sign in answer.text
        assert answer.status == (404 if which == "x" else 200)


def posted(client: Client, name: str, choose: Callable[[project.Ask], str | None]) -> None:
    """Decide the points that are chosen of, as the form does."""
    found = understood(client, name)
    chosen = {at: value for at, p in enumerate(found.points) if (value := choose(p)) is not None}
    fields = "&".join(f"point-{at}={quote(value)}" for at, value in chosen.items())
    form = f"csrf={client.csrf}&key={project.load(client.served.home / name).key}&{fields}"
    answer = client.ask("POST", f"/survey/{quote(name)}/confirm", form)
    assert answer.status == 303, answer.text


def test_a_real_export_with_named_columns(client: Client) -> None:
    """Another survey than ours, named by choosing alone; its folder is that of the variable."""
    file = Path(REAL) / "wjx_text_matrix_satisfaction_merged.xlsx"
    if not (REAL and file.exists()):
        pytest.skip("SURVEY_REPORT_EXPORTS names no folder with it")

    def columns(point: project.Ask) -> str | None:
        if point.topic == "survey" and point.value is None:
            return "other"
        if point.topic != "columns":
            return None
        wanted = {"branch": "职业状态|入职状态", "overall": "17—逻辑拆解"}.get(point.key, "$^")
        return next((v for v, _ in point.choices if re.search(wanted, v)), "")

    def levels(point: project.Ask) -> str | None:
        satisfied = point.key in ("非常满意", "满意")
        return ("satisfied" if satisfied else "unsatisfied") if point.value is None else None

    begun(client, "真实")
    assert added(client, "真实", {file.name: file.read_bytes()}).status == 303
    posted(client, "真实", columns)
    posted(client, "真实", lambda point: "" if point.topic == "dimensions" else None)
    posted(client, "真实", levels)
    assert understood(client, "真实").is_ready
    computed(client, "真实")
    kept = project.kept_result(client.served.home / "真实", "report")
    assert kept is not None, re.sub("<[^>]+>|\n", "", page(client, "真实", "compute"))
    assert (kept[1].n_read, kept[1].n_used) == (500, 500)
