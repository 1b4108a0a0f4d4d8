# Evidence: oracle. compare_paired() against the naive programs of helper-oracle.R, over seeded data sets with ties,
# zeros, decimals and several n. Tolerance 1e-10 unless a comment says why not.

# One row of the package for integer changes in tenths, measured as decimals.
ours <- function(d, ...) {
  m <- as_measurements(d)
  compare_paired(m$before, m$after, ...)
}

test_that("the oracles agree with base R where base R is exact", {
  for (d in list(c(3, -1, 4, 15, 9), c(2, -7, 18, 28, -18.5, 4, 59))) {
    for (alternative in c("two.sided", "less", "greater")) {
      w <- wilcox.test(d, mu = 0.25, alternative = alternative, exact = TRUE)
      expect_equal(oracle_signed_rank_p(d, 0.25, alternative), w$p.value, tolerance = 1e-12)
      b <- binom.test(sum(d > 0), length(d), alternative = alternative)
      expect_equal(oracle_sign_p(d, 0, alternative), b$p.value, tolerance = 1e-12)
      t <- t.test(d, mu = 0.25, alternative = alternative)
      expect_equal(oracle_t(d, 0.25, alternative)$p_value, t$p.value, tolerance = 1e-12)
    }
  }
  d <- c(1.1, 2.3, -0.7, 4.9, 3.2, 5.8, -2.1, 6.6, 0.4)
  w <- wilcox.test(d, conf.int = TRUE, exact = TRUE)
  i <- oracle_signed_rank_interval(d)
  expect_equal(c(i$low, i$high), as.vector(w$conf.int), tolerance = 1e-6)
})

# ---- t ---------------------------------------------------------------------------------------------------------------

test_that("the paired t is the textbook formula for every alternative, null and level", {
  for (d in oracle_data_sets(c(4, 9, 20))) {
    for (alternative in c("two.sided", "less", "greater")) {
      for (level in c(0.9, 0.95)) {
        ref <- oracle_t(d / 10, 0.3, alternative, level)
        x <- ours(d, alternative = alternative, null = 0.3, conf_level = level)
        expect_equal(plain(x, names(ref)), ref, tolerance = 1e-10)
      }
    }
  }
})

test_that("TOST takes the larger one-sided p and the interval of level 1 - 2 alpha", {
  for (d in oracle_data_sets(c(5, 8))) {
    ref <- oracle_tost(d / 10, c(-0.4, 0.7))
    x <- ours(d, alternative = "equivalence", margins = c(-0.4, 0.7))
    expect_equal(plain(x, names(ref)), ref, tolerance = 1e-10)
    expect_equal(x$conf_level, 0.9)
  }
})

test_that("the ratio scale is the t of log ratios, turned back by exp", {
  set.seed(31)
  before <- round(rlnorm(11, 2), 2)
  after <- round(before * rlnorm(11, 0.2, 0.3), 2)
  d <- oracle_change(before, after, "ratio")
  for (alternative in c("two.sided", "less", "greater")) {
    ref <- oracle_t(d, log(1.1), alternative)
    x <- compare_paired(before, after, scale = "ratio", null = 1.1, alternative = alternative)
    expect_equal(x$estimate, exp(ref$estimate), tolerance = 1e-10)
    expect_equal(x$conf_low, exp(ref$conf_low), tolerance = 1e-10)
    expect_equal(x$conf_high, exp(ref$conf_high), tolerance = 1e-10)
    expect_equal(c(x$statistic, x$p_value), c(ref$statistic, ref$p_value), tolerance = 1e-10)
  }
})

test_that("log percent and symmetrised percent change are t-tests of those changes", {
  set.seed(32)
  before <- round(rlnorm(9, 2), 1)
  after <- round(before * rlnorm(9, -0.1, 0.3), 1)
  for (scale in c("log_percent", "symmetric_percent")) {
    ref <- oracle_t(oracle_change(before, after, scale), 2)
    x <- compare_paired(before, after, scale = scale, null = 2)
    expect_equal(plain(x, names(ref)), ref, tolerance = 1e-10)
  }
})

