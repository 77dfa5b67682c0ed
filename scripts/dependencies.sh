#!/bin/sh
# Installs what a step needs from Debian 12's packages: dependencies.sh build|test|package
# Asks the package manager only for what is missing, so that a second run costs nothing.
set -eu

build="clang-19 lld-19 cmake ninja-build ccache pkg-config make git python3
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libfmt-dev libspdlog-dev libcli11-dev libyaml-cpp-dev
  libvectorscan-dev libpcre2-dev libsodium-dev libssl-dev libcurl4-openssl-dev libseccomp-dev
  libarchive-dev libpoppler-cpp-dev libpoppler-private-dev poppler-data libxml2-dev libuchardet-dev libicu-dev zlib1g-dev
  libgsf-1-dev libtesseract-dev libleptonica-dev tesseract-ocr tesseract-ocr-eng libsqlite3-dev libpq-dev libmariadb-dev
  unixodbc-dev libhiredis-dev libcurl4-openssl-dev libssl-dev
  libgtest-dev libgmock-dev"
test="$build libclang-rt-19-dev llvm-19 clang-format-19 clang-tidy-19 zip unzip sqlite3 postgresql mariadb-server
  odbc-postgresql odbc-mariadb libsqliteodbc tdsodbc redis-server openssl"
package="$build dpkg-dev file"

case "${1:-build}" in
  build) wanted=$build ;;
  test) wanted=$test ;;
  package) wanted=$package ;;
  *) echo "usage: dependencies.sh build|test|package" >&2; exit 2 ;;
esac

missing=""
for package in $wanted; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "These packages are needed, and installing them needs root or sudo:$missing" >&2; exit 1; }
  as_root=sudo
fi
echo "Installing:$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends $missing
