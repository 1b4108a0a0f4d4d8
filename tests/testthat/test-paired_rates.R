# The verb: every form of input gives the same rows; event, direction, labels, families, seed.

same_rows_as <- function(x, y, columns = c("p_value", "estimate", "conf_low", "conf_high", "statistic", "n_gained", "n_lost")) {
  expect_equal(as.data.frame(x)[columns], as.data.frame(y)[columns], tolerance = 1e-14, ignore_attr = TRUE)
}

every_pair <- c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional")

test_that("rows, wide columns, vectors, a table and four counts are one comparison", {
  d <- rate_rows(7, 3, 12, 9)
  long <- compare_paired_rates(response ~ visit | id, d, method = every_pair)
  w <- data.frame(before = rep(c(1, 1, 0, 0), c(7, 3, 12, 9)), after = rep(c(1, 0, 1, 0), c(7, 3, 12, 9)))
  same_rows_as(compare_paired_rates(after ~ 1, w, baseline = before, method = every_pair), long)
  same_rows_as(compare_paired_rates(w$before, w$after, method = every_pair), long)
  same_rows_as(compare_paired_rates(table(w$before, w$after), method = every_pair), long)
  same_rows_as(compare_paired_rates(matrix(c(9, 3, 12, 7), 2), method = every_pair), long)
  same_rows_as(compare_paired_rates(both = 7, lost = 3, gained = 12, neither = 9, method = every_pair), long)
  counts <- data.frame(a = 7, b = 3, c = 12, d = 9)
  same_rows_as(compare_paired_rates(data = counts, both = a, lost = b, gained = c, neither = d, method = every_pair), long)
  expect_equal(long$n_pairs, rep(31L, 4))
  expect_equal(c(long$events[1], long$events_reference[1], long$n_gained[1], long$n_lost[1]), c(19L, 10L, 12L, 3L))
  expect_equal(long$estimate[1], 9 / 31)
  expect_equal(long$estimate[2], 4)
})

test_that("the order of the rows and the number of threads change nothing", {
  d <- rate_rows(5, 2, 8, 6, shuffle = FALSE)
  d$arm <- ifelse(d$id %% 2 == 0, "a", "b")
  x <- compare_paired_rates(response ~ visit | id, d, by = arm, method = every_pair)
  expect_identical(as.data.frame(compare_paired_rates(response ~ visit | id, d[rev(seq_len(nrow(d))), ], by = arm,
    method = every_pair, threads = 2)), as.data.frame(x))
})

test_that("everyone responding at the second visit gives the ordinary p and interval", {
  forms <- list(
    compare_paired_rates(rep(FALSE, 10), rep(TRUE, 10)),
    compare_paired_rates(rep(0, 10), rep(1, 10)),
    compare_paired_rates(factor(rep("no", 10), c("no", "yes")), factor(rep("yes", 10))),
    compare_paired_rates(rep("no", 10), rep("yes", 10), event = "yes"),
    compare_paired_rates(matrix(10, 1, 1, dimnames = list("no", "yes")), event = "yes")
  )
  for (x in forms) {
    expect_equal(x$p_value, 2 / 1024)
    expect_equal(x$conf_low, 0.025^0.1 / (1 - 0.025^0.1), tolerance = 1e-12)
    expect_equal(x$conf_high, Inf)
    expect_equal(as.character(x$status), "boundary")
    expect_true(x$p_matches)
    expect_equal(x$effect, 1)
  }
})

test_that("nobody changed gives p = 1 and an interval", {
  x <- compare_paired_rates(both = 4, lost = 0, gained = 0, neither = 8, method = every_pair)
  expect_equal(x$p_value, rep(1, 4))
  expect_equal(as.character(x$status), rep("all_zero", 4))
  expect_false(anyNA(c(x$conf_low, x$conf_high)))
  expect_equal(x$conf_high[1], qnorm(0.975)^2 / (12 + qnorm(0.975)^2), tolerance = 1e-12)
})

