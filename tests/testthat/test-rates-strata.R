# rates_strata(): values of other programs (published), mantelhaen.test and a naive second program (oracle), properties and
# words.

strata_case <- function(name) {
  all <- utils::read.csv(system.file("validation", "tables_strata", "tables.csv", package = "respondr"))
  one <- all[all$case == name, ]
  array(one$count[order(one$stratum, one$response, one$arm)], c(max(one$arm), max(one$response), max(one$stratum)))
}
strata_printed <- function(case, values) {
  all <- utils::read.csv(system.file("validation", "tables_strata", "expected.csv", package = "respondr"))
  for (name in names(values)) {
    row <- all[all$case == case & all$name == name, ]
    expect_true(abs(values[[name]] - row$value) <= row$tolerance, label = paste(case, name, values[[name]]))
  }
}
admissions <- aperm(datasets::UCBAdmissions, c(2, 1, 3))  # sex x admitted, rejected x department

test_that("SAS's migraine trial is met", {
  x <- strata_case("migraine")
  odds <- rates_strata(x, "cmh", interval = "mantel_haenszel")
  ratio <- rates_strata(x, "cmh", estimand = "ratio", interval = "mantel_haenszel")
  day <- rates_strata(x, "breslow_day")
  strata_printed("migraine", c(
    cmh = odds$statistic, p_cmh = odds$p_value, odds_ratio = odds$estimate, odds_ratio_low = odds$conf_low,
    odds_ratio_high = odds$conf_high, ratio = ratio$estimate, ratio_low = ratio$conf_low, ratio_high = ratio$conf_high,
    breslow_day = day$statistic, p_breslow_day = day$p_value
  ))
  expect_false(odds$p_matches)
})

test_that("the stratified Newcombe interval is the one tern prints", {
  set.seed(1)
  response <- c(sample(c(TRUE, FALSE), 40, prob = c(3 / 4, 1 / 4), replace = TRUE),
    sample(c(TRUE, FALSE), 40, prob = c(1 / 2, 1 / 2), replace = TRUE))
  arm <- factor(rep(c("A", "B"), each = 40), levels = c("B", "A"))
  f1 <- sample(c("a", "b"), 80, TRUE)
  f2 <- sample(c("x", "y", "z"), 80, TRUE)
  x <- table(arm, response, interaction(f1, f2))
  new <- rates_strata(array(x, dim(x)), "cmh", estimand = "difference", interval = "newcombe")
  strata_printed("newcombe", c(difference = new$estimate, low = new$conf_low, high = new$conf_high))
})

test_that("asymptotic tests are those of mantelhaen.test", {
  old <- stats::mantelhaen.test(admissions, correct = FALSE)
  new <- rates_strata(admissions, "cmh", interval = "mantel_haenszel")
  expect_equal(new$statistic, old$statistic[[1]], tolerance = 1e-12)
  expect_equal(new$p_value, old$p.value, tolerance = 1e-12)
  expect_equal(new$estimate, old$estimate[[1]], tolerance = 1e-12)
  expect_equal(c(new$conf_low, new$conf_high), as.numeric(old$conf.int), tolerance = 1e-12)
  corrected <- stats::mantelhaen.test(admissions, correct = TRUE)
  expect_equal(rates_strata(admissions, "cmh", continuity = TRUE)$p_value, corrected$p.value, tolerance = 1e-12)
  less <- stats::mantelhaen.test(admissions, correct = FALSE, alternative = "less")$p.value
  expect_equal(rates_strata(admissions, "cmh", alternative = "less")$p_value, less, tolerance = 1e-12)
})

test_that("the general statistic of larger tables is that of mantelhaen.test", {
  set.seed(4)
  x <- array(stats::rpois(3 * 4 * 5, 4), c(3, 4, 5))
  old <- stats::mantelhaen.test(x)
  new <- rates_strata(x, "general")
  expect_equal(new$statistic, old$statistic[[1]], tolerance = 1e-10)
  expect_equal(new$df, old$parameter[[1]])
  expect_equal(new$p_value, old$p.value, tolerance = 1e-10)
})

