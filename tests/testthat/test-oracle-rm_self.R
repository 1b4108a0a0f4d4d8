# Evidence for the naive second programs of the repeated-measures family themselves: base R, nlme and figures printed by
# SPSS, SAS, JASP, jamovi and NIST. What the package computes is compared with these programs elsewhere.

rm_validation <- function(source, file) {
  path <- testthat::test_path("..", "..", "inst", "validation", source, paste0(file, ".csv"))
  if (!file.exists(path)) path <- system.file("validation", source, paste0(file, ".csv"), package = "respondr")
  utils::read.csv(path)
}

# The stored figures of a case against a named list of ours; every stored figure must be there.
expect_stored <- function(source, case, ours) {
  rows <- rm_validation(source, "expected")
  rows <- rows[rows$case == case, ]
  testthat::expect_setequal(names(ours), rows$name)
  for (i in seq_len(nrow(rows))) {
    gap <- abs(ours[[rows$name[i]]] - rows$value[i])
    testthat::expect_true(gap <= rows$tolerance[i] * (1 + 1e-6), info = sprintf(
      "%s %s: ours %.12g, stored %.12g", case, rows$name[i], ours[[rows$name[i]]], rows$value[i]
    ))
  }
}

# Long rows of one value for each subject and cell as a matrix, subjects by cells, and the cells.
cells_of <- function(d, value, subject, within) {
  cells <- unique(d[within])
  cell <- match(do.call(paste, d[within]), do.call(paste, cells))
  y <- matrix(NA_real_, length(unique(d[[subject]])), nrow(cells))
  y[cbind(match(d[[subject]], unique(d[[subject]])), cell)] <- d[[value]]
  list(y = y, cells = as.data.frame(lapply(cells, factor)))
}

# ---- analysis of variance -------------------------------------------------------------------------------------------

test_that("the two routes of the ANOVA oracle give the same sums of squares", {
  d <- rm_factorial()
  for (type in 1:3) {
    out <- oracle_rm_anova(d$y, d$between, type, within = d$within)
    expect_equal(out$ss, out$ss_multivariate, tolerance = 1e-10)
    expect_equal(out$ss_error, out$ss_error_multivariate, tolerance = 1e-10)
    expect_identical(nrow(out), 15L)
  }
})

test_that("type 1 sums of squares are those of aov() with patients as error strata", {
  d <- rm_mixed()
  long <- data.frame(y = as.vector(d$y), patient = factor(row(d$y)), visit = factor(col(d$y)),
    group = d$group[row(d$y)])
  fit <- summary(stats::aov(y ~ group * visit + Error(patient / visit), long))
  out <- oracle_rm_anova(d$y, data.frame(group = d$group), type = 1)
  between <- fit[["Error: patient"]][[1]]
  within <- fit[["Error: patient:visit"]][[1]]
  expect_equal(c(out$ss, out$ss_error[1:2]), c(between[1, 2], within[1:2, 2], between[2, 2], within[3, 2]))
  expect_equal(out$f, c(between[1, 4], within[1:2, 4]))
  expect_equal(out$p, c(between[1, 5], within[1:2, 5]))
})

test_that("types 2 and 3 are the drops from lm() on each contrast of the cells", {
  d <- rm_factorial()
  arm <- d$between$arm
  sex <- d$between$sex
  stats::contrasts(arm) <- stats::contr.sum(2)
  stats::contrasts(sex) <- stats::contr.sum(2)
  x <- stats::model.matrix(~ arm * sex)
  m <- d$y %*% rep(c(-1, 1), 3) / sqrt(6) # dose
  rss <- function(columns) sum(stats::lm.fit(x[, columns, drop = FALSE], m)$residuals^2)
  pick <- function(out) out$ss[out$within == "dose"]
  two <- pick(oracle_rm_anova(d$y, d$between, 2, within = d$within))
  expect_equal(two, c(sum(m^2) - rss(1), rss(c(1, 3)) - rss(1:3), rss(1:2) - rss(1:3), rss(1:3) - rss(1:4)))
  three <- pick(oracle_rm_anova(d$y, d$between, 3, within = d$within))
  expect_equal(three, vapply(1:4, function(j) rss(-j) - rss(1:4), 0))
})