test_that("levels are matched by label, never by position", {
  t <- matrix(c(20, 5, 12, 8), 2, dimnames = list(c("no", "yes"), c("no", "yes")))
  turned <- t[c("yes", "no"), ]
  x <- compare_paired_rates(t, event = "yes", method = every_pair)
  same_rows_as(compare_paired_rates(turned, event = "yes", method = every_pair), x)
  same_rows_as(compare_paired_rates(t[, c("yes", "no")], event = "yes", method = every_pair), x)
  expect_error(compare_paired_rates(turned), class = "respondr_error_event")
  a <- factor(c("no", "yes", "no", "no"), c("no", "yes"))
  b <- factor(c("yes", "yes", "no", "yes"), c("yes", "no"))
  expect_error(compare_paired_rates(a, b), class = "respondr_error_event")
  expect_equal(compare_paired_rates(a, b, event = "yes")$n_gained, 2L)
  k <- rate_agreement(t)
  expect_equal(rate_agreement(turned)$estimate, k$estimate)
})

test_that("the event is TRUE, 1, the second level, or what `event` says, and is printed", {
  expect_equal(as.character(compare_paired_rates(c(TRUE, FALSE), c(TRUE, TRUE))$event), "TRUE")
  f <- function(v) factor(v, c("ill", "well"))
  x <- compare_paired_rates(f(c("ill", "ill", "well")), f(c("well", "ill", "well")))
  expect_equal(as.character(x$event), "well")
  expect_equal(x$n_gained, 1L)
  expect_equal(compare_paired_rates(f(c("ill", "ill", "well")), f(c("well", "ill", "well")), event = "ill")$n_lost, 1L)
  d <- data.frame(id = rep(1:4, 2), visit = rep(0:1, each = 4), r = c("none", "none", "minor", "none", "minor", "main", "main",
    "none"))
  expect_error(compare_paired_rates(r ~ visit | id, d, method = "mcnemar"), class = "respondr_error_event")
  y <- compare_paired_rates(r ~ visit | id, d, event = c("main", "minor"))
  expect_equal(as.character(y$event), "main or minor")
  expect_equal(c(y$events_reference, y$events), c(1L, 3L))
  expect_match(format(y)[2], "event main or minor", fixed = TRUE)
  expect_error(compare_paired_rates(r ~ visit | id, d, event = "man"), class = "respondr_error_event")
  expect_error(compare_paired_rates(r ~ visit | id, d, event = c("none", "minor", "main")), class = "respondr_error_event")
})

test_that("several visits: the reference or all pairs, each with its own n, and tests over all visits first", {
  d <- data.frame(id = rep(1:6, 3), visit = rep(c(0, 4, 8), each = 6),
    r = c(0, 0, 0, 1, 0, 0, 1, 0, 1, 1, NA, 0, 1, 1, 1, 1, 1, NA))
  x <- compare_paired_rates(r ~ visit | id, d)
  expect_equal(as.character(x$method), c("cochran_q", "cmh", "mcnemar_exact", "mcnemar_exact"))
  expect_equal(as.character(x$contrast), c("all visits", "all visits", "4 / 0", "8 / 0"))
  expect_equal(x$n[1:2], c(4L, 6L))
  expect_equal(x$n_pairs[3:4], c(5L, 5L))
  expect_equal(x$n_dropped, c(2L, 0L, 1L, 1L))
  y <- compare_paired_rates(r ~ visit | id, d, contrasts = "pairwise", method = "mcnemar")
  expect_equal(as.character(y$contrast), c("4 - 0", "8 - 0", "8 - 4"))
  z <- compare_paired_rates(r ~ visit | id, d, reference = 8, method = "mcnemar")
  expect_equal(as.character(z$contrast), c("0 - 8", "4 - 8"))
  expect_equal(z$estimate[1], -y$estimate[2])
})

