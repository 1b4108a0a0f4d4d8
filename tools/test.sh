#!/bin/sh
# Sets up what is missing and runs every test: R CMD check on the built tarball (the R tests run once, inside it), the
# core's C++ tests plain and under the sanitizers, the generated files. The last line is always "N passed, N failed";
# the exit status is 0 only if none failed.
set -eu
export LC_ALL=C.UTF-8 TZ=UTC

work=
checker=
passed=0
failed=0
finished=no

finish() {
  status=$?
  trap - EXIT
  [ -z "$checker" ] || kill "$checker" 2>/dev/null || :
  if [ "$finished" = no ]; then
    echo "FAILED: the run broke off (status $status)"
    failed=$((failed + 1))
  fi
  [ -z "$work" ] || rm -rf "$work"
  echo "$passed passed, $failed failed"
  [ "$status" -ne 0 ] || [ "$failed" -eq 0 ] || status=1
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/respondr.XXXXXX")
case $work in *[[:space:]]*) # R CMD check and make do not bear a blank
  rmdir "$work"
  work=$(mktemp -d /tmp/respondr.XXXXXX)
  TMPDIR=/tmp
  export TMPDIR
  ;;
esac

pass() { passed=$((passed + 1)); }

fail() {
  failed=$((failed + 1))
  echo "FAILED: $*"
}

began=$(date +%s)
step() { echo "== $* ($(($(date +%s) - began)) s)"; }

# Adds what XML files of test runs hold: count.R prints "passed failed" as its last line, the failures before it.
count() {
  if ! rscript "$root/tools/count.R" "$@" "$root/tools/allowed-skips" >"$work/count"; then
    fail "the results of the $1 tests cannot be read"
    return 0
  fi
  sed '$d' "$work/count"
  read -r more_passed more_failed <<END
$(tail -n 1 "$work/count")
END
  passed=$((passed + more_passed))
  failed=$((failed + more_failed))
}

# What the sanitizers need of the machine, asked of a program without fault. Sets `wrap`, before make.
probe_sanitizers() {
  wrap=
  printf 'int main() { return 0; }\n' >"$work/probe.cpp"
  g++ -fsanitize=address "$work/probe.cpp" -o "$work/probe_asan"
  if ! "$work/probe_asan" >/dev/null 2>&1; then
    if [ ! -e /proc/self/maps ]; then
      fail "the address sanitizer needs /proc: mount /proc first"
    elif ASAN_OPTIONS=detect_leaks=0 "$work/probe_asan" >/dev/null 2>&1; then
      echo "no ptrace here: the address sanitizer runs with ASAN_OPTIONS=detect_leaks=0"
      export ASAN_OPTIONS=detect_leaks=0
    else
      fail "a program without fault fails under the address sanitizer"
    fi
  fi
  g++ -fsanitize=thread "$work/probe.cpp" -o "$work/probe_tsan"
  if ! "$work/probe_tsan" >/dev/null 2>&1 && have setarch && setarch -R "$work/probe_tsan" >/dev/null 2>&1; then
    echo "the thread sanitizer runs without address randomization (setarch -R)"
    wrap='setarch -R'
  fi
}

cpp_make() {
  mkdir -p "$work/xml/$1"
  # shellcheck disable=SC2086 # a command and its option, or nothing
  $wrap make -C "$work/respondr/tests/cpp" -j "$jobs" "$1" OUT="$work/cpp" XML="$work/xml/$1" >"$work/$1.log" 2>&1
}

# One target of tests/cpp whose results are gtest's XML.
cpp_tests() {
  step "C++ tests: $1"
  status=0
  cpp_make "$1" || status=$?
  count "$1" gtest "$work/xml/$1"
  if [ "$status" -ne 0 ]; then
    grep -q "^failed:" "$work/count" || fail "make $1 (status $status)"
    tail -n 60 "$work/$1.log"
  fi
}

# One target of tests/cpp that is one test by itself.
cpp_check() {
  step "C++ check: $1"
  if cpp_make "$1"; then
    pass
  else
    fail "make $1"
    tail -n 40 "$work/$1.log"
  fi
}

# Debian's BH holds no headers (they are in /usr/include/boost), which the check calls an unused LinkingTo. A copy of BH
# with a link to them stands in front during the check.
lend_boost() {
  boost=$(rscript -e 'cat(system.file(package = "BH"))')
  [ -d "$boost/include" ] || [ ! -d /usr/include/boost ] || {
    mkdir -p "$work/library"
    cp -R "$boost" "$work/library/BH"
    mkdir "$work/library/BH/include"
    ln -s /usr/include/boost "$work/library/BH/include/boost"
    R_LIBS=$work/library:$R_LIBS
  }
}

