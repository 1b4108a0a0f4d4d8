# compare_groups() and compare_variances() from outside. Evidence: oracle (t.test, wilcox.test, var.test, oneway.test,
# fligner.test
# of base R on data without ties), property and edge.

arms_data <- function() {
  data.frame(
    hb = c(9.1, 8.4, 10.2, 7.9, 9.6, 8.8, 7.2, 8.1, 6.9, 7.7, 8.3, 9.0, 10.4, 9.9, 8.6, 11.1, 9.3),
    hbf = c(12, 30, 25, 41, 18, 22, 9, 15, 11, 28, 7, 31, 45, 39, 20, 52, 33),
    arm = rep(c("DFX", "DFO", "DFX+DFO"), c(6, 5, 6)), site = rep(c("a", "b"), length.out = 17)
  )
}

two_arms <- function() subset(arms_data(), arm != "DFX+DFO")

figures_of <- function(x, names = c("estimate", "conf_low", "conf_high", "statistic", "p_value")) {
  unlist(as.data.frame(x)[names], use.names = FALSE)
}

test_that("Welch and Student are those of t.test, the contrast level minus reference", {
  d <- two_arms()
  for (equal in c(TRUE, FALSE)) {
    x <- compare_groups(hb ~ arm, d, reference = "DFX", method = if (equal) "student" else "welch")
    r <- t.test(d$hb[d$arm == "DFO"], d$hb[d$arm == "DFX"], var.equal = equal)
    expect_equal(x$estimate, -diff(unname(r$estimate)), tolerance = 1e-12)
    expect_equal(c(x$conf_low, x$conf_high), as.vector(r$conf.int), tolerance = 1e-10)
    theirs <- c(unname(r$statistic), unname(r$parameter), r$p.value, r$stderr)
    expect_equal(c(x$statistic, x$df, x$p_value, x$std_error), theirs, tolerance = 1e-10)
    expect_equal(as.character(x$contrast), "DFO - DFX")
    expect_equal(c(x$n, x$n_reference), c(5L, 6L))
    expect_true(x$p_matches)
  }
})

test_that("the exact Mann-Whitney test without ties is that of wilcox.test, with its interval", {
  d <- two_arms()
  x <- compare_groups(hb ~ arm, d, reference = "DFX", method = "mann_whitney")
  r <- wilcox.test(d$hb[d$arm == "DFO"], d$hb[d$arm == "DFX"], conf.int = TRUE)
  theirs <- c(unname(r$estimate), as.vector(r$conf.int), unname(r$statistic), r$p.value)
  expect_equal(figures_of(x), theirs, tolerance = 1e-10)
  expect_gte(x$conf_attained, 0.95)
  a <- compare_groups(hb ~ arm, d, reference = "DFX", method = "mann_whitney", distribution = "asymptotic",
    continuity = TRUE)
  expect_equal(a$p_value, wilcox.test(hb ~ arm, d, exact = FALSE)$p.value, tolerance = 1e-12)
})

test_that("tests of spread are those of var.test, of the F of deviations, and of fligner.test", {
  d <- two_arms()
  x <- compare_variances(hb ~ arm, d, reference = "DFX", method = c("f", "levene", "brown_forsythe", "fligner"))
  r <- var.test(d$hb[d$arm == "DFO"], d$hb[d$arm == "DFX"])
  expect_equal(figures_of(x[1, ]), c(unname(r$estimate), as.vector(r$conf.int), unname(r$statistic), r$p.value),
    tolerance = 1e-10)
  for (centre in list(mean, stats::median)) {
    z <- abs(d$hb - ave(d$hb, d$arm, FUN = centre))
    o <- oneway.test(z ~ d$arm, var.equal = TRUE)
    row <- x[if (identical(centre, mean)) 2 else 3, ]
    expect_equal(c(row$statistic, row$p_value, row$df, row$df_denominator),
      c(unname(o$statistic), o$p.value, unname(o$parameter)), tolerance = 1e-10)
  }
  f <- fligner.test(round(10 * hb) ~ arm, d)  # whole numbers: decimals that tie on paper tie here, and not in R
  expect_equal(c(x$statistic[4], x$p_value[4]), c(unname(f$statistic), f$p.value), tolerance = 1e-10)
  expect_true(is.na(x$conf_low[4]))
  expect_equal(as.character(x$contrast), c("DFO / DFX", rep("DFO - DFX", 3)))
})

