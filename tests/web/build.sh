#!/usr/bin/env bash
# Builds the engine of the pages for WebAssembly: tests/web/build.sh FOLDER writes FOLDER/app.wasm.gz. See README.md.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$root"
target="$root/target/webassembly"
command=(cargo build --locked --package evenhand-web-module --profile web --target wasm32-unknown-unknown --target-dir "$target")
sysroot=$(rustc --print sysroot)
if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
    if command -v rustup >/dev/null && rustup target add wasm32-unknown-unknown; then
        :
    else
        # Debian has a compiler with the sources of the standard library, which is built with everything else.
        debian=(/usr/bin/rustc /usr/bin/cargo /usr/lib/llvm-19/bin/wasm-ld)
        if ! ls "${debian[@]}" >/dev/null 2>&1; then
            apt-get update -qq
            DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends rustc-web cargo-web rust-web-src lld-19 >/dev/null
        fi
        export PATH=/usr/bin:/bin RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/lib/llvm-19/bin/wasm-ld
        command+=(-Zbuild-std=std,panic_abort)
    fi
fi
"${command[@]}"
# Binaryen takes out what the compiler leaves in: a browser loads a thirtieth less.
if ! command -v wasm-opt >/dev/null && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends binaryen >/dev/null
fi
built="$target/wasm32-unknown-unknown/web/evenhand_web_module.wasm"
if command -v wasm-opt >/dev/null; then
    # What the compiler uses, and every browser with `DecompressionStream` has.
    features=(--enable-bulk-memory --enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext)
    wasm-opt "${features[@]}" -Oz "$built" -o "$target/app.wasm"
else
    printf 'wasm-opt (binaryen) is not installed: the engine stays larger than it has to be.\n' >&2
    cp "$built" "$target/app.wasm"
fi
gzip -9 -n -c "$target/app.wasm" >"$out/app.wasm.gz"
echo "app.wasm.gz: $(stat -c %s "$out/app.wasm.gz") bytes"
