# Evidence: properties that hold for every data set. Data are seeded, with ties, zeros and decimals.

all_methods <- c("t", "signed_rank", "sign", "permutation", "bootstrap")
deterministic <- all_methods[1:4]

tenths <- function(d, ...) {
  m <- as_measurements(d)
  compare_paired(m$before, m$after, ..., replicates = 1000, seed = 8)
}

test_that("p is at most alpha exactly when the null lies outside the interval", {
  sets <- oracle_data_sets(c(5, 7, 9, 15), seed = 51)
  for (d in sets) {
    for (alternative in c("two.sided", "less", "greater")) {
      for (level in c(0.8, 0.95)) {
        for (null in c(-0.1, 0, 0.15, 0.4)) {
          x <- tenths(d, method = all_methods, alternative = alternative, conf_level = level, null = null,
            effect = "none")
          x <- x[x$status != "hull" & !is.na(x$p_value) & x$conf_low != null & x$conf_high != null, ]
          outside <- null < x$conf_low | null > x$conf_high
          expect_identical(x$p_value <= 1 - level + 1e-12, outside,
            info = paste(c(alternative, level, null, ":", d), collapse = " "))
        }
      }
    }
  }
})

test_that("asymptotic tests and their intervals agree in the same way", {
  for (d in oracle_data_sets(c(7, 12), seed = 52)) {
    for (continuity in c(FALSE, TRUE)) {
      for (null in c(-0.1, 0.15, 0.35)) {
        x <- tenths(d, method = c("signed_rank", "sign"), distribution = "asymptotic", continuity = continuity,
          null = null, effect = "none")
        x <- x[x$status != "hull" & x$conf_low != null & x$conf_high != null, ]
        expect_identical(x$p_value <= 0.05, null < x$conf_low | null > x$conf_high)
      }
    }
  }
})

test_that("equivalence holds at alpha exactly when the 1 - 2 alpha interval lies within the margins", {
  for (d in oracle_data_sets(c(6, 9, 12), seed = 53)) {
    x <- tenths(d, method = deterministic, alternative = "equivalence", margins = c(-0.25, 0.65),
      effect = "none")
    x <- x[x$status != "hull", ]
    expect_identical(x$p_value <= 0.05, x$conf_low > -0.25 & x$conf_high < 0.65)
  }
})

test_that("adding a constant to all changes moves estimate and limits by it and keeps the p", {
  for (d in oracle_data_sets(c(6, 9), seed = 54)) {
    x <- tenths(d, method = all_methods, effect = "none")
    y <- tenths(d + 13, method = all_methods, null = 1.3, effect = "none")
    for (column in c("estimate", "conf_low", "conf_high")) {
      expect_equal(y[[column]], x[[column]] + 1.3, tolerance = 1e-10)
    }
    expect_equal(y$p_value, x$p_value, tolerance = 1e-10)
    expect_equal(y$std_error, x$std_error, tolerance = 1e-10)
  }
})

test_that("a change of units changes estimate and limits alone", {
  columns <- c("statistic", "df", "p_value", "effect", "effect_low", "effect_high", "n_ties", "n_zeros",
    "conf_attained")
  for (d in oracle_data_sets(c(6, 9), seed = 55)) {
    m <- as_measurements(d)
    for (factor in c(3, 1000, 1 / 64)) {
      x <- compare_paired(m$before, m$after, method = all_methods, replicates = 500, seed = 3)
      y <- compare_paired(m$before * factor, m$after * factor, method = all_methods, replicates = 500, seed = 3)
      y$statistic[y$method == "permutation"] <- y$statistic[y$method == "permutation"] / factor # a sum of changes
      expect_equal(plain(y, columns), plain(x, columns), tolerance = 1e-9)
      for (column in c("estimate", "conf_low", "conf_high", "std_error")) {
        expect_equal(y[[column]], factor * x[[column]], tolerance = 1e-9)
      }
    }
  }
})

