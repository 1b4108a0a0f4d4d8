#!/bin/sh
# Sets up what is missing, installs the package into a private library and writes an HTML report. See --help.
set -eu
export LC_ALL=C.UTF-8 TZ=UTC

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
demonstration=yes
for argument in "$@"; do
  case $argument in
    --data | --data=*) demonstration=no ;;
    -h | --help)
      cat "$root/inst/report_usage.txt"
      exit 0
      ;;
  esac
done

work=$(mktemp -d "${TMPDIR:-/tmp}/respondr.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
. "$root/tools/setup.sh"
setup report

# The package is rebuilt only when its sources changed: a stamp beside the installed package holds their checksum.
(cd "$root" && find DESCRIPTION NAMESPACE R src inst data -type f ! -name '*.o' ! -name '*.so' -exec cksum {} +) \
  >"$work/sums"
sort "$work/sums" >"$work/sorted"
stamp=$(cksum <"$work/sorted")
stamp_file=$library_dir/respondr.stamp
if [ ! -f "$library_dir/respondr/DESCRIPTION" ] || [ "$stamp" != "$(cat "$stamp_file" 2>/dev/null)" ]; then
  say "building respondr ..."
  mkdir "$work/package"
  (cd "$root" && cp -R DESCRIPTION NAMESPACE R src inst data "$work/package/")
  rm -f "$work"/package/src/*.o "$work"/package/src/*.so "$stamp_file"
  MAKEFLAGS=-j$jobs R CMD INSTALL --no-lock --no-docs --no-test-load --library="$library_dir" "$work/package" \
    >"$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }
  printf '%s\n' "$stamp" >"$stamp_file"
fi

# The demonstration opens with the published studies: their vignettes are knitted beside the other parts of the report.
unset RESPONDR_STUDIES
if [ "$demonstration" = yes ]; then
  RESPONDR_STUDIES=$work/studies
  export RESPONDR_STUDIES
  mkdir "$RESPONDR_STUDIES"
  R --no-echo --no-init-file --no-save --no-restore -e 'a <- commandArgs(TRUE); respondr:::report_knit_studies(a[1], a[2])' \
    --args "$root/vignettes" "$RESPONDR_STUDIES" >"$RESPONDR_STUDIES/log" 2>&1 &
  trap 'kill "$!" 2>/dev/null || :; wait "$!" 2>/dev/null || :; rm -rf "$work"' EXIT
fi

R --no-echo --no-init-file --no-save --no-restore -e 'respondr:::report_main(commandArgs(TRUE))' --args "$@"