test_that("on complete data cmh is Q; with gaps it is the Mantel-Haenszel statistic of mantelhaen.test", {
  d <- expand.grid(id = factor(1:12), visit = factor(1:3))
  d$r <- ((as.integer(d$id) * 7 + as.integer(d$visit) * 5 + as.integer(d$id) * as.integer(d$visit)) %% 3 > 0) + 0
  mh <- function(d) unname(stats::mantelhaen.test(table(d$visit, d$r, factor(d$id)))$statistic)
  x <- compare_paired_rates(r ~ visit | id, d, method = "cochran_q", distribution = "asymptotic")
  expect_equal(x$statistic[1], x$statistic[2])
  expect_equal(x$statistic[2], mh(d), tolerance = 1e-10)
  gaps <- d[-c(2, 17, 30), ]
  y <- compare_paired_rates(r ~ visit | id, gaps, method = "cochran_q", distribution = "asymptotic")
  expect_equal(y$statistic[2], mh(gaps), tolerance = 1e-10)
  expect_equal(y$n, c(9L, 12L))
})

test_that("p and interval are those of binom.test for the conditional odds ratio", {
  for (counts in list(c(3, 12), c(0, 6), c(9, 9))) {
    x <- compare_paired_rates(both = 2, lost = counts[1], gained = counts[2], neither = 2)
    b <- stats::binom.test(counts[2], sum(counts))
    odds <- b$conf.int / (1 - b$conf.int)
    expect_equal(x$p_value, b$p.value, tolerance = 1e-12)
    expect_equal(c(x$conf_low, x$conf_high), as.vector(odds), tolerance = 1e-7)  # qbeta of R
  }
})

test_that("families are adjusted apart and Bonferroni has simultaneous intervals", {
  d <- rbind(cbind(rate_rows(3, 1, 9, 2), arm = "a"), cbind(rate_rows(2, 4, 6, 3), arm = "b"))
  x <- compare_paired_rates(response ~ visit | id, d, by = arm, method = c("mcnemar", "mcnemar_exact"), p_adjust = "bonferroni",
    adjust_over = "arm")
  expect_equal(x$p_adjusted, pmin(1, 2 * x$p_value))
  wide <- compare_paired_rates(response ~ visit | id, d, by = arm, method = c("mcnemar", "mcnemar_exact"), conf_level = 0.975)
  expect_equal(x$conf_low_adjusted, wide$conf_low)
  expect_equal(x$conf_high_adjusted, wide$conf_high)
  y <- compare_paired_rates(response ~ visit | id, d, by = arm, p_adjust = "holm")
  expect_equal(y$p_adjusted, stats::p.adjust(y$p_value, "holm"))
  expect_true(all(is.na(y$conf_low_adjusted)))
})

test_that("each p has the interval of its own test; any other is named and does not match", {
  one <- function(...) compare_paired_rates(both = 5, lost = 3, gained = 9, neither = 6, ...)
  x <- one(method = every_pair)
  expect_equal(as.character(x$conf_method), c("tango", "conditional_central", "paired_midp", "paired_unconditional"))
  expect_equal(x$p_matches, rep(TRUE, 4))
  y <- one(method = every_pair, estimand = "difference")
  expect_equal(as.character(y$conf_method), c("tango", "paired_newcombe", "paired_newcombe", "paired_unconditional"))
  expect_equal(y$p_matches, c(TRUE, FALSE, FALSE, TRUE))
  expect_equal(y$p_value, x$p_value)
  expect_false(one(method = "mcnemar", convention = "r")$p_matches)
  expect_error(one(conf_method = "newcombe"), class = "respondr_error_conf_method")
  expect_error(one(null = 2, estimand = "difference"), class = "respondr_error_null")
  expect_equal(one(null = 2)$p_value, stats::binom.test(9, 12, 2 / 3)$p.value, tolerance = 0.2)
  expect_equal(one(null = 2, two_sided = "minlike")$p_value, stats::binom.test(9, 12, 2 / 3)$p.value, tolerance = 1e-10)
})