test_that("a formula, vectors, values with arms, matrices and summary figures give the same row", {
  d <- two_arms()
  a <- d$hb[d$arm == "DFX"]
  b <- d$hb[d$arm == "DFO"]
  m <- cbind(hb = d$hb, hbf = d$hbf)
  for (method in c("student", "welch", "mann_whitney", "brunner_munzel", "permutation")) {
    x <- compare_groups(hb ~ arm, d, reference = "DFX", method = method)
    arm <- factor(d$arm, c("DFX", "DFO"))
    others <- list(
      compare_groups(a, b, method = method), compare_groups(d$hb, arm, method = method),
      compare_groups(cbind(hb = a), cbind(hb = b), method = method), compare_groups(m ~ arm, method = method)[1, ],
      compare_groups(~arm, d, outcomes = "hb", reference = "DFX", method = method)
    )
    for (other in others) expect_equal(figures_of(other), figures_of(x), tolerance = 1e-12)
  }
  x <- compare_groups(hb ~ arm, d, reference = "DFX", effect = c("d", "d_av", "glass_delta"))
  y <- compare_groups(n = c(DFX = 6, DFO = 5), mean = c(mean(a), mean(b)), sd = c(sd(a), sd(b)),
    effect = c("d", "d_av", "glass_delta"))
  names <- c("estimate", "std_error", "conf_low", "statistic", "df", "p_value", "effect", "effect_low", "effect_high")
  expect_equal(figures_of(y, names), figures_of(x, names), tolerance = 1e-10)
  v <- compare_variances(hb ~ arm, d, reference = "DFX", method = "f")
  w <- compare_variances(n = c(DFX = 6, DFO = 5), mean = c(0, 0), sd = c(sd(a), sd(b)), method = "f")
  expect_equal(figures_of(w), figures_of(v), tolerance = 1e-10)
})

test_that("summary figures of many outcomes and groups are matched by arm, not by row", {
  tab <- data.frame(outcome = rep(c("hb", "hbf"), each = 4), site = rep(c("a", "b"), 4), arm = rep(c("x", "x", "y", "y"), 2),
    n = 10:17, m = c(1, 2, 4, 8, 16, 32, 64, 128), s = 1:8)
  x <- compare_groups(data = tab, n = n, mean = m, sd = s, arms = arm, by = site)
  y <- compare_groups(data = tab[8:1, ], n = n, mean = m, sd = s, arms = arm, by = site, reference = "x")
  expect_equal(x$estimate, c(3, 6, 48, 96))
  expect_setequal(y$estimate, x$estimate)
  expect_error(compare_groups(data = tab, n = n, mean = m, sd = s, arms = arm), class = "respondr_error_figures")
})

test_that("the order of rows and of groups, and the threads, change no bit", {
  d <- arms_data()
  d$hb[3] <- NA
  set.seed(4)
  shuffled <- d[sample(nrow(d)), ]
  for (method in c("welch", "mann_whitney", "brunner_munzel", "permutation", "bootstrap")) {
    x <- compare_groups(hb + hbf ~ arm, d, by = site, reference = "DFX", method = method, seed = 7, replicates = 200)
    y <- compare_groups(hb + hbf ~ arm, shuffled, by = site, reference = "DFX", method = method, seed = 7, replicates = 200,
      threads = 2)
    key <- function(r) r[order(r$outcome, as.character(r$site), as.character(r$contrast)), ]
    a <- key(as.data.frame(x))
    b <- key(as.data.frame(y))
    numbers <- vapply(a, is.numeric, NA)
    expect_identical(unname(as.list(a[numbers])), unname(as.list(b[numbers])))
  }
})

test_that("more than two arms give one row a contrast, against the reference or all pairs", {
  d <- arms_data()
  x <- compare_groups(hb ~ arm, d, reference = "DFX")
  expect_equal(as.character(x$contrast), c("DFO - DFX", "DFX+DFO - DFX"))
  y <- compare_groups(hb ~ arm, d, reference = "DFX", contrasts = "pairwise")
  expect_equal(as.character(y$contrast), c("DFO - DFX", "DFX+DFO - DFX", "DFX+DFO - DFO"))
  expect_equal(figures_of(y[1:2, ]), figures_of(x))
  one <- compare_groups(hb ~ arm, d, subset = arm != "DFX", reference = "DFO")
  expect_equal(figures_of(y[3, ]), figures_of(one))
  expect_equal(as.character(y$reference), c("DFX", "DFX", "DFO"))
})

