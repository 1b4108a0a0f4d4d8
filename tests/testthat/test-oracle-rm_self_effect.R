# Evidence for the parts of the naive programs that base R has no function for: each against a second derivation.

# Box (1949); Anderson (1958), theorem 8.6.1: for E U^h = const (prod y^y / prod x^x)^h prod Gamma(x (1 + h) + xi) /
# prod Gamma(y (1 + h) + eta), -2 rho log U is nearly chi-square on f df.
box_expansion <- function(x, xi, y, eta) {
  second <- function(z) z^2 - z + 1 / 6
  f <- -2 * (sum(xi) - sum(eta) - (length(x) - length(y)) / 2)
  c(rho = 1 - (sum(second(xi) / x) - sum(second(eta) / y)) / f, f = f)
}

test_that("the factor of the compound symmetry test is that of the moments of its statistic", {
  v <- 15
  k <- 5
  # |W| is a product of chi-squares on v, v - 1, ...; the denominators are chi-squares on v and v (k - 1), independent
  # of the ratio. U = L^(v / 2).
  expected <- box_expansion(rep(v / 2, k), (1 - seq_len(k)) / 2, c(v / 2, v * (k - 1) / 2), c(0, 0))
  out <- oracle_compound_symmetry(crossprod(scale(rm_mixed()$y, scale = FALSE)), v)
  expect_equal(out[["chisq"]] / out[["lr"]], expected[["rho"]])
  expect_equal(out[["df"]], expected[["f"]])
})

test_that("the factor of Box's M is that of the moments of its statistic, and F agrees with chi-square", {
  d <- rm_mixed()
  v <- c(6, 8)
  for (p in 1:4) {
    j <- (1 - seq_len(p)) / 2
    expected <- box_expansion(rep(v / 2, each = p), rep(j, 2), rep(sum(v) / 2, p), j)
    out <- oracle_box_m(d$y[, seq_len(p), drop = FALSE], d$group)
    expect_equal(out[["chisq"]] / out[["m"]], expected[["rho"]])
    expect_equal(out[["df"]], expected[["f"]])
    expect_equal(out[["p_f"]], out[["p"]], tolerance = 0.05) # both are approximations
  }
})

test_that("Box's M is zero for groups with the same covariance matrix", {
  y <- rm_mixed()$y[1:8, 1:3]
  out <- oracle_box_m(rbind(y, y + 5), rep(1:2, each = 8))
  expect_equal(out[["m"]], 0, tolerance = 1e-10)
})

test_that("every multivariate criterion is Hotelling's exact F when there is one between df", {
  d <- rm_mixed()
  out <- oracle_rm_anova(d$y, data.frame(group = d$group))[3, ]
  for (name in c("pillai", "hotelling", "roy", "hotelling_mckeon")) {
    ours <- unlist(out[paste0(name, c("_f", "_df1", "_df2", "_p"))])
    expect_equal(ours, unlist(out[c("wilks_f", "wilks_df1", "wilks_df2", "wilks_p")]), ignore_attr = TRUE, info = name)
  }
})

test_that("McKeon's F has the mean of the Hotelling-Lawley trace", {
  e <- diag(c(9, 7, 8))
  h <- diag(c(3, 2, 1))
  v <- 20
  out <- oracle_manova(h, e, 3, v)["hotelling_mckeon", ]
  scale <- out[["value"]] / out[["f"]]
  expect_equal(scale * out[["df2"]] / (out[["df2"]] - 2), 9 / (v - 3 - 1)) # E trace = p q / (v - p - 1)
})

test_that("generalised omega2 is the closed form of Olejnik and Algina for one within factor", {
  out <- oracle_rm_anova(rm_mixed()$y)
  y <- rm_mixed()$y
  total <- sum((y - mean(y))^2)
  patients <- 5 * sum((rowMeans(y) - mean(y))^2) / 15
  mse <- out$ss_error / out$df_error
  expect_equal(out$omega2_generalised, (out$ss - out$df * mse) / (total + patients))
  expect_equal(out$eta2_generalised, out$ss / total)
})

test_that("partial omega2 is the ratio of variance components in mean squares", {
  out <- oracle_rm_anova(rm_mixed()$y)
  ms <- out$ss / out$df
  mse <- out$ss_error / out$df_error
  expect_equal(out$omega2, out$df * (ms - mse) / (out$df * ms + (80 - out$df) * mse))
})

test_that("generalised eta2 counts what was measured into the denominator, by hand", {
  ss <- c(group = 4, visit = 10, both = 6)
  manipulated <- oracle_generalised_eta2(ss, c(FALSE, FALSE, FALSE), 20)
  expect_equal(manipulated, c(group = 4 / 24, visit = 10 / 30, both = 6 / 26))
  group_measured <- oracle_generalised_eta2(ss, c(TRUE, FALSE, TRUE), 20)
  expect_equal(group_measured, c(group = 4 / 30, visit = 10 / 40, both = 6 / 30))
})

test_that("limits of eta2 follow from those of the noncentrality under both conventions", {
  ncp <- oracle_ncp_f(8, 2, 30, 0.9)
  expect_equal(oracle_eta2_limits(8, 2, 30, 0.9), ncp / (ncp + 33))
  expect_equal(oracle_eta2_limits(8, 2, 30, 0.9, "error"), ncp / (ncp + 30))
})

test_that("two levels make every F the square of the paired t", {
  y <- rm_mixed()$y[, c(2, 5)]
  out <- oracle_rm_anova(y)
  expect_equal(out$f, stats::t.test(y[, 1], y[, 2], paired = TRUE)$statistic[[1]]^2)
  expect_equal(c(out$gg, out$hf_lecoutre, out$lower, out$mauchly_w), c(1, 1, 1, 1))
})

test_that("Nemenyi's p of two treatments is Friedman's", {
  y <- rm_mixed()$y[, c(2, 3)]
  y <- y[y[, 1] != y[, 2], ] # without ties, which Nemenyi leaves uncorrected
  expect_equal(oracle_nemenyi(y)$p[1, 2], oracle_friedman(y)$p, tolerance = 1e-9)
})

test_that("the exact distributions sum to one and Quade's is invariant to order within blocks", {
  y <- rm_mixed()$y[1:6, 1:3]
  null <- oracle_column_sums(oracle_block_ranks(y))
  expect_equal(sum(null$ways), 1)
  expect_equal(as.vector(null$ways %*% null$sums), rep(12, 3))
  expect_equal(oracle_quade(y[, c(3, 1, 2)], exact = TRUE)$p_exact, oracle_quade(y, exact = TRUE)$p_exact)
})
