#!/usr/bin/env bash
# Commits proposals to a repository that uses our hook: one that stops is refused, others are not. Then writes a data frame as a
# register, as the guide says, and proves the laws of a judgement.
set -euo pipefail
binary=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools="$root/target/report-tools"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$tools"
[ -x "$tools/venv/bin/python" ] || python3 -m venv "$tools/venv"
[ -x "$tools/venv/bin/pre-commit" ] || "$tools/venv/bin/python" -m pip install --quiet 'pre-commit==4.7.0'

export HOME=$work EVENHAND=$binary PRE_COMMIT_HOME=$work/cache
git config --global user.name Tests
git config --global user.email tests@example.org
git config --global safe.directory '*'
git init --quiet "$work/hooks"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks"
git -C "$work/hooks" add .
git -C "$work/hooks" commit --quiet --message 'Add the hook'

git init --quiet "$work/plans"
cd "$work/plans"
mkdir proposals
cat >.pre-commit-config.yaml <<END
repos:
  - repo: $work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks: [{ id: evenhand-check }]
END
hook() { "$tools/venv/bin/pre-commit" run --files "$@" >"$work/said" 2>&1; }
git add .
expect() { # exit code, what is said, file
    local code=0
    cp "$3" proposals/
    git add proposals
    hook "proposals/$(basename "$3")" || code=$?
    if [ "$code" -ne "$1" ] || ! grep -q "$2" "$work/said"; then
        cat "$work/said"
        echo "the hook ends with $code for $3" >&2
        exit 1
    fi
}
printf 'program: { formats: [no_such_format] }\n' >"$work/refused.yaml"
printf 'program: { title: An early idea, formats: [outbound_elective] }\n' >"$work/early.yaml"
expect 1 'Verdict: STOP' "$root/examples/proposals/c05-haiti-camp.yaml"
expect 1 'no_such_format' "$work/refused.yaml"
expect 0 'Passed' "$work/early.yaml"
expect 0 'Passed' "$root/examples/proposals/c11-ampath.yaml"

# The recipe of the guide, as it stands there.
[ "$("$tools/venv/bin/python" -c 'import pandas; print(pandas.__version__)' 2>/dev/null)" = 3.0.0 ] ||
    "$tools/venv/bin/python" -m pip install --quiet 'pandas==3.0.0'
mkdir "$work/frame"
cd "$work/frame"
sed -n '/^```python$/,/^```$/p' "$root/docs/guides/registers.md" | grep -v '^```' >recipe.py
"$tools/venv/bin/python" recipe.py
"$binary" plugin check frame/frame.csv
answer() { # function, key, answer
    local said
    said=$("$binary" plugin call --plugin frame/frame.csv frame "$1" "$2" 2>&1) || true
    if ! grep -q "$3" <<<"$said"; then
        echo "$1($2) is: $said" >&2
        exit 1
    fi
}
answer frame_places são-luís '^12'
answer frame_accredited kumasi '^true'
answer frame_share lima-norte '^0.25'
answer frame_note kumasi 'Surgery, "visitors" two at a time'
answer frame_places lima-norte 'has no .places. for'
# What no register can hold is refused, and nothing is written.
cat >>recipe.py <<'END'
from datetime import date

for wrong in (
    frame.assign(places=[date(2026, 1, 1)] * 3),
    frame.assign(host=["kumasi"] * 3),
):
    try:
        register(wrong, "wrong", name="wrong", title="W", about="W", key="host", looked_up=("/partners", "id"),
                 year=2026, source="W", columns={"places": "W"})
    except ValueError:
        continue
    raise SystemExit("it was written")
END
rm -r frame
"$tools/venv/bin/python" recipe.py
[ ! -e wrong ]

# The laws of a judgement, for every proposal: a solver finds no counterexample, and finds one where a law is broken on purpose.
"$tools/venv/bin/python" -c 'import z3' 2>/dev/null || "$tools/venv/bin/python" -m pip install --quiet 'z3-solver==5.4.1.0'
"$tools/venv/bin/python" "$root/tests/laws/prove.py"