test_that("factors keep their order and text arms start with the first level, printed", {
  d <- two_arms()
  d$arm <- factor(d$arm, c("DFX", "unused", "DFO"))
  expect_equal(as.character(compare_groups(hb ~ arm, d)$contrast), "DFO - DFX")
  expect_match(paste(format(compare_groups(hb ~ arm, d)), collapse = " "), "Reference arm: DFX, the first", fixed = TRUE)
  expect_match(paste(format(compare_groups(hb ~ arm, d, reference = "DFO")), collapse = " "), "given in `reference`",
    fixed = TRUE)
})

test_that("patients without a value or an arm are counted", {
  d <- two_arms()
  d$hb[c(1, 8)] <- NA
  x <- compare_groups(hb ~ arm, d, reference = "DFX")
  expect_equal(c(x$n, x$n_reference, x$n_dropped), c(4L, 5L, 2L))
  d$arm[2] <- NA
  y <- compare_groups(hb ~ arm, d, reference = "DFX")
  expect_equal(y$n_reference, 4L)
  expect_match(paste(format(y), collapse = " "), "1 without an arm")
})

test_that("a problem that cannot be answered gives its row a status and the others go on", {
  d <- data.frame(y = c(1, 2, 3, 4, 5, 5, 5, 5, 1, 2), arm = c("a", "a", "b", "b", "a", "a", "b", "b", "a", "a"),
    g = c(1, 1, 1, 1, 2, 2, 2, 2, 3, 3))
  x <- compare_groups(y ~ arm, d, by = g)
  expect_equal(as.character(x$status), c("ok", "no_variance", "one_group_empty"))
  expect_true(is.na(x$p_value[2]) && x$estimate[2] == 0 && is.na(x$estimate[3]))
  y <- compare_groups(y ~ arm, d, by = g, method = "mann_whitney")
  expect_equal(y$p_value[2], 1)
  text <- report_text(x)
  expect_match(text[3], "no comparison")
})

test_that("the z-test takes one known SD or one for each arm by name", {
  d <- two_arms()
  x <- compare_groups(hb ~ arm, d, reference = "DFX", method = "z", sigma = 1)
  expect_equal(x$std_error, sqrt(1 / 5 + 1 / 6))
  y <- compare_groups(hb ~ arm, d, reference = "DFX", method = "z", sigma = c(DFO = 2, DFX = 1))
  expect_equal(y$std_error, sqrt(4 / 5 + 1 / 6))
  expect_equal(y$p_value, 2 * pnorm(-abs(y$statistic)))
  expect_error(compare_groups(hb ~ arm, d, method = "z"), class = "respondr_error_sigma")
  expect_error(compare_groups(hb ~ arm, d, method = "z", sigma = c(1, 2)), class = "respondr_error_sigma")
})

test_that("equivalence has the larger of two one-sided p and the interval of level 1 - 2 alpha", {
  d <- two_arms()
  for (method in c("student", "mann_whitney", "permutation")) {
    x <- compare_groups(hb ~ arm, d, reference = "DFX", method = method, alternative = "equivalence", margins = c(-2, 1))
    low <- compare_groups(hb ~ arm, d, reference = "DFX", method = method, alternative = "greater", null = -2)
    high <- compare_groups(hb ~ arm, d, reference = "DFX", method = method, alternative = "less", null = 1)
    expect_equal(x$p_value, max(low$p_value, high$p_value))
    expect_equal(c(x$conf_low, x$conf_high), c(low$conf_low, high$conf_high))
    expect_equal(x$conf_level, 0.9)
  }
})

test_that("p is at most alpha exactly where the interval leaves out the null", {
  set.seed(9)
  wrong <- 0
  outside <- 0
  for (round in 1:25) {
    d <- data.frame(y = round(rnorm(15), 1), arm = rep(c("a", "b"), c(7, 8)))
    nulls <- seq(-2.05, 2.05, by = 0.41)
    for (method in c("welch", "mann_whitney", "permutation")) {
      x <- compare_groups(y ~ arm, d, method = method, two_sided = "central", effect = "none")
      p <- vapply(nulls, function(v) {
        compare_groups(y ~ arm, d, method = method, two_sided = "central", effect = "none", null = v)$p_value
      }, 0)
      out <- nulls < x$conf_low | nulls > x$conf_high
      wrong <- wrong + if (x$status == "ok") sum(out != (p <= 0.05)) else 0
      outside <- outside + sum(out)
    }
  }
  expect_equal(wrong, 0)
  expect_gt(outside, 100)
})