test_that("TOST on the ratio scale takes its margins as ratios", {
  set.seed(33)
  before <- round(rlnorm(14, 2), 2)
  after <- round(before * rlnorm(14, 0, 0.15), 2)
  ref <- oracle_tost(oracle_change(before, after, "ratio"), log(c(0.8, 1.25)))
  x <- compare_paired(before, after, scale = "ratio", alternative = "equivalence", margins = c(0.8, 1.25))
  expect_equal(x$p_value, ref$p_value, tolerance = 1e-10)
  expect_equal(c(x$conf_low, x$conf_high), exp(c(ref$conf_low, ref$conf_high)), tolerance = 1e-10)
})

# ---- signed rank -----------------------------------------------------------------------------------------------------

test_that("the exact signed-rank p is the enumeration of all sign vectors, under both zero rules", {
  for (d in oracle_data_sets()) {
    for (zeros in c("wilcoxon", "pratt")) {
      for (alternative in c("two.sided", "less", "greater")) {
        for (null in c(0, 2, 2.5)) {
          x <- ours(d, method = "signed_rank", zeros = zeros, alternative = alternative, null = null / 10,
            effect = "none")
          expect_equal(x$p_value, oracle_signed_rank_p(d, null, alternative, zeros), tolerance = 1e-10,
            info = paste(c(zeros, alternative, null, d), collapse = " "))
        }
      }
    }
  }
})

test_that("the signed-rank statistic is the sum of the positive midranks, zeros and ties counted", {
  for (d in oracle_data_sets()) {
    for (zeros in c("wilcoxon", "pratt")) {
      r <- oracle_signed_ranks(d, 0, zeros)
      x <- ours(d, method = "signed_rank", zeros = zeros, effect = "none")
      expect_equal(x$statistic, sum(r$rank[r$positive]))
      expect_equal(x$n_zeros, sum(d == 0))
      expect_equal(x$n_ties, sum(duplicated(abs(d[d != 0])) | duplicated(abs(d[d != 0]), fromLast = TRUE)))
    }
  }
})

test_that("the pseudomedian is the median of all Walsh averages", {
  for (d in oracle_data_sets(c(3:10, 31, 60))) {
    x <- ours(d, method = "signed_rank", effect = "none")
    expect_equal(x$estimate, oracle_hodges_lehmann(d) / 10, tolerance = 1e-10)
  }
})

test_that("the exact signed-rank interval is the hull of the shifts that the test does not reject, holes flagged", {
  for (d in oracle_data_sets(5:9)) {
    for (zeros in c("wilcoxon", "pratt")) {
      for (level in c(0.8, 0.95)) {
        ref <- oracle_signed_rank_interval(d, level, "two.sided", zeros)
        x <- ours(d, method = "signed_rank", zeros = zeros, conf_level = level, effect = "none")
        label <- paste(c(zeros, level, d), collapse = " ")
        expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10, info = label)
        expect_equal(x$status == "hull", ref$hole, info = label)
      }
    }
  }
})

test_that("one-sided exact signed-rank intervals invert the one-sided tests", {
  for (d in oracle_data_sets(c(5, 7, 8))) {
    for (alternative in c("less", "greater")) {
      ref <- oracle_signed_rank_interval(d, 0.9, alternative)
      x <- ours(d, method = "signed_rank", alternative = alternative, conf_level = 0.9, effect = "none")
      expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10,
        info = paste(c(alternative, d), collapse = " "))
    }
  }
})

test_that("signed-rank equivalence takes the larger exact one-sided p and the 1 - 2 alpha interval", {
  for (d in oracle_data_sets(c(6, 8))) {
    x <- ours(d, method = "signed_rank", alternative = "equivalence", margins = c(-0.3, 0.6), effect = "none")
    expect_equal(x$p_value, max(oracle_signed_rank_p(d, -3, "greater"), oracle_signed_rank_p(d, 6, "less")),
      tolerance = 1e-10)
    ref <- oracle_signed_rank_interval(d, 0.9)
    expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10)
  }
})

test_that("changes that lie on no decimal grid keep the exact test and interval", {
  set.seed(34)
  for (n in 5:9) {
    d <- rnorm(n, 0.4) / 3
    x <- compare_paired(d, method = "signed_rank", effect = "none")
    ref <- oracle_signed_rank_interval(d)
    expect_equal(x$p_value, oracle_signed_rank_p(d), tolerance = 1e-10)
    expect_equal(x$estimate, oracle_hodges_lehmann(d), tolerance = 1e-10)
    expect_equal(c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10)
  }
})

