# Evidence for the naive second programs of r x c tables, trends and strata themselves: base R, figures printed by SAS,
# StatXact and in papers. What the package computes is compared with them elsewhere.

# ---- r x c and trends -----------------------------------------------------------------------------------------------

test_that("tables are listed once and their probabilities sum to 1; p is that of fisher.test()", {
  cells <- list(c(3, 0, 1, 2, 2, 1), c(1, 2, 0, 0, 3, 1, 2, 0, 2), c(0, 3, 2, 1, 1, 0))
  for (t in Map(matrix, cells, c(2, 3, 3))) {
    all <- oracle_tables(rowSums(t), colSums(t))
    expect_equal(anyDuplicated(all), 0L)
    expect_equal(sum(oracle_table_probability(all, rowSums(t), colSums(t))), 1)
    expect_equal(oracle_table_p(t), stats::fisher.test(t)$p.value)
  }
})

test_that("Fisher-Freeman-Halton for job satisfaction is .7827", {
  # 4 x 4, too many tables to list at once: the first two columns and the last two are listed apart and met where the
  # row sums left over agree.
  t <- oracle_stored_table("agresti", "fisher_rxc_agresti_job")
  rows <- rowSums(t)
  columns <- colSums(t)
  deal <- function(total) {
    all <- as.matrix(expand.grid(lapply(pmin(rows, total), function(top) 0:top)))
    all[rowSums(all) == total, ]
  }
  one <- deal(columns[1])
  two <- deal(columns[2])
  pairs <- expand.grid(i = seq_len(nrow(one)), j = seq_len(nrow(two)))
  used <- one[pairs$i, ] + two[pairs$j, ]
  fits <- colSums(t(used) <= rows) == 4
  weight <- (rowSums(lfactorial(one))[pairs$i] + rowSums(lfactorial(two))[pairs$j])[fits]
  key <- apply(used[fits, ], 1, paste, collapse = " ")
  constant <- sum(lfactorial(rows)) + sum(lfactorial(columns)) - lfactorial(sum(t))
  seen <- constant - sum(lfactorial(t))
  p <- 0
  for (part in split(seq_along(key), key)) {
    rest <- rows - used[fits, ][part[1], ]
    third <- as.matrix(expand.grid(lapply(rest[-4], function(top) 0:top)))
    third <- cbind(third, columns[3] - rowSums(third))
    third <- third[third[, 4] >= 0 & third[, 4] <= rest[4], , drop = FALSE]
    last <- rowSums(lfactorial(third)) + rowSums(lfactorial(matrix(rest, nrow(third), 4, byrow = TRUE) - third))
    last <- sort(last, decreasing = TRUE) # unlikely tables first: log p = constant - weight - last
    unlikely <- findInterval(-(constant - weight[part] - seen - 1e-7), -last)
    p <- p + sum(exp(constant - weight[part]) * c(0, cumsum(exp(-last)))[1 + unlikely])
  }
  expect_oracle_stored("agresti", "fisher_rxc_agresti_job", list(p_fisher = p))
  expect_equal(p, stats::fisher.test(t)$p.value, tolerance = 1e-7)
})

test_that("the trend prints as in StatXact, and as prop.trend.test() with N in the variance", {
  d <- oracle_stored("sas_statxact", "trend_lbl_statxact_csom")
  n <- d$present + d$absent
  # StatXact's first row is `present`, so its sign is that of the absent.
  one <- oracle_trend(d$present, n, d$scores1)
  two <- oracle_trend(d$present, n, d$scores2)
  expect_oracle_stored("sas_statxact", "trend_lbl_statxact_csom",
    list(z1 = -abs(one$statistic), p1 = one$p_value, z2 = -abs(two$statistic), p2 = two$p_value))
  base <- stats::prop.trend.test(c(3, 5, 9), c(10, 12, 13), c(0, 1, 3))
  ours <- oracle_trend(c(3, 5, 9), c(10, 12, 13), c(0, 1, 3), variance = "n")
  expect_equal(c(ours$statistic^2, ours$p_value), c(base$statistic[[1]], base$p.value))
})

