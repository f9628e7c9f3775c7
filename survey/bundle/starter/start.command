#!/bin/sh
cd "$(dirname "$0")" || exit 1
python=$(command -v python@PYTHON@ || command -v python3)
exec "$python" install.py "$@"
