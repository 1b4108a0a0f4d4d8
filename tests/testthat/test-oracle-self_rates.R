# Evidence for the naive second programs of the rates family themselves: base R where it does the same thing, figures
# printed by SAS, StatXact, JASP and in papers, and small cases done by hand. What the package computes is compared with
# them elsewhere.

# ---- two proportions by chi-square ----------------------------------------------------------------------------------

test_that("chi-square, Yates, G, N - 1, Fisher, Woolf and Katz print as in SAS PROC FREQ", {
  t <- oracle_stored_table("sas_statxact", "chisq_fisher_sas_2x2")
  x <- list(t[1, 1], sum(t[1, ]), t[2, 1], sum(t[2, ]))
  stat <- function(method) do.call(oracle_chisq, c(x, method))
  family <- do.call(oracle_fisher_family, x)
  central <- do.call(oracle_fisher, c(x, "central"))
  wald <- function(method) do.call(oracle_wald, c(x, method))
  phi <- sqrt(stat("chisq")$statistic / sum(t))
  expect_oracle_stored("sas_statxact", "chisq_fisher_sas_2x2", list(
    chisq = stat("chisq")$statistic, p_chisq = stat("chisq")$p_value, lr_chisq = stat("g")$statistic,
    p_lr = stat("g")$p_value, chisq_cc = stat("yates")$statistic, p_cc = stat("yates")$p_value,
    mh_chisq = stat("n1_chisq")$statistic, p_mh = stat("n1_chisq")$p_value, phi = phi,
    contingency_coef = phi / sqrt(1 + phi^2), cramers_v = phi, p_fisher = do.call(oracle_fisher, x)$p_value,
    p_fisher_left = oracle_family_p(family, t[1, 1], alternative = "less"),
    p_fisher_right = oracle_family_p(family, t[1, 1], alternative = "greater"),
    table_prob = oracle_family_density(family, 0)[family$k == t[1, 1]],
    odds_ratio = t[1, 1] * t[2, 2] / (t[1, 2] * t[2, 1]), or_wald_low = wald("woolf")[1],
    or_wald_high = wald("woolf")[2], or_exact_low = central$conf_low, or_exact_high = central$conf_high,
    rr_col1 = t[1, 1] / sum(t[1, ]) / (t[2, 1] / sum(t[2, ])), rr_col1_low = wald("katz")[1],
    rr_col1_high = wald("katz")[2]
  ))
})

test_that("chi-square prints as in JASP, and as chisq.test() with and without Yates", {
  t <- oracle_stored_table("jasp", "chisq_jasp_2x2")
  ours <- oracle_chisq(t[1, 1], sum(t[1, ]), t[2, 1], sum(t[2, ]))
  expect_oracle_stored("jasp", "chisq_jasp_2x2", list(chisq = ours$statistic, p = ours$p_value))
  expect_equal(oracle_pearson(t)$statistic, ours$statistic)
  for (k in list(c(3, 6, 2, 19), c(0, 5, 4, 3), c(7, 7, 7, 8))) {
    base <- suppressWarnings(stats::chisq.test(matrix(k, 2, byrow = TRUE)))
    expect_equal(oracle_chisq(k[1], k[1] + k[2], k[3], k[3] + k[4], "yates")$p_value, base$p.value)
  }
})

# ---- exact families -------------------------------------------------------------------------------------------------

test_that("Fisher's p is that of fisher.test(); so are the one-sided ones and the estimate", {
  set.seed(5)
  for (i in 1:15) {
    n <- sample(2:12, 2)
    x <- c(sample(0:n[1], 1), sample(0:n[2], 1))
    t <- matrix(c(x, n - x), 2)
    if (any(rowSums(t) == 0) || any(colSums(t) == 0)) next
    family <- oracle_fisher_family(x[1], n[1], x[2], n[2])
    for (side in c("two.sided", "less", "greater")) {
      base <- stats::fisher.test(t, alternative = side)
      expect_equal(oracle_family_p(family, x[1], alternative = side), base$p.value)
    }
    theta <- oracle_family_estimate(family, x[1])
    expect_equal(exp(theta), base$estimate[[1]], tolerance = 2e-3) # fisher.test() stops its root search at 1.2e-4
    if (is.finite(theta)) expect_equal(sum(family$k * oracle_family_density(family, theta)), x[1], ignore_attr = TRUE)
  }
})

