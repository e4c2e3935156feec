#!/bin/sh
# usage: make_venv.sh PYTHON FOLDER
# Makes a virtual environment with pip. Debian ships venv without ensurepip unless python3-venv is installed:
# then pip's own --python or virtualenv serve; root has the package installed; everybody else is told its name.
set -eu
python=$1
folder=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "DeliverOps needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Give another: make PYTHON=python3.12" >&2
    exit 1
}

has_ensurepip() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

if ! has_ensurepip && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "python3-venv is missing; installing it with apt-get."
    apt-get install -qq -y python3-venv >/dev/null 2>&1 || {
        apt-get update -qq
        apt-get install -qq -y python3-venv >/dev/null
    }
fi

trap 'rm -rf "$folder"' EXIT # a half-made one would be taken for whole next time
if has_ensurepip; then
    "$python" -m venv "$folder"
elif "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --without-pip "$folder"
    "$python" -m pip --quiet --python "$folder/bin/python" install pip
elif command -v virtualenv >/dev/null; then
    virtualenv --quiet --python "$python" "$folder"
else
    echo "Python's venv is incomplete here. Install it, then run make again: sudo apt-get install python3-venv" >&2
    exit 1
fi
trap - EXIT
