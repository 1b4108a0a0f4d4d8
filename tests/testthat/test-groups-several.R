weights <- function() transform(MASS::anorexia, gain = Postwt - Prewt)

test_that("tests of several arms are those of base R (oracle)", {
  d <- weights()
  x <- compare_groups(gain ~ Treat, d, method = c("anova", "welch_anova", "kruskal_wallis"), distribution = "asymptotic", seed = 1)
  expect_equal(x$p_value[1], stats::oneway.test(gain ~ Treat, d, var.equal = TRUE)$p.value, tolerance = 1e-10)
  expect_equal(x$p_value[2], stats::oneway.test(gain ~ Treat, d)$p.value, tolerance = 1e-10)
  expect_equal(x$p_value[3], stats::kruskal.test(gain ~ Treat, d)$p.value, tolerance = 1e-10)
  expect_s3_class(x, "respondr_group_tests")
  expect_match(report_text(x)[1], "In 72 patients, gain, Treat: F\\(2, 69\\)")
  expect_output(print(x), "Tests of several arms: 3 rows")
})

test_that("summary figures give the tests of the rows they sum up (property)", {
  d <- weights()
  rows <- compare_groups(gain ~ Treat, d, method = c("anova", "welch_anova", "f_star"))
  sum <- lapply(list(n = length, mean = mean, sd = stats::sd), function(f) tapply(d$gain, d$Treat, f))
  figures <- compare_groups(n = sum$n, mean = sum$mean, sd = sum$sd, method = c("anova", "welch_anova", "f_star"))
  expect_equal(figures$p_value, rows$p_value, tolerance = 1e-10)
  expect_error(compare_groups(n = sum$n, mean = sum$mean, sd = sum$sd, method = "kruskal_wallis"), class = "respondr_error_method")
})

test_that("Tukey's family is that of TukeyHSD (oracle)", {
  d <- weights()
  x <- compare_groups(gain ~ Treat, d, method = "tukey", contrasts = "pairwise")
  base <- stats::TukeyHSD(stats::aov(gain ~ Treat, d))$Treat
  expect_equal(x$estimate, unname(base[, "diff"]), tolerance = 1e-10)
  # ptukey and qtukey err up to 4e-6
  expect_equal(x$p_adjusted, unname(base[, "p adj"]), tolerance = 1e-5)
  expect_equal(x$conf_low_adjusted, unname(base[, "lwr"]), tolerance = 1e-5)
  expect_match(report_text(x)[1], "Cont - CBT: difference of means .*adjusted p")
})

test_that("the order of the pairs follows contrasts and reference", {
  d <- weights()
  x <- compare_groups(gain ~ Treat, d, reference = "Cont", method = "dunnett")
  expect_equal(as.character(x$contrast), c("CBT - Cont", "FT - Cont"))
  expect_true(all(x$p_adjusted >= x$p_value))
  dunn <- compare_groups(gain ~ Treat, d, reference = "Cont", method = "dunn", p_adjust = "bonferroni")
  expect_equal(dunn$p_adjusted, pmin(1, 2 * dunn$p_value), tolerance = 1e-12)
  expect_true(all(is.na(dunn$conf_low_adjusted)))
})

test_that("change between arms holds the analysis of covariance of lm (oracle)", {
  d <- MASS::anorexia
  x <- compare_groups(Postwt ~ Treat, d, baseline = Prewt, reference = "Cont")
  fit <- stats::lm(Postwt ~ stats::relevel(Treat, "Cont") + Prewt, d)
  pairs <- x[x$method == "ancova" & !is.na(x$reference), ]
  expect_equal(pairs$estimate, unname(stats::coef(fit)[2:3]), tolerance = 1e-10)
  expect_equal(pairs$p_value, unname(summary(fit)$coefficients[2:3, 4]), tolerance = 1e-9)
  within <- x[as.character(x$contrast) == "change in FT", ]
  expect_equal(within$p_value, stats::t.test(d$Postwt[d$Treat == "FT"], d$Prewt[d$Treat == "FT"], paired = TRUE)$p.value,
    tolerance = 1e-10)
  expect_match(report_text(x)[1], "change in Cont")
  expect_output(print(x), "Change within and between arms")
})

test_that("visits of patients give the change that wide columns give (property)", {
  d <- expand.grid(id = 1:18, visit = c(0, 3, 12))
  d$arm <- factor(ifelse(d$id %% 3 == 0, "a", "b"))
  d$y <- sin(d$id * 5) + d$visit * cos(d$id) / 9
  d$y[20] <- NA
  long <- compare_groups(y ~ arm * visit | id, d[sample(nrow(d)), ])
  wide <- data.frame(arm = d$arm[1:18], before = d$y[1:18], after = d$y[37:54])
  one <- compare_groups(after ~ arm, wide, baseline = before)
  expect_equal(long$p_value[long$outcome == "y at 12"], one$p_value, tolerance = 1e-12)
  expect_equal(long$n_dropped[long$outcome == "y at 3" & !is.na(long$reference)][1], 1L)
  turned <- compare_groups(y ~ arm * visit | id, d, reference = c(arm = "b", visit = "3"))
  expect_setequal(as.character(turned$outcome), c("y at 0", "y at 12"))
  expect_true("a - b" %in% turned$contrast)
})

test_that("the visits are read by group, from a table in second place (property)", {
  d <- expand.grid(id = 1:16, visit = c(0, 3))
  d$arm <- factor(ifelse(d$id %% 4 < 2, "a", "b"))
  d$site <- d$id %% 2
  d$y <- cos(d$id * 3) + d$visit * sin(d$id) / 5
  apart <- compare_groups(y ~ arm * visit | id, d, by = site)
  one <- compare_groups(y ~ arm * visit | id, d[d$site == 1, ])
  expect_equal(apart$p_value[apart$site == 1], one$p_value, tolerance = 1e-12)
  expect_equal(compare_groups(y ~ arm * visit | id, d, subset = site == 1)$p_value, one$p_value, tolerance = 1e-12)
})

test_that("a baseline without a table says what to write", {
  d <- weights()
  expect_error(compare_groups(d$Postwt, d$Treat, baseline = d$Prewt), "names columns of `data`", class = "respondr_error_baseline")
  expect_error(compare_groups(n = c(5, 6), mean = 1:2, sd = 1:2, baseline = d$Prewt), class = "respondr_error_baseline")
})

test_that("words that do not go together stop the call", {
  d <- weights()
  expect_error(compare_groups(gain ~ Treat, d, method = c("anova", "tukey")), class = "respondr_error_method")
  expect_error(compare_groups(gain ~ Treat, d, method = "tukey", p_adjust = "holm"), class = "respondr_error_p_adjust")
  expect_error(compare_groups(gain ~ Treat, d, method = "anova", null = 1), class = "respondr_error_word")
  expect_error(compare_groups(gain ~ Treat, d, method = "jonckheere", reference = "FT"), class = "respondr_error_reference")
  expect_error(compare_groups(gain ~ Treat, d, method = "ancova"), class = "respondr_error_baseline")
  expect_error(compare_groups(gain ~ Treat, d, method = c("anova", "welch")), class = "respondr_error_word")
})

test_that("deterministic tests of several arms leave the random numbers alone", {
  d <- weights()
  set.seed(1)
  before <- .Random.seed
  compare_groups(gain ~ Treat, d, method = c("anova", "welch_anova"))
  expect_identical(.Random.seed, before)
})
