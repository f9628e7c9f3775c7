"""Wrong verdicts and coverage of the demo's universities, by the room that the report uses.

Universities are drawn as the demo draws them; the truth of every branch is known. Counted are
branches below the bar that are called *meets*, branches at the bar that are called *below*, and
intervals that hold the true rate. With ``--bias`` the dissatisfied answer less often, which no
interval can repair: that run shows why response rates stand beside verdicts.

Run: python -m tests.simulations.verdicts_of_the_demo --runs 200
"""

from __future__ import annotations

import argparse
import json
from collections import Counter

import pandas as pd

import questionnaires
from analysis.proportions.verdicts import bar_count
from survey.estimation import Terms, item_cells, overall_cells, satisfaction
from survey.roster import Roster
from survey.simulation import draw_people

ASKED = questionnaires.load("jiangsu-2014")


def judged(seed: int, n_branches: int, bias: float = 0.0, by: str = "branch") -> pd.DataFrame:
    """Draw one university, judge its units, and put the true number of satisfied beside them."""
    persons = draw_people(n_branches=n_branches, seed=seed, nonresponse_bias=bias).persons
    units = ["branch"] if by == "branch" else ["branch", "role"]
    sizes = persons.groupby(["branch", "role"], sort=False).size().rename("population")
    answered = persons[persons["responded"]].reset_index(drop=True)
    score = answered["satisfied"].map({True: 5.0, False: 2.0}).to_frame("overall")
    valid = pd.DataFrame("valid", index=score.index, columns=["overall"])
    scale = ASKED.overall.scale
    made = satisfaction(
        overall_cells(item_cells(answered[["branch", "role"]], score, valid, ASKED), scale),
        Terms(tuple(units), scale, ASKED.roles, Roster(sizes.reset_index(), {}), "0.9", 1),
        level=0.95,
        method="exact",
    )
    titles = {role.id: role.title for role in ASKED.roles}
    truth = persons.assign(role=persons["role"].replace(titles)).groupby(units)["satisfied"].sum()
    frame = made.frame.join(truth.rename("truth"), on=units)
    return frame[frame["n_valid"] > 0]


def tally(
    runs: int, n_branches: int, seed: int, bias: float = 0.0, by: str = "branch"
) -> dict[str, int]:
    """Count verdicts, wrong ones by side, and covered truths over several universities."""
    counted: Counter[str] = Counter()
    for run in range(runs):
        frame = judged(seed + run, n_branches, bias, by)
        N = frame["population"].to_numpy(dtype="int64")
        good = frame["truth"].to_numpy() >= bar_count(N, "0.9")
        true_rate = frame["truth"] / N
        verdict = frame["verdict"]
        counted.update(
            branches=len(frame),
            good=int(good.sum()),
            bad=int((~good).sum()),
            wrongly_meets=int(((verdict == "meets") & ~good).sum()),
            wrongly_below=int(((verdict == "below") & good).sum()),
            decided=int((verdict != "inconclusive").sum()),
            covered=int(
                ((frame["low"] <= true_rate + 1e-12) & (true_rate <= frame["high"] + 1e-12)).sum()
            ),
        )
    return dict(counted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--branches", type=int, default=40)
    parser.add_argument("--bias", type=float, default=0.0)
    parser.add_argument("--by", choices=["branch", "branch_role"], default="branch")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    counted = tally(chosen.runs, chosen.branches, chosen.seed, chosen.bias, chosen.by)
    shares = {
        "wrongly_meets": counted["wrongly_meets"] / max(counted["bad"], 1),
        "wrongly_below": counted["wrongly_below"] / max(counted["good"], 1),
        "decided": counted["decided"] / counted["branches"],
        "coverage": counted["covered"] / counted["branches"],
    }
    print(json.dumps({**counted, "shares": {k: round(v, 4) for k, v in shares.items()}}, indent=1))


if __name__ == "__main__":
    main()
