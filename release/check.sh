#!/usr/bin/env bash
# Installs, runs and removes everything that build.sh made. Needs the rights to install a package of Debian.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

judges() { # a program that was installed: judges an example, and its exit code is that of the verdict
    local code=0
    "$1" check --no-profile --fail-on stop "$root/examples/proposals/c05-haiti-camp.yaml" >said || code=$?
    if [ "$code" -ne 1 ] || ! grep -q 'Verdict: STOP' said; then
        echo "$1 ends with $code" >&2
        exit 1
    fi
}

(cd "$dir" && sha256sum --quiet --check SHA256SUMS)
tar -xzf "$dir"/evenhand-*-x86_64-linux.tar.gz
judges ./evenhand-*-x86_64-linux/bin/evenhand

# The one-file pages are those that the program writes, without being told where its engine is.
for language in en es fr; do
    ./evenhand-*-x86_64-linux/bin/evenhand page --single again.html --locale "$language" 2>/dev/null
    cmp again.html "$dir"/evenhand-*-"$language".html
done

dpkg --install "$dir"/evenhand_*_amd64.deb >/dev/null
judges /usr/bin/evenhand
test -s /usr/share/bash-completion/completions/evenhand
dpkg --remove evenhand >/dev/null
test ! -e /usr/bin/evenhand

python3 -m venv fresh
fresh/bin/pip install --quiet --no-index "$dir"/evenhand-*.whl
judges fresh/bin/evenhand
fresh/bin/pip uninstall --quiet --yes evenhand
test ! -e fresh/bin/evenhand

python3 - "$dir"/evenhand-*.cdx.json <<'END'
import json, sys
parts = json.load(open(sys.argv[1]))
names = {part["name"] for part in parts["components"]}
refs = {part["bom-ref"] for part in parts["components"]} | {parts["metadata"]["component"]["bom-ref"]}
assert {"rhai", "serde_json", "evenhand-core"} <= names, names
assert not {"insta", "proptest", "trycmd"} & names, "tests are no part of the program"
assert all(ref in refs for edge in parts["dependencies"] for ref in edge["dependsOn"])
END

if [ "${2:-}" = --twice ]; then
    git -C "$root" archive --prefix=again/ HEAD | tar -x
    CARGO_TARGET_DIR=$work/target again/release/build.sh second >/dev/null
    diff "$dir/SHA256SUMS" second/SHA256SUMS
fi