test_that("the exact trend with two arms is Fisher's one-sided p, and its moments are those of the formula", {
  x <- c(1, 6)
  n <- c(5, 8)
  expect_equal(oracle_trend(x, n, exact = TRUE, alternative = "greater")$p_value,
    oracle_fisher(6, 8, 1, 5, alternative = "greater")$p_value)
  t <- matrix(c(3, 1, 2, 2, 1, 4), 2)
  all <- oracle_tables(rowSums(t), colSums(t))
  w <- oracle_table_probability(all, rowSums(t), colSums(t))
  s <- drop(all %*% as.vector(c(1, 2) %o% c(0, 1, 4)))
  z <- (sum(c(1, 2) %o% c(0, 1, 4) * t) - sum(w * s)) / sqrt(sum(w * s^2) - sum(w * s)^2)
  expect_equal(oracle_linear(t, 1:2, c(0, 1, 4))$statistic, z)
})

# ---- strata ---------------------------------------------------------------------------------------------------------

test_that("CMH, Mantel-Haenszel estimates and Breslow-Day print as in SAS PROC FREQ", {
  d <- oracle_stored("sas_statxact", "cmh_sas_migraine")
  x <- unname(as.list(d[2:5]))
  cmh <- do.call(oracle_cmh, x)
  mh <- function(...) unlist(do.call(oracle_mantel_haenszel, list(...))[c("estimate", "conf_low", "conf_high")])
  ends <- function(name, v) stats::setNames(as.list(v), paste0(name, c("", "_low", "_high")))
  bd <- do.call(oracle_breslow_day, c(x, tarone = FALSE))
  expect_oracle_stored("sas_statxact", "cmh_sas_migraine", c(
    list(cmh = cmh$statistic, cmh_p = cmh$p_value), ends("mh_or", mh(d$x1, d$n1, d$x0, d$n0)),
    ends("mh_rr_col1", mh(d$x1, d$n1, d$x0, d$n0, "ratio")),
    ends("mh_rr_col2", mh(d$n1 - d$x1, d$n1, d$n0 - d$x0, d$n0, "ratio")),
    list(breslow_day = bd$statistic, breslow_day_df = bd$df, breslow_day_p = bd$p_value)
  ))
})

test_that("CMH with the correction, its odds ratio and the exact test are those of mantelhaen.test()", {
  x1 <- c(0, 3, 6, 5, 2)
  n1 <- c(6, 6, 6, 6, 2)
  x0 <- c(0, 0, 2, 6, 5)
  n0 <- c(5, 6, 6, 6, 5) # rabbits: the first stratum has no event
  table <- array(rbind(x1, x0, n1 - x1, n0 - x0), c(2, 2, 5))
  base <- stats::mantelhaen.test(table)
  ours <- oracle_cmh(x1, n1, x0, n0, correct = TRUE)
  expect_equal(c(ours$statistic, ours$p_value), c(base$statistic[[1]], base$p.value))
  mh <- oracle_mantel_haenszel(x1, n1, x0, n0)
  expect_equal(c(mh$estimate, mh$conf_low, mh$conf_high), c(base$estimate, base$conf.int), ignore_attr = TRUE)
  for (side in c("two.sided", "less", "greater")) {
    base <- stats::mantelhaen.test(table, exact = TRUE, alternative = side)
    exact <- oracle_common_odds_ratio(x1, n1, x0, n0, alternative = side)
    expect_equal(exact$p_value, base$p.value)
  }
  base <- stats::mantelhaen.test(table, exact = TRUE)
  central <- oracle_common_odds_ratio(x1, n1, x0, n0, "central")
  expect_equal(unlist(central[c("estimate", "conf_low", "conf_high")]), c(base$estimate, base$conf.int),
    ignore_attr = TRUE, tolerance = 5e-3) # mantelhaen.test() stops its root searches at 1e-4 of 1 / the odds ratio
  family <- oracle_common_family(x1, n1, x0, n0)
  for (end in c("conf_low", "conf_high")) {
    expect_equal(oracle_family_p(family, sum(x1), log(central[[end]]), "central"), 0.05, tolerance = 1e-9)
  }
})

