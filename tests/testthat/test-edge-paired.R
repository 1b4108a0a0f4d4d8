# Evidence: edges. A problem without an answer gets a status and whatever is still true; the others of the call go on.

exact_methods <- c("signed_rank", "sign", "permutation")
every_method <- c("t", exact_methods, "bootstrap")

status_of <- function(x) as.character(x$status)

# Some method rows of a result.
rows_of <- function(x, methods) x[as.character(x$method) %in% methods, ]

test_that("no complete pair gives no_data, counts the patients and answers nothing", {
  x <- compare_paired(c(1, NA, 3), c(NA, 2, NA), method = every_method, seed = 1)
  expect_equal(status_of(x), rep("no_data", 5))
  expect_equal(x$n_pairs, rep(0L, 5))
  expect_equal(x$n_dropped, rep(3L, 5))
  for (column in c("estimate", "conf_low", "conf_high", "statistic", "p_value", "effect")) {
    expect_true(all(is.na(x[[column]])), info = column)
  }
})

test_that("vectors without a value give no_data", {
  x <- compare_paired(numeric(), numeric(), method = every_method, seed = 1)
  expect_equal(status_of(x), rep("no_data", 5))
})

test_that("one pair keeps its estimate and the exact p of 1", {
  x <- compare_paired(c(7.1, 8), c(9.1, NA), method = every_method, seed = 1)
  expect_equal(status_of(x), rep("one_pair", 5))
  expect_equal(x$n_pairs, rep(1L, 5))
  expect_equal(x$estimate, rep(2, 5), tolerance = 1e-14)
  expect_equal(rows_of(x, exact_methods)$p_value, c(1, 1, 1))
  expect_identical(rows_of(x, exact_methods)$conf_low, rep(-Inf, 3))
  expect_identical(rows_of(x, exact_methods)$conf_high, rep(Inf, 3))
  t <- rows_of(x, "t")
  expect_true(all(is.na(c(t$p_value, t$conf_low, t$conf_high, t$effect))))
})

test_that("one pair has the one-sided exact p of one half", {
  x <- compare_paired(7.1, 9.1, method = exact_methods, alternative = "greater")
  expect_equal(x$p_value, rep(0.5, 3))
})

test_that("two pairs are enough for every deterministic method", {
  x <- compare_paired(c(1, 2), c(2, 5), method = c("t", exact_methods))
  expect_equal(status_of(x), rep("ok", 4))
  expect_equal(x$p_value[-1], rep(0.5, 3))
  expect_identical(x$conf_low[-1], rep(-Inf, 3))
})

test_that("equal changes of decimals are no_variance: an estimate, exact tests, no t", {
  before <- c(7.1, 6.3, 5.2, 8.8, 9.4, 4.7, 6.6)
  x <- compare_paired(before, before + 2, method = every_method, seed = 1)
  expect_equal(status_of(x), rep("no_variance", 5))
  expect_equal(x$estimate, rep(2, 5))
  expect_equal(rows_of(x, exact_methods)$p_value, rep(2 / 2^7, 3))
  expect_equal(rows_of(x, exact_methods)$conf_low, rep(2, 3))
  expect_equal(rows_of(x, exact_methods)$conf_high, rep(2, 3))
  t <- rows_of(x, "t")
  expect_true(all(is.na(c(t$p_value, t$statistic, t$conf_low, t$conf_high, t$effect))))
})

test_that("equal changes lost in rounding off the decimal grid are no_variance too", {
  before <- pi * c(1, 3, 7, 20, 33, 41)
  x <- compare_paired(before, before + 2)
  expect_equal(status_of(x), "no_variance")
  expect_true(is.na(x$p_value))
})

test_that("no change at all is all_zero: exact p 1, no t", {
  v <- c(7.1, 6.3, 5.2, 8.8, 9.4, 4.7, 6.6)
  for (zeros in c("wilcoxon", "pratt")) {
    x <- compare_paired(v, v, method = every_method, zeros = zeros, seed = 1)
    expect_equal(status_of(x), rep("all_zero", 5))
    expect_equal(x$n_zeros, rep(7L, 5))
    expect_equal(x$estimate, rep(0, 5))
    expect_equal(rows_of(x, exact_methods)$p_value, rep(1, 3))
    expect_true(is.na(rows_of(x, "t")$p_value))
  }
})

test_that("all changes equal to a null that is not zero are all_zero for that null", {
  before <- c(7.1, 6.3, 5.2, 8.8)
  x <- compare_paired(before, before + 2, method = c("t", exact_methods), null = 2)
  expect_equal(status_of(x), rep("all_zero", 4))
  expect_equal(x$p_value[-1], rep(1, 3))
  expect_equal(x$estimate, rep(2, 4))
})

