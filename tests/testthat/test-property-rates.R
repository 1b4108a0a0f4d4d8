# Evidence: property. Order, labels, threads, direction, and p beside its interval.

rate_rows <- function(n = 120, seed = 5) {
  set.seed(seed)
  data.frame(
    arm = factor(sample(c("DFX", "DFO", "both"), n, TRUE), levels = c("DFO", "DFX", "both")),
    site = sample(c("N", "S"), n, TRUE), response = sample(c(TRUE, FALSE, NA), n, TRUE, c(0.4, 0.5, 0.1))
  )
}

figures <- function(x) {
  x <- as.data.frame(x)
  x[vapply(x, is.numeric, NA)]
}

test_that("the order of rows, text in place of factors and counts in place of rows change nothing", {
  d <- rate_rows()
  x <- compare_rates(response ~ arm, d, by = site)
  expect_identical(x, {
    y <- compare_rates(response ~ arm, d[sample(nrow(d)), ], by = site)
    attr(y, "call") <- attr(x, "call")
    y
  })
  text <- transform(d, arm = as.character(arm), response = ifelse(response, "yes", "no"))
  y <- compare_rates(response ~ arm, text, by = site, event = "yes", reference = "DFO", contrasts = "reference")
  expect_equal(figures(x)[c("n", "events", "p_value")],
    figures(y)[order(y$site, match(y$level, levels(x$level))), c("n", "events", "p_value")], ignore_attr = TRUE)
  counts <- aggregate(cbind(yes = response, no = !response) ~ arm + site, d, sum)
  z <- compare_rates(cbind(yes, no) ~ arm, counts[sample(nrow(counts)), ], by = site)
  skip <- "n_dropped"
  expect_equal(figures(x)[setdiff(names(figures(x)), skip)], figures(z)[setdiff(names(figures(z)), skip)])
  named <- compare_rates(events = c(both = 5, DFO = 2), n = c(DFO = 9, both = 11), reference = "DFO")
  expect_equal(c(named$events, named$n, named$events_reference, named$n_reference), c(5, 11, 2, 9))
})

test_that("threads change no bit", {
  d <- rate_rows(300)
  for (method in c("n1_chisq", "fisher", "barnard")) {
    one <- compare_rates(response ~ arm, d, by = site, method = method, contrasts = "pairwise")
    two <- compare_rates(response ~ arm, d, by = site, method = method, contrasts = "pairwise", threads = 2)
    expect_identical(as.data.frame(one), as.data.frame(two))
  }
})

test_that("exchanged arms turn the sign of a difference and a ratio over", {
  for (method in c("n1_chisq", "chisq", "g", "boschloo", "barnard")) {
    a <- rate_pair(9, 14, 4, 17, method = method)
    b <- rate_pair(4, 17, 9, 14, method = method)
    expect_equal(c(a$estimate, a$conf_low, a$conf_high), -c(b$estimate, b$conf_high, b$conf_low), tolerance = 1e-9)
    expect_equal(a$p_value, b$p_value, tolerance = 1e-9)
  }
  a <- rate_pair(9, 14, 4, 17, method = "fisher")
  b <- rate_pair(4, 17, 9, 14, method = "fisher")
  expect_equal(c(a$estimate, a$conf_low, a$conf_high) * c(b$estimate, b$conf_high, b$conf_low), rep(1, 3),
    tolerance = 1e-9)
  less <- rate_pair(9, 14, 4, 17, alternative = "less")
  greater <- rate_pair(9, 14, 4, 17, alternative = "greater")
  expect_equal(less$p_value + greater$p_value, 1)
  expect_equal(c(less$conf_low, greater$conf_high), c(-1, 1))
})

test_that("in thousands of tables p and interval agree, but for hulls of minlike and blaker", {
  set.seed(6)
  k <- 1500
  d <- data.frame(table = rep(seq_len(k), each = 2), arm = rep(c("a", "b"), k), n = sample(2:30, 2 * k, TRUE))
  d$yes <- rbinom(2 * k, d$n, runif(2 * k))
  d$no <- d$n - d$yes
  wrong <- 0L
  for (rule in c("minlike", "central", "blaker")) {
    for (method in c("chisq", "n1_chisq", "score", "g", "fisher")) {
      x <- compare_rates(cbind(yes, no) ~ arm, d, by = table, method = method, estimand = "odds_ratio",
        two_sided = rule)
      expect_true(all(x$p_matches))
      inside <- x$conf_low <= 1 & x$conf_high >= 1
      off <- inside != (x$p_value > 0.05) & abs(x$p_value - 0.05) > 1e-9
      hull <- x$status == "hull" | grepl("convex hull", x$note)
      expect_false(any(off & !hull))
      if (rule == "central" || method != "fisher") expect_false(any(hull))
      wrong <- wrong + sum(off)
    }
  }
  expect_lt(wrong, 60)
})

test_that("Bonferroni's p and simultaneous interval agree, and families are those of adjust_over", {
  d <- rate_rows(200)
  x <- compare_rates(response ~ arm, d, by = site, contrasts = "pairwise", p_adjust = "bonferroni",
    adjust_over = "contrast")
  expect_equal(x$p_adjusted, pmin(1, 3 * x$p_value))
  expect_equal(x$conf_low_adjusted > 0 | x$conf_high_adjusted < 0, x$p_adjusted <= 0.05)
  wide <- compare_rates(response ~ arm, d, by = site, contrasts = "pairwise", conf_level = 1 - 0.05 / 3)
  expect_equal(x$conf_low_adjusted, wide$conf_low, tolerance = 1e-12)
  all <- compare_rates(response ~ arm, d, by = site, contrasts = "pairwise", p_adjust = "holm")
  expect_equal(all$p_adjusted, p.adjust(all$p_value, "holm"))
  expect_true(all(is.na(all$conf_low_adjusted)))
})

test_that("unconditional tests by central tails and one-sided agree with their interval, without holes", {
  set.seed(8)
  k <- 60
  d <- data.frame(table = rep(seq_len(k), each = 2), arm = rep(c("a", "b"), k), n = sample(2:20, 2 * k, TRUE))
  d$yes <- rbinom(2 * k, d$n, runif(2 * k))
  d$no <- d$n - d$yes
  for (method in c("boschloo", "barnard")) {
    for (estimand in c("difference", "odds_ratio")) {
      for (alternative in c("two.sided", "less")) {
        x <- compare_rates(cbind(yes, no) ~ arm, d, by = table, method = method, estimand = estimand,
          two_sided = "central", alternative = alternative)
        expect_true(all(x$p_matches))
        expect_false(any(x$status == "hull" | grepl("hull", x$note)))
        inside <- x$conf_low <= x$null_value & x$conf_high >= x$null_value
        expect_equal(inside, x$p_value > 0.05)
      }
    }
  }
})
