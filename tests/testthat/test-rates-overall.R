# All arms together and arms in strata, through compare_rates().

test_that("all arms together: chi-square and Fisher are those of base R, in every group", {
  d <- MASS::bacteria
  x <- compare_rates(y ~ trt, d, by = hilo, event = "n", contrasts = "overall", method = c("fisher", "chisq"))
  expect_equal(as.character(x$hilo), rep(levels(d$hilo), each = 2))
  for (g in levels(d$hilo)) {
    t <- table(droplevels(d[d$hilo == g, c("trt", "y")]))
    here <- x[x$hilo == g, ]
    expect_equal(here$p_value[here$method == "fisher"], fisher.test(t)$p.value, tolerance = 1e-7)
    theirs <- suppressWarnings(chisq.test(t, correct = FALSE))
    expect_equal(here$statistic[here$method == "chisq"], unname(theirs$statistic), tolerance = 1e-10)
    expect_equal(here$p_value[here$method == "chisq"], theirs$p.value, tolerance = 1e-10)
  }
  expect_equal(as.character(x$term[1]), "trt")
  expect_match(report_text(x)[1], "all arms of trt", fixed = TRUE)
  expect_match(format(x), "Rates of all arms together", all = FALSE)
})

test_that("responses of more than two levels need no event when all arms are tested together", {
  set.seed(4)
  d <- data.frame(class = factor(sample(c("none", "minor", "main"), 60, TRUE)), arm = sample(c("a", "b", "c"), 60, TRUE))
  x <- compare_rates(class ~ arm, d, contrasts = "overall")
  expect_equal(x$p_value, fisher.test(table(d$arm, d$class))$p.value, tolerance = 1e-7)
  expect_error(compare_rates(class ~ arm, d), class = "respondr_error_event")
})

test_that("a trend along the arms takes scores by place or by name", {
  x <- compare_rates(y ~ trt, MASS::bacteria, event = "n", method = "trend", distribution = "asymptotic")
  t <- table(MASS::bacteria$trt, MASS::bacteria$y)
  expect_equal(x$p_value, prop.trend.test(t[, "n"], rowSums(t))$p.value, tolerance = 1e-8)
  named <- compare_rates(y ~ trt, MASS::bacteria, event = "n", method = "trend", distribution = "asymptotic",
    scores = c("drug+" = 5, drug = 1, placebo = 0))
  expect_equal(named$p_value, prop.trend.test(t[, "n"], rowSums(t), c(0, 1, 5))$p.value, tolerance = 1e-8)
})

test_that("arms in strata: the Cochran-Mantel-Haenszel test is that of base R, pair by pair", {
  d <- MASS::bacteria
  x <- compare_rates(y ~ trt, d, strata = week, event = "n")
  expect_equal(as.character(x$contrast), c("drug / placebo", "drug+ / placebo"))
  for (arm in c("drug", "drug+")) {
    here <- droplevels(d[d$trt %in% c("placebo", arm), ])
    theirs <- mantelhaen.test(table(here$trt, here$y == "n", here$week), correct = FALSE)
    row <- x[x$level == arm, ]
    expect_equal(row$p_value, theirs$p.value, tolerance = 1e-8)
    expect_equal(row$estimate, unname(theirs$estimate), tolerance = 1e-8)
    expect_equal(row$n, nrow(here))
  }
  expect_true(all(x$p_matches))
  expect_match(format(x), "Strata: week \\(5\\)", all = FALSE)
  expect_match(report_text(x)[1], "Cochran-Mantel-Haenszel", fixed = TRUE)
  expect_error(compare_rates(y ~ trt, d, strata = week, event = "n", null = 2), class = "respondr_error_null")
  expect_error(compare_rates(y ~ trt, d, strata = week, event = "n", method = c("cmh", "general")),
    class = "respondr_error_method")
})

test_that("rows of strata stand by group, pair and method, and convert", {
  d <- MASS::bacteria
  x <- compare_rates(y ~ trt, d, by = hilo, strata = week, event = "n", method = c("cmh", "exact"), p_adjust = "holm",
    contrasts = "pairwise")
  expect_equal(as.character(x$hilo), rep(levels(d$hilo), each = 6))
  expect_equal(as.character(x$contrast), rep(rep(c("drug / placebo", "drug+ / placebo", "drug+ / drug"), each = 2), 2))
  expect_equal(as.character(x$method), rep(c("cmh", "exact"), 6))
  for (m in c("cmh", "exact")) expect_equal(x$p_adjusted[x$method == m], p.adjust(x$p_value[x$method == m], "holm"))
  whole <- compare_rates(y ~ trt, d, strata = week, event = "n", method = "exact")
  h <- as_htest(whole, 1)
  expect_equal(h$method, "Exact test of the common odds ratio, level / reference")
  expect_equal(h$p.value, whole$p_value[1])
  overall <- compare_rates(y ~ trt, d, event = "n", contrasts = "overall")
  expect_equal(as_htest(overall)$method, "Exact Fisher test")
  expect_equal(as_htest(overall)$data.name, "y, arms trt")
  expect_null(as_htest(overall)$estimate)
  expect_match(format(overall), "^  n  statistic", all = FALSE)
})

test_that("a stratum without events survives and is counted", {
  d <- data.frame(y = c(rep(c(1, 0), 10), rep(0, 10)), arm = rep(c("a", "a", "b"), 10), s = rep(c("x", "z"), c(20, 10)))
  x <- compare_rates(y ~ arm, d, strata = s)
  expect_equal(x$n_strata, 1L)
  expect_equal(x$n_strata_dropped, 1L)
  expect_false(is.na(x$p_value))
})