# R CMD build, for the vignettes, and R CMD check each compile the package: ccache, where it can be had, makes that one.
compile_once() {
  have ccache || { can_apt && apt_install ccache; } || return 0
  printf 'CXX17 = ccache %s\n' "$(R CMD config CXX17)" >>"$work/Makevars"
  export CCACHE_DIR="$work/ccache" CCACHE_BASEDIR="$work" CCACHE_NOHASHDIR=1
}

# R CMD build and R CMD check, which use one processor for most of their time: they run beside the C++ tests, in a shell of
# their own, and leave their logs.
check_package() {
  printf 'CXX17FLAGS = -O2 -g0 -Wall\n' >"$work/Makevars"
  compile_once
  export R_MAKEVARS_USER="$work/Makevars" MAKEFLAGS="-j$jobs"
  (cd "$work" && R CMD build --no-resave-data respondr) || return 0
  lend_boost
  # R CMD build has just knitted the vignettes (--no-build-vignettes).
  # shellcheck disable=SC2086 # one option or none
  (cd "$work" && NOT_CRAN=true _R_CHECK_SYSTEM_CLOCK_=false _R_CHECK_CRAN_INCOMING_=false _R_CHECK_PKG_SIZES_THRESHOLD_=20 \
    RESPONDR_JUNIT="$work/junit.xml" R CMD check --as-cran --no-build-vignettes $manual respondr_*.tar.gz) >"$work/check.log" 2>&1 || :
}

# What the PDF manual needs, asked before the check. Sets `manual`.
probe_manual() {
  manual=
  if ! have pdflatex; then
    manual=--no-manual
    echo "no pdflatex here: the PDF manual is not checked (--no-manual)"
  elif ! kpsewhich inconsolata.sty >/dev/null 2>&1; then
    echo "no inconsolata font here: the PDF manual is checked without it"
    export R_RD4PDF=times,hyper
  fi
}

read_check() {
  step "R CMD build and R CMD check --as-cran"
  wait "$checker" || :
  checker=
  if [ ! -f "$work/check.log" ]; then
    cat "$work/build.log"
    fail "R CMD build"
    return 0
  fi
  if grep -q '^Status: OK' "$work/check.log"; then
    pass
  else
    fail "R CMD check: $(grep '^Status:' "$work/check.log" || echo 'broke off')"
    cat "$work/check.log"
  fi
  count R testthat "$work/junit.xml"
  # The XML holds warnings as if they were tests passed.
  cat "$work"/respondr.Rcheck/tests/testthat.Rout* >"$work/rout" 2>/dev/null || :
  warned=$(sed -n 's/^\[.*| WARN \([0-9]*\) |.*/\1/p' "$work/rout" | tail -n 1)
  if [ "${warned:-0}" -gt 0 ]; then
    passed=$((passed - warned))
    echo "R: $warned of these are warnings, not counted"
    sed -n '/^══ Warnings/,/^══ [^W]/p' "$work/rout"
  fi
  compare_snapshots
}

# A snapshot that the tests added, changed or no longer use.
compare_snapshots() {
  old=$work/respondr/tests/testthat/_snaps
  new=$work/respondr.Rcheck/tests/testthat/_snaps
  mkdir -p "$old" "$work/respondr.Rcheck/tests/testthat"
  [ -d "$new" ] || mkdir "$new"
  if diff -r "$old" "$new" >"$work/snapshots" 2>&1; then
    pass
  else
    fail "snapshots are new, changed or unused"
    cat "$work/snapshots"
  fi
}

# man/, NAMESPACE and RcppExports are what their sources say.
check_generated() {
  step "generated files"
  if R_LIBS="$work/respondr.Rcheck:$R_LIBS" rscript "$root/tools/generated.R" "$work/respondr" \
    >"$work/generated.log" 2>&1; then
    pass
  else
    fail "generated files differ from what roxygen2 and Rcpp write"
    cat "$work/generated.log"
  fi
}

. "$root/tools/setup.sh"
step "set-up"
setup test
mkdir "$work/respondr"
(cd "$root" && tar -cf "$work/clone.tar" --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.Rcheck' \
  --exclude='./*.tar.gz' .)
tar -xf "$work/clone.tar" -C "$work/respondr"

probe_sanitizers
probe_manual
check_package >"$work/build.log" 2>&1 &
checker=$!
cpp_check grep
cpp_check headers
cpp_tests plain
cpp_tests asan
cpp_tests tsan
cpp_check bite
read_check
check_generated

floor=$(cat "$root/tools/test-floor")
ran=$((passed + failed))
[ "$ran" -ge "$floor" ] || fail "$ran tests ran, fewer than the $floor of tools/test-floor"
step "done"
finished=yes