test_that("deterministic calls leave R's generator alone and random ones can be repeated", {
  d <- arms_data()
  set.seed(3)
  before <- .Random.seed
  compare_groups(hb ~ arm, d, reference = "DFX", method = c("welch", "mann_whitney", "brunner_munzel"))
  expect_identical(.Random.seed, before)
  x <- compare_groups(hb ~ arm, d, reference = "DFX", method = "bootstrap", replicates = 300)
  expect_false(identical(.Random.seed, before))
  again <- compare_groups(hb ~ arm, d, reference = "DFX", method = "bootstrap", replicates = 300,
    seed = attr(x, "settings")$seed)
  expect_identical(again$conf_low, x$conf_low)
  # One outcome more changes no draw of the other.
  both <- compare_groups(hbf + hb ~ arm, d, reference = "DFX", method = "bootstrap", replicates = 300,
    seed = attr(x, "settings")$seed)
  expect_identical(both$conf_low[both$outcome == "hb"], x$conf_low)
})

test_that("beyond the limit of work the p is drawn, with its interval, or the row says too_large", {
  d <- two_arms()
  x <- compare_groups(hb ~ arm, d, reference = "DFX", method = c("mann_whitney", "permutation"), exact_limit = 10, seed = 1,
    replicates = 2000)
  expect_equal(as.character(x$distribution), rep("monte_carlo", 2))
  exact <- compare_groups(hb ~ arm, d, reference = "DFX", method = c("mann_whitney", "permutation"))
  expect_true(all(x$p_low <= exact$p_value & exact$p_value <= x$p_high))
  y <- compare_groups(hb ~ arm, d, reference = "DFX", method = "mann_whitney", exact_limit = 10, distribution = "exact")
  expect_equal(as.character(y$status), "too_large")
})

test_that("adjustment, one family for each set of columns not named, with Bonferroni's intervals", {
  d <- arms_data()
  x <- compare_groups(hb + hbf ~ arm, d, reference = "DFX", p_adjust = "holm", adjust_over = "contrast")
  expect_equal(x$p_adjusted, c(p.adjust(x$p_value[1:2], "holm"), p.adjust(x$p_value[3:4], "holm")))
  y <- compare_groups(hb ~ arm, d, reference = "DFX", p_adjust = "bonferroni")
  wide <- compare_groups(hb ~ arm, d, reference = "DFX", conf_level = 0.975)
  expect_equal(y$conf_low_adjusted, wide$conf_low)
  expect_equal(y$p_adjusted, pmin(1, 2 * y$p_value))
})

test_that("conventions set exactness, continuity and limits", {
  d <- data.frame(y = c(3, 5, 5, 6, 8, 9, 1, 2, 2, 4, 5), arm = rep(c("x", "y"), c(6, 5)))
  p <- function(...) compare_groups(y ~ arm, d, method = "mann_whitney", ...)
  expect_equal(as.character(p(convention = "r")$distribution), "asymptotic")
  expect_equal(p(convention = "r")$p_value, suppressWarnings(wilcox.test(y ~ arm, d))$p.value, tolerance = 1e-12)
  plain <- wilcox.test(y ~ arm, d, exact = FALSE, correct = FALSE)
  expect_equal(p(convention = "spss")$p_value, plain$p.value, tolerance = 1e-12)
  expect_equal(as.character(p(convention = "sas")$conf_method), "rank_sum_moses")
  expect_false(p(convention = "sas")$p_matches)
})

test_that("results print, tidy, convert and speak", {
  d <- two_arms()
  x <- compare_groups(hb ~ arm, d, reference = "DFX", method = c("welch", "mann_whitney"))
  expect_s3_class(x, c("respondr_groups", "respondr_result", "data.frame"), exact = TRUE)
  expect_match(format(x)[1], "Comparison of independent groups, level - reference: 2 rows", fixed = TRUE)
  expect_true(all(c("p.value", "conf.low", "n.reference") %in% names(tidy(x))))
  expect_equal(glance(x)$family, "groups")
  h <- as_htest(x, row = 2)
  expect_s3_class(h, "htest")
  expect_equal(names(h$statistic), "U")
  expect_match(h$method, "Exact Mann-Whitney test, level - reference", fixed = TRUE)
  f <- as_htest(compare_variances(hb ~ arm, d, method = "f"))
  expect_equal(names(f$parameter), c("num df", "denom df"))
  text <- report_text(x)
  expect_match(text[1], "hb, DFO against DFX (5 and 6 patients): difference of means -1.", fixed = TRUE)
  expect_match(text[2], "exact Mann-Whitney test; probability of superiority 0\\.[0-9]+ \\(0\\.[0-9]+ to 0\\.[0-9]+\\)\\.$")
  expect_no_error(capture.output(print(summary(x))))
})

