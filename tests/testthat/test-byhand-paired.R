# Evidence: by hand. Each case is small enough for paper; the working stands above it.

test_that("four changes give the t of the textbook", {
  # changes 2 3 0 3: mean 2, squares about it 0 + 1 + 4 + 1 = 6, variance 2, se sqrt(2 / 4), t = 2 / sqrt(1 / 2), 3 df.
  # P(T <= t) with 3 df is 1/2 + (u / (1 + u^2) + atan(u)) / pi with u = t / sqrt(3) = sqrt(8 / 3), 1 + u^2 = 11 / 3.
  x <- compare_paired(c(10, 12, 9, 11), c(12, 15, 9, 14))
  u <- sqrt(8 / 3)
  p <- 1 - 2 / pi * (u * 3 / 11 + atan(u))
  expect_equal(c(x$estimate, x$std_error, x$statistic, x$df), c(2, sqrt(1 / 2), sqrt(8), 3), tolerance = 1e-14)
  expect_equal(x$p_value, p, tolerance = 1e-12)
})

test_that("two pairs give the t with one df, a Cauchy distribution", {
  # changes 1 and 3: mean 2, se 1, t 2; P(T <= t) = 1/2 + atan(t) / pi; the 0.975 point is tan(0.475 pi).
  x <- compare_paired(c(5, 5), c(6, 8))
  expect_equal(x$p_value, 1 - 2 / pi * atan(2), tolerance = 1e-12)
  expect_equal(c(x$conf_low, x$conf_high), 2 + c(-1, 1) * tan(0.475 * pi), tolerance = 1e-12)
})

test_that("equivalence with margins at equal distance doubles no p", {
  # changes 2 3 0 3 with margins 0 and 4: both one-sided t are sqrt(8) in size, so p is half the two-sided p.
  two <- compare_paired(c(10, 12, 9, 11), c(12, 15, 9, 14))
  x <- compare_paired(c(10, 12, 9, 11), c(12, 15, 9, 14), alternative = "equivalence", margins = c(0, 4))
  expect_equal(x$p_value, two$p_value / 2, tolerance = 1e-12)
})

test_that("ratios of 2 and 8 have the geometric mean 4", {
  # logs ln 2 and 3 ln 2: mean 2 ln 2, se ln 2, t 2 with 1 df; limits 2^(2 -+ tan(0.475 pi)).
  x <- compare_paired(c(1, 3), c(2, 24), scale = "ratio")
  expect_equal(x$estimate, 4, tolerance = 1e-14)
  expect_equal(x$statistic, 2, tolerance = 1e-13)
  expect_equal(c(x$conf_low, x$conf_high), 2^(2 + c(-1, 1) * tan(0.475 * pi)), tolerance = 1e-11)
})

test_that("the symmetrised percent change of 1 to 3 is 50 and of 3 to 1 is -50", {
  # 100 (3 - 1) / (3 + 1) = 50; mean of 50, 50 and -50 is 50 / 3.
  x <- compare_paired(c(1, 2, 3), c(3, 6, 1), scale = "symmetric_percent")
  expect_equal(x$estimate, 50 / 3, tolerance = 1e-14)
})

test_that("the log percent change of a doubling is 100 ln 2", {
  # 100 ln 2 and 100 ln 4: mean 150 ln 2.
  x <- compare_paired(c(1, 1), c(2, 4), scale = "log_percent")
  expect_equal(x$estimate, 150 * log(2), tolerance = 1e-14)
})

test_that("five gains have the exact signed-rank p 2 / 32 and no finite 95 % limit", {
  # T+ = 15 is one of 32 sums, two-sided 2 / 32 = 0.0625 > 0.05, for every null below the least gain too.
  x <- compare_paired(c(1, 2, 3, 5, 8), method = "signed_rank")
  expect_equal(x$p_value, 0.0625)
  expect_identical(c(x$conf_low, x$conf_high), c(-Inf, Inf))
})

