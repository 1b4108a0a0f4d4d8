# Evidence: oracle. Definitions in plain R (helper-rates.R), at sizes where every table can be listed.

test_that("Fisher's p and the conditional Pearson p are sums over all tables of the same totals", {
  set.seed(2)
  for (i in 1:60) {
    n1 <- sample(1:15, 1)
    n0 <- sample(1:15, 1)
    x1 <- sample(0:n1, 1)
    x0 <- sample(0:n0, 1)
    for (rule in c("minlike", "central", "blaker")) {
      x <- rate_pair(x1, n1, x0, n0, method = "fisher", two_sided = rule)
      expect_equal(x$p_value, naive_fisher(x1, n1, x0, n0, rule), tolerance = 1e-11)
      y <- rate_pair(x1, n1, x0, n0, method = "fisher", two_sided = rule, null = 2.5)
      expect_equal(y$p_value, naive_fisher(x1, n1, x0, n0, rule, 2.5), tolerance = 1e-11)
    }
    expect_equal(rate_pair(x1, n1, x0, n0, method = "fisher")$p_value,
      fisher.test(matrix(c(x1, n1 - x1, x0, n0 - x0), 2))$p.value, tolerance = 1e-9)
  }
})

test_that("the conditional odds ratio is the one whose expected table is the observed one", {
  x <- rate_pair(9, 14, 4, 17, method = "fisher")
  k <- 0:13
  f <- choose(14, k) * choose(17, 13 - k) * x$estimate^k
  expect_equal(sum(k * f) / sum(f), 9, tolerance = 1e-12)
})

test_that("Barnard's and Boschloo's p are the largest probability of the tables as extreme", {
  set.seed(3)
  for (i in 1:12) {
    n1 <- sample(3:10, 1)
    n0 <- sample(3:10, 1)
    x1 <- sample(0:n1, 1)
    x0 <- sample(0:n0, 1)
    z <- outer(0:n1, 0:n0, function(a, b) naive_z(a, n1, b, n0))
    far <- abs(z) >= abs(naive_z(x1, n1, x0, n0)) - 1e-9
    # a grid of 4,001 values of the common rate stays below the maximum by less than 1e-6
    expect_equal(rate_pair(x1, n1, x0, n0, method = "barnard")$p_value, naive_unconditional(n1, n0, far),
      tolerance = 1e-5)
    p <- outer(0:n1, 0:n0, Vectorize(function(a, b) naive_fisher(a, n1, b, n0, "minlike")))
    small <- p <= p[x1 + 1, x0 + 1] * (1 + 1e-9)
    expect_equal(rate_pair(x1, n1, x0, n0, method = "boschloo")$p_value, naive_unconditional(n1, n0, small),
      tolerance = 1e-5)
    upper <- outer(0:n1, 0:n0, function(a, b) phyper(a - 1, n1, n0, a + b, lower.tail = FALSE))
    lower <- outer(0:n1, 0:n0, function(a, b) phyper(a, n1, n0, a + b))
    one <- c(naive_unconditional(n1, n0, upper <= upper[x1 + 1, x0 + 1] * (1 + 1e-9)),
      naive_unconditional(n1, n0, lower <= lower[x1 + 1, x0 + 1] * (1 + 1e-9)))
    expect_equal(rate_pair(x1, n1, x0, n0, method = "boschloo", two_sided = "central")$p_value, min(1, 2 * min(one)),
      tolerance = 1e-5)
    expect_equal(rate_pair(x1, n1, x0, n0, method = "boschloo", alternative = "greater")$p_value, one[1],
      tolerance = 1e-5)
  }
})

test_that("one rate: binomial p and limits are those of base R", {
  for (x in c(0, 3, 7, 15)) {
    ours <- compare_rates(events = x, n = 15, null = 0.3)
    theirs <- binom.test(x, 15, 0.3)
    expect_equal(ours$p_value, theirs$p.value, tolerance = 1e-9)
    central <- compare_rates(events = x, n = 15, null = 0.3, two_sided = "central")
    expect_equal(c(central$conf_low, central$conf_high), as.vector(theirs$conf.int), tolerance = 1e-10)
    less <- compare_rates(events = x, n = 15, null = 0.3, alternative = "less")
    expect_equal(less$p_value, binom.test(x, 15, 0.3, "less")$p.value, tolerance = 1e-11)
    expect_equal(less$conf_high, binom.test(x, 15, 0.3, "less")$conf.int[2], tolerance = 1e-10)
    expect_equal(less$conf_low, 0)
    score <- suppressWarnings(prop.test(x, 15, 0.3))
    corrected <- compare_rates(events = x, n = 15, null = 0.3, method = "score", convention = "r")
    expect_equal(corrected$p_value, score$p.value, tolerance = 1e-11)
    expect_equal(c(corrected$conf_low, corrected$conf_high), as.vector(score$conf.int), tolerance = 1e-10)
  }
})

test_that("the convention of base R is its corrected chi-square", {
  ours <- rate_pair(9, 14, 4, 17, method = "chisq", convention = "r")
  theirs <- suppressWarnings(chisq.test(matrix(c(9, 5, 4, 13), 2)))
  expect_equal(ours$statistic, unname(theirs$statistic), tolerance = 1e-12)
  expect_equal(as.character(ours$conf_method), "score_continuity")
  expect_true(ours$p_matches)
})