test_that("a change of units of a ratio changes nothing", {
  set.seed(56)
  b <- round(rlnorm(10, 2), 1)
  a <- round(b * rlnorm(10, 0.1, 0.3), 1)
  columns <- c("estimate", "conf_low", "conf_high", "statistic", "p_value", "effect")
  for (scale in c("ratio", "log_percent", "symmetric_percent")) {
    x <- compare_paired(b, a, method = deterministic, scale = scale)
    y <- compare_paired(1000 * b, 1000 * a, method = deterministic, scale = scale)
    expect_equal(plain(y, columns), plain(x, columns), tolerance = 1e-9)
  }
})

test_that("swapping the visits turns every sign and swaps the limits", {
  for (d in oracle_data_sets(c(5, 9), seed = 57)) {
    m <- as_measurements(d)
    x <- compare_paired(m$before, m$after, method = deterministic)
    y <- compare_paired(m$after, m$before, method = deterministic)
    expect_equal(y$estimate, -x$estimate, tolerance = 1e-12)
    expect_equal(y$conf_low, -x$conf_high, tolerance = 1e-12)
    expect_equal(y$conf_high, -x$conf_low, tolerance = 1e-12)
    expect_equal(y$p_value, x$p_value, tolerance = 1e-12)
    turned <- x$effect_name != "prob_superiority"
    expect_equal(y$effect, ifelse(turned, -x$effect, 1 - x$effect), tolerance = 1e-12)
    expect_equal(y$effect_low, ifelse(turned, -x$effect_high, 1 - x$effect_high), tolerance = 1e-9)
  }
})

test_that("swapping the visits swaps less and greater", {
  for (d in oracle_data_sets(c(5, 9), seed = 58)) {
    m <- as_measurements(d)
    x <- compare_paired(m$before, m$after, method = deterministic, alternative = "greater")
    y <- compare_paired(m$after, m$before, method = deterministic, alternative = "less")
    expect_equal(y$p_value, x$p_value, tolerance = 1e-12)
    expect_equal(y$conf_high, -x$conf_low, tolerance = 1e-12)
  }
})

test_that("swapping the visits inverts a ratio", {
  set.seed(59)
  b <- round(rlnorm(9, 2), 1)
  a <- round(b * rlnorm(9, 0.1, 0.3), 1)
  x <- compare_paired(b, a, method = deterministic, scale = "ratio")
  y <- compare_paired(a, b, method = deterministic, scale = "ratio")
  expect_equal(y$estimate, 1 / x$estimate, tolerance = 1e-10)
  expect_equal(y$conf_low, 1 / x$conf_high, tolerance = 1e-10)
  expect_equal(y$p_value, x$p_value, tolerance = 1e-10)
})

test_that("the two-sided p doubles the smaller one-sided p, never above 1", {
  for (d in oracle_data_sets(c(5, 8, 30), seed = 60)) {
    two <- tenths(d, method = deterministic, effect = "none")$p_value
    less <- tenths(d, method = deterministic, alternative = "less", effect = "none")$p_value
    greater <- tenths(d, method = deterministic, alternative = "greater", effect = "none")$p_value
    expect_equal(two, pmin(1, 2 * pmin(less, greater)), tolerance = 1e-12)
  }
})

test_that("intervals of a higher level hold those of a lower one", {
  levels <- c(0.5, 0.8, 0.9, 0.95, 0.99)
  for (d in oracle_data_sets(c(6, 9, 14), seed = 61)) {
    limits <- lapply(levels, function(level) {
      x <- tenths(d, method = all_methods, conf_level = level, effect = "none")
      x[c("conf_low", "conf_high")]
    })
    for (k in seq_along(levels)[-1]) {
      expect_true(all(limits[[k]]$conf_low <= limits[[k - 1]]$conf_low + 1e-12))
      expect_true(all(limits[[k]]$conf_high >= limits[[k - 1]]$conf_high - 1e-12))
    }
  }
})

test_that("the attained level of an exact interval is at least the level asked for", {
  for (d in oracle_data_sets(5:12, seed = 62)) {
    for (level in c(0.8, 0.95)) {
      x <- tenths(d, method = c("signed_rank", "sign", "permutation"), conf_level = level, effect = "none")
      expect_true(all(x$conf_attained >= level - 1e-12), info = paste(c(level, d), collapse = " "))
    }
  }
})

