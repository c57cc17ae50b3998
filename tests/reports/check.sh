#!/usr/bin/env bash
# Writes reports of every example and asks each format's own validator. See README.md.
set -euo pipefail
binary=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# Tools are kept between runs, under the build folder, which nothing commits.
tools="$root/target/report-tools"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

need() { # command, Debian packages
    command -v "$1" >/dev/null && return
    local command=$1
    shift
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends "$@" >/dev/null
    command -v "$command" >/dev/null
}
need xmllint libxml2-utils
need soffice libreoffice-writer-nogui libreoffice-calc-nogui
need unzip unzip
need java default-jre-headless
need chromium chromium
need node nodejs npm
need python3 python3 python3-venv

mkdir -p "$tools"
if [ ! -x "$tools/venv/bin/python" ] || ! "$tools/venv/bin/python" -c 'import jsonschema' 2>/dev/null; then
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/python" -m pip install --quiet 'jsonschema==4.26.0'
fi
if [ ! -d "$tools/node_modules/axe-core" ]; then
    (cd "$tools" && npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
        axe-core@4.14.1 playwright-core@1.65.1 vnu-jar@26.9.27 @microsoft/sarif-multitool-linux@5.7.0)
fi

cd "$root"
examples=(examples/proposals/*.yaml)
report() { # format, output, proposals; an incomplete or failing verdict is a result like any other
    local format=$1 output=$2
    shift 2
    "$binary" check --format "$format" --output "$output" "$@" || [ $? -le 3 ]
    test -s "$output"
}
report sarif "$work/all.sarif" "${examples[@]}"
report junit "$work/all.xml" "${examples[@]}"
report html "$work/all.html" "${examples[@]}"
for example in "${examples[@]}"; do
    report html "$work/$(basename "$example" .yaml).html" "$example"
done
report html "$work/es.html" --locale es "${examples[0]}"
report html "$work/fr.html" --locale fr "${examples[0]}"
# One that is refused stands among the others.
printf 'program: { formats: [no_such_format] }\n' >"$work/refused.yaml"
report sarif "$work/refused.sarif" "${examples[0]}" "$work/refused.yaml" 2>/dev/null
report junit "$work/refused.xml" "${examples[0]}" "$work/refused.yaml" 2>/dev/null
report html "$work/refused.html" "${examples[0]}" "$work/refused.yaml" 2>/dev/null

# The other pages that people read.
page() { # output, what is typed; a finding is a result like any other
    local output=$work/$1.html
    shift
    "$binary" "$@" --output "$output" 2>/dev/null || [ $? -le 3 ]
    test -s "$output"
}
decision=examples/boards/decision
later=$decision/elective-v2.yaml
before=examples/proposals/c05b-haiti-elective.yaml
report html "$work/plan.html" --plan "$before"
page memo memo --format html --decision "$decision/decision.toml" "$later"
page memo-template memo --template "$decision/memo.html" --decision "$decision/decision.toml" "$later"
"$binary" check "$before" --record "$work/before.json" --date 2026-05-01 >/dev/null || [ $? -le 3 ]
page since check --format html --since "$work/before.json" --date 2026-11-26 "$later"
page since-fr check --format html --locale fr --since "$work/before.json" --date 2026-11-26 "$later"
printf '[profile]\nname = "Before"\n' >"$work/before.toml"
printf '[profile]\nname = "After"\n[thresholds]\nethics = 80\n' >"$work/after.toml"
page impact rules impact --format html --old "$work/before.toml" --new "$work/after.toml" examples/proposals
page portfolio portfolio --format html examples/proposals
page perspectives perspectives --format html "$before" "$later"
page ask ask --as host --format html "$before"
page ask-es ask --as host --locale es --format html "$before"

refuses() { # what, command: a validator that accepts a broken sample says nothing
    local what=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "the validator of $what accepts a broken sample" >&2
        exit 1
    fi
}

sarif() { "$tools/venv/bin/python" "$here/sarif.py" "$tools/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json" "$@"; }
printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": 7}}}]}' >"$work/broken.sarif"
refuses SARIF sarif "$work/broken.sarif"
sarif "$work/all.sarif" "$work/refused.sarif"

# The form of a scorecard that is published, by a validator of others.
"$binary" schema scorecard >"$work/scorecard.json"
scorecard() {
    "$tools/venv/bin/python" -c 'import json, sys, jsonschema; jsonschema.validate(*(json.load(open(name)) for name in sys.argv[1:]))' "$1" "$work/scorecard.json"
}
report json "$work/all.json" "${examples[@]}" "$work/refused.yaml" 2>/dev/null
sed 's/"outcome"/"result"/' "$work/all.json" >"$work/broken.json"
refuses scorecard scorecard "$work/broken.json"
scorecard "$work/all.json"

junit() { xmllint --noout --schema "$here/junit-10.xsd" "$@"; }
printf '<testsuites><testsuite name="x"><testcase nom="y"/></testsuite></testsuites>' >"$work/broken.xml"
refuses JUnit junit "$work/broken.xml"
junit "$work/all.xml" "$work/refused.xml"

nu() { java -jar "$tools/node_modules/vnu-jar/build/dist/vnu.jar" --Werror "$@"; }
printf '<!doctype html><html lang="en"><title>x</title><p><div></p>' >"$work/broken-nu.htm"
refuses HTML nu "$work/broken-nu.htm"
nu "$work"/*.html

NODE_PATH="$tools/node_modules" node "$here/axe.js" "$(command -v chromium)" "$work"

# What LibreOffice reads, converted to what can be looked into: the words are there, and nothing was taken for a formula.
office() { # file, kind to convert to
    soffice -env:UserInstallation="file://$work/office" --headless --convert-to "$2" --outdir "$work/converted" "$1" >/dev/null 2>&1
    test -s "$work/converted/$(basename "${1%.*}").${2%%:*}"
}
printf 'PK\003\004 broken' >"$work/broken-office.docx"
report docx "$work/one.docx" "${examples[0]}"
report docx "$work/all.docx" "${examples[@]}"
report xlsx "$work/book.xlsx" "${examples[@]}"
for part in word/document.xml word/styles.xml word/numbering.xml word/footer.xml; do
    unzip -p "$work/all.docx" "$part" | xmllint --noout -
done
for part in xl/workbook.xml xl/styles.xml xl/worksheets/sheet1.xml xl/worksheets/sheet2.xml xl/worksheets/sheet3.xml xl/worksheets/sheet4.xml xl/worksheets/sheet5.xml; do
    unzip -p "$work/book.xlsx" "$part" | xmllint --noout -
done
office "$work/one.docx" html
office "$work/all.docx" pdf
office "$work/book.xlsx" csv
grep -q '<h1' "$work/converted/one.html"
grep -q '<thead' "$work/converted/one.html"
grep -q 'c05-haiti-camp' "$work/converted/book.csv"
