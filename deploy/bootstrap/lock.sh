#!/bin/sh
# Compiles requirements/*.in. One lock serves Python 3.11 and newer: --universal keeps the markers.
set -eu
cd "$(dirname "$0")/../../requirements"
for name in base local ocr dev; do
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-header "$name.in" -o "$name.txt" "$@"
    echo "$name.txt: $(grep -c '==' "$name.txt") packages"
done