test_that("without ties the exact p equals psignrank for hundreds of pairs", {
  set.seed(35)
  for (n in c(30, 90, 250)) {
    d <- sample(c(-1, 1), n, TRUE, c(0.4, 0.6)) * sample(n)
    x <- ours(d, method = "signed_rank", alternative = "greater", distribution = "exact", effect = "none")
    expect_equal(x$p_value, psignrank(sum(d[d > 0]) - 1, n, lower.tail = FALSE), tolerance = 1e-10)
  }
})

test_that("the asymptotic signed-rank p and interval use the tie-corrected variance, with and without continuity", {
  for (d in oracle_data_sets(c(6, 9))) {
    for (zeros in c("wilcoxon", "pratt")) {
      for (continuity in c(FALSE, TRUE)) {
        for (alternative in c("two.sided", "less", "greater")) {
          x <- ours(d, method = "signed_rank", distribution = "asymptotic", zeros = zeros, continuity = continuity,
            alternative = alternative, effect = "none")
          label <- paste(c(zeros, continuity, alternative, d), collapse = " ")
          expect_equal(x$p_value, oracle_signed_rank_normal_p(d, 0, alternative, zeros, continuity),
            tolerance = 1e-10, info = label)
          ref <- oracle_signed_rank_interval(d, 0.95, alternative, zeros, p = oracle_signed_rank_normal_p,
            continuity = continuity)
          expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10, info = label)
        }
      }
    }
  }
})

test_that("the SAS convention is the t approximation above 20 non-zero changes and exact up to 20", {
  for (d in oracle_data_sets(c(24, 40))) {
    if (sum(d != 0) <= 20) next
    x <- ours(d, method = "signed_rank", convention = "sas", effect = "none")
    expect_equal(x$p_value, oracle_signed_rank_sas_p(d), tolerance = 1e-10)
  }
  d <- c(rep(0, 30), oracle_data_sets(9)$ties)
  x <- ours(d, method = "signed_rank", convention = "sas", effect = "none")
  expect_equal(x$p_value, oracle_signed_rank_p(d), tolerance = 1e-10)
})

test_that("the R convention is exact below 50 pairs without ties and zeros, else normal with continuity", {
  for (d in oracle_data_sets(c(6, 9))) {
    clean <- !any(d == 0) && !anyDuplicated(abs(d))
    for (alternative in c("two.sided", "less", "greater")) {
      x <- ours(d, method = "signed_rank", convention = "r", alternative = alternative, effect = "none")
      ref <- if (clean) {
        oracle_signed_rank_p(d, 0, alternative)
      } else {
        oracle_signed_rank_normal_p(d, 0, alternative, continuity = TRUE)
      }
      expect_equal(x$p_value, ref, tolerance = 1e-10, info = paste(c(alternative, d), collapse = " "))
    }
  }
  d <- c(-1, 1) * (1:50)
  expect_equal(as.character(ours(d, method = "signed_rank", convention = "r")$distribution), "asymptotic")
})

test_that("the SPSS convention is the normal signed-rank test without continuity and the exact sign test up to 25", {
  for (d in oracle_data_sets(c(9, 25, 40))) {
    x <- ours(d, method = c("signed_rank", "sign"), convention = "spss", effect = "none")
    expect_equal(x$p_value[1], oracle_signed_rank_normal_p(d), tolerance = 1e-10)
    sign_p <- if (sum(d != 0) <= 25) oracle_sign_p(d) else oracle_sign_normal_p(d, continuity = TRUE)
    expect_equal(x$p_value[2], sign_p, tolerance = 1e-10)
  }
})

# ---- sign ------------------------------------------------------------------------------------------------------------