long_table <- function(seed = 63) {
  set.seed(seed)
  n <- 24
  d <- expand.grid(id = sprintf("P%02d", seq_len(n)), month = c(0, 3, 12), stringsAsFactors = FALSE)
  d$arm <- c("DFO", "DFP", "DFX")[as.integer(substring(d$id, 2)) %% 3 + 1]
  d$hb <- round(8 + d$month / 10 + rnorm(nrow(d)), 1)
  d$ferritin <- round(exp(7 + rnorm(nrow(d))))
  d[-c(5, 30, 55, 56), ]
}

test_that("no order of rows changes a bit", {
  d <- long_table()
  run <- function(data) {
    as.data.frame(compare_paired(cbind(hb, ferritin) ~ month | id, data, by = arm, method = all_methods,
      replicates = 300, seed = 4))
  }
  ref <- run(d)
  set.seed(64)
  for (k in 1:4) {
    other <- run(d[sample(nrow(d)), ])
    expect_identical(lapply(other, as.vector), lapply(ref, as.vector))
  }
})

test_that("no order of rows changes a bit of max-T", {
  d <- long_table()
  run <- function(data) {
    compare_paired(cbind(hb, ferritin) ~ month | id, data, p_adjust = "max_t", adjust_over = "outcome",
      replicates = 500, seed = 4)$p_adjusted
  }
  set.seed(65)
  expect_identical(run(d[sample(nrow(d)), ]), run(d))
})

test_that("the order of groups is not part of their answers", {
  d <- long_table()
  d$arm <- factor(d$arm)
  e <- transform(d, arm = factor(arm, rev(levels(arm))))
  pick <- function(x, arm) {
    rows <- as.data.frame(x)[as.character(x$arm) == arm, ]
    lapply(rows, as.vector)
  }
  x <- compare_paired(hb ~ month | id, d, by = arm, method = all_methods, replicates = 300, seed = 4)
  y <- compare_paired(hb ~ month | id, e, by = arm, method = all_methods, replicates = 300, seed = 4)
  for (arm in levels(d$arm)) {
    expect_identical(pick(y, arm), pick(x, arm))
  }
})

test_that("a group's rows are those of the group analysed alone", {
  d <- long_table()
  x <- compare_paired(hb ~ month | id, d, by = arm, method = deterministic)
  for (arm in unique(d$arm)) {
    alone <- compare_paired(hb ~ month | id, d[d$arm == arm, ], method = deterministic)
    columns <- c("n_pairs", "n_dropped", "n_zeros", "n_ties", "estimate", "std_error", "conf_low", "conf_high",
      "statistic", "p_value", "effect", "effect_low", "effect_high")
    expect_identical(plain(x[as.character(x$arm) == arm, ], columns), plain(alone, columns))
  }
})

batch_matrix <- function() {
  set.seed(66)
  before <- matrix(round(rnorm(14 * 40, 80, 9)) / 10, 14, dimnames = list(NULL, paste0("g", 1:40)))
  change <- matrix(sample(-3:6, 14 * 40, TRUE), 14) / 10
  change[sample(length(change), 30)] <- NA
  change[, 7] <- 0
  change[, 8] <- NA
  change[, 9] <- c(0.3, rep(NA, 13))
  list(before = before, after = round(before + change, 1))
}

test_that("a row of a batch is the row of its own call", {
  m <- batch_matrix()
  all <- compare_paired(m$before, m$after, method = all_methods, replicates = 200, seed = 6)
  for (k in c(1, 7:12, 40)) {
    one <- compare_paired(m$before[, k, drop = FALSE], m$after[, k, drop = FALSE], method = all_methods,
      replicates = 200, seed = 6)
    rows <- as.character(all$outcome) == colnames(m$before)[k]
    expect_identical(lapply(as.data.frame(all[rows, ]), as.vector), lapply(as.data.frame(one), as.vector))
  }
})

