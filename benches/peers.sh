#!/usr/bin/env bash
# Keben beside Typst (PyPI), Pandoc and Calibre (Debian) on the same articles and the same machine.
# Installs what is missing (as root, on Debian) and prints one table: benches/peers.sh
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v pandoc >/dev/null || packages+=(pandoc)
command -v ebook-convert >/dev/null || packages+=(calibre)
command -v python3 >/dev/null || packages+=(python3 python3-venv)
if ((${#packages[@]} > 0)); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
python=target/peers/bin/python
if ! "$python" -c 'import typst' 2>/dev/null; then
    python3 -m venv target/peers
    "$python" -m pip install --quiet --disable-pip-version-check typst
fi
cargo build --release --quiet
cargo build --release --quiet --example corpus
exec "$python" benches/peers.py