test_that("0 of 12 against 3 of 8 has p = .049 and a hull that does not hold 1", {
  # By hand: C(8,3) / C(20,3) = 56 / 1140; the opposite table has probability C(12,3) / 1140 = 220 / 1140.
  ours <- oracle_fisher(0, 12, 3, 8)
  expect_equal(ours$p_value, 56 / 1140)
  expect_lt(ours$conf_high, 1)
  family <- oracle_fisher_family(0, 12, 3, 8)
  expect_gt(oracle_family_p(family, 0, log(ours$conf_high) - 1e-9, slack = 1e-11), 0.05)
  expect_lte(oracle_family_p(family, 0, log(ours$conf_high) + 1e-9, slack = 1e-11), 0.05)
  expect_equal(oracle_fisher(0, 12, 3, 8, "central")$p_value, 2 * 56 / 1140)
  expect_gt(oracle_fisher(0, 12, 3, 8, "central")$conf_high, 1)
})

test_that("the ends of every rule are where its own p crosses alpha, and nothing beyond is accepted", {
  for (x in list(c(3, 9, 2, 21), c(7, 10, 1, 6), c(2, 5, 2, 5))) {
    family <- oracle_fisher_family(x[1], x[2], x[3], x[4])
    for (rule in c("minlike", "central", "blaker")) {
      for (mid in c(FALSE, TRUE)) {
        set <- oracle_family_interval(family, x[1], 0.95, rule, midp = mid)
        p <- function(theta) oracle_family_p(family, x[1], theta, rule, midp = mid, slack = 1e-11)
        outside <- c(set$low - c(1e-7, 0.01, 0.1, 0.5, 1, 3), set$high + c(1e-7, 0.01, 0.1, 0.5, 1, 3))
        expect_true(all(vapply(outside, p, 0) <= 0.05))
        expect_true(p(set$low + 1e-7) > 0.05 && p(set$high - 1e-7) > 0.05)
      }
    }
  }
})

test_that("conditional intervals and mid-p print as in SAS and in Lydersen and Laake", {
  d <- oracle_stored("sas_statxact", "two_prop_ci_sas_rr_or")
  x <- as.list(d)
  both <- function(scale, mn) do.call(oracle_score_interval, c(unname(x), scale, mn))
  koopman <- both("ratio", FALSE)
  rr_mn <- both("ratio", TRUE)
  or_score <- both("odds_ratio", FALSE)
  or_mn <- both("odds_ratio", TRUE)
  exact <- do.call(oracle_fisher, c(unname(x), "central"))
  mid <- do.call(oracle_fisher, c(unname(x), "central", midp = TRUE))
  katz <- do.call(oracle_wald, c(unname(x), "katz"))
  woolf <- do.call(oracle_wald, c(unname(x), "woolf"))
  expect_oracle_stored("sas_statxact", "two_prop_ci_sas_rr_or", list(
    rr_mn_low = rr_mn[1], rr_mn_high = rr_mn[2], rr_koopman_low = koopman[1], rr_koopman_high = koopman[2],
    rr_wald_low = katz[1], rr_wald_high = katz[2], or_mn_low = or_mn[1], or_mn_high = or_mn[2],
    or_score_low = or_score[1], or_score_high = or_score[2], or_wald_low = woolf[1], or_wald_high = woolf[2],
    or_midp_low = mid$conf_low, or_midp_high = mid$conf_high, or_exact_low = exact$conf_low,
    or_exact_high = exact$conf_high, rr = d$x1 / d$n1 / (d$x2 / d$n2),
    or = d$x1 * (d$n2 - d$x2) / ((d$n1 - d$x1) * d$x2)
  ))
  davis <- oracle_stored_table("lydersen_laake", "fisher_midp_lydersen_laake", "davis")
  tea <- oracle_fisher_family(3, 4, 1, 4)
  expect_oracle_stored("lydersen_laake", "fisher_midp_lydersen_laake", list(
    davis_p_exact_pearson = oracle_table_p(davis, "chisq"), davis_midp_pearson = oracle_table_p(davis, "chisq", TRUE),
    tea_p_greater = oracle_family_p(tea, 3, alternative = "greater"),
    tea_midp_greater = oracle_family_p(tea, 3, alternative = "greater", midp = TRUE)
  ))
  expect_equal(oracle_table_p(davis), oracle_fisher(3, 9, 2, 21)$p_value) # .1432: another two-sided rule
})

