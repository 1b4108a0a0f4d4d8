first_base <- matrix(c(
  5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85, 5.70, 5.45, 5.55, 5.60, 5.40, 5.40, 5.35,
  5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85, 5.80, 5.70, 5.25, 5.20, 5.10, 5.65, 5.55, 5.45, 5.60, 5.35, 5.45, 5.05, 5.00, 4.95,
  5.50, 5.50, 5.40, 5.45, 5.55, 5.50, 5.55, 5.55, 5.35, 5.45, 5.50, 5.55, 5.50, 5.45, 5.25, 5.65, 5.60, 5.40, 5.70, 5.65, 5.55,
  6.30, 6.30, 6.25
), ncol = 3, byrow = TRUE)
brands <- matrix(c(5, 4, 7, 10, 12, 1, 3, 1, 0, 2, 16, 12, 22, 22, 35, 5, 4, 3, 5, 4, 10, 9, 7, 13, 10, 19, 18, 28, 37, 58, 10,
  7, 6, 8, 7), nrow = 7, byrow = TRUE)
assembly <- matrix(c(3.2, 4.1, 3.8, 4.2, 3.1, 3.9, 3.4, 4.0, 4.3, 3.5, 4.6, 4.8, 3.5, 3.6, 3.9, 4.0, 3.6, 4.2, 3.7, 3.9, 4.5, 4.7,
  3.7, NA, NA, 4.2, 3.4, NA, 4.3, 4.6, 4.4, 4.9, 3.5, NA, 3.7, 3.9), ncol = 4, byrow = TRUE)

solve_table <- function(m, ...) rm_friedman(y ~ visit | id, long_rows(m, shuffle = TRUE), ..., seed = 1)

# In hundredths, as whole numbers: quade.test() ranks 5.55 - 5.40 and 5.70 - 5.55 as different ranges.
test_that("Friedman and Quade print what base R prints", {
  for (m in list(round(100 * first_base), brands)) {
    x <- solve_table(m, method = c("friedman", "quade"), distribution = "asymptotic")
    f <- stats::friedman.test(m)
    q <- stats::quade.test(m)
    expect_equal(x$statistic, unname(c(f$statistic, q$statistic)), tolerance = 1e-10)
    expect_equal(x$p_value, c(f$p.value, q$p.value), tolerance = 1e-10)
    expect_equal(c(x$df, x$df_denominator[2]), unname(c(f$parameter, q$parameter)))
  }
})

test_that("published figures: Hollander and Wolfe, Conover, Skillings and Mack", {
  x <- solve_table(first_base, distribution = "asymptotic")
  expect_equal(round(x$statistic, 3), 11.143)
  expect_equal(round(x$p_value, 6), 0.003805)
  x <- solve_table(brands, method = "quade", distribution = "asymptotic")
  expect_equal(round(c(x$statistic, x$p_value), 5), c(3.82925, 0.01519))
  x <- solve_table(assembly, method = "skillings_mack", distribution = "asymptotic")
  expect_equal(round(x$statistic, 6), 15.493049)
  expect_equal(x$p_value, 0.001440296302, tolerance = 1e-9)
})

test_that("exact p-values are the share of all arrangements, with ties and missing visits", {
  tables <- list(
    matrix(c(1, 2, 3, 3, 1, 2, 1, 3, 2, 5, 4, 6), 4, byrow = TRUE),
    matrix(c(1, 1, 3, 3, 3, 2, 1, 2, 2), 3, byrow = TRUE),
    matrix(c(1.5, 2.5, 2.5, 4, 2, 1, 3, 3), 2, byrow = TRUE)
  )
  for (m in tables) {
    x <- solve_table(m, method = c("friedman", "quade", "page"), distribution = "exact", alternative = "greater")
    expect_equal(x$p_value, c(naive_exact(m, naive_friedman), naive_exact(m, naive_quade), naive_exact(m, naive_page)),
      tolerance = 1e-10)
    expect_equal(x$statistic, c(naive_friedman(m), naive_quade(m), naive_page(m)), tolerance = 1e-10)
  }
  m <- matrix(c(1, 2, NA, 3, NA, 1, 2, 3, 1, NA, 5, 4), 4, byrow = TRUE)
  x <- solve_table(m, method = "skillings_mack", distribution = "exact")
  expect_equal(x$p_value, naive_exact(m, naive_skillings_mack), tolerance = 1e-10)
  expect_equal(x$statistic, naive_skillings_mack(m), tolerance = 1e-10)
})

