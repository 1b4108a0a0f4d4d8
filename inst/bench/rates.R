# Rates against their peers, in one run. From anywhere: Rscript inst/bench/rates.R   (about 5 minutes)
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library(c("Exact", "exact2x2"))
suppressPackageStartupMessages({
  library(respondr)
  library(exact2x2)
})
set.seed(1)

cat("== 10,000 tables, Fisher exact with the interval of the same test\n")
k <- 10000
d <- data.frame(table = rep(seq_len(k), each = 2), arm = rep(c("a", "b"), k), n = sample(10:60, 2 * k, TRUE))
d$yes <- rbinom(2 * k, d$n, 0.35)
d$no <- d$n - d$yes
few <- 200
for (rule in c("minlike", "central", "blaker")) {
  ours <- seconds(compare_rates(cbind(yes, no) ~ arm, d, by = table, method = "fisher", two_sided = rule), 3)
  peer <- seconds(for (i in seq_len(few)) {
    rows <- d[2 * i - 0:1, ]
    exact2x2(as.matrix(rows[c("yes", "no")]), tsmethod = rule)
  }, 1) / few * k
  record(paste("10,000 Fisher tests with interval,", rule), ours, "loop over exact2x2", peer, 100)
}
check <- compare_rates(cbind(yes, no) ~ arm, d[1:100, ], by = table, method = "fisher")
theirs <- vapply(1:50, function(i) exact2x2(as.matrix(d[2 * i - 0:1, c("yes", "no")]), tsmethod = "minlike")$p.value, 0)
stopifnot(all.equal(check$p_value, theirs, tolerance = 1e-6))

cat("== unconditional tests, p, per table in a batch\n")
one <- function(x, n, ...) compare_rates(events = c(a = x[1], b = x[2]), n = c(a = n[1], b = n[2]), ...)
for (size in c(20, 60, 120)) {
  x <- round(size * c(0.55, 0.3))
  table <- matrix(c(x, size - x), 2)
  batch <- data.frame(table = rep(1:200, each = 2), arm = c("a", "b"), yes = x, no = size - x)
  for (method in c("boschloo", "barnard")) {
    ours <- seconds(compare_rates(cbind(yes, no) ~ arm, batch, by = table, method = method, interval = "wald"), 3) / 200
    single <- seconds(one(x, c(size, size), method = method, interval = "wald"), 5)
    word <- c(boschloo = "boschloo", barnard = "z-pooled")[[method]]
    peer <- seconds(Exact::exact.test(table, method = word, to.plot = FALSE), 3)
    record(sprintf("%s, p, %d + %d, in a batch of 200", method, size, size), ours, "Exact", peer, 20)
    record(sprintf("%s, p, %d + %d, a single call", method, size, size), single, "Exact", peer, 20)
    theirs <- Exact::exact.test(table, method = word, to.plot = FALSE)$p.value
    stopifnot(abs(one(x, c(size, size), method = method, interval = "wald")$p_value - theirs) < 1e-3)
  }
}

cat("== one table, unconditional, p and interval\n")
for (size in c(15, 30)) {
  x <- round(size * c(0.6, 0.25))
  table <- matrix(c(x, size - x), 2)
  ours <- seconds(one(x, c(size, size), method = "barnard"), 5)
  peer <- seconds(Exact::exact.test(table, method = "z-pooled", to.plot = FALSE, conf.int = TRUE), 1)
  record(sprintf("barnard, p and interval, %d + %d", size, size), ours, "Exact", peer, 20)
}
x <- c(9, 4)
ours <- seconds(one(x, c(15, 15), method = "boschloo", two_sided = "central"), 5)
peer <- seconds(exact2x2::boschloo(x[2], 15, x[1], 15, tsmethod = "central", conf.int = TRUE), 1)
record("boschloo central, p and interval, 15 + 15", ours, "exact2x2", peer, 20)

cat("== score intervals\n")
ours1 <- seconds(compare_rates(cbind(yes, no) ~ arm, d, by = table), 3)
base <- seconds(for (i in 1:1000) suppressWarnings(prop.test(d$yes[2 * i - 0:1], d$n[2 * i - 0:1])), 2) * k / 1000
record("10,000 N - 1 chi-squares with Miettinen-Nurminen", ours1, "loop over prop.test", base, 1)

bench_table()