# ---- one proportion -------------------------------------------------------------------------------------------------

test_that("one-sample intervals print as in SAS PROC FREQ", {
  d <- oracle_stored("sas_statxact", "prop_ci_sas_act")
  put <- function(name, limits) stats::setNames(as.list(limits), paste0(name, c("_low", "_high")))
  exact <- function(...) unlist(oracle_binomial(d$x, d$n, ...)[c("conf_low", "conf_high")])
  ours <- c(
    put("wilson", oracle_wilson(d$x, d$n)), put("wilson_cc", oracle_wilson(d$x, d$n, correct = TRUE)),
    put("clopper_pearson", exact()), put("midp", exact(midp = TRUE)), put("blaker", exact(two_sided = "blaker")),
    unlist(lapply(c("agresti_coull", "jeffreys", "lr", "logit", "wald", "wald_cc"), function(m) {
      put(m, oracle_proportion_interval(d$x, d$n, m))
    }), recursive = FALSE)
  )
  # The logit interval is printed .3070; the stored tolerance is half its last digit.
  expect_oracle_stored("sas_statxact", "prop_ci_sas_act", c(ours, z_half = (d$x / d$n - 0.5) / sqrt(0.25 / d$n)))
})

test_that("Wilson prints as in Newcombe's first table, at 0 of n too", {
  d <- oracle_stored("newcombe", "prop_ci_newcombe1998_wilson")
  limits <- mapply(oracle_wilson, d$x, d$n)
  expect_oracle_stored("newcombe", "prop_ci_newcombe1998_wilson",
    stats::setNames(as.list(c(limits)), paste0(c("low", "high"), rep(1:4, each = 2))))
})

test_that("exact binomial p and limits are those of binom.test(), the score p that of prop.test()", {
  for (x in c(0, 1, 4, 7, 9)) {
    for (null in c(0.3, 0.5, 0.82)) {
      for (side in c("two.sided", "less", "greater")) {
        base <- stats::binom.test(x, 9, null, alternative = side)
        ours <- oracle_family_p(oracle_binomial_family(9), x, qlogis(null), "minlike", side)
        expect_equal(ours, base$p.value)
        score <- suppressWarnings(stats::prop.test(x, 9, null, side, correct = FALSE))
        expect_equal(oracle_score_p(x, 9, null, side), score$p.value)
      }
    }
    base <- stats::binom.test(x, 9)
    expect_equal(unlist(oracle_binomial(x, 9)[2:3], use.names = FALSE), as.vector(base$conf.int))
  }
})

test_that("Blyth-Still-Casella covers everywhere, is as short as can be, and is its own mirror image", {
  for (n in c(1, 5, 10, 17)) {
    set <- oracle_blyth_still_casella(n)
    expect_equal(set[, "low"], rev(1 - set[, "high"]))
    expect_false(is.unsorted(set[, 1]) || is.unsorted(set[, 2]))
    p <- seq(0.0005, 0.9995, length.out = 1501)
    held <- outer(set[, 1], p, "<=") & outer(set[, 2], p, ">=")
    density <- outer(0:n, p, function(k, q) dbinom(k, n, q))
    expect_gte(min(colSums(held * density)), 0.95)
    shortest <- apply(density, 2, function(d) {
      for (k in 1:(n + 1)) if (max(vapply(1:(n + 2 - k), function(i) sum(d[i:(i + k - 1)]), 0)) >= 0.95) return(k)
    })
    expect_equal(colSums(held), shortest)
  }
})

