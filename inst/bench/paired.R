# Paired family against its peers, in one run. From anywhere: Rscript inst/bench/paired.R   (about 5 minutes)
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library(c("matrixTests", "exactRankTests", "coin", "data.table", "collapse"))
suppressPackageStartupMessages({
  library(respondr)
  library(survival)
  library(exactRankTests)
})
set.seed(1)

cat("== paired t, 200,000 outcomes x 62 patients\n")
m <- 200000
n <- 62
before <- matrix(rnorm(n * m, 8), n)
after <- before + matrix(rnorm(n * m, 0.3), n)
colnames(before) <- colnames(after) <- paste0("y", seq_len(m))
ours1 <- seconds(compare_paired(before, after, effect = "none"))
ours2 <- seconds(compare_paired(before, after, effect = "none", threads = 2))
peer <- seconds(matrixTests::col_t_paired(after, before), 3)
record("paired t, batch of 200,000, one thread, whole call", ours1, "matrixTests", peer, 30)
record("paired t, batch of 200,000, two threads, whole call", ours2, "matrixTests", peer, 30)
theirs <- matrixTests::col_t_paired(after, before)
check <- compare_paired(before, after, effect = "none", threads = 2)
stopifnot(all.equal(check$p_value, theirs$pvalue, tolerance = 1e-9), all.equal(check$conf_low, theirs$conf.low))

cat("== the core alone\n")
Rcpp::sourceCpp(file.path(here, "paired_kernel.cpp"), cacheDir = tempdir())
k <- kernel_seconds(before, after, 5)
record("moments alone, against reading the memory", k[["moments"]], "read", k[["read"]], 3, "ours / peer")
record("moments, p and interval, against moments + 1.2 bare p", k[["all"]], "moments + 1.2 p",
  k[["moments"]] + 1.2 * k[["bare_p"]], 1, "ours / peer")

cat("== linear in outcomes\n")
half <- seconds(compare_paired(before[, 1:(m / 2)], after[, 1:(m / 2)], effect = "none"))
record("200,000 outcomes against twice 100,000", ours1, "2 x half", 2 * half, 1.25, "ours / peer")
rm(before, after, theirs, check)

cat("== exact signed rank with ties, Hodges-Lehmann estimate and interval, n = 30\n")
tests <- 1000
b <- matrix(round(rnorm(30 * tests, 8), 1), 30)
a <- round(b + matrix(rnorm(30 * tests, 0.4), 30), 1)
ours1 <- seconds(compare_paired(b, a, method = "signed_rank", effect = "none"), 3) / tests
ours2 <- seconds(compare_paired(b, a, method = "signed_rank", effect = "none", threads = 2), 3) / tests
few <- 20
exact_rank <- seconds(for (j in seq_len(few)) suppressWarnings(wilcox.exact(a[, j], b[, j], paired = TRUE, conf.int = TRUE)), 2) / few
coin_one <- function(d) {
  d <- d[d != 0]
  frame <- data.frame(y = c(pmax(d, 0), pmax(-d, 0)), x = factor(rep(c("pos", "neg"), each = length(d))),
    block = factor(rep(seq_along(d), 2)))
  coin::pvalue(coin::wilcoxsign_test(y ~ x | block, data = frame, distribution = "exact"))
}
coin_time <- seconds(for (j in seq_len(few)) coin_one(a[, j] - b[, j]), 2) / few
record("signed rank exact + interval, per test in a batch of 1,000", ours1, "exactRankTests", exact_rank, 50)
record("signed rank exact + interval, per test in a batch of 1,000", ours1, "coin (p only)", coin_time, 50)
record("the same on two threads, against one", ours2, "one thread", ours1, 1.7)
single <- seconds(for (j in 1:20) compare_paired(b[, j], a[, j], method = "signed_rank"), 3) / 20
record("signed rank exact + interval + effect, single call", single, "exactRankTests", exact_rank, 1)
single_t <- seconds(for (j in 1:100) compare_paired(b[, 1], a[, 1]), 3) / 100
base_t <- seconds(for (j in 1:100) t.test(a[, 1], b[, 1], paired = TRUE), 3) / 100
record("paired t, single call with d_z and its interval", single_t, "t.test", base_t, 0.05)

cat("== permutation, two threads\n")
flip1 <- seconds(compare_paired(b, a, method = "permutation", effect = "none"), 2)
flip2 <- seconds(compare_paired(b, a, method = "permutation", effect = "none", threads = 2), 2)
record("sign-flip exact, 1,000 tests, two threads against one", flip2, "one thread", flip1, 1.7)

cat("== matching 10 million rows by id\n")
p <- 5e6
id <- sample.int(p)
long <- data.frame(id = c(id, sample(id)), visit = rep(0:1, each = p), y = rnorm(2 * p))
long <- long[sample.int(2 * p), ]
code <- function() {
  i <- respondr:::index_codes(long$id)
  v <- respondr:::index_codes(long$visit)
  respondr:::index_match(integer(), i$code, v$code, 1L, i$n_levels, 2L)
}
ours <- seconds(code(), 3)
data.table::setDTthreads(2)
d <- data.table::as.data.table(long)
dt <- seconds(d[visit == 0][d[visit == 1], on = "id"], 3)
cl <- seconds(collapse::join(long[long$visit == 0, ], long[long$visit == 1, ], on = "id", verbose = 0), 3)
record("match 10 million rows by integer id", ours, "data.table join", dt, 1)
record("match 10 million rows by integer id", ours, "collapse join", cl, 1)
whole <- seconds(compare_paired(y ~ visit | id, long, effect = "none"), 2)
cat(sprintf("whole call on 10 million rows: %.2f s\n", whole))
long$id <- d$id <- paste0("P", long$id)
ours <- seconds(code(), 2)
dt <- seconds(d[visit == 0][d[visit == 1], on = "id"], 2)
cl <- seconds(collapse::join(long[long$visit == 0, ], long[long$visit == 1, ], on = "id", verbose = 0), 2)
record("match 10 million rows by text id", ours, "data.table join", dt, 1)
record("match 10 million rows by text id", ours, "collapse join", cl, 1)

bench_table()