test_that("epsilons, multivariate tests and Mauchly are those of anova.mlm() and mauchly.test()", {
  d <- rm_mixed()
  fit <- stats::lm(d$y ~ d$group)
  out <- oracle_rm_anova(d$y, data.frame(group = d$group), type = 1)[3, ]
  base <- stats::anova(fit, X = ~1, test = "Spherical")
  expect_equal(c(out$f, out$p, out$p_gg, out$p_hf_lecoutre), unlist(base[2, c("F", "Pr(>F)", "G-G Pr", "H-F Pr")]),
    ignore_attr = TRUE)
  for (test in c("Pillai", "Wilks", "Hotelling-Lawley", "Roy")) {
    base <- stats::anova(fit, X = ~1, test = test)
    name <- c(Pillai = "pillai", Wilks = "wilks", "Hotelling-Lawley" = "hotelling", Roy = "roy")[[test]]
    ours <- unlist(out[paste0(name, c("_value", "_f", "_df1", "_df2", "_p"))])
    expect_equal(ours, unlist(base[2, 2:6]), ignore_attr = TRUE)
  }
  # On the contrasts themselves: with X = ~1, mauchly.test() of R 4.2.2 has the number of cells, not of contrasts, at
  # one place of the second term (3 * p for 3 * pp), against Box's general expansion (next test).
  contrasts <- d$y %*% (stats::contr.poly(5))
  mauchly <- stats::mauchly.test(stats::lm(contrasts ~ d$group))
  expect_equal(c(out$mauchly_w, out$mauchly_p_second), c(mauchly$statistic, mauchly$p.value), ignore_attr = TRUE)
})

test_that("the second term of Mauchly's p is that of Box's expansion of the moments of W", {
  v <- 14
  d <- 4
  e <- crossprod(rm_mixed()$y[, 1:4])
  ours <- oracle_mauchly(e, v)
  f <- ours[["df"]]
  # Anderson (1958), theorem 8.6.1 with U = W^(v / 2): x_k = v / 2, xi_k = (1 - k) / 2; y = d v / 2, eta = 0.
  third <- function(z) z^3 - 1.5 * z^2 + 0.5 * z # Bernoulli polynomial
  xi <- (1 - seq_len(d)) / 2
  second <- function(z) z^2 - z + 1 / 6
  rho <- 1 - (sum(second(xi)) / (v / 2) - second(0) / (d * v / 2)) / f
  x <- v / 2
  y <- d * v / 2
  omega <- -(sum(third((1 - rho) * x + xi)) / (rho * x)^2 - third((1 - rho) * y) / (rho * y)^2) / 6
  chisq <- -v * rho * log(ours[["w"]])
  tails <- stats::pchisq(chisq, c(f, f + 4), lower.tail = FALSE)
  expect_equal(ours[["chisq"]], chisq)
  expect_equal(ours[["p_second"]], tails[1] + omega * diff(tails))
})

test_that("multivariate criteria of several groups are those of anova.mlm()", {
  d <- rm_mixed()
  group <- factor(rep(1:4, 4))
  fit <- stats::lm(d$y[, 1:4] ~ group)
  out <- oracle_rm_anova(d$y[, 1:4], data.frame(group), type = 3)[3, ]
  for (test in c("Pillai", "Wilks", "Hotelling-Lawley", "Roy")) {
    base <- stats::anova(fit, X = ~1, test = test)
    name <- c(Pillai = "pillai", Wilks = "wilks", "Hotelling-Lawley" = "hotelling", Roy = "roy")[[test]]
    ours <- unlist(out[paste0(name, c("_value", "_f", "_df1", "_df2", "_p"))])
    expect_equal(ours, unlist(base[2, 2:6]), ignore_attr = TRUE)
  }
})

test_that("the maximised likelihood of compound symmetry is Wilks's closed form", {
  y <- rm_mixed()$y
  e <- crossprod(scale(y, scale = FALSE))
  s <- e / 15
  k <- 5
  covariance <- (sum(s) - sum(diag(s))) / (k * (k - 1))
  variance <- mean(diag(s))
  null <- (variance - covariance)^(k - 1) * (variance + (k - 1) * covariance)
  expect_equal(oracle_compound_symmetry(e, 15)[["lr"]], 15 * (log(null) - log(det(s))), tolerance = 1e-9)
  expect_equal(oracle_compound_symmetry(e, 15)[["df"]], 13)
})

test_that("no matrix near the residual covariance is likelier than it", {
  e <- crossprod(scale(rm_mixed()$y, scale = FALSE))
  best <- oracle_wishart_loglik(e / 15, e, 15)
  for (i in 1:5) expect_lt(oracle_wishart_loglik(e / 15 + diag(0.01 * i, 5), e, 15), best)
})

test_that("Box's M of one cell is Bartlett's statistic before its divisor", {
  d <- rm_mixed()
  bartlett <- stats::bartlett.test(d$y[, 1], d$group)$statistic
  divisor <- 1 + (1 / 6 + 1 / 8 - 1 / 14) / 3
  expect_equal(oracle_box_m(d$y[, 1, drop = FALSE], d$group)[["m"]], bartlett[[1]] * divisor)
})

