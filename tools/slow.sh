#!/bin/sh
# What takes too long for every change: the C++ tests under valgrind, and the wide proofs of the R tests
# (RESPONDR_SLOW=true). Not part of tools/test.sh; exit status 0 only if all is well.
set -eu
export LC_ALL=C.UTF-8 TZ=UTC

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d /tmp/respondr.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
. "$root/tools/setup.sh"
setup test
have valgrind || { can_apt && apt_install valgrind; }

mkdir "$work/respondr"
(cd "$root" && tar -cf "$work/clone.tar" --exclude=./.git --exclude='*.o' --exclude='*.so' .)
tar -xf "$work/clone.tar" -C "$work/respondr"
make -C "$work/respondr/tests/cpp" -j "$jobs" valgrind OUT="$work/cpp" XML="$work/xml"

mkdir "$work/library"
MAKEFLAGS=-j$jobs R CMD INSTALL --no-docs --library="$work/library" "$work/respondr"
R_LIBS=$work/library:$R_LIBS
export R_LIBS RESPONDR_SLOW=true NOT_CRAN=true
cd "$work/respondr/tests"
rscript testthat.R