test_that("pictures draw patients of the arms and the contrasts, with and without ggplot2", {
  d <- arms_data()
  x <- compare_groups(hb + hbf ~ arm, d, by = site, reference = "DFX")
  data <- groups_plot_data(x, NULL)
  expect_equal(nrow(data$rows), 34L)
  expect_equal(levels(data$rows$arm), c("DFX", "DFO", "DFX+DFO"))
  one <- groups_plot_data(x[x$outcome == "hb" & x$level == "DFO", ], NULL)
  expect_equal(nrow(one$rows), 11L)
  expect_equal(nrow(contrast_plot_data(x, NULL)$rows), 8L)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (base in c(TRUE, FALSE)) {
    old <- options(respondr.base_graphics = base)
    expect_no_error(plot(x))
    expect_no_error(plot(x, type = "contrasts"))
    expect_no_error(plot(compare_variances(hb ~ arm, d, method = "f"), type = "contrasts"))
    options(old)
  }
  figures <- compare_groups(n = c(5, 6), mean = c(1, 2), sd = c(1, 1))
  expect_no_error(plot(figures))
  expect_error(plot(figures, type = "groups"), class = "respondr_error_plot")
})

test_that("wrong words stop the call and name the argument", {
  d <- two_arms()
  fails <- function(expr, class, argument) {
    cnd <- tryCatch(expr, error = identity)
    expect_s3_class(cnd, paste0("respondr_error_", class))
    expect_s3_class(cnd, "respondr_error")
    expect_equal(cnd$argument, argument)
  }
  fails(compare_groups(hb ~ arm | id, d), "formula", "formula")
  fails(compare_groups(hb ~ arm + site, d), "formula", "formula")
  fails(compare_groups(hb ~ 1, d), "formula", "formula")
  fails(compare_groups(hb ~ nowhere, d), "column", "arm")
  fails(compare_groups(site ~ arm, d), "outcome", "outcome")
  fails(compare_groups(hb ~ arm, subset(d, arm == "DFX")), "arms", "arm")
  fails(compare_groups(hb ~ arm, d, reference = "placebo"), "reference", "reference")
  fails(compare_groups(hb ~ arm, d, method = "t"), "word", "method")
  fails(compare_groups(hb ~ arm, d, method = "permutation", distribution = "asymptotic"), "word", "distribution")
  fails(compare_groups(hb ~ arm, d, method = "brunner_munzel", null = 1), "number", "null")
  fails(compare_groups(hb ~ arm, d, method = c("welch", "brunner_munzel"), null = 0), "number", "null")
  fails(compare_groups(hb ~ arm, d, alternative = "equivalence"), "margins", "margins")
  fails(compare_groups(hb ~ arm, d, margins = c(0, 1)), "margins", "margins")
  fails(compare_groups(hb ~ arm, d, methd = "welch"), "argument", "methd")
  fails(compare_groups(hb ~ arm, transform(d, hb = replace(hb, 2, Inf))), "infinite", "outcome")
  fails(compare_groups(c(1, 2)), "y", "y")
  fails(compare_groups(c(1, 2), c("a", "b", "b")), "length", "y")
  fails(compare_groups(n = c(1, 2), mean = c(1, 2)), "figures", "sd")
  fails(compare_groups(n = c(3, 2), mean = c(1, 2), sd = c(1, -1)), "figures", "sd")
  fails(compare_groups(n = c(3, 2), mean = c(1, 2), sd = c(1, 1), method = "mann_whitney"), "figures", "method")
  fails(compare_groups(hb ~ arm, d, n = 3), "argument", "n")
  fails(compare_variances(hb ~ arm, d, method = "fligner", alternative = "equivalence", margins = c(-1, 1)), "word",
    "alternative")
})