test_that("the limits of the noncentrality put F at the two tails", {
  limits <- oracle_ncp_f(6.1, 3, 40, 0.9)
  expect_equal(stats::pf(6.1, 3, 40, limits), c(0.95, 0.05), tolerance = 1e-9)
  expect_identical(oracle_ncp_f(0.2, 3, 40)[1], 0)
})

test_that("figures of SPSS GLM for five subjects and three conditions come out", {
  y <- as.matrix(rm_validation("spss", "rm_anova_spss_ucla"))
  out <- as.list(oracle_rm_anova(y))
  expect_stored("spss", "rm_anova_spss_ucla", list(
    F = out$f, p = out$p, ss_effect = out$ss, ss_error = out$ss_error, gg = out$gg, p_gg = out$p_gg, hf = out$hf,
    p_hf = out$p_hf, lb = out$lower, p_lb = out$p_lower, mauchly_W = out$mauchly_w, mauchly_chisq = out$mauchly_chisq,
    mauchly_df = out$mauchly_df, manova_F = out$wilks_f, manova_p = out$wilks_p, wilks = out$wilks_value
  ))
})

test_that("figures of JASP for two levels come out", {
  out <- as.list(oracle_rm_anova(as.matrix(rm_validation("jasp", "rm_anova_jasp_two_level"))))
  ours <- list(F = out$f, p = out$p, ss_effect = out$ss, ss_error = out$ss_error, mse = out$ss_error / out$df_error)
  rows <- rm_validation("jasp", "expected")
  rows <- rows[rows$case == "rm_anova_jasp_two_level" & rows$name %in% names(ours), ]
  expect_equal(unlist(ours)[rows$name], rows$value, tolerance = 1e-9, ignore_attr = TRUE)
  expect_gt(nrow(rows), 2)
})

test_that("figures of jamovi and ezANOVA for two within factors come out", {
  d <- cells_of(rm_validation("jamovi_ezanova", "rm_anova_jamovi_two_factor"), "performance", "subject",
    c("time", "metric"))
  out <- oracle_rm_anova(d$y, within = d$cells)
  out <- split(out, out$within)
  short <- list(time = out$time, metric = out$metric, int = out[["time:metric"]])
  ours <- list()
  for (s in names(short)) {
    ours[[paste0("ms_", s)]] <- short[[s]]$ss / short[[s]]$df
    ours[[paste0("F_", s)]] <- short[[s]]$f
    ours[[paste0("ges_", s)]] <- short[[s]]$eta2_generalised
    ours[[paste0("pes_", s)]] <- short[[s]]$eta2
  }
  more <- with(short, list(gg_metric = metric$gg, gg_int = int$gg, hf_int = int$hf, W_metric = metric$mauchly_w,
    p_W_metric = metric$mauchly_p, W_int = int$mauchly_w, p_W_int = int$mauchly_p))
  expect_stored("jamovi_ezanova", "rm_anova_jamovi_two_factor", c(ours, more))
})

test_that("figures of JASP, jamovi and ezANOVA for a mixed design come out", {
  long <- rm_validation("jamovi_ezanova", "mixed_anova_jasp_balanced")
  d <- cells_of(long, "score", "subject", "time")
  group <- long$group[match(unique(long$subject), long$subject)]
  out <- oracle_rm_anova(d$y, data.frame(group))
  rm <- as.list(oracle_rm_anova(d$y))
  ours <- list(gg_rm = rm$gg, W_rm = rm$mauchly_w, p_W_rm = rm$mauchly_p, rm_F = rm$f, rm_p = rm$p,
    rm_ges = rm$eta2_generalised, rm_pes = rm$eta2)
  named <- function(out, columns) {
    values <- lapply(names(columns), function(column) out[[column]])
    names <- outer(c("group", "time", "int"), columns, function(row, column) paste0(column, row))
    as.list(stats::setNames(unlist(values), names))
  }
  whole <- named(out, c(ss = "ss_", f = "F_", eta2 = "pes_", eta2_generalised = "ges_"))
  expect_stored("jamovi_ezanova", "mixed_anova_jasp_balanced", c(ours, whole))
  some <- !unique(long$subject) %in% 55:59
  out <- oracle_rm_anova(d$y[some, ], data.frame(group = group[some]), type = 2)
  expect_stored("jamovi_ezanova", "mixed_anova_pingouin_subset", named(out, c(f = "F_", eta2 = "pes_")))
})

test_that("the certified one-way analyses of NIST come out (a constant taken off first)", {
  for (case in paste0("nist_anova_", c("sirstv", "smls01", "smls04", "smls07"))) {
    d <- rm_validation("nist", case)
    y <- matrix(d$y - d$y[1])
    out <- as.list(oracle_rm_anova(y, data.frame(group = factor(d$group)), within = data.frame(row.names = 1)))
    expect_stored("nist", case, list(F = out$f, ss_between = out$ss, ss_within = out$ss_error, r2 = out$eta2,
      resid_sd = sqrt(out$ss_error / out$df_error)))
  }
})