test_that("one stratum gives the plain methods back", {
  x <- list(5, 9, 2, 7)
  expect_equal(do.call(oracle_cmh, x)$statistic, do.call(oracle_chisq, c(x, "n1_chisq"))$statistic)
  expect_equal(do.call(oracle_stratified_newcombe, x)[-1], do.call(oracle_newcombe, x))
  for (weights in c("mh", "inverse")) {
    expect_equal(do.call(oracle_stratified_score_interval, c(x, weights)),
      do.call(oracle_score_interval, c(x, mn = TRUE)))
  }
  expect_equal(do.call(oracle_common_odds_ratio, x)$p_value, do.call(oracle_fisher, x)$p_value)
  expect_equal(do.call(oracle_zelen, x), 1)
})

test_that("Zelen by hand: two strata of 2 against 2 with two events each", {
  # Counts (a1, a2) have weights w = 1, 4, 1 for 0, 1, 2. Given the total 2: (0,2), (1,1), (2,0) weigh 1, 16, 1.
  expect_equal(oracle_zelen(c(0, 2), c(2, 2), c(2, 0), c(2, 2)), 2 / 18)
  expect_equal(oracle_zelen(c(1, 1), c(2, 2), c(1, 1), c(2, 2)), 1)
})

test_that("Breslow-Day with Tarone's correction of two strata at the conditional fit by hand", {
  # Equal odds ratios leave nothing to find.
  same <- oracle_breslow_day(c(4, 8), c(8, 16), c(2, 4), c(8, 16))
  expect_equal(c(same$statistic, same$p_value), c(0, 1), tolerance = 1e-8)
  # A stratum without events changes neither the statistic nor its df.
  a <- oracle_breslow_day(c(5, 2), c(9, 8), c(2, 4), c(7, 9))
  b <- oracle_breslow_day(c(5, 0, 2), c(9, 4, 8), c(2, 0, 4), c(7, 3, 9))
  expect_equal(a, b)
})

test_that("stratified Newcombe, Sato and Miettinen-Nurminen print as in SAS and in papers", {
  d <- split(oracle_stored("tern", "strata")[2:5], oracle_stored("tern", "strata")$case)
  x <- lapply(d, function(s) unname(as.list(s)))
  nc <- do.call(oracle_stratified_newcombe, x$newcombe)
  expect_oracle_stored("tern", "newcombe", list(difference = nc[1], conf_low = nc[2], conf_high = nc[3]))
  sato <- do.call(oracle_mantel_haenszel, c(x$sato, "difference", 0.9))
  expect_oracle_stored("tern", "sato", sato[c("std_error", "conf_low", "conf_high")])
  limits <- do.call(oracle_stratified_score_interval, x$mn)
  mh <- do.call(oracle_mantel_haenszel, c(x$mn, "difference"))
  expect_oracle_stored("tern", "mn", list(difference = mh$estimate, conf_low = limits[1], conf_high = limits[2]))
})

test_that("strata without events change the difference but break nothing", {
  with <- oracle_stratified_newcombe(c(3, 0), c(9, 8), c(1, 0), c(8, 9))
  expect_true(all(is.finite(with)) && with[2] < with[1] && with[1] < with[3])
  none <- oracle_stratified_newcombe(c(0, 0), c(9, 8), c(0, 0), c(8, 9))
  expect_true(all(is.finite(none)) && none[2] < 0 && none[3] > 0)
  score <- oracle_stratified_score_interval(c(0, 0), c(9, 8), c(0, 0), c(8, 9))
  expect_true(score[1] < 0 && score[2] > 0)
})
