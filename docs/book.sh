#!/usr/bin/env bash
# Writes the guides as a book of HTML pages: docs/book.sh FOLDER. FOLDER/docs/index.html is where to begin to read.
# Needs mdBook (`cargo install mdbook`).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "${1:?the folder to write to}"
folder=$(cd "$1" && pwd)
case $folder/ in "$here"/*)
    echo "the book cannot stand inside its own sources: $folder" >&2
    exit 2
    ;;
esac
mdbook build --dest-dir "$folder/docs" "$here"
# mdBook calls the page of a folder index.html, and links to it by the name of its source.
cp "$folder/docs/decisions/index.html" "$folder/docs/decisions/README.html"
# Pages link to examples, which lie beside the book as they do beside its sources.
rm -rf "$folder/examples"
cp -r "$here/../examples" "$folder/examples"