test_that("changes that are all tied in size are ranked alike", {
  # 2 2 2 -2: midrank 2.5 each, T+ = 7.5; sums of at least 7.5: 4 + 1 of 16.
  x <- compare_paired(c(2, 2, 2, -2), method = "signed_rank", alternative = "greater")
  expect_equal(x$p_value, 5 / 16)
  expect_equal(x$n_ties, 4L)
})

test_that("NA and NaN are the same gap", {
  a <- compare_paired(c(1, 2, NA, 4, 6), c(2, 4, 5, NA, 9), method = every_method, seed = 1, replicates = 200)
  b <- compare_paired(c(1, 2, NaN, 4, 6), c(2, 4, 5, NaN, 9), method = every_method, seed = 1, replicates = 200)
  expect_identical(as.data.frame(b), as.data.frame(a))
  expect_equal(a$n_pairs, rep(3L, 5))
  expect_equal(a$n_dropped, rep(2L, 5))
})

test_that("an infinite value stops the call and names the outcome", {
  error <- tryCatch(compare_paired(c(1, Inf), c(2, 3)), error = identity)
  expect_s3_class(error, "respondr_error_infinite")
})

test_that("values around 1e150 and 1e-150 answer like values around 1", {
  d <- c(3, -1, 4, 1, 5, 9, 2, 6)
  b <- 10 + 1:8
  columns <- c("statistic", "df", "p_value", "effect", "effect_low", "effect_high")
  ref <- compare_paired(b, b + d, method = every_method, seed = 1, replicates = 300)
  for (size in c(1e150, 1e-150)) {
    x <- compare_paired(b * size, (b + d) * size, method = every_method, seed = 1, replicates = 300)
    x$statistic[x$method == "permutation"] <- x$statistic[x$method == "permutation"] / size # a sum of changes
    expect_equal(plain(x, columns), plain(ref, columns), tolerance = 1e-9)
    expect_equal(x$estimate / size, ref$estimate, tolerance = 1e-12)
    expect_equal(x$conf_low / size, ref$conf_low, tolerance = 1e-9)
    expect_equal(x$conf_high / size, ref$conf_high, tolerance = 1e-9)
  }
})

test_that("d_av, d_rm and d_b of values around 1e150 are those of values around 1", {
  b <- c(10, 14, 19, 12, 16)
  a <- c(13, 15, 24, 18, 17)
  effects <- c("d_av", "d_rm", "d_b")
  columns <- c("effect", "effect_low", "effect_high")
  ref <- compare_paired(b, a, effect = effects)
  for (size in c(1e150, 1e-150)) {
    x <- compare_paired(b * size, a * size, effect = effects)
    expect_equal(plain(x, columns), plain(ref, columns), tolerance = 1e-9)
  }
})

test_that("an offset of 1e8 costs no digit of decimals", {
  d <- c(3, -1, 4, 1, 5, 9, 2, 6) / 10
  b <- round(7 + (1:8) / 10, 1)
  a <- round(b + d, 1)
  ref <- compare_paired(b, a, method = every_method, seed = 1, replicates = 300)
  x <- compare_paired(b + 1e8, a + 1e8, method = every_method, seed = 1, replicates = 300)
  columns <- c("estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value", "n_ties")
  expect_equal(plain(x, columns), plain(ref, columns), tolerance = 1e-10)
})

test_that("whole numbers at the ends of the integer range do not overflow", {
  top <- .Machine$integer.max
  x <- compare_paired(c(-top, -top, 0L), c(top, top - 2L, 3L))
  expect_equal(x$estimate, mean(c(2 * top, 2 * top - 2, 3)), tolerance = 1e-14)
})

test_that("one empty arm does not stop the other", {
  d <- data.frame(
    id = rep(1:8, 2), month = rep(c(0, 3), each = 8), arm = rep(rep(c("a", "b"), each = 4), 2),
    hb = c(7, 8, 7.5, 9, 7, 8, 6, 7, 9, 8.5, 9.1, 9.9, NA, NA, NA, NA)
  )
  x <- compare_paired(hb ~ month | id, d, by = arm, method = c("t", exact_methods))
  expect_equal(status_of(x), rep(c("ok", "no_data"), each = 4))
  alone <- compare_paired(hb ~ month | id, d[d$arm == "a", ], method = c("t", exact_methods))
  expect_identical(x$p_value[1:4], alone$p_value)
})

test_that("unused levels of a group are no rows", {
  d <- data.frame(b = c(1, 2, 3, 4), a = c(2, 4, 4, 7), arm = factor(c("x", "x", "y", "y"), c("w", "x", "y", "z")))
  x <- compare_paired(a ~ 1, baseline = b, data = d, by = arm)
  expect_equal(as.character(x$arm), c("x", "y"))
})

test_that("an outcome without a value does not stop the others", {
  d <- data.frame(b1 = c(1, 2, 4), a1 = c(3, 3, 8), b2 = NA_real_, a2 = c(1, 2, 3))
  x <- compare_paired(cbind(a1, a2) ~ 1, baseline = c(b1, b2), data = d)
  expect_equal(status_of(x), c("ok", "no_data"))
})

