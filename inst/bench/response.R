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
  min(vapply(1:3, function(i) system.time(eval(e, env))[["elapsed"]], 0))
}
setDTthreads(1)
# The same question: rows by id in time, baseline of each patient, nested ifelse by subgroup.
grouped <- function(d) {
  d <- copy(d)
  setorder(d, id, visit)
  d[, c("hb0", "units0") := .(hb[1L], units[1L]), by = id]
  d[, class := fifelse(phenotype == "NTDT", fifelse(hb - hb0 > 2, 2L, fifelse(hb - hb0 >= 1, 1L, 0L)),
    fifelse(units == 0, 2L, fifelse(units0 == 0, NA_integer_, fifelse(units <= units0 / 2, 1L, 0L))))]
  d[visit > 0]
}
one_pass <- function(d) {
  d[order(id, visit), .(class = {
    x <- if (phenotype[1L] == "NTDT") hb - hb[1L] else units
    sum(x > 2)
  }), by = id]
}
dt <- best(grouped(d))
pass <- best(one_pass(d))
ours <- best(classify_response(d, rule, id = id, visit = visit))
lean <- best(classify_response(d, rule, id = id, visit = visit, values = FALSE))
two <- best(classify_response(d, rule, id = id, visit = visit, threads = 2))
cat(sprintf("%d patients x 10 visits, seconds (best of 3)\n", n))
cat(sprintf("data.table, grouped baseline and vector classes  %6.2f\n", dt))
cat(sprintf("data.table, one grouped pass with an R body      %6.2f\n", pass))
cat(sprintf("classify_response()                              %6.2f  ratio %.2f (%.2f)\n", ours, ours / dt, ours / pass))
cat(sprintf("classify_response(values = FALSE)                %6.2f  ratio %.2f\n", lean, lean / dt))
cat(sprintf("classify_response(threads = 2)                   %6.2f  ratio %.2f\n", two, two / dt))