test_that("Monte Carlo keeps its seed, draws from no generator of R but once, and exact calls draw nothing", {
  t <- matrix(c(30, 14, 9, 5, 22, 17, 11, 8, 25), 3)
  set.seed(4)
  state <- .Random.seed
  compare_paired_rates(t, method = "bowker", distribution = "exact")
  expect_identical(.Random.seed, state)
  x <- compare_paired_rates(t, method = "stuart_maxwell", distribution = "monte_carlo", replicates = 2000)
  expect_false(identical(.Random.seed, state))
  again <- compare_paired_rates(t, method = "stuart_maxwell", distribution = "monte_carlo", replicates = 2000,
    seed = attr(x, "settings")$seed)
  expect_identical(again$p_value, x$p_value)
  exact <- compare_paired_rates(t, method = "stuart_maxwell", distribution = "exact")$p_value
  expect_true(exact > x$p_low - 0.01 && exact < x$p_high + 0.01)
})

test_that("wrong words stop with the argument named", {
  d <- rate_rows(3, 1, 4, 2)
  expect_error(compare_paired_rates(response ~ visit, d), class = "respondr_error_no_id")
  expect_error(compare_paired_rates(response ~ visit | id, rbind(d, d[1, ])), class = "respondr_error_duplicate_id")
  expect_error(compare_paired_rates(response ~ visit | id, d, method = "mcnemer"), class = "respondr_error_word")
  expect_error(compare_paired_rates(response ~ visit | id, d, scores = 1:2), class = "respondr_error_scores")
  expect_error(compare_paired_rates(c(1.5, 2), c(Inf, 2)), class = "respondr_error_infinite")
  expect_error(compare_paired_rates(runif(60), runif(60)), class = "respondr_error_outcome")
  expect_error(compare_paired_rates(matrix(1:6, 2)), class = "respondr_error_counts")
  expect_error(compare_paired_rates(matrix(c(1, 2, -1, 3), 2)), class = "respondr_error_counts")
  expect_error(compare_paired_rates(both = 1, lost = 2), class = "respondr_error_counts")
  expect_error(compare_paired_rates(both = 1.5, lost = 2, gained = 1, neither = 0), class = "respondr_error_counts")
  expect_error(compare_paired_rates(), class = "respondr_error_x")
  expect_error(compare_paired_rates(matrix(c(9, 3, 12, 7), 2), method = "cochran_q"), class = "respondr_error_method")
  expect_error(compare_paired_rates(c("a", "b", "c"), c("b", "c", "a"), method = "marginal_homogeneity"),
    class = "respondr_error_order")
  expect_error(compare_paired_rates(matrix(c(9, 3, 12, 7), 2), method = "bowker", alternative = "less"),
    class = "respondr_error_alternative")
})

test_that("words that do not go with counts stop the call, and a table's own names are its visits", {
  expect_error(compare_paired_rates(both = 1, lost = 2, gained = 3, neither = 4, by = arm), class = "respondr_error_argument")
  expect_error(compare_paired_rates(matrix(1:4, 2), both = 3), class = "respondr_error_argument")
  t <- table(week0 = c(0, 0, 1, 0), week8 = c(1, 0, 1, 1))
  expect_equal(as.character(compare_paired_rates(t)$contrast), "week8 / week0")
})

test_that("the event of four counts can be turned round", {
  x <- compare_paired_rates(both = c(5, 1), lost = c(3, 2), gained = c(9, 4), neither = c(6, 7), event = "no event", method = "mcnemar")
  expect_equal(x$n_gained, c(3L, 2L))
  expect_equal(x$events, c(9L, 9L))
  expect_equal(shift_table(x)$n[1:2], c(6L, 3L))
  expect_equal(rate_agreement(matrix(c(6, 3, 9, 5), 2))$estimate, rate_agreement(matrix(c(5, 9, 3, 6), 2))$estimate)
})