test_that("Page has two directions, and the two-sided p is twice the smaller", {
  rows <- lapply(c("greater", "less", "two.sided"), function(a) {
    solve_table(first_base, method = "page", alternative = a, distribution = "exact")
  })
  p <- vapply(rows, `[[`, 0, "p_value")
  expect_equal(p[3], 2 * min(p[1:2]), tolerance = 1e-12)
  expect_gt(p[1], 0.99)  # the narrow angle is the fastest: times fall along the columns
  turned <- solve_table(first_base[, 3:1], method = "page", alternative = "less", distribution = "exact")
  expect_equal(turned$p_value, p[1], tolerance = 1e-12)
})

test_that("Skillings-Mack of complete blocks without ties is Friedman", {
  m <- matrix(c(1, 4, 8, 0, 2, 3, 13, 1, 10, 0, 11, 3, 12, 11, 13, 10, 1, 3, 10, 0), ncol = 4, byrow = TRUE)
  x <- solve_table(m, method = c("friedman", "skillings_mack"))
  expect_equal(x$statistic[2], x$statistic[1], tolerance = 1e-12)
  expect_equal(x$p_value[2], x$p_value[1], tolerance = 1e-12)
})

test_that("of two visits Friedman's exact p is that of the sign test", {
  m <- cbind(rep(0, 12), c(1, 2, 3, -1, 4, 5, 6, -2, 7, 0, 8, 9))
  x <- solve_table(m)
  expect_equal(x$p_value, stats::binom.test(9, 11)$p.value, tolerance = 1e-12)
  expect_equal(as.character(x$distribution), "exact")
})

test_that("patients without every visit are counted and named, in every row", {
  x <- solve_table(assembly, method = "all")
  expect_equal(x$n, c(6L, 6L, 6L, 6L, 9L))
  expect_equal(x$n_dropped, c(3L, 3L, 3L, 3L, 0L))
  expect_equal(as.character(x$method), friedman_methods)
  expect_equal(is.na(x$effect), c(FALSE, FALSE, FALSE, FALSE, TRUE))
  expect_true(all(rm_patients(x)$dropped_ids %in% c("6, 7, 9", "6, 9", "7, 9", "6, 7", "9", "6", "7")))
  text <- format(solve_table(assembly))
  expect_match(text[1], "CAUTION: 3 of 9 patients (33%)", fixed = TRUE)
  expect_true(any(grepl("ids 6, 7, 9", text)))
  expect_false(any(grepl("CAUTION", format(x))))
})

test_that("shuffled rows, threads, more outcomes and groups change no bit", {
  d <- long_rows(brands)
  d$z <- d$y^2 %% 7
  d$arm <- ifelse(d$id < 4, "a", "b")
  all <- rm_friedman(~ visit | id, d, outcomes = c("y", "z"), by = arm, method = "all", seed = 5, threads = 2,
    distribution = "monte_carlo", replicates = 200)
  one <- rm_friedman(y ~ visit | id, d[d$arm == "b", ][rev(seq_len(sum(d$arm == "b"))), ], by = "arm", method = "all",
    seed = 5, distribution = "monte_carlo", replicates = 200)
  keep <- c("n", "statistic", "p_value", "p_low", "effect", "effect_low", "effect_high")
  expect_identical(lapply(keep, function(k) all[all$outcome == "y" & all$arm == "b", ][[k]]), lapply(keep, function(k) one[[k]]))
})

test_that("long and wide data give the same row", {
  wide <- as.data.frame(first_base)
  x <- rm_friedman(cbind(V1, V2, V3) ~ 1, wide, seed = 1)
  y <- solve_table(first_base)
  keep <- c("n", "statistic", "p_value", "effect")
  expect_equal(as.data.frame(x)[keep], as.data.frame(y)[keep])
})

test_that("Kendall's W is Q / (n (k - 1)), inside its interval, and needs no seed without one", {
  x <- solve_table(first_base)
  expect_equal(x$effect, x$statistic / (22 * 2), tolerance = 1e-12)
  expect_true(x$effect_low < x$effect && x$effect < x$effect_high)
  expect_equal(as.character(x$conf_method), "bca")
  set.seed(1)
  before <- .Random.seed
  y <- rm_friedman(y ~ visit | id, long_rows(brands), effect_conf = "none", distribution = "asymptotic")
  expect_identical(.Random.seed, before)
  expect_true(is.na(y$effect_low))
  expect_null(attr(y, "settings")$seed)
})

