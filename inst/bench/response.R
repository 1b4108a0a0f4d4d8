# Classes of one million patients at ten visits by a rule with two subgroups, against one grouped pass of data.table that
# computes the same classes. Run: Rscript inst/bench/response.R [patients]
.libPaths(c("~/.cache/respondr-bench/4.2", .libPaths()))
library(respondr)
library(data.table)
args <- commandArgs(TRUE)
n <- if (length(args)) as.integer(args[1]) else 1e6L
v <- 11L
set.seed(1)
d <- data.table(id = rep(seq_len(n), each = v), visit = rep(0:10, n),
  phenotype = factor(rep(sample(c("NTDT", "TDT"), n, TRUE), each = v)), hb = round(rnorm(n * v, 8, 1.5), 1),
  units = rpois(n * v, 1.5))
d <- d[sample(.N)]
rule <- response_rule(
  NTDT = levels(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise()),
  TDT = levels(main = units == 0, minor = percent_change(units) <= -50, none = otherwise()),
  by = phenotype)
best <- function(expr) {
  e <- substitute(expr)
  env <- parent.frame()
  runs <- vapply(1:3, function(i) {
    gc()
    t <- system.time(eval(e, env))
    c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]])
  }, numeric(2))
  apply(runs, 1, min)
}
setDTthreads(1)
# The same question: rows by id in time, baseline of each patient, nested ifelse by subgroup, decimals that tie at the
# boundary. Class alone, or also the clause that fired, the reason, and the values that decided.
grouped <- function(d, all) {
  d <- copy(d)
  setorder(d, id, visit)
  d[, c("hb0", "units0") := .(hb[1L], units[1L]), by = id]
  d <- d[visit > 0]
  d[, clause := fifelse(phenotype == "NTDT", fifelse(hb - hb0 > 2 + 1e-12, 1L, fifelse(hb - hb0 >= 1 - 1e-12, 2L, 3L)),
    fifelse(units == 0, 4L, fifelse(units0 == 0, NA_integer_, fifelse(units <= units0 / 2, 5L, 6L))))]
  d[, class := factor(c(3L, 2L, 1L, 3L, 2L, 1L)[clause], 1:3, c("none", "minor", "main"), ordered = TRUE)]
  if (all) {
    d[, reason := factor(fifelse(is.na(clause), 2L, 1L), 1:2, c("observed", "baseline 0: excluded"))]
    d[, clause := factor(clause, 1:6, paste("clause", 1:6))]
    d[, c("hb_change", "units_change", "units_percent") := .(hb - hb0, units - units0,
      fifelse(units0 == 0, NA_real_, 100 * (units - units0) / units0))]
  }
  d[]
}
# The pass alone: nothing but a body for each patient.
one_pass <- function(d) {
  d[order(id, visit), .(class = {
    x <- if (phenotype[1L] == "NTDT") hb - hb[1L] else units
    sum(x > 2)
  }), by = id]
}
ours <- function(...) classify_response(d, rule, id = id, visit = visit, ...)
stopifnot(identical(as.integer(grouped(d, FALSE)$class), as.integer(as.data.frame(ours(values = FALSE))$class)))
times <- rbind(
  "data.table, grouped baseline, class alone" = best(grouped(d, FALSE)),
  "classify_response(values = FALSE)" = best(ours(values = FALSE)),
  "data.table, with clause, reason and values" = best(grouped(d, TRUE)),
  "classify_response()" = best(ours()),
  "classify_response(threads = 2)" = best(ours(threads = 2)),
  "data.table, one grouped pass with an R body" = if (n <= 1e6) best(one_pass(d)) else c(NA, NA)
)
cat(sprintf("%d patients x 10 visits, seconds (best of 3), elapsed and processor\n", n))
peer <- times[c(1, 1, 3, 3, 3, 6), ]
cat(sprintf("%-44s %6.2f %6.2f  ratio %.2f (%.2f)\n", rownames(times), times[, 1], times[, 2], times[, 1] / peer[, 1],
  times[, 2] / peer[, 2]), sep = "")
