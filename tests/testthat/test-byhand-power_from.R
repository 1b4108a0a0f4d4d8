# Evidence: by hand. Figures of a plan that come from other results.

sound <- audit_paired(n = 20, mean_before = "7.9", sd_before = "1.1", mean_after = "8.6", sd_after = "1.3", p = "0.010")

test_that("an audit gives the spread of the change and both ends of its range", {
  x <- power_paired(effect = 0.8, power = 0.8, from = sound)
  expect_equal(x$sd, unlist(sound[c("sd_change_low", "sd_change", "sd_change_high")], use.names = FALSE))
  expect_equal(x$n[2], power_paired(effect = 0.8, power = 0.8, sd_change = sound$sd_change)$n)
  expect_output(print(x), "is\\s+taken\\s+from\\s+audit_paired\\(\\)\\.\\s+The\\s+outer\\s+ones\\s+are\\s+the\\s+ends\\s+of\\s+the\\s+range\\s+over\\s+rounding")
})

test_that("an audit gives the correlation of an analysis of covariance", {
  x <- power_groups(effect = 0.8, power = 0.8, sd = 1.3, from = sound, test = "ancova")
  r <- unlist(sound[c("r_low", "r", "r_high")], use.names = FALSE)
  expect_equal(x$sd, 1.3 * sqrt(1 - r^2))
})

test_that("where rounding leaves the correlation open the spread is that of r = -1 at most, and never 0", {
  open <- audit_paired(n = 39, mean_before = "7.9", sd_before = "1.1", mean_after = "9.6", sd_after = "1.3", p = "<0.001")
  x <- power_paired(effect = 0.8, power = 0.8, from = open)
  expect_gt(min(x$sd), 0)
  expect_equal(max(x$sd), 1.15 + 1.35)  # both SDs at the upper end of their rounding
  expect_lt(max(x$sd), 2.5 * (1 + 1e-14))
})

test_that("a spread at face value, and the ends that some correlation allows, are planned with", {
  face <- audit_paired(n = 30, mean_before = "10", sd_before = "2", mean_after = "11", sd_after = "2", p = "0.10")
  x <- power_paired(power = 0.8, effect = 1, from = face)
  expect_equal(face$sd_change, sqrt(30) / qt(0.95, 29))
  expect_true(face$sd_change %in% x$sd)
  # change up to 2, P up to 0.105: t = 1.67325, or no correlation allows it
  expect_equal(max(x$sd), min(2 * sqrt(30) / qt(1 - 0.105 / 2, 29), 5), tolerance = 1e-9)
  wide <- audit_paired(n = 30, mean_before = "10.0", sd_before = "2.0", mean_after = "10.3", sd_after = "2.2", p = "0.60")
  y <- power_paired(power = 0.8, effect = 1, from = wide)
  expect_equal(max(y$sd), min(0.4 * sqrt(30) / qt(1 - 0.605 / 2, 29), 2.05 + 2.25), tolerance = 1e-9)
  expect_equal(c(wide$sd_least, wide$sd_most), c(2.15 - 2.05, 4.3), tolerance = 1e-12)
  expect_gte(max(y$n), 140)
})

test_that("contradictions are no basis for a plan", {
  bad <- audit_paired(n = 39, mean_before = "7.9", sd_before = "1.1", mean_after = "9.6", sd_after = "1.3", p = "0.031")
  expect_error(power_paired(effect = 1, power = 0.8, from = bad), "contradict", class = "respondr_error_argument")
  percent <- audit_percent(17, 41, "41.5")
  expect_error(power_paired(effect = 1, power = 0.8, from = percent), class = "respondr_error_argument")
  expect_error(power_groups(effect = 1, power = 0.8, r = 0.5, from = sound, test = "ancova"),
    class = "respondr_error_argument")
})

test_that("rows of comparisons give their standard deviations, one plan a row", {
  weight <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat, method = "t")
  x <- power_paired(effect = 3, power = 0.9, from = weight)
  change <- with(MASS::anorexia, tapply(Postwt - Prewt, Treat, sd))
  expect_equal(x$sd, as.vector(change[as.character(weight$Treat)]))
  groups <- compare_groups(I(Postwt - Prewt) ~ Treat, MASS::anorexia, method = "student")
  y <- power_groups(effect = 3, power = 0.9, from = groups[1, ])
  two <- MASS::anorexia[MASS::anorexia$Treat %in% c("Cont", "CBT"), ]
  squares <- with(two, tapply(Postwt - Prewt, as.character(Treat), function(v) sum((v - mean(v))^2)))
  pooled <- sqrt(sum(squares) / (nrow(two) - 2))
  expect_equal(y$sd, pooled)
  expect_error(power_groups(effect = 3, power = 0.9, sd = 2, from = groups[1, ]), class = "respondr_error_argument")
  expect_error(power_groups(effect = 3, power = 0.9, from = weight), class = "respondr_error_argument")
})

test_that("patients of a reconstructed cohort are a source as any", {
  x <- compare_paired(hb_3 ~ 1, stored_cohort("thalidomide"), baseline = hb_0, method = "t")
  expect_equal(power_paired(effect = 1, power = 0.8, from = x)$sd, x$std_error * sqrt(x$n_pairs))
})

test_that("a rate comes with the limits of its interval, and a printed percentage as it is", {
  rates <- response_rate(factor(low) ~ smoke, MASS::birthwt)
  one <- rates[rates$estimand == "rate" & rates$level == "0", ][1, ]
  x <- power_rates(rate = 0.6, power = 0.8, from = one, test = "chisq")
  expect_equal(x$null_value, c(one$conf_low, one$estimate, one$conf_high))
  expect_output(print(x), "limits\\s+of\\s+its\\s+95%\\s+interval")
  p <- power_rates(rate = 0.7, power = 0.8, from = audit_percent(17, 41, "41.5"), test = "binomial")
  expect_equal(p$null_value, 17 / 41)
  expect_error(power_rates(rate = 0.7, power = 0.8, from = rates), class = "respondr_error_argument")
  expect_error(power_rates(rate = 0.7, power = 0.8, reference = 0.3, from = one), class = "respondr_error_argument")
})

test_that("a published effect is offered shrunken, with a warning, from one row only", {
  weight <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, method = "t")
  expect_warning(x <- power_paired(effect = "published", power = 0.8, from = weight), "0.5 of the observed change")
  expect_equal(x$effect, 0.5 * weight$estimate)
  expect_error(suppressWarnings(power_paired(effect = "published", power = 0.8, from = sound)),
    class = "respondr_error_argument")
})