test_that("the exact test is that of mantelhaen.test, and its interval inverts its own p", {
  old <- stats::mantelhaen.test(admissions, exact = TRUE)
  new <- rates_strata(admissions, "exact")
  expect_equal(new$p_value, old$p.value, tolerance = 1e-9)
  expect_equal(new$estimate, old$estimate[[1]], tolerance = 1e-4)  # R stops its root search at 1e-4
  central <- rates_strata(admissions, "exact", two_sided = "central")
  expect_equal(c(central$conf_low, central$conf_high), as.numeric(old$conf.int), tolerance = 1e-4)
  expect_true(new$p_matches)
  # p of minlike at the limits, from the convolution of the strata's distributions.
  mass <- 1
  for (s in 1:6) {
    m <- admissions[, , s]
    d <- stats::dhyper(0:sum(m[, 2]), sum(m[2, ]), sum(m[1, ]), sum(m[, 2]))
    sum <- numeric(length(mass) + length(d) - 1)
    for (k in seq_along(mass)) sum[k - 1 + seq_along(d)] <- sum[k - 1 + seq_along(d)] + mass[k] * d
    mass <- sum
  }
  at <- sum(admissions[2, 2, ])
  p_at <- function(psi) {
    w <- log(mass) + (seq_along(mass) - 1 - at) * log(psi)
    w <- exp(w - max(w)) / sum(exp(w - max(w)))
    sum(w[w <= w[at + 1] * (1 + 1e-7)])
  }
  expect_equal(p_at(1), new$p_value, tolerance = 1e-8)
  expect_gt(p_at(new$conf_low * (1 + 1e-5)), 0.05 - 1e-4)
  expect_lt(p_at(new$conf_low * (1 - 1e-5)), 0.05)
  expect_gt(p_at(new$conf_high * (1 - 1e-5)), 0.05 - 1e-4)
  expect_lt(p_at(new$conf_high * (1 + 1e-5)), 0.05)
})

test_that("the interval of cmh agrees with its p in every estimand", {
  set.seed(6)
  for (k in 1:60) {
    x <- array(stats::rpois(2 * 2 * 3, 4), c(2, 2, 3))
    for (estimand in c("difference", "ratio", "odds_ratio")) {
      row <- rates_strata(x, "cmh", estimand = estimand)
      null <- if (estimand == "difference") 0 else 1
      expect_true(row$p_matches)
      expect_identical(row$p_value > 0.05, row$conf_low < null && row$conf_high > null)
    }
  }
})

test_that("strata that say nothing change no figure and are counted", {
  x <- strata_case("migraine")
  more <- array(c(x, 12, 10, 0, 0, 0, 0, 4, 7, 5, 0, 2, 0, 0, 0, 0, 0), c(2, 2, 6))
  methods <- c("cmh", "exact", "breslow_day", "tarone", "woolf", "zelen")
  with <- rates_strata(more, methods)
  without <- rates_strata(x, methods)
  same <- c("estimate", "conf_low", "conf_high", "statistic", "df", "p_value", "status")
  expect_identical(with[same], without[same])
  expect_identical(with$n_strata_dropped, rep(4L, 6))
  expect_match(as.character(with$note), "left out")
})

test_that("both arms without any event keep their difference of 0 and its interval", {
  x <- array(c(8, 9, 0, 0, 5, 5, 0, 0), c(2, 2, 2))
  for (interval in c("test", "newcombe")) {
    row <- rates_strata(x, "cmh", estimand = "difference", interval = interval)
    expect_identical(as.character(row$status), "one_level")
    expect_identical(row$p_value, 1)
    expect_identical(row$estimate, 0)
    expect_true(row$conf_low < 0 && row$conf_high > 0)
  }
})

test_that("a batch on three threads has the bits of one", {
  set.seed(8)
  x <- array(stats::rpois(2 * 2 * 3 * 30, 3), c(2, 2, 3, 30))
  methods <- c("cmh", "exact", "tarone", "zelen")
  expect_identical(rates_strata(x, methods), rates_strata(x, methods, threads = 3))
  expect_identical(rates_strata(x, "exact")$p_value[9], rates_strata(x[, , , 9], "exact")$p_value)
})

test_that("words that do not fit are refused by name", {
  x <- strata_case("migraine")
  expect_error(rates_strata(x, "score_iv"), class = "respondr_error_estimand")
  expect_error(rates_strata(x, "cmh", interval = "newcombe"), class = "respondr_error_interval")
  expect_error(rates_strata(x, "score_iv", estimand = "ratio", interval = "mantel_haenszel"),
    class = "respondr_error_interval")
  expect_error(rates_strata(x, "tarone", alternative = "less"), class = "respondr_error_alternative")
  expect_error(rates_strata(array(1, c(3, 2, 2)), "cmh"), "two arms", class = "respondr_error_method")
  expect_error(rates_strata(x[, , 1], "cmh"), "strata", class = "respondr_error_counts")
  expect_error(rates_strata(x, "exact", two_sided = "distance"), class = "respondr_error_word")
})