test_that("Blyth-Still-Casella for n = 10 has the ends of Blyth and Still's table where these are not free", {
  # Blyth and Still (1983): 1 (.005, .444), 2 (.037, .556), 3 (.087, .619), 5 (.222, .778); recalled, to 3 digits. They
  # print .267 for the upper end at 0 and the lower end at 6: the left end of the stretch .2670 to .3035 in which any
  # common point will do; the middle is .2853.
  set <- oracle_blyth_still_casella(10)
  expect_equal(round(set[2:4, ], 3), cbind(low = c(0.005, 0.037, 0.087), high = c(0.444, 0.556, 0.619)))
  expect_equal(unname(round(set[6, ], 3)), c(0.222, 0.778))
  expect_equal(set[1, 2], (oracle_window(1, 6, 10, 0.95)[1] + oracle_window(0, 5, 10, 0.95)[2]) / 2, ignore_attr = TRUE)
  expect_equal(round(oracle_window(1, 6, 10, 0.95)[1], 3), 0.267)
})

# ---- score intervals and their kin ----------------------------------------------------------------------------------

test_that("the likeliest pair given the null beats a fine grid on all three scales", {
  cases <- list(c(5, 9, 2, 7), c(0, 6, 3, 8), c(6, 6, 0, 5), c(0, 4, 0, 5), c(4, 4, 5, 5))
  nulls <- list(difference = c(-0.4, 0, 0.25), ratio = c(0.3, 1, 2.5), odds_ratio = c(0.2, 1, 6))
  for (scale in names(nulls)) {
    for (null in nulls[[scale]]) {
      for (x in cases) {
        logl <- function(p1, p0) {
          dbinom(x[1], x[2], p1, log = TRUE) + dbinom(x[3], x[4], p0, log = TRUE)
        }
        ends <- switch(scale, difference = c(max(0, -null), min(1, 1 - null)), ratio = c(0, min(1, 1 / null)), c(0, 1))
        p0 <- seq(ends[1], ends[2], length.out = 4001)
        p1 <- switch(scale, difference = p0 + null, ratio = p0 * null, null * p0 / (1 - p0 + null * p0))
        best <- max(logl(pmin(1, pmax(0, p1)), p0))
        ours <- oracle_constrained(x[1], x[2], x[3], x[4], null, scale)
        expect_gte(logl(min(1, max(0, ours[1])), ours[2]), best - 1e-9)
      }
    }
  }
})

test_that("at no difference the three score tests are Pearson's chi-square, with N - 1 the N - 1 chi-square", {
  for (scale in c("difference", "ratio", "odds_ratio")) {
    null <- if (scale == "difference") 0 else 1
    expect_equal(oracle_score_z(5, 9, 2, 7, null, scale)^2, oracle_chisq(5, 9, 2, 7)$statistic)
    expect_equal(oracle_score_z(5, 9, 2, 7, null, scale, TRUE)^2, oracle_chisq(5, 9, 2, 7, "n1_chisq")$statistic)
  }
})

test_that("risk differences print as in SAS PROC FREQ", {
  d <- unname(as.list(oracle_stored("sas_statxact", "two_prop_ci_sas_rd")))
  put <- function(name, limits) stats::setNames(as.list(limits), paste0(name, c("_low", "_high")))
  expect_oracle_stored("sas_statxact", "two_prop_ci_sas_rd", c(
    put("mee", do.call(oracle_score_interval, d)), put("mn", do.call(oracle_score_interval, c(d, mn = TRUE))),
    put("newcombe", do.call(oracle_newcombe, d)), put("newcombe_cc", do.call(oracle_newcombe, c(d, correct = TRUE))),
    unlist(lapply(c("wald", "wald_cc", "agresti_caffo", "hauck_anderson"), function(m) {
      put(m, do.call(oracle_wald, c(d, m)))
    }), recursive = FALSE)
  ))
})

test_that("Newcombe and Miettinen-Nurminen print as in Newcombe's second table, edges too", {
  d <- oracle_stored("newcombe", "two_prop_ci_newcombe1998_edges")
  ends <- function(f, name, ...) {
    limits <- mapply(f, d$x1, d$n1, d$x2, d$n2, MoreArgs = list(...))
    stats::setNames(as.list(c(limits)), paste0(name, c("_low", "_high"), rep(1:8, each = 2)))
  }
  expect_oracle_stored("newcombe", "two_prop_ci_newcombe1998_edges",
    c(ends(oracle_newcombe, "newcombe"), ends(oracle_score_interval, "mn", mn = TRUE)))
})

test_that("number needed to treat runs through infinity when the difference interval holds 0", {
  ours <- oracle_nnt(0.2, c(-0.05, 0.4))
  expect_equal(ours[1:3], list(estimate = 5, from = 2.5, to = -20))
  expect_true(ours$through_infinity)
  expect_false(oracle_nnt(0.2, c(0.05, 0.4))$through_infinity)
})