test_that("missing responses are counted and never matched; an outcome without any gives no_data", {
  x <- compare_paired_rates(c(TRUE, NA, FALSE, NA), c(TRUE, TRUE, NA, NA), method = every_pair)
  expect_equal(x$n_pairs, rep(1L, 4))
  expect_equal(x$n_dropped, rep(3L, 4))
  y <- compare_paired_rates(c(NA, TRUE), c(TRUE, NA), method = every_pair)
  expect_equal(as.character(y$status), rep("no_data", 4))
  expect_true(all(is.na(y$p_value)))
  z <- compare_paired_rates(logical(), logical())
  expect_equal(as.character(z$status), "no_data")
})

test_that("several outcomes and an event for each", {
  d <- rate_rows(3, 1, 4, 2)
  d$word <- ifelse(d$response == 1, "yes", "no")
  x <- compare_paired_rates(response + word ~ visit | id, d, event = list(response = 1, word = "yes"))
  expect_equal(x$p_value[1], x$p_value[2])
  expect_equal(as.character(x$event), c("1", "yes"))
  expect_error(compare_paired_rates(response + word ~ visit | id, d, event = list(word = "yes")),
    class = "respondr_error_event")
})

test_that("labelled, integer and integer-coded columns are read by their values", {
  labelled <- structure(c(0, 1, 0, 1, 1, 1), labels = c(no = 0, yes = 1), class = c("haven_labelled", "vctrs_vctr", "double"))
  d <- data.frame(id = rep(1:3, 2), visit = rep(0:1, each = 3))
  d$r <- labelled
  x <- compare_paired_rates(r ~ visit | id, d)
  expect_equal(as.character(x$event), "yes")
  expect_equal(x$n_gained, 2L)
  y <- compare_paired_rates(labelled[1:3], labelled[4:6])
  expect_equal(c(as.character(y$event), as.character(y$n_gained)), c("yes", "2"))
  one <- structure(c(1, 1), labels = c(no = 0, yes = 1), class = c("haven_labelled", "vctrs_vctr", "double"))
  expect_equal(compare_paired_rates(one, one)$events, 2L)
})

test_that("two factors of one level each do not tell the event by their position", {
  expect_error(compare_paired_rates(factor(rep("yes", 3)), factor(rep("no", 3))), class = "respondr_error_event")
  expect_equal(compare_paired_rates(factor(rep("yes", 3)), factor(rep("no", 3)), event = "yes")$n_lost, 3L)
})

test_that("a fifth of the patients lost to Q is said first", {
  d <- data.frame(id = rep(1:6, 3), visit = rep(c(0, 4, 8), each = 6),
    r = c(0, 0, 0, 1, 0, 0, 1, 0, 1, 1, NA, 0, 1, 1, 1, 1, 1, NA))
  x <- compare_paired_rates(r ~ visit | id, d, method = "cochran_q")
  expect_match(format(x)[1], "CAUTION: 2 of 6 patients (33%) lack a visit", fixed = TRUE)
  expect_null(attr(compare_paired_rates(r ~ visit | id, d[d$id < 5, ], method = "cochran_q"), "settings")$warning)
})

test_that("levels of little or much confidence still give limits", {
  one <- function(level) compare_paired_rates(both = 5, lost = 3, gained = 9, neither = 6, method = every_pair, conf_level = level)
  low <- one(0.1)
  high <- one(1 - 1e-9)
  expect_false(anyNA(c(low$conf_low, low$conf_high, high$conf_low, high$conf_high)))
  expect_true(all(low$conf_low <= low$estimate & low$estimate <= low$conf_high))
  expect_true(all(high$conf_low < low$conf_low & high$conf_high > low$conf_high))
  b <- stats::binom.test(9, 12, conf.level = 0.1)$conf.int
  expect_equal(c(low$conf_low[2], low$conf_high[2]), as.vector(b / (1 - b)), tolerance = 1e-7)
})