test_that("one thread and two give the same bits, degenerate columns among them", {
  m <- batch_matrix()
  for (method in all_methods) {
    one <- compare_paired(m$before, m$after, method = method, replicates = 300, seed = 6, threads = 1)
    two <- compare_paired(m$before, m$after, method = method, replicates = 300, seed = 6, threads = 2)
    expect_identical(as.data.frame(two), as.data.frame(one))
  }
})

test_that("one thread and two give the same bits of max-T and Monte Carlo p-values", {
  m <- batch_matrix()
  run <- function(threads, ...) {
    as.data.frame(compare_paired(m$before, m$after, replicates = 400, seed = 6, threads = threads, ...))
  }
  expect_identical(run(2, p_adjust = "max_t"), run(1, p_adjust = "max_t"))
  expect_identical(run(2, method = "signed_rank", distribution = "monte_carlo"),
    run(1, method = "signed_rank", distribution = "monte_carlo"))
  expect_identical(run(2, method = "permutation", distribution = "monte_carlo"),
    run(1, method = "permutation", distribution = "monte_carlo"))
})

# Figures carry 53 bits of mean and SD, rows carry more: 1e-12.
test_that("summary figures end in the row of the patients they come from", {
  set.seed(67)
  b <- rnorm(15, 80, 9)
  a <- b + rnorm(15, 2, 4)
  effects <- c("d_z", "d_av", "d_rm", "d_b")
  columns <- c("n_pairs", "estimate", "std_error", "conf_low", "conf_high", "statistic", "df", "p_value", "effect",
    "effect_low", "effect_high")
  for (alternative in c("two.sided", "less", "greater")) {
    rows <- compare_paired(b, a, effect = effects, alternative = alternative, null = 1)
    figures <- compare_paired(n = 15, mean_before = mean(b), sd_before = sd(b), mean_after = mean(a), sd_after = sd(a),
      r = cor(b, a), effect = effects, alternative = alternative, null = 1)
    expect_equal(plain(figures, columns), plain(rows, columns), tolerance = 1e-11)
  }
  change <- compare_paired(n = 15, mean_before = mean(b), mean_after = mean(a), sd_change = sd(a - b))
  expect_equal(plain(change, columns), plain(compare_paired(b, a), columns), tolerance = 1e-11)
})

test_that("max-T does not depend on the order of the outcomes and is never below the p of flipping one outcome", {
  set.seed(68)
  change <- cbind(a = sample(-3:9, 8), b = sample(-9:30, 8), c = sample(-8:8, 8))
  before <- matrix(50, 8, 3, dimnames = dimnames(change))
  x <- compare_paired(before, before + change, p_adjust = "max_t", seed = 1)
  o <- c(3, 1, 2)
  y <- compare_paired(before[, o], (before + change)[, o], p_adjust = "max_t", seed = 1)
  expect_identical(y$p_adjusted, x$p_adjusted[o])
  expect_true(all(x$p_adjusted >= apply(change, 2, oracle_flip_p) - 1e-12))
})

test_that("max-T of one outcome is its sign-flip p", {
  for (d in oracle_data_sets(c(5, 8), seed = 69)) {
    x <- tenths(d, p_adjust = "max_t")
    expect_equal(x$p_adjusted, oracle_flip_p(d), tolerance = 1e-10)
  }
})

test_that("a seed fixes the random methods and another seed moves them", {
  d <- c(0.31, -0.74, 1.93, 0.88, 2.67, 0.12, 1.41, 0.55)
  run <- function(seed) compare_paired(d, method = "bootstrap", replicates = 200, seed = seed, effect = "none")$conf_low
  expect_identical(run(1), run(1))
  expect_false(run(1) == run(2))
})

test_that("the bootstrap of a mirrored sample is the mirrored interval, up to Monte Carlo error", {
  d <- c(0.31, -0.74, 1.93, 0.88, 2.67, 0.12, 1.41, 0.55)
  run <- function(d) compare_paired(d, method = "bootstrap", replicates = 200000, seed = 3, effect = "none")
  x <- run(d)
  y <- run(-d)
  se <- sd(d) / sqrt(length(d))
  expect_lt(max(abs(c(y$conf_low + x$conf_high, y$conf_high + x$conf_low))) / se, 0.03)
})