test_that("the exact sign test is binomial on the non-zero signs, with the median and its inverted interval", {
  for (d in oracle_data_sets(c(3, 5:9, 12))) {
    for (alternative in c("two.sided", "less", "greater")) {
      ref <- oracle_sign_interval(d, 0.9, alternative)
      x <- ours(d, method = "sign", alternative = alternative, conf_level = 0.9, effect = "none")
      label <- paste(c(alternative, d), collapse = " ")
      expect_equal(x$p_value, oracle_sign_p(d, 0, alternative), tolerance = 1e-10, info = label)
      expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10, info = label)
      expect_equal(x$estimate, median(d) / 10, tolerance = 1e-10)
      expect_equal(x$statistic, sum(d > 0))
    }
  }
})

test_that("the asymptotic sign test is the normal approximation, with and without continuity", {
  for (d in oracle_data_sets(c(8, 30))) {
    for (continuity in c(FALSE, TRUE)) {
      x <- ours(d, method = "sign", distribution = "asymptotic", continuity = continuity, null = 0.1, effect = "none")
      expect_equal(x$p_value, oracle_sign_normal_p(d, 1, "two.sided", continuity), tolerance = 1e-10)
      ref <- oracle_sign_interval(d, p = oracle_sign_normal_p, continuity = continuity)
      expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10)
    }
  }
})

# ---- sign flips ------------------------------------------------------------------------------------------------------

test_that("the exact sign-flip p is the enumeration of all flips", {
  for (d in oracle_data_sets(c(4:9, 14))) {
    for (alternative in c("two.sided", "less", "greater")) {
      for (null in c(0, 1.5)) {
        x <- ours(d, method = "permutation", alternative = alternative, null = null / 10, effect = "none")
        expect_equal(x$p_value, oracle_flip_p(d, null, alternative), tolerance = 1e-10,
          info = paste(c(alternative, null, d), collapse = " "))
      }
    }
  }
})

test_that("the sign-flip interval is the hull of the shifts that the test does not reject", {
  for (d in oracle_data_sets(c(5, 6, 8))) {
    for (alternative in c("two.sided", "less", "greater")) {
      ref <- oracle_flip_interval(d, 0.9, alternative)
      x <- ours(d, method = "permutation", alternative = alternative, conf_level = 0.9, effect = "none")
      expect_equal(10 * c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10,
        info = paste(c(alternative, d), collapse = " "))
      expect_equal(x$estimate, mean(d) / 10, tolerance = 1e-10)
    }
  }
})

test_that("the sign-flip test of changes off the decimal grid is the enumeration too", {
  set.seed(36)
  for (n in c(5, 8, 12)) {
    d <- rnorm(n, 0.5) / 7
    x <- compare_paired(d, method = "permutation", effect = "none")
    ref <- oracle_flip_interval(d[seq_len(min(n, 8))])
    expect_equal(x$p_value, oracle_flip_p(d), tolerance = 1e-10)
    if (n <= 8) expect_equal(c(x$conf_low, x$conf_high), c(ref$low, ref$high), tolerance = 1e-10)
  }
})

test_that("a Monte Carlo p counts the observed data and its 99 % interval covers the exact p", {
  sets <- oracle_data_sets(c(8, 9, 12))
  for (method in c("signed_rank", "permutation")) {
    exact <- if (method == "permutation") oracle_flip_p else oracle_signed_rank_p
    covered <- vapply(sets, function(d) {
      x <- ours(d, method = method, distribution = "monte_carlo", replicates = 999, seed = 5, alternative = "greater",
        effect = "none")
      expect_equal(as.character(x$distribution), "monte_carlo")
      expect_equal(x$p_value * 1000, round(x$p_value * 1000), tolerance = 1e-10)
      expect_gt(x$p_value, 0)
      p <- exact(d, 0, "greater")
      x$p_low <= p && p <= x$p_high
    }, NA)
    expect_gte(sum(covered), length(sets) - 2L)
  }
})

# ---- bootstrap -------------------------------------------------------------------------------------------------------

# The limits of many random replicates lie near those of the ideal bootstrap; 0.03 standard errors is five times the
# Monte Carlo error of a 2.5 % point at 400,000 replicates.
test_that("bootstrap intervals approach the ideal bootstrap of all n^n resamples", {
  d <- c(0.31, -0.74, 1.93, 0.88, 2.67, 0.12, 1.41)
  index <- oracle_all_resamples(7)
  se <- sd(d) / sqrt(7)
  for (interval in c("percentile", "bca")) {
    ref <- (if (interval == "bca") oracle_bca else oracle_percentile)(d, index)
    x <- compare_paired(d, method = "bootstrap", boot_conf = interval, replicates = 400000, seed = 2, effect = "none")
    expect_lt(max(abs(c(x$conf_low, x$conf_high) - ref)) / se, 0.03)
    expect_equal(x$estimate, mean(d), tolerance = 1e-12)
  }
})

