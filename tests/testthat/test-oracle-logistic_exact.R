# Evidence: oracle, byhand, published, edge. Exact conditional logistic regression against a listing of all responses,
# against fisher.test and mantelhaen.test, closed forms, and a figure of SAS.

ask_exact <- function(x, y, sets, weight = NULL, strata = NULL, offset = NULL, midp = FALSE, limit = 2e7) {
  r <- respondr:::logistic_exact(
    list(x = x, y = as.double(y), weight = weight, offset = offset, strata = strata),
    list(sets = sets, conf_level = 0.95, midp = midp, exact_limit = limit)
  )
  lapply(r, as.data.frame)
}

exact_code <- function(word) match(word, respondr:::status_table$word) - 1L

test_that("every figure of exact logistic regression is that of a listing of all responses", {
  for (k in 1:6) {
    n <- 9 + k %% 3
    x <- cbind(1, as.numeric(case_uniform(n, k) < 0.5), round(case_normal(n, k), 1), floor(3 * case_uniform(n, 1 + k %% 6)))
    y <- as.integer(case_uniform(n, 1 + (k + 2) %% 6) < 0.45)
    strata <- if (k %% 3 == 1) rep(1:2, length.out = n)
    offset <- if (k %% 3 == 2) round(case_normal(n, 9), 2)
    ours <- ask_exact(x, y, list(2L, 3:4), strata = strata, offset = offset, midp = k %% 2 == 0)
    use <- if (is.null(offset)) rep(0, n) else offset
    for (i in 1:3) {
      naive <- oracle_exact_one(oracle_exact_distribution(x, y, i + 1L, strata, use), midp = k %% 2 == 0)
      if (is.null(naive)) {
        expect_true(is.na(ours$parameters$estimate[i]))
      } else {
        expect_equal(unlist(ours$parameters[i, names(naive)]), unlist(naive), tolerance = 1e-9, info = paste(k, i))
      }
    }
    joint <- oracle_exact_distribution(x, y, 2:4, strata, use)
    if (length(joint$mass) > 1) {
      naive <- oracle_exact_test(joint)
      expect_equal(unlist(ours$tests[3, names(naive)]), unlist(naive), tolerance = 1e-9, info = k)
    }
  }
})

test_that("one 2 x 2 table is Fisher's exact odds ratio, its central p and limits", {
  ours <- ask_exact(cbind(1, 1:0), c(9 / 12, 4 / 12), list(2L), c(12, 12))$parameters
  peer <- fisher.test(matrix(c(9, 3, 4, 8), 2))
  # fisher.test searches its roots to 1e-4 only.
  expect_equal(c(exp(ours$estimate), exp(ours$conf_low)), c(unname(peer$estimate), peer$conf.int[1]), tolerance = 1e-3)
  naive <- oracle_exact_one(oracle_exact_tables(data.frame(x1 = 9, n1 = 12, x0 = 4, n0 = 12)))
  expect_equal(unlist(ours[names(naive)]), unlist(naive), tolerance = 1e-10)
})

test_that("tables in strata are the exact test of mantelhaen.test, 4,526 applicants of Berkeley included", {
  u <- UCBAdmissions
  t <- data.frame(x1 = u[1, 1, ], n1 = colSums(u[, 1, ]), x0 = u[1, 2, ], n0 = colSums(u[, 2, ]))
  x <- matrix(rep(1:0, each = 6), 12)
  storage.mode(x) <- "double"
  ours <- ask_exact(x, c(t$x1 / t$n1, t$x0 / t$n0), list(1L), c(t$n1, t$n0), rep(1:6, 2))
  naive <- oracle_exact_one(oracle_exact_tables(t))
  expect_equal(unlist(ours$parameters[names(naive)]), unlist(naive), tolerance = 1e-9)
  peer <- mantelhaen.test(u, exact = TRUE)
  expect_equal(exp(ours$parameters$estimate), unname(peer$estimate), tolerance = 1e-4)
  expect_equal(ours$tests$p_probability, peer$p.value, tolerance = 1e-6)
})

test_that("SAS prints these figures", {
  # SAS, 0 of 100 against 5 of 100 (Kleinman 2010, SAS and R blog, example 8.16).
  r <- ask_exact(cbind(1, 0:1), c(0, 0.05), list(2L), c(100, 100))$parameters
  expect_equal(round(c(r$estimate, r$conf_low, r$p_value), 4), c(1.9414, -0.0677, 0.0594))
  expect_equal(r$conf_high, Inf)
})

test_that("three cells are a multivariate hypergeometric distribution, by hand", {
  # Children of Hand et al. (1994): 13 of 21, 0 of 8 and 15 of 20 recovered.
  r <- ask_exact(cbind(1, c(1, 0, 0), c(0, 1, 0)), c(13 / 21, 0, 15 / 20), list(2L, 3L), c(21, 8, 20))
  share <- c(21, 8) / 49
  v <- 28 * 21 / 48 * (diag(share) - tcrossprod(share))
  d <- c(13, 0) - 28 * share
  expect_equal(r$tests$score[3], sum(d * solve(v, d)), tolerance = 1e-10)
  expect_equal(r$parameters$p_value[2], 2 * dhyper(0, 8, 20, 15), tolerance = 1e-10)
})

test_that("an answer that cannot be had has its reason, and the weights must count patients", {
  status <- function(...) ask_exact(...)$parameters$status
  expect_equal(status(cbind(1, 1:4), rep(1, 4), list(2L)), exact_code("one_level"))
  expect_equal(status(cbind(1, 1:4), c(0, 1, 0, 1), list(2L), limit = 3), exact_code("too_large"))
  expect_equal(status(cbind(1, 1:4, 2 * (1:4)), c(0, 1, 0, 1), list(3L)), exact_code("not_estimable"))
  expect_equal(status(cbind(1, 1:4, 2 * (1:4)), c(0, 1, 0, 1), list(2L)), exact_code("ok"))
  expect_equal(status(cbind(1, 1:4), c(0, 0, 1, 1), list(2L)), exact_code("boundary"))
  broken <- respondr:::logistic_exact(
    list(x = cbind(1, 1:4), y = c(0, 0, 1, 1), weight = c(1, 1, 1, 0.5)),
    list(sets = list(2L), conf_level = 0.95, midp = FALSE, exact_limit = 1e6)
  )
  expect_s3_class(broken, "respondr_core_error")
  expect_equal(broken$argument, "weights")
})

test_that("58 responders and 4 others: the empty cell has a lower limit and a p, in milliseconds", {
  d <- case_design(predictor_cases()$spleen_58_4)
  took <- system.time(r <- ask_exact(d$x[, 1:3], d$y, list(3L)))[["elapsed"]]
  expect_equal(r$parameters$status, exact_code("boundary"))
  expect_true(is.finite(r$parameters$conf_low) && r$parameters$conf_high == Inf)
  expect_lt(took, 2)
})