test_that("at the level of the p itself the interval begins at the least change", {
  # 1 - 0.9375 = 0.0625 exactly: a null below 1 has p = alpha and is rejected; just above 1, p = 4 / 32.
  x <- compare_paired(c(1, 2, 3, 5, 8), method = "signed_rank", conf_level = 0.9375)
  expect_equal(c(x$conf_low, x$conf_high), c(1, 8))
  expect_equal(x$conf_attained, 0.9375)
})

test_that("tied ranks are shared and the exact p counts sums of midranks", {
  # 1 1 -2 3: midranks 1.5 1.5 3 4, T+ = 7 of 10. Sums of at least 7 are complements of sums up to 3, which are
  # 0, 1.5, 1.5, 1.5 + 1.5 and 3: 5 of 16.
  x <- compare_paired(c(1, 1, -2, 3), method = "signed_rank")
  expect_equal(c(x$statistic, x$p_value), c(7, 10 / 16))
  expect_equal(compare_paired(c(1, 1, -2, 3), method = "signed_rank", alternative = "greater")$p_value, 5 / 16)
  expect_equal(c(x$n_ties, x$n_zeros), c(2, 0))
})

test_that("zeros leave before ranking (Wilcoxon) or after (Pratt)", {
  # 0 0 0 1 2 -3. Wilcoxon: ranks 1 2 3, T+ = 3, sums of at least 3: 3 3 4 5 6, 5 of 8.
  # Pratt: ranks 4 5 6 beside the zeros' 2 2 2, T+ = 9, sums of at least 9: 9 10 11 15, 4 of 8.
  d <- c(0, 0, 0, 1, 2, -3)
  wilcoxon <- compare_paired(d, method = "signed_rank", alternative = "greater")
  pratt <- compare_paired(d, method = "signed_rank", alternative = "greater", zeros = "pratt")
  expect_equal(c(wilcoxon$statistic, wilcoxon$p_value), c(3, 5 / 8))
  expect_equal(c(pratt$statistic, pratt$p_value), c(9, 4 / 8))
})

test_that("the pseudomedian of 1 2 4 is 2.25", {
  # Walsh averages 1 1.5 2 2.5 3 4; their median is (2 + 2.5) / 2.
  expect_equal(compare_paired(c(1, 2, 4), method = "signed_rank")$estimate, 2.25)
})

test_that("the asymptotic signed-rank test of 1 1 -2 3 has variance 7.375", {
  # (1.5^2 + 1.5^2 + 3^2 + 4^2) / 4 = 29.5 / 4; T+ - mean = 7 - 5 = 2; with continuity 1.5.
  x <- compare_paired(c(1, 1, -2, 3), method = "signed_rank", distribution = "asymptotic")
  expect_equal(x$p_value, 2 * pnorm(-2 / sqrt(7.375)), tolerance = 1e-13)
  x <- compare_paired(c(1, 1, -2, 3), method = "signed_rank", distribution = "asymptotic", continuity = TRUE)
  expect_equal(x$p_value, 2 * pnorm(-1.5 / sqrt(7.375)), tolerance = 1e-13)
})

test_that("seven gains, one loss and one zero have the exact sign p 18 / 256", {
  # The zero leaves: 8 signs, at most 1 loss: (1 + 8) / 256, doubled 0.0703125. Median of the nine changes: 4.
  x <- compare_paired(c(0, -1, 2, 3, 4, 5, 6, 7, 8), method = "sign")
  expect_equal(x$p_value, 0.0703125)
  expect_equal(x$estimate, 4)
})

test_that("the median interval of six changes is their range, at level 62 / 64", {
  x <- compare_paired(c(-1, 2, 3, 5, 8, 13), method = "sign")
  expect_equal(c(x$conf_low, x$conf_high), c(-1, 13))
  expect_equal(x$conf_attained, 62 / 64)
})

test_that("flipping the signs of 1 2 4 gives p 2 / 8", {
  # sums -+1 -+2 -+4: eight distinct sums, 7 is the largest.
  x <- compare_paired(c(1, 2, 4), method = "permutation")
  expect_equal(x$p_value, 0.25)
})