# ---- effect sizes ----------------------------------------------------------------------------------------------------

# The oracle integrates numerically, good to about 1e-10 in p, which leaves 1e-8 in the limits.
test_that("d_z and d_rm have noncentral t limits", {
  for (d in oracle_data_sets(c(4, 9, 25))) {
    m <- as_measurements(d, seed = 9)
    for (level in c(0.9, 0.95)) {
      for (which in c("d_z", "d_rm")) {
        x <- compare_paired(m$before, m$after, effect = which, conf_level = level)
        ref <- oracle_d(m$before, m$after, which, level)
        expect_equal(c(x$effect, x$effect_low, x$effect_high), ref, tolerance = 1e-8)
        expect_equal(x$effect, ref[1], tolerance = 1e-10)
      }
    }
  }
})

test_that("d_av and d_b have the limits of Bonett", {
  for (d in oracle_data_sets(c(4, 9, 25))) {
    m <- as_measurements(d, seed = 9)
    for (which in c("d_av", "d_b")) {
      x <- compare_paired(m$before, m$after, effect = which)
      expect_equal(c(x$effect, x$effect_low, x$effect_high), oracle_d(m$before, m$after, which), tolerance = 1e-10)
    }
  }
})

test_that("Hedges' correction multiplies estimate and limits by J(n - 1) and renames d to g", {
  for (d in oracle_data_sets(c(4, 12))) {
    for (which in c("d_z", "d_av", "d_rm", "d_b")) {
      plain_d <- ours(d, effect = which)
      g <- ours(d, effect = which, hedges = TRUE)
      j <- oracle_hedges_j(length(d) - 1)
      expect_equal(as.character(g$effect_name), sub("d_", "g_", which))
      expect_equal(c(g$effect, g$effect_low, g$effect_high),
        j * c(plain_d$effect, plain_d$effect_low, plain_d$effect_high), tolerance = 1e-10)
    }
  }
})

test_that("the rank-biserial correlation and its Fisher z limits are those of the naive formula", {
  for (d in oracle_data_sets(c(5, 9, 30))) {
    x <- ours(d, method = "signed_rank", effect = "rank_biserial")
    ref <- oracle_rank_biserial(d)
    expect_equal(c(x$effect, x$effect_low, x$effect_high), ref, tolerance = 1e-10)
  }
})

test_that("the probability of superiority counts half the ties and has Wilson limits", {
  for (d in oracle_data_sets(c(5, 9, 30))) {
    x <- ours(d, method = "sign", effect = "prob_superiority")
    expect_equal(c(x$effect, x$effect_low, x$effect_high), oracle_prob_superiority(d), tolerance = 1e-10)
  }
})

# ---- max-T -----------------------------------------------------------------------------------------------------------

max_t_data <- function(n = 7, seed = 41) {
  set.seed(seed)
  change <- cbind(a = sample(-3:9, n), b = sample(-9:30, n), c = sample(-2:8, n, TRUE), d = sample(-8:9, n))
  change[, "d"] <- change[, "d"] + change[, "a"]
  change
}

test_that("step-down max-T is the enumeration of all joint sign flips, for each alternative", {
  change <- max_t_data()
  before <- matrix(100, nrow(change), ncol(change), dimnames = dimnames(change))
  for (alternative in c("two.sided", "less", "greater")) {
    x <- compare_paired(before, before + change, alternative = alternative, p_adjust = "max_t", seed = 1)
    expect_equal(x$p_adjusted, oracle_max_t(change, alternative), tolerance = 1e-10, info = alternative)
  }
})

