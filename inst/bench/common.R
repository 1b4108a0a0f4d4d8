# What every bench shares: the peers' library, timing, the printed table.
# Peers live in a library of their own (current CRAN versions) that only inst/bench sees.

bench_library <- function(packages) {
  cache <- Sys.getenv("XDG_CACHE_HOME", file.path(Sys.getenv("HOME"), ".cache"))
  lib <- file.path(cache, "respondr-bench", paste(R.version$major, sub("\\..*", "", R.version$minor), sep = "."))
  dir.create(lib, recursive = TRUE, showWarnings = FALSE)
  .libPaths(c(lib, .libPaths()))
  absent <- packages[!dir.exists(file.path(lib, packages))]
  if (length(absent)) utils::install.packages(absent, lib = lib)
  broken <- packages[!vapply(packages, requireNamespace, NA, quietly = TRUE)]
  if (length(broken)) stop("peer does not load: ", paste(broken, collapse = ", "))
  invisible(lib)
}

# Smallest elapsed seconds of several runs.
seconds <- function(expr, runs = 5) {
  expr <- substitute(expr)
  env <- parent.frame()
  min(vapply(seq_len(runs), function(i) {
    gc(FALSE)
    start <- Sys.time()
    eval(expr, env)
    as.numeric(Sys.time() - start, units = "secs")
  }, 0))
}

bench_rows <- list()

record <- function(what, ours, peer_name, peer, goal, better = "peer / ours", unit = "s") {
  ratio <- if (better == "peer / ours") peer / ours else ours / peer
  met <- if (better == "peer / ours") ratio >= goal else ratio <= goal
  bench_rows[[length(bench_rows) + 1L]] <<- data.frame(
    what = what, ours = ours, peer = peer_name, theirs = peer, measure = better, ratio = ratio, goal = goal, met = met,
    unit = unit
  )
  cat(sprintf("%-62s %9.4g s | %-24s %9.4g s | %s = %.3g (goal %s %g)%s\n", what, ours, peer_name, peer, better, ratio,
    if (better == "peer / ours") ">=" else "<=", goal, if (met) "" else "  NOT MET"))
}

machine_words <- function() {
  cpu <- tryCatch({
    x <- readLines("/proc/cpuinfo")
    sub(".*: ", "", grep("model name", x, value = TRUE)[1])
  }, error = function(e) "unknown processor")
  sprintf("%s, %d cores, %s, %s", cpu, parallel::detectCores(), R.version.string,
    tryCatch(paste("g++", system("g++ -dumpfullversion", intern = TRUE)), error = function(e) ""))
}

bench_table <- function() {
  rows <- do.call(rbind, bench_rows)
  time <- function(x) ifelse(rows$unit != "s", sprintf("%.1f %s", x, rows$unit), ifelse(x >= 1, sprintf("%.2f s", x),
    ifelse(x >= 1e-3, sprintf("%.1f ms", x * 1e3), sprintf("%.1f us", x * 1e6))))
  cat("\n| what | respondr | peer | peer's time | ratio | goal |\n|---|---|---|---|---|---|\n")
  cat(sprintf("| %s | %s | %s | %s | %s | %s |\n", rows$what, time(rows$ours), rows$peer, time(rows$theirs),
    ifelse(rows$measure == "peer / ours", ifelse(rows$ratio < 1, sprintf("%.2g times", rows$ratio), sprintf("%.1f times", rows$ratio)), sprintf("%.2f of it", rows$ratio)),
    paste(ifelse(rows$measure == "peer / ours", "at least", "at most"), rows$goal)), sep = "")
  cat("\nMachine: ", machine_words(), "\n", sep = "")
}
