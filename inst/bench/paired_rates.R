# Paired rates against their peers, in one run. From anywhere: Rscript inst/bench/paired_rates.R   (about 2 minutes)
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library(c("exact2x2", "Exact", "coin"))
suppressPackageStartupMessages({
  library(exact2x2)  # its functions call each other by name
  library(respondr)
})
set.seed(1)

# Seconds of one call, the mean of several.
per_call <- function(expr, times) {
  expr <- substitute(expr)
  env <- parent.frame()
  system.time(for (i in seq_len(times)) eval(expr, env))[["elapsed"]] / times
}

m <- 10000
both <- rpois(m, 20)
lost <- rpois(m, 6)
gained <- rpois(m, 12)
neither <- rpois(m, 24)
table_of <- function(i) matrix(c(neither[i], lost[i], gained[i], both[i]), 2)

cat("== 10,000 tables of about 62 patients, exact test and conditional odds ratio with its interval\n")
ours <- seconds(compare_paired_rates(both = both, lost = lost, gained = gained, neither = neither, effect = "none"), 3)
central <- m * per_call(for (k in 1:50) exact2x2::mcnemar.exact(table_of(k)), 2) / 50
record("10,000 exact tests with central intervals", ours, "loop over exact2x2::mcnemar.exact", central, 100)
ours <- seconds(compare_paired_rates(both = both, lost = lost, gained = gained, neither = neither, two_sided = "minlike",
  effect = "none"), 1)
minlike <- m * per_call(for (k in 1:20) exact2x2::exact2x2(table_of(k), paired = TRUE, tsmethod = "minlike"), 1) / 20
record("10,000 exact tests with minlike intervals", ours, "loop over exact2x2::exact2x2", minlike, 100)

cat("== exact unconditional test, one table of 62 patients\n")
one <- table_of(2)
ours <- per_call(compare_paired_rates(one, method = "mcnemar_unconditional", effect = "none", exact_limit = 1e6), 20)
peer <- per_call(Exact::paired.exact.test(one, to.plot = FALSE), 3)
record("p alone (interval of Tango)", ours, "Exact::paired.exact.test", peer, 1)
ours <- per_call(compare_paired_rates(one, method = "mcnemar_unconditional", effect = "none"), 3)
peer <- per_call(Exact::paired.exact.test(one, to.plot = FALSE, conf.int = TRUE), 1)
record("p and its own interval", ours, "Exact::paired.exact.test", peer, 20)

cat("== Stuart-Maxwell by Monte Carlo, 5 x 5, 10,000 replicates; Cochran's Q, 62 patients x 4 visits, 1,000 outcomes\n")
wide <- as.table(matrix(rpois(25, 6), 5, dimnames = list(letters[1:5], letters[1:5])))
ours <- per_call(compare_paired_rates(wide, method = "stuart_maxwell", distribution = "monte_carlo"), 20)
peer <- per_call(coin::mh_test(wide, distribution = coin::approximate(nresample = 10000)), 3)
record("Stuart-Maxwell, Monte Carlo", ours, "coin::mh_test", peer, 10)
long <- expand.grid(id = factor(1:62), visit = factor(1:4))
names <- paste0("V", 1:1000)
long <- cbind(long, as.data.frame(matrix(rbinom(62 * 4 * 1000, 1, 0.4), 248)))
ours <- seconds(compare_paired_rates(~ visit | id, long, outcomes = names, method = "cochran_q", distribution = "asymptotic"), 2)
binary <- factor(long$V1)
peer <- 1000 * per_call(coin::mh_test(binary ~ visit | id, long), 3)
record("Cochran's Q and CMH, asymptotic", ours, "loop over coin::mh_test (Q)", peer, 10)

bench_table()
