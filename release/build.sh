#!/usr/bin/env bash
# Builds what people get without a compiler, for Linux on x86-64. See README.md.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$1"
out=$(realpath "$1")
if [ -n "$(ls -A "$out")" ]; then
    echo "the folder $1 is not empty" >&2
    exit 2
fi
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Same input, same bytes: no time, no names of this machine, and not the chance by which hash tables of the rule language are seeded
# when they are compiled.
export SOURCE_DATE_EPOCH=1767225600 TZ=UTC LC_ALL=C CONST_RANDOM_SEED=evenhand
umask 022
export RUSTFLAGS="--remap-path-prefix=$root=evenhand --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"

tools=${CARGO_TARGET_DIR:-target}/release-tools
if [ ! -x "$tools/bin/cargo-zigbuild" ]; then
    python3 -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet 'ziglang==0.15.2' 'cargo-zigbuild==0.24.1' 'wheel==0.45.1'
fi
PATH=$(realpath "$tools/bin"):$PATH
triple=x86_64-unknown-linux-gnu
if rustup --version >/dev/null 2>&1; then rustup target add "$triple" >/dev/null 2>&1 || true; fi
# The pages bring the engine along, for browsers without a server.
tests/web/build.sh "$work/engine"
EVENHAND_APP_WASM=$work/engine/app.wasm.gz
export EVENHAND_APP_WASM
cargo-zigbuild zigbuild --release --locked --package evenhand --target "$triple.2.28"
program=${CARGO_TARGET_DIR:-target}/$triple/release/evenhand
version=$("$program" --version | cut -d' ' -f2)

# The oldest system it runs on is the newest symbol it asks for.
newest=$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1)
if [ "$(printf '%s\nGLIBC_2.28\n' "$newest" | sort -V | tail -1)" != GLIBC_2.28 ]; then
    echo "the program needs $newest, and glibc 2.28 is promised" >&2
    exit 1
fi

# For every system that has a browser: one file, whose pages are in three languages; this is the one it opens in.
for language in en es fr; do
    "$program" page --single "$out/evenhand-$version-$language.html" --locale "$language" >/dev/null
done

# What every form holds.
tree=$work/evenhand-$version-x86_64-linux
install -D --mode 755 "$program" "$tree/bin/evenhand"
strip "$tree/bin/evenhand"
for shell in bash:share/bash-completion/completions/evenhand zsh:share/zsh/site-functions/_evenhand fish:share/fish/vendor_completions.d/evenhand.fish; do
    mkdir -p "$(dirname "$tree/${shell#*:}")"
    "$program" completions "${shell%%:*}" >"$tree/${shell#*:}"
done
for file in README.md CHANGELOG.md SECURITY.md LICENSE-MIT LICENSE-APACHE; do
    install -D --mode 644 "$file" "$tree/share/doc/evenhand/$file"
done
mkdir -p "$tree/share/doc/evenhand/examples"
cp examples/proposals/*.yaml "$tree/share/doc/evenhand/examples"

pack() { tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$1" | gzip -9n; }
pack "$(basename "$tree")" >"$out/$(basename "$tree").tar.gz"

deb=$work/deb
mkdir -p "$deb/DEBIAN" "$deb/usr"
cp -r "$tree/." "$deb/usr"
cat >"$deb/DEBIAN/control" <<END
Package: evenhand
Version: $version
Architecture: amd64
Maintainer: The Evenhand maintainers <maintainers@example.org>
Depends: libc6 (>= 2.28)
Section: science
Priority: optional
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Description: Judges proposed international programs
 Evenhand judges the description of a planned international program (medical
 and health-professions education first) on equity, ethics, climate and
 sustainability. It recommends; people decide.
END
find "$deb" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$deb" "$out/evenhand_${version}_amd64.deb" >/dev/null

wheel=$work/wheel
install -D --mode 755 "$tree/bin/evenhand" "$wheel/evenhand-$version.data/scripts/evenhand"
info=$wheel/evenhand-$version.dist-info
mkdir -p "$info/licenses"
cp LICENSE-MIT LICENSE-APACHE "$info/licenses"
cat >"$info/METADATA" <<END
Metadata-Version: 2.4
Name: evenhand
Version: $version
Summary: Judges proposed international programs on equity, ethics, climate and sustainability
License-Expression: MIT OR Apache-2.0
License-File: LICENSE-MIT
License-File: LICENSE-APACHE
Requires-Python: >=3.8
END
cat >"$info/WHEEL" <<END
Wheel-Version: 1.0
Generator: evenhand
Root-Is-Purelib: false
Tag: py3-none-manylinux_2_28_x86_64
END
"$tools/bin/python" -m wheel pack --dest-dir "$out" "$wheel" >/dev/null

python3 release/parts.py "$version" >"$out/evenhand-$version.cdx.json"
(cd "$out" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
echo "Built for Linux on x86-64, for $newest and later. Not built and not run: Windows, macOS, other processors."
