#!/usr/bin/env bash
# Builds into build/servers the servers that tests start and Debian does not package. What is there already costs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/build/servers
mkdir -p "$out"

# is_current NAME: whether what tests/servers/NAME asks for is what was installed.
is_current() { (cd "tests/servers/$1" && sha256sum ./*) | cmp -s - "$out/$1.sums"; }
mark_current() { (cd "tests/servers/$1" && sha256sum ./*) >"$out/$1.sums"; }

# needs_go NAME: ends this unless there is a Go that can build tests/servers/NAME.
needs_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || version=none
  if [ "$(printf '%s\n' go1.26 "$version" | sort -V | head -n 1)" != go1.26 ]; then
    echo "The test server in tests/servers/$1 needs Go 1.26 or newer, newer than Debian 12's; this is $version" >&2
    exit 1
  fi
}

# from_go NAME: the tools of the module tests/servers/NAME.
from_go() {
  is_current "$1" && return
  needs_go "$1"
  echo "Building the test server for $1"
  (cd "tests/servers/$1" && GOBIN=$out GOFLAGS=-mod=readonly go install -ldflags='-s -w' tool)
  mark_current "$1"
}

# FerretDB does not start without a file that its releases are made with and its module lacks: its version. So it is
# built from a copy of its sources, which tests/servers/mongodb pins, with that file put in.
ferretdb() {
  is_current mongodb && return
  needs_go mongodb
  echo "Building the test server for mongodb"
  local module=github.com/FerretDB/FerretDB sources=$out/mongodb-sources
  rm -rf "$sources"
  mkdir -p "$sources"
  cp tests/servers/mongodb/go.* "$sources/"
  (
    cd "$sources"
    go mod vendor
    go list -m -f '{{.Version}}' "$module" >"vendor/$module/build/version/version.txt"
    go build -mod=vendor -ldflags='-s -w' -o "$out/ferretdb" "$module/cmd/ferretdb"
  )
  rm -rf "$sources"
  mark_current mongodb
}

# from_npm NAME: the packages of tests/servers/NAME, without what they would run at their installation.
from_npm() {
  is_current "$1" && return
  command -v npm >/dev/null || { echo "The test server in tests/servers/$1 needs Node.js and npm" >&2; exit 1; }
  echo "Installing the test server for $1"
  mkdir -p "$out/$1"
  cp "tests/servers/$1"/package*.json "$out/$1/"
  (cd "$out/$1" && npm ci --no-audit --no-fund --ignore-scripts --omit=optional --loglevel=error)
  mark_current "$1"
}

from_go s3
from_go gcs
ferretdb
from_npm azure
