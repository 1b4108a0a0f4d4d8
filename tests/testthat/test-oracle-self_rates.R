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