test_that("step-down max-T flips the patients that have the pair and leaves out the others", {
  change <- max_t_data()
  change[2, "a"] <- NA
  change[c(5, 6), "c"] <- NA
  before <- matrix(100, nrow(change), ncol(change), dimnames = dimnames(change))
  x <- compare_paired(before, before + change, p_adjust = "max_t", seed = 1)
  expect_equal(x$p_adjusted, oracle_max_t(change), tolerance = 1e-10)
})

test_that("step-down max-T of signed ranks flips standardised rank sums", {
  change <- max_t_data(8, 42)
  before <- matrix(100, nrow(change), ncol(change), dimnames = dimnames(change))
  x <- compare_paired(before, before + change, method = "signed_rank", p_adjust = "max_t", seed = 1)
  expect_equal(x$p_adjusted, oracle_max_t(change, statistic = oracle_max_rank_statistic), tolerance = 1e-10)
})

# ---- attained level --------------------------------------------------------------------------------------------------

# Each side errs with half of the largest two-sided p beyond it.
test_that("without ties the attained level is one minus the largest one-sided p-values outside the interval", {
  attained <- function(interval) 1 - (interval$p_below + interval$p_above) / 2
  set.seed(37)
  for (n in 6:9) {
    d <- sample(c(-30:-1, 1:60), n)
    d <- d[!duplicated(abs(d))]
    rank <- ours(d, method = "signed_rank", effect = "none")
    expect_equal(rank$conf_attained, attained(oracle_signed_rank_interval(d)), tolerance = 1e-10)
    sign <- ours(d, method = "sign", effect = "none")
    expect_equal(sign$conf_attained, attained(oracle_sign_interval(d)), tolerance = 1e-10)
    flip <- ours(d, method = "permutation", effect = "none")
    expect_equal(flip$conf_attained, attained(oracle_flip_interval(d)), tolerance = 1e-10)
  }
})

# ---- the before/after table ------------------------------------------------------------------------------------------

test_that("the before/after table is what base R says of the complete pairs, under each rule of quartiles", {
  shape <- function(x) {
    m <- function(k) mean((x - mean(x))^k)
    c(m(3) / m(2)^1.5, m(4) / m(2)^2 - 3)
  }
  types <- c(respondr = 7, sas = 2, spss = 6)
  for (d in oracle_data_sets(c(5, 9, 20), seed = 43)) {
    m <- as_measurements(d)
    for (convention in names(types)) {
      x <- describe_paired(c(m$before, 7, NA), c(m$after, NA, 8), convention = convention)
      expect_equal(c(x$n_pairs, x$n_dropped, x$n_patients), c(length(d), 2, length(d) + 2))
      parts <- list(before = m$before, after = m$after, change = d / 10)
      for (part in names(parts)) {
        v <- parts[[part]]
        ours <- unlist(x[paste0(c("mean", "sd", "median", "q1", "q3", "min", "max"), "_", part)], use.names = FALSE)
        q <- quantile(v, c(0.5, 0.25, 0.75), type = types[[convention]], names = FALSE)
        expect_equal(ours, c(mean(v), sd(v), q, range(v)), tolerance = 1e-10)
      }
      expect_equal(x$percent_mean, mean(100 * (d / 10) / m$before), tolerance = 1e-10)
      expect_equal(x$correlation, cor(m$before, m$after), tolerance = 1e-10)
      expect_equal(c(x$skewness, x$excess_kurtosis), shape(d), tolerance = 1e-10)
      expect_equal(x$shapiro_p, shapiro.test(d)$p.value, tolerance = 1e-10)
    }
  }
})

test_that("outliers are the changes beyond 1.5 interquartile ranges from the quartiles", {
  for (d in oracle_data_sets(c(9, 20), seed = 44)) {
    q <- quantile(d, c(0.25, 0.75), names = FALSE)
    reach <- 1.5 * diff(q)
    x <- describe_paired(as_measurements(d)$before, as_measurements(d)$after)
    expect_equal(x$outliers, sum(d < q[1] - reach | d > q[2] + reach))
  }
})

test_that("a baseline at or below zero has no percent change and is counted", {
  x <- describe_paired(c(0, -1, 2, 4), c(1, 2, 3, 3))
  expect_equal(x$n_percent, 2L)
  expect_equal(x$percent_mean, mean(c(50, -25)))
  expect_match(as.character(x$note), "left out of the percent change")
})