# ---- ranks ----------------------------------------------------------------------------------------------------------

rank_case <- function() matrix(c(10, 7, 8, 8, 5, 5, 7, 8, 6, 9, 6, 4, 7, 5, 7, 4, 7, 5), 6, byrow = TRUE)

test_that("Friedman and Quade are those of base R", {
  y <- rank_case()
  expect_equal(unlist(oracle_friedman(y)[c("statistic", "df", "p")]), unlist(stats::friedman.test(y)[1:3]),
    ignore_attr = TRUE)
  base <- stats::quade.test(y)
  expect_equal(unlist(oracle_quade(y)[c("statistic", "df1", "df2", "p")]),
    c(base$statistic, base$parameter, base$p.value), ignore_attr = TRUE)
})

test_that("putting equal sums together changes no exact p", {
  y <- rank_case()
  sums <- oracle_all_column_sums(oracle_block_ranks(y))
  far <- function(s) sum((s - 12)^2)
  observed <- far(colSums(oracle_block_ranks(y)))
  expect_equal(oracle_friedman(y, exact = TRUE)$p_exact, mean(apply(sums, 1, far) >= observed - 1e-9))
  l <- as.vector(sums %*% 1:3)
  page <- oracle_page(y, exact = TRUE)
  expect_equal(page$p_upper_exact, mean(l >= page$statistic))
  expect_equal(page$p_lower_exact, mean(l <= page$statistic))
  expect_equal(page$z, (page$statistic - mean(l)) / sqrt(mean((l - mean(l))^2)))
})

test_that("figures of JASP and R for Friedman come out", {
  y <- as.matrix(rm_validation("jasp", "friedman_jasp"))
  out <- oracle_friedman(y)
  rm <- as.list(oracle_rm_anova(y))
  expect_stored("jasp", "friedman_jasp", list(chisq = out$statistic, df = out$df, W = out$w, p = out$p, rm_F = rm$f,
    rm_p = rm$p, rm_MSE = rm$ss_error / rm$df_error))
  out <- oracle_friedman(as.matrix(rm_validation("jamovi_ezanova", "friedman_pingouin_wine")))
  expect_stored("jamovi_ezanova", "friedman_pingouin_wine",
    list(chisq = out$statistic, p = out$p, W = out$w, df = out$df))
})

test_that("Skillings-Mack without gaps is Friedman, and its paper's example has T = 15.493", {
  y <- rank_case()
  expect_equal(oracle_skillings_mack(y, "permutation")$statistic, oracle_friedman(y)$statistic)
  assembly <- matrix(c(3.2, 4.1, 3.8, 4.2, 3.1, 3.9, 3.4, 4, 4.3, 3.5, 4.6, 4.8, 3.5, 3.6, 3.9, 4, 3.6, 4.2, 3.7, 3.9,
    4.5, 4.7, 3.7, NA, NA, 4.2, 3.4, NA, 4.3, 4.6, 4.4, 4.9, 3.5, NA, 3.7, 3.9), 9, byrow = TRUE)
  out <- oracle_skillings_mack(assembly)
  # Printed: 15.493049 and .0014403; half a unit of their last places. One by one, or the larger would hide the smaller.
  expect_lte(abs(out$statistic - 15.493049), 5e-7)
  expect_equal(out$df, 3)
  expect_lte(abs(out$p - 0.0014403), 5e-8)
  expect_equal(oracle_skillings_mack(assembly, "permutation")$statistic, out$statistic)
})

test_that("the exact difference of two rank sums is that of the full list", {
  y <- rank_case()
  sums <- oracle_all_column_sums(oracle_block_ranks(y))
  out <- oracle_rank_sum_difference(y, 1, 3)
  expect_equal(out$p, mean(abs(sums[, 1] - sums[, 3]) >= abs(out$d)))
  expect_equal(out$p_greater, mean(sums[, 1] - sums[, 3] >= out$d))
})

test_that("Conover's t of two treatments, squared, is the F of Iman and Davenport", {
  y <- rank_case()[, 1:2]
  expect_equal(oracle_conover(y)$t[1, 2]^2, oracle_friedman(y)$f)
})

test_that("the studentized range is that of mpmath to 1e-12, and near ptukey() for infinite df", {
  d <- rm_validation("mpmath", "studentized_range")[c(1, 3, 13, 19, 28, 31), ]
  ours <- 1 - mapply(oracle_studentized_range, d$q, d$k, d$df)
  expect_equal(ours, d$cdf, tolerance = 1e-12)
  out <- oracle_nemenyi(rank_case())
  expect_equal(out$p, out$p_ptukey, tolerance = 1e-8)
})
