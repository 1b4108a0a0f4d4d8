# The package against the second program of helper-oracle-rm_friedman.R, on tables with few and many ties.

oracle_tables <- function() {
  make <- function(n, k, values, step) matrix(((seq_len(n * k) * step) %% 101) %% values, n, k)
  list(make(6, 3, 4, 37), make(5, 4, 30, 29), make(8, 3, 50, 53), make(4, 4, 3, 17), make(9, 2, 7, 31))
}
fit_table <- function(m, ...) rm_friedman(y ~ visit | id, long_rows(m, TRUE), effect_conf = "none", alternative = "greater", ...)

test_that("asymptotic tests agree with the oracle", {
  for (m in oracle_tables()) {
    x <- fit_table(m, method = "all", distribution = "asymptotic")
    f <- oracle_friedman(m)
    q <- oracle_quade(m)
    l <- oracle_page(m)
    s <- oracle_skillings_mack(m)
    expect_equal(x$statistic, c(f$statistic, f$f, q$statistic, l$statistic, s$statistic), tolerance = 1e-10)
    expect_equal(x$p_value, c(f$p, f$p_f, q$p, l$p_upper, s$p), tolerance = 1e-10)
    expect_equal(x$effect[1:4], rep(f$w, 4), tolerance = 1e-10)
    expect_equal(x$df, c(f$df, f$df1, q$df1, NA, s$df))
    expect_equal(x$df_denominator, c(NA, f$df2, q$df2, NA, NA))
  }
})

test_that("exact tests agree with the oracle", {
  for (m in oracle_tables()) {
    x <- fit_table(m, method = c("friedman", "quade", "page"), distribution = "exact")
    expect_equal(x$p_value, c(oracle_friedman(m, TRUE)$p_exact, oracle_quade(m, TRUE)$p_exact,
      oracle_page(m, exact = TRUE)$p_upper_exact), tolerance = 1e-10)
  }
})

test_that("Skillings-Mack of gaps agrees with the oracle, exactly and not", {
  for (m in oracle_tables()[1:2]) {
    m[cbind(c(1, 3, 4), c(2, 1, 3))] <- NA
    o <- oracle_skillings_mack(m, exact = TRUE)
    x <- fit_table(m, method = c("page", "skillings_mack"), distribution = "exact")[2, ]
    expect_equal(c(x$statistic, x$df, x$p_value), c(o$statistic, o$df, o$p_exact), tolerance = 1e-10)
    y <- fit_table(m, method = c("page", "skillings_mack"), distribution = "asymptotic")[2, ]
    expect_equal(y$p_value, o$p, tolerance = 1e-10)
  }
})

test_that("pairs agree with the oracle", {
  for (m in oracle_tables()) {
    x <- rm_friedman_pairs(fit_table(m, method = "page"), "pairwise", method = c("conover", "exact"), p_adjust = "none")
    at <- t(utils::combn(ncol(m), 2))
    conover <- oracle_conover(m)
    p <- as.vector(rbind(conover$p[at], apply(at, 1, function(ab) oracle_rank_sum_difference(m, ab[2], ab[1])$p)))
    expect_equal(x$p_value, p, tolerance = 1e-10)
    expect_equal(x$statistic[x$method == "conover"], conover$t[at[, 2:1, drop = FALSE]], tolerance = 1e-10)
  }
})

test_that("Nemenyi without ties agrees with the oracle's own quadrature", {
  m <- t(vapply(1:7, function(i) order(sin(i * (1:5))) + 0, numeric(5)))
  x <- rm_friedman_pairs(fit_table(m, method = "page"), "pairwise", method = "nemenyi", p_adjust = "none")
  at <- t(utils::combn(5, 2))
  o <- oracle_nemenyi(m)
  expect_equal(x$statistic, o$q[at], tolerance = 1e-12)
  expect_equal(x$p_value, o$p[at], tolerance = 1e-9)
})
