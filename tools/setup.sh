# shellcheck shell=sh disable=SC2034,SC2154 # names shared with the caller
# Sourced by the other scripts of this folder: finds or installs what they need, then sets R_LIBS, `library_dir` and
# `jobs`. Wanted from the caller: `root`, the clone, and `work`, a temporary folder that the caller's trap removes. Call
# `setup report` or `setup test`.
# As root (or with sudo that asks nothing) on Debian and Ubuntu everything comes from apt; elsewhere, and for packages
# apt does not have, from CRAN into a private library. No system library is written to but by apt.

say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# R as the user has it, less the profile: one in the caller's folder (renv) would hide the libraries found here.
rscript() { Rscript --no-init-file --no-save --no-restore "$@"; }

# Runs a command as root, or fails where that is not allowed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
  have apt-get || return 1
  [ "$(id -u)" -eq 0 ] && return 0
  have sudo && sudo -n true >/dev/null 2>&1
}

apt_updated=no
apt_update() {
  [ "$apt_updated" = no ] || return 0
  apt_updated=yes
  as_root apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 ||
    say "apt-get update failed; going on with the lists at hand."
}

apt_install() {
  apt_update
  say "installing with apt: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    --no-install-recommends install "$@" >>"$setup_dir/apt.log" 2>&1 && return 0
  tail -n 20 "$setup_dir/apt.log" >&2
  return 1
}

# The header or library that a -dev package brings, asked from the compiler, so that other systems count too.
compiles() {
  printf '%s\nint main() { return 0; }\n' "$1" >"$setup_dir/probe.cpp"
  shift
  g++ -std=c++17 "$setup_dir/probe.cpp" -o "$setup_dir/probe" "$@" >/dev/null 2>&1
}

has_gtest() { compiles '#include <gtest/gtest.h>' -lgtest -pthread; }

has_mathlib() {
  compiles '#define MATHLIB_STANDALONE
#include <Rmath.h>' -lRmath
}

# Names, one a line, of the Debian packages whose program or library is not there.
missing_tools() {
  have R || echo r-base-core
  have g++ || echo g++
  have make || echo make
  have pandoc || echo pandoc
  [ "$1" = test ] || return 0
  have qpdf || echo qpdf
  have tidy || echo tidy
  if have g++ && has_gtest; then :; else echo libgtest-dev; fi
  if have g++ && has_mathlib; then :; else echo r-mathlib; fi
}

setup_tools() {
  missing_tools "$1" >"$setup_dir/tools"
  [ -s "$setup_dir/tools" ] || return 0
  if can_apt; then
    # shellcheck disable=SC2046 # one name a line, no blanks inside
    apt_install $(cat "$setup_dir/tools") || say "apt could not install all of: $(tr '\n' ' ' <"$setup_dir/tools")"
    missing_tools "$1" >"$setup_dir/tools"
  fi
  [ -s "$setup_dir/tools" ] || return 0
  say "Missing, and this script may not or cannot install it: $(tr '\n' ' ' <"$setup_dir/tools")"
  say "Install these (Debian's names) and run the command again."
  return 1
}

check_r() {
  rscript -e 'quit(status = getRversion() < "4.1")' && return 0
  say "respondr needs R 4.1 or newer; this is $(R --version | head -n 1)."
  exit 2
}

# packages.R writes the names of the packages that do not load; an empty file means that all do.
missing_packages() {
  rscript "$setup_dir/packages.R" missing "$setup_dir/DESCRIPTION" "$1" >"$setup_dir/missing"
}

setup_packages() {
  cp "$root/DESCRIPTION" "$root/tools/packages.R" "$setup_dir/"
  missing_packages "$1"
  [ -s "$setup_dir/missing" ] || return 0
  if can_apt; then
    wanted=
    while read -r package; do
      name=r-cran-$(printf %s "$package" | tr '[:upper:]' '[:lower:]')
      wanted="$wanted $name"
    done <"$setup_dir/missing"
    apt_update
    known=
    for name in $wanted; do
      if apt-cache show "$name" >/dev/null 2>&1; then known="$known $name"; fi
    done
    # shellcheck disable=SC2086 # a list of names
    [ -z "$known" ] || apt_install $known || say "apt could not install all of:$known"
    missing_packages "$1"
    [ -s "$setup_dir/missing" ] || return 0
    apt_install ca-certificates r-base-dev || : # what sources from CRAN ask for
  fi
  say "installing from CRAN into $library_dir: $(tr '\n' ' ' <"$setup_dir/missing")"
  # In an own folder: the mirror of the user's profile counts, that of a project in the caller's folder does not.
  # fs, which rmarkdown needs, builds its own libuv if told to, instead of asking for the system's.
  (cd "$setup_dir" && USE_BUNDLED_LIBUV=1 Rscript --no-save --no-restore packages.R install missing "$library_dir") \
    >"$setup_dir/cran.log" 2>&1 || :
  missing_packages "$1"
  [ -s "$setup_dir/missing" ] || return 0
  grep -E '^ERROR|^Warning|cannot (find|open)|not available|not found|^ +\*' "$setup_dir/cran.log" \
    >"$setup_dir/errors" || :
  tail -n 20 "$setup_dir/errors" >&2
  say "These R packages do not load after set-up: $(tr '\n' ' ' <"$setup_dir/missing")"
  rscript "$setup_dir/packages.R" why "$setup_dir/missing" >&2 || :
  say "Sources from CRAN need compilers and libraries (Debian: r-base-dev), or install the packages yourself."
  return 1
}

setup() {
  setup_dir=$work/setup
  mkdir -p "$setup_dir"
  setup_tools "$1" || return 1
  check_r
  cache=${XDG_CACHE_HOME:-${HOME:-$work}/.cache}
  library_dir=$cache/respondr/$(rscript -e 'cat(format(getRversion()))')
  mkdir -p "$library_dir" || return 1
  R_LIBS=$library_dir${R_LIBS:+:$R_LIBS}
  export R_LIBS
  jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
  setup_packages "$1"
}