test_that("the flip interval ends at means of subsets", {
  # Means of subsets of 1 2 4: 1 1.5 2 7/3 2.5 3 4. A null theta has one-sided p (1 + means up to theta) / 8.
  # alpha 0.25: needs more than 1 / 8 a side: from 1 to 4. alpha 0.5: more than 2 / 8: from 1.5 to 3.
  wide <- compare_paired(c(1, 2, 4), method = "permutation", conf_level = 0.75)
  expect_equal(c(wide$conf_low, wide$conf_high), c(1, 4))
  narrow <- compare_paired(c(1, 2, 4), method = "permutation", conf_level = 0.5)
  expect_equal(c(narrow$conf_low, narrow$conf_high), c(1.5, 3))
})

test_that("the percentile bootstrap of 0 and 1 runs from 0 to 1", {
  # Resampled means are 0, 1/2, 1 with chances 1/4, 1/2, 1/4: the 2.5 % and 97.5 % points are 0 and 1.
  x <- compare_paired(c(0, 1), method = "bootstrap", boot_conf = "percentile", replicates = 2000, seed = 1,
    effect = "none")
  expect_equal(c(x$estimate, x$conf_low, x$conf_high), c(0.5, 0, 1))
})

test_that("d_b and d_av with Bonett's limits follow from round variances", {
  # before 1 2 3, after 2 4 6: changes 1 2 3, mean 2, variances 1 and 4, of the change 1, r = 1, n - 1 = 2.
  # d_b = 2, se^2 = 4 / 4 + 1 / 2 = 1.5.
  # d_av = 2 / sqrt(2.5), se^2 = 1.6 (1 + 16 + 8) / (8 * 2 * 6.25) + 1 / (2 * 2.5) = 0.6.
  x <- compare_paired(c(1, 2, 3), c(2, 4, 6), effect = c("d_b", "d_av"))
  z <- qnorm(0.975)
  expect_equal(x$effect, c(2, 2 / sqrt(2.5)), tolerance = 1e-14)
  expect_equal(x$effect_low, x$effect - z * sqrt(c(1.5, 0.6)), tolerance = 1e-12)
  expect_equal(x$effect_high, x$effect + z * sqrt(c(1.5, 0.6)), tolerance = 1e-12)
})

test_that("Hedges' factor of three pairs is 1 / sqrt(pi)", {
  # J(2) = gamma(1) / (sqrt(1) gamma(1 / 2)); changes 1 2 3 have d_z = 2.
  x <- compare_paired(c(1, 2, 3), hedges = TRUE)
  expect_equal(x$effect, 2 / sqrt(pi), tolerance = 1e-13)
  expect_equal(as.character(x$effect_name), "g_z")
})

test_that("the rank-biserial correlation of 1 1 -2 3 is 0.4", {
  # T+ = 7, T- = 3: (7 - 3) / 10; Fisher z standard error sqrt(4 * 5 * 9 / 6) / 10.
  x <- compare_paired(c(1, 1, -2, 3), method = "signed_rank")
  expect_equal(x$effect, 0.4, tolerance = 1e-14)
  expect_equal(c(x$effect_low, x$effect_high), tanh(atanh(0.4) + c(-1, 1) * qnorm(0.975) * sqrt(30) / 10),
    tolerance = 1e-12)
})

test_that("two gains, one loss and one tie have the probability of superiority 0.625", {
  # (2 + 1/2) / 4.
  expect_equal(compare_paired(c(1, 0, -1, 2), method = "sign")$effect, 0.625)
})

test_that("max-T over two copies of one outcome is the flip p of one", {
  # All three patients gain: |t| is as large only for the two flips of all signs alike, 2 / 8, whatever the copies.
  b <- cbind(u = c(1, 1, 1), v = c(1, 1, 1))
  x <- compare_paired(b, b + c(1, 2, 4), p_adjust = "max_t", seed = 1)
  expect_equal(x$p_adjusted, c(0.25, 0.25))
})

test_that("9.1 - 7.1 and 8.3 - 6.3 are the same change", {
  # Both are 2.0, and 5.0 - 5.3 is -0.3: midranks 2.5 2.5 1, T+ = 5.
  x <- compare_paired(c(7.1, 6.3, 5.3), c(9.1, 8.3, 5.0), method = "signed_rank")
  expect_equal(c(x$statistic, x$n_ties), c(5, 2))
})
