#!/usr/bin/env python3
"""Counts what a check costs, and how it grows with a proposal; fails above a bound.

    tests/speed/check.py target/release/evenhand          # instructions, of a release build
    tests/speed/check.py --development target/debug/evenhand  # as CI does: see README.md
"""

import argparse
import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/proposals/c05-haiti-camp.yaml"

# At most so many million instructions for one check, as a whole process, by the kind of build.
MILLIONS = {
    "release": {"judged only": 85, "judged only, with ten rules of a board": 98, "as people call it": 1050},
    "development": {"judged only": 680, "judged only, with ten rules of a board": 780},
}
# Twice the flows cost at most so many times as much.
GROWTH = 2.3
# In a development build few flows are counted, and the start, which is most of it then, is taken away.
GROWTH_OF_FEW = 2.5

# What is grown: a name, the arguments, and how many flows a development build
# begins with; none where counting takes too long there.
WAYS = [
    ("judged only", ["check", "--judge-only", "--format", "json"], 20),
    ("questions", ["questions"], 8),
    ("text", ["check"], None),
    ("JSON", ["check", "--format", "json"], None),
    ("HTML", ["check", "--format", "html"], None),
    ("improve", ["improve"], None),
]


def camp():
    """A small camp with what every rule asks for in its flows."""
    partner = {"profit": "nonprofit", "co_designed": True, "decision_seats": 2, "budget_share": 0.5}
    flow = {
        "from": "home", "to": "host", "who": "student", "mode": "in_person", "activity": "service_camp",
        "hands_on": "within_home_scope", "transport": "plane", "cabin": "economy", "net_cost_usd": 800,
    }
    return {
        "program": {
            "id": "camp", "title": "Camp", "formats": ["outbound_elective", "service_trip"], "discipline": "health",
            "level": "clinical", "duration_years": 3,
        },
        "partners": [
            {"id": "home", "country": "US", "kind": "medical_school", "role": "lead", **partner},
            {"id": "host", "country": "HT", "kind": "hospital", "role": "host_site", **partner},
        ],
        "flows": [flow, {**flow, "who": "faculty"}],
        "learning": {"objectives_count": 5, "objectives_published": True, "assessment": "formal", "credit": "required"},
        "preparation": {"hours": 8, "topics": ["logistics", "safety", "culture"], "debrief_hours": 1},
        "supervision": {"learners_per_supervisor": 1.5, "host_professional": False, "scope_policy": False},
        "host": {"need": "consulted", "voice": "consulted", "cost_covered": 0.5, "local_learners_displaced": False},
        "access": {"eligible": 20000, "reached": 9000, "selection": "merit_unpublished"},
        "governance": {"agreement": "informal", "signed_by_host": False},
    }


def grown(count, is_open):
    """The camp with so many flows; `is_open` leaves out what rules ask of each."""
    camp_of_many = camp()
    flows = []
    for index in range(count):
        flow = copy.deepcopy(camp_of_many["flows"][index % 2])
        flow |= {"n_per_year": 3 + index % 7, "weeks": 1 + index % 5, "km_one_way": 2000 + index}
        if is_open:
            for name in ["hands_on", "weeks", "km_one_way", "transport", "cabin", "net_cost_usd", "activity"]:
                del flow[name]
        flows.append(flow)
    camp_of_many["flows"] = flows
    if is_open:
        for name in ["supervision", "host", "preparation", "governance"]:
            del camp_of_many[name]
    return camp_of_many


def board(folder):
    """A pack of a board's own with ten rules."""
    (folder / "ethics").mkdir(parents=True)
    (folder / "pack.toml").write_text('[pack]\nname = "board"\ntitle = "Board"\nversion = "1.0.0"\n')
    for number in range(10):
        page = f"""---
title: Board rule {number}
severity: minor
sources: []
params:
  least: {{ default: {number + 1}, basis: default, about: "Years in full" }}
limits: Counts years only.
---

Short programs teach little.

## How it is judged

By years.

## What helps

Run longer.
"""
        script = """fn check(program, param) {
    if program.program.duration_years >= param.least { return met("Long enough"); }
    unmet("Only {years} years", #{ years: program.program.duration_years })
}
"""
        (folder / f"ethics/board-{number}.md").write_text(page)
        (folder / f"ethics/board-{number}.rhai").write_text(script)
    return folder


def run(command, folder):
    """Runs it where no profile is found; what it printed on the two outputs."""
    done = subprocess.run(command, cwd=folder, capture_output=True, env={**os.environ, "NO_COLOR": "1"}, check=False)
    said = done.stderr.decode(errors="replace")
    # 0 to 3 are verdicts; what was refused, or stopped early, was not measured.
    if done.returncode not in (0, 1, 3) or not done.stdout:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{said[-2000:]}")
    return said


def instructions(command, folder):
    """Instructions of a whole process, in millions."""
    counted = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    found = re.search(r"Collected : (\d+)", run(counted, folder))
    if not found:
        sys.exit("valgrind says no number of instructions")
    return int(found[1]) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path)
    parser.add_argument("--development", action="store_true", help="a development build: growth by few flows")
    parser.add_argument("--flows", type=int, help="begin with so many flows everywhere")
    parser.add_argument("--only", help="grow this way only, such as questions")
    args = parser.parse_args()
    binary = str(args.binary.resolve())
    build = "development" if args.development else "release"
    failed = []

    def row(name, figures, bound, value):
        above = value > bound
        failed.extend([name] if above else [])
        print(f"{name:52} {figures:>34}  at most {bound:g}{'  ABOVE' if above else ''}", flush=True)

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        own = board(folder / "board")
        single = {
            "judged only": ["check", "--judge-only", "--format", "json", str(EXAMPLE)],
            "judged only, with ten rules of a board": [
                "check", "--judge-only", "--format", "json", "--pack", str(own), str(EXAMPLE),
            ],
            "as people call it": ["check", "--format", "json", str(EXAMPLE)],
        }
        for name, bound in MILLIONS[build].items():
            if not args.only:
                millions = instructions([binary, *single[name]], folder)
                row(name, f"{millions:.1f} million instructions", bound, millions)
        for name, arguments, fewest in WAYS:
            if args.only not in (None, name) or (args.development and not (fewest or args.only)):
                continue
            count = args.flows or (args.development and fewest) or 200
            for indent in [2, None]:
                for is_open in [False, True]:
                    # Whether the layout is read in linear time shows in long files only.
                    if args.development and (indent or not is_open):
                        continue
                    costs = []
                    for flows in [1, count, 2 * count] if args.development else [count, 2 * count]:
                        proposal = folder / "proposal.json"
                        proposal.write_text(json.dumps(grown(flows, is_open), indent=indent))
                        costs.append(instructions([binary, *arguments, str(proposal)], folder))
                    layout = "indented" if indent else "on one line"
                    label = f"{name}, {count} → {2 * count} flows, {'open' if is_open else 'known'}, {layout}"
                    start = costs.pop(0) if args.development else 0
                    ratio = (costs[1] - start) / (costs[0] - start)
                    figures = f"{costs[0]:.0f} → {costs[1]:.0f} million: {ratio:.2f}"
                    row(label, figures, GROWTH_OF_FEW if args.development else GROWTH, ratio)
    if failed:
        sys.exit("above its bound: " + "; ".join(failed))


if __name__ == "__main__":
    main()
