# Least squares and correlation beside their peers in the same run. Rscript inst/bench/linear.R
source(if (file.exists("inst/bench/common.R")) "inst/bench/common.R" else "common.R")
library(respondr)
bench_library(c("fixest", "RcppEigen"))

set.seed(1)
n <- 1e6
p <- 20
d <- as.data.frame(matrix(rnorm(n * p), n))
d$y <- rowSums(d[1:5]) + rnorm(n)
wide <- as.formula(paste("y ~", paste0("V", seq_len(p), collapse = " + ")))
x <- cbind(1, as.matrix(d[seq_len(p)]))
problem <- list(x = x, y = d$y, weight = NULL, offset = NULL)

same <- max(abs(coef(fit_linear(wide, d)) - coef(lm(wide, d))))
cat(sprintf("largest difference of coefficients from lm: %.2g\n", same))
ours <- seconds(fit_linear(wide, d), 3)
record("fit_linear, 1e6 x 20, from the formula", ours, "lm", seconds(lm(wide, d), 3), 1)
record("fit_linear, 1e6 x 20, from the formula", ours, "RcppEigen::fastLm", seconds(RcppEigen::fastLm(wide, d), 3), 1)
fixest::setFixest_nthreads(1)
record("fit_linear, 1e6 x 20, from the formula", ours, "fixest::feols, 1 thread", seconds(fixest::feols(wide, d), 3), 1)
fixest::setFixest_nthreads(2)
two <- seconds(fit_linear(wide, d, threads = 2), 3)
record("the same on 2 threads", two, "fixest::feols, 2 threads", seconds(fixest::feols(wide, d), 3), 1)
core <- seconds(respondr:::linear_fit(problem, 1L), 3)
record("the matrix alone", core, "lm.fit", seconds(lm.fit(x, d$y), 3), 1)
record("the matrix alone", core, "RcppEigen::fastLmPure, QR", seconds(RcppEigen::fastLmPure(x, d$y, method = 1L), 3), 1)
record("the matrix alone", core, "RcppEigen::fastLmPure, LDLt", seconds(RcppEigen::fastLmPure(x, d$y, method = 2L), 3), 1)

small <- d[1:100, c("y", "V1", "V2", "V3")]
record("fit_linear, n = 100, three predictors", seconds(for (i in 1:50) fit_linear(y ~ ., small)) / 50, "lm",
  seconds(for (i in 1:50) lm(y ~ ., small)) / 50, 1)

markers <- as.data.frame(matrix(rnorm(200 * 1e4), 200))
markers$y <- rnorm(200)
for (method in c("pearson", "spearman", "kendall")) {
  peer <- seconds(for (j in 1:200) cor.test(markers$y, markers[[j]], method = method, exact = FALSE), 2) * 50
  record(paste0("correlate, 10,000 predictors, n = 200, ", method),
    seconds(correlate(y ~ ., markers, method = method, distribution = "asymptotic"), 2), "cor.test in a loop", peer, 10)
}
long <- data.frame(x = rnorm(1e5), y = rnorm(1e5))
record("Kendall's tau, n = 1e5", seconds(correlate(y ~ x, long, method = "kendall"), 2), "cor.test, n = 1e4, times 100",
  100 * seconds(cor.test(long$x[1:1e4], long$y[1:1e4], method = "kendall"), 1), 10)
bench_table()