# ---- unconditional --------------------------------------------------------------------------------------------------

# A stored table whose columns are the samples: events in row 1.
by_column <- function(source, file, i) {
  t <- oracle_stored_table(source, file, i)
  list(t[1, 1], sum(t[, 1]), t[1, 2], sum(t[, 2]))
}

test_that("Barnard prints as SciPy and R Barnard do, but for the tie they lose", {
  # Unpooled p4, 5 of 6 against 0 of 4. By hand: the worst nuisance is 1/2; (5, 0) and (6, 0) have 6 + 1 of the 1024
  # ways, their mirror images (1, 4) and (0, 4), of the same |Z|, 7 more: 14/1024. Both programs print 8/1024:
  # rounding loses (1, 4).
  for (kind in c("pooled", "unpooled")) {
    case <- paste0("barnard_", kind, "_scipy_a")
    order <- if (kind == "pooled") "score" else "unpooled"
    ours <- list()
    for (i in 1:5) {
      x <- by_column("scipy", case, i)
      ours[[paste0("z", i)]] <- oracle_ordering(x[[2]], x[[4]], order)[x[[1]] + 1, x[[3]] + 1]
      ours[[paste0("p", i)]] <- do.call(oracle_unconditional_p, c(x, order))
    }
    expect_oracle_stored("scipy", case, ours)
  }
})

test_that("Boschloo, twice the smaller side, prints as in SciPy and R Exact", {
  ours <- list()
  for (i in 1:4) {
    x <- by_column("scipy", "boschloo_two_sided_scipy_a", i)
    family <- do.call(oracle_fisher_family, x)
    ours[[paste0("stat", i)]] <- min(oracle_family_p(family, x[[1]], alternative = "less"),
      oracle_family_p(family, x[[1]], alternative = "greater"))
    ours[[paste0("p", i)]] <- do.call(oracle_unconditional_p, c(x, "fisher", two_sided = "central"))
  }
  expect_oracle_stored("scipy", "boschloo_two_sided_scipy_a", ours)
})

test_that("Suissa-Shuster for the tea tasting prints as in Fagerland's book, with Berger and Boos too", {
  expect_oracle_stored("contingencytables", "suissa_shuster_tea", list(
    p = oracle_unconditional_p(3, 4, 1, 4), p_berger_boos = oracle_unconditional_p(3, 4, 1, 4, gamma = 1e-4)
  ))
})

test_that("Boschloo is never above Fisher", {
  for (x in list(c(0, 5, 3, 6), c(4, 7, 1, 5), c(2, 4, 2, 5))) {
    for (side in c("two.sided", "less", "greater")) {
      boschloo <- oracle_unconditional_p(x[1], x[2], x[3], x[4], "fisher", alternative = side)
      expect_lte(boschloo, oracle_fisher(x[1], x[2], x[3], x[4], alternative = side)$p_value + 1e-12)
    }
  }
})

test_that("the exact limits of the difference ordered by itself print as in SAS and Santner and Snell", {
  d <- oracle_stored("tern", "exact_difference")
  for (i in seq_len(nrow(d))) {
    x <- unname(as.list(d[i, 1:4]))
    alpha <- 1 - d$conf_level[i]
    p <- function(null) do.call(oracle_unconditional_p, c(x, "difference", null, two_sided = "central"))
    step <- d$tolerance[i] * 1.01
    if (d$conf_low[i] > -1) expect_true(p(d$conf_low[i] - step) <= alpha && p(d$conf_low[i] + step) > alpha)
    if (d$conf_high[i] < 1) expect_true(p(d$conf_high[i] + step) <= alpha && p(d$conf_high[i] - step) > alpha)
  }
})

test_that("the interval by inversion is where its own p crosses", {
  set <- oracle_unconditional_interval(2, 2, 0, 3, "score", conf_level = 0.8, points = 21)
  p <- function(null) oracle_unconditional_p(2, 2, 0, 3, "score", null, two_sided = "central")
  expect_true(p(set[1] - 1e-6) <= 0.2 && p(set[1] + 1e-6) > 0.2 && set[2] == 1)
})

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