test_that("what cannot be tested has a status and keeps what is true", {
  tied <- solve_table(matrix(2, 4, 3))
  expect_equal(as.character(tied$status), "all_zero")
  expect_equal(tied$p_value, 1)
  none <- solve_table(matrix(c(1, NA, 2, NA, 2, 3), 2, byrow = TRUE))
  expect_equal(as.character(none$status), "no_data")
  expect_equal(none$n_dropped, 2L)
  one <- solve_table(matrix(c(1, 2, 3, NA, 1, 2), 2, byrow = TRUE), method = c("friedman", "page"))
  expect_equal(as.character(one$status), c("too_few", "ok"))
  expect_equal(one$p_value, c(1, 1 / 3), tolerance = 1e-12)
  nobody <- solve_table(matrix(c(1, 2, NA, 2, 1, NA, 3, 5, NA), 3, byrow = TRUE), method = c("friedman", "skillings_mack"))
  expect_equal(as.character(nobody$status), c("no_data", "ok"))
  expect_match(as.character(nobody$note[2]), "left out")
  expect_equal(nobody$df[2], 1)
  large <- solve_table(matrix((1:600 * 7919) %% 997, 100), distribution = "exact", effect_conf = "none")
  expect_equal(as.character(large$status), "too_large")
  expect_false(is.na(large$statistic))
  agree <- solve_table(matrix(1:3, 4, 3, byrow = TRUE), method = "iman_davenport")
  expect_equal(as.character(agree$status), "boundary")
  expect_equal(agree$p_value, 6^-3, tolerance = 1e-12)
  more <- solve_table(matrix(c(1:6, 6:1), 2, byrow = TRUE))
  expect_equal(more$p_value, 1, tolerance = 1e-12)
})

test_that("decimals that tie on paper tie", {
  both <- lapply(list(first_base, round(100 * first_base)), solve_table, method = "quade", distribution = "asymptotic")
  expect_equal(both[[1]]$statistic, both[[2]]$statistic, tolerance = 1e-12)
  m <- rbind(c(0.1 + 0.2, 0.3, 1), c(2, 1, 3), c(4, 5, 6))
  expect_equal(solve_table(m)$n_ties, 2L)
})

test_that("the Monte Carlo interval holds the exact p", {
  exact <- solve_table(first_base, distribution = "exact")
  drawn <- solve_table(first_base, distribution = "monte_carlo")
  expect_lte(drawn$p_low, exact$p_value)
  expect_gte(drawn$p_high, exact$p_value)
})

test_that("wrong words stop the call by name", {
  d <- long_rows(brands)
  d$arm <- d$id %% 2
  show <- function(expr) {
    cnd <- tryCatch(expr, respondr_error = function(cnd) cnd)
    cat(class(cnd)[1], "\n", conditionMessage(cnd), "\n\n", sep = "")
  }
  expect_snapshot_output({
    show(rm_friedman(y ~ visit, d))
    show(rm_friedman(y ~ arm * visit | id, d))
    show(rm_friedman(y ~ visit | id, d, method = "anova"))
    show(rm_friedman(y ~ visit | id, d, alternative = "less"))
    show(rm_friedman(y ~ visit | id, d, metod = "page"))
    show(rm_friedman("y", d))
    show(rm_friedman(y ~ visit | id, transform(d, y = replace(y, 3, Inf))))
    show(rm_friedman(y ~ visit | id, rbind(d, d[1, ])))
    show(rm_friedman_pairs(d))
    show(rm_friedman_pairs(rm_friedman(y ~ visit | id, d), "tukey"))
  })
})

test_that("a result prints its patients, its test and its effect", {
  expect_snapshot_output({
    print(solve_table(assembly, method = "all"), width = 100)
    print(rm_friedman_pairs(solve_table(first_base), "pairwise", method = friedman_pair_methods), width = 100)
  })
})

test_that("as_htest gives base R's test", {
  x <- solve_table(first_base, distribution = "asymptotic")
  f <- stats::friedman.test(first_base)
  h <- as_htest(x)
  expect_s3_class(h, "htest")
  expect_equal(h[c("statistic", "parameter", "p.value")], f[c("statistic", "parameter", "p.value")], tolerance = 1e-10)
  expect_equal(h$method, "Asymptotic Friedman test")
  q <- as_htest(solve_table(brands, method = "quade", distribution = "asymptotic"))
  expect_equal(q$parameter, stats::quade.test(brands)$parameter)
  expect_silent(utils::capture.output(print(as_htest(rm_friedman_pairs(x), row = 1))))
})