test_that("too few pairs for a finite limit are said in the note, and the limits are infinite", {
  x <- compare_paired(c(1, 2, 4, 7), method = exact_methods)
  expect_identical(x$conf_low, rep(-Inf, 3))
  expect_identical(x$conf_high, rep(Inf, 3))
  expect_true(all(nzchar(as.character(x$note))))
  expect_equal(x$conf_attained, rep(1, 3))
})

test_that("an exact answer beyond the limit is refused by status, its estimate kept", {
  set.seed(71)
  d <- round(rnorm(60), 3)
  for (method in c("signed_rank", "permutation")) {
    x <- compare_paired(d, method = method, distribution = "exact", exact_limit = 10)
    expect_equal(status_of(x), "too_large")
    expect_true(is.na(x$p_value))
    expect_false(is.na(x$estimate))
  }
})

test_that("auto beyond the limit is Monte Carlo and says so", {
  set.seed(71)
  d <- round(rnorm(60), 3)
  for (method in c("signed_rank", "permutation")) {
    x <- compare_paired(d, method = method, exact_limit = 10, replicates = 500, seed = 2)
    expect_equal(as.character(x$distribution), "monte_carlo")
    expect_true(x$p_low <= x$p_value && x$p_value <= x$p_high)
  }
})

test_that("changes all of one sign have the rank-biserial correlation 1 and no interval, and the row says so", {
  # Fisher's z of 1 is infinite: limits of 1 and 1 would claim certainty from four patients.
  x <- compare_paired(c(1, 2, 5, 7), method = "signed_rank")
  expect_equal(c(x$effect, x$effect_low, x$effect_high), c(1, NA, NA))
  expect_match(as.character(x$note), "effect size or its interval")
  x <- compare_paired(-c(1, 2, 5, 7), method = "signed_rank")
  expect_equal(c(x$effect, x$effect_low, x$effect_high), c(-1, NA, NA))
})

test_that("a constant baseline leaves d_b without a value and the rest of the row whole", {
  x <- compare_paired(rep(5, 6), c(6, 7, 5, 9, 8, 6), effect = "d_b")
  expect_true(is.na(x$effect))
  expect_false(is.na(x$p_value))
})

test_that("a strong effect in many pairs keeps its noncentral t limits (ncp above 37.6)", {
  # mean 2.4 SDs over 400 pairs: t = 48. The oracle integrates the definition.
  set.seed(72)
  x <- compare_paired(scale(rnorm(400))[, 1] + 2.4)
  expect_equal(c(x$effect_low, x$effect_high), oracle_ncp(48, 399) / 20, tolerance = 1e-8)
})

test_that("a value at or below zero has no logarithm: its pair is not silently used", {
  x <- compare_paired(c(0, 1, 2, 3, 4), c(1, 2, 3, 5, 9), scale = "ratio")
  expect_equal(x$n_pairs, 4L)
  expect_equal(x$n_dropped, 1L)
  expect_true(nzchar(as.character(x$note)))
  ref <- oracle_t(log(c(2, 3, 5, 9) / c(1, 2, 3, 4)))
  expect_equal(x$p_value, ref$p_value, tolerance = 1e-10)
})

test_that("ratios that tie on paper tie here", {
  # 3 / 1, 6 / 2 and 1 / 3 are equal in size on the log scale, 0.3 / 0.1 too: midrank 2.5 each.
  x <- compare_paired(c(1, 2, 3, 0.1), c(3, 6, 1, 0.3), method = "signed_rank", scale = "ratio")
  expect_equal(x$n_ties, 4L)
  expect_equal(x$statistic, 7.5)
})

test_that("symmetrised percent changes that tie on paper tie here", {
  # (3 - 1) / (3 + 1) = (6 - 2) / (6 + 2) = 1 / 2, (0.1 - 0.3) / (0.1 + 0.3) = -1 / 2.
  x <- compare_paired(c(1, 2, 0.3), c(3, 6, 0.1), method = "signed_rank", scale = "symmetric_percent")
  expect_equal(x$n_ties, 3L)
  expect_equal(x$statistic, 4)
})

test_that("a hundred thousand pairs are answered by every cheap method", {
  set.seed(73)
  d <- sample(-5:7, 1e5, TRUE) / 10
  x <- compare_paired(d, method = c("t", "sign"), effect = "none")
  expect_equal(status_of(x), c("ok", "ok"))
  expect_equal(x$estimate[1], mean(d), tolerance = 1e-12)
  ranks <- compare_paired(d, method = "signed_rank", distribution = "asymptotic", effect = "none")
  expect_equal(ranks$p_value, oracle_signed_rank_normal_p(round(10 * d)), tolerance = 1e-10)
})
