# compare_groups() against the naive programs of helper-oracle-groups*.R, over the data sets of helper-cases-groups.R.

expect_all_close <- function(actual, expected, what, tolerance = 1e-9) {
  for (name in names(expected)) {
    a <- as.numeric(actual[[name]])
    e <- as.numeric(expected[[name]])
    same <- (is.na(a) & is.na(e)) | a == e | abs(a - e) <= tolerance * pmax(abs(e), 1e-12)
    expect_true(isTRUE(all(same)), label = paste0(what, ": ", name, " is ", format(a, digits = 15), ", not ", format(e, digits = 15)))
  }
}

# Values without spread have no t; the naive program divides by 0 there.
test_that("Student's, Welch's t and d are those of the naive program (oracle)", {
  for (name in setdiff(names(cases_two_groups()), c("all_equal", "arms_constant_and_apart", "two_values_apart", "one_against_many",
    "one_against_one", "one_arm_constant", "offset"))) {
    case <- cases_two_groups()[[name]]
    for (side in c("two.sided", "less")) {
      got <- compare_groups(case$y, case$x, method = c("student", "welch"), alternative = side, effect = "d")
      for (i in 1:2) {
        e <- oracle_two_means(case$x, case$y, c("student", "welch")[i], alternative = side)
        expect_all_close(lapply(got, `[`, i), e, paste(name, side))
      }
      if (side != "two.sided") next  # a one-sided test has a one-sided effect size
      d <- oracle_cohen_d(case$x, case$y)
      # the naive limits are a root of R's pt(ncp), good to about 1e-8
      expect_all_close(lapply(got, `[`, 1), list(effect = d[1], effect_low = d[2], effect_high = d[3]), name, 1e-7)
    }
  }
})

test_that("the exact Mann-Whitney test and its interval are those of listing every deal (oracle)", {
  for (name in setdiff(names(cases_two_groups()), c("huge", "tiny", "offset"))) {
    case <- cases_two_groups()[[name]]
    for (rule in c("distance", "central")) {
      got <- compare_groups(case$y, case$x, method = "mann_whitney", distribution = "exact", two_sided = rule, effect = "none")
      limits <- oracle_shift_interval(case$x, case$y, two_sided = rule)
      expect_all_close(got, list(estimate = oracle_shift(case$x, case$y),
        p_value = oracle_mann_whitney_p(case$x, case$y, two_sided = rule)), paste(name, rule))
      expect_all_close(got, list(conf_low = limits[[1]], conf_high = limits[[2]]), paste(name, rule))
    }
    for (side in c("less", "greater")) {
      got <- compare_groups(case$y, case$x, method = "mann_whitney", distribution = "exact", alternative = side, effect = "none")
      expect_all_close(got, list(p_value = oracle_mann_whitney_p(case$x, case$y, alternative = side)), paste(name, side))
    }
  }
})

test_that("the Mann-Whitney p of large arms with ties is that of counting sums (oracle)", {
  x <- round(stats::qnorm(stats::ppoints(41)) + 0.3, 1)
  y <- round(stats::qnorm(stats::ppoints(21)), 1)
  for (rule in c("distance", "central")) {
    got <- compare_groups(y, x, method = "mann_whitney", distribution = "exact", two_sided = rule, effect = "none")
    expect_equal(got$p_value, oracle_mann_whitney_counted_p(x, y, two_sided = rule), tolerance = 1e-10)
  }
  normal <- compare_groups(y, x, method = "mann_whitney", distribution = "asymptotic", continuity = TRUE, effect = "none")
  expect_equal(normal$p_value, oracle_mann_whitney_normal(x, y)$p_value, tolerance = 1e-10)
})

test_that("the Brunner-Munzel test is that of looking at every pair (oracle)", {
  for (name in c("plain", "ties", "heavy_ties", "negative", "skewed", "lopsided")) {
    case <- cases_two_groups()[[name]]
    got <- compare_groups(case$y, case$x, method = "brunner_munzel", effect = "none")
    e <- oracle_brunner_munzel(case$x, case$y)
    expect_all_close(got, e[c("estimate", "df", "p_value")], name)
  }
})

test_that("the permutation test of means is that of every deal (oracle)", {
  for (name in c("plain", "ties", "heavy_ties", "negative", "lopsided", "separated")) {
    case <- cases_two_groups()[[name]]
    got <- compare_groups(case$y, case$x, method = "permutation", distribution = "exact", effect = "none")
    limits <- oracle_permutation_interval(case$x, case$y, two_sided = "central")
    expect_all_close(got, list(p_value = oracle_permutation_p(case$x, case$y, two_sided = "central")), name)
    expect_all_close(got, list(conf_low = limits[[1]], conf_high = limits[[2]]), name)
  }
})

test_that("tests of spread are those of the naive programs (oracle)", {
  for (name in c("plain", "negative", "skewed", "lopsided")) {
    case <- cases_two_groups()[[name]]
    got <- compare_variances(case$y, case$x, method = c("f", "brown_forsythe", "levene"))
    expect_all_close(lapply(got, `[`, which(got$method == "f")), oracle_var_ratio(case$x, case$y), name)
    groups <- list(case$y, case$x)
    expect_equal(got$p_value[got$method == "brown_forsythe"], oracle_levene(groups)$p_value, tolerance = 1e-10)
    expect_equal(got$p_value[got$method == "levene"], oracle_levene(groups, mean)$p_value, tolerance = 1e-10)
  }
})

test_that("arms without anybody have a status and no p", {
  for (case in cases_two_groups_empty()[c("level_missing", "some_missing")]) {
    d <- data.frame(v = c(case$y, case$x), arm = factor(rep(c("r", "l"), c(length(case$y), length(case$x))), c("r", "l")))
    got <- compare_groups(v ~ arm, d, method = c("welch", "mann_whitney"))
    expect_equal(got$n, rep(sum(!is.na(case$x)), 2))
    if (all(is.na(case$x))) expect_true(all(is.na(got$p_value) & got$status == "one_group_empty"))
  }
})

# Arms as columns of a data frame, in their order.
arms_of <- function(groups) {
  data.frame(v = unlist(groups), arm = factor(rep(letters[seq_along(groups)], lengths(groups))))
}

test_that("tests of several arms are those of the naive programs (oracle)", {
  for (name in c("plain", "unequal", "ties", "four_arms")) {
    groups <- cases_k_groups()[[name]]
    got <- compare_groups(v ~ arm, arms_of(groups), method = c("anova", "kruskal_wallis"), distribution = "exact", effect = "none")
    expect_equal(got$p_value[1], oracle_anova(groups)$p_value, tolerance = 1e-10)
    expect_equal(got$p_value[2], oracle_kruskal(groups, exact = TRUE)$p_value, tolerance = 1e-10)
    n <- lengths(groups)
    welch <- compare_groups(v ~ arm, arms_of(groups), method = c("welch_anova", "f_star"))
    mean <- vapply(groups, mean, 0)
    sd <- vapply(groups, stats::sd, 0)
    expect_equal(welch$p_value, c(oracle_welch_anova(n, mean, sd)$p_value, oracle_brown_forsythe(n, mean, sd)$p_value),
      tolerance = 1e-10)
  }
})

test_that("families of contrasts are those of the naive programs (oracle)", {
  groups <- cases_k_groups()$unequal
  d <- arms_of(groups)
  pairs <- compare_groups(v ~ arm, d, method = c("tukey", "games_howell"), contrasts = "pairwise")
  for (method in c("tukey", "games_howell")) {
    e <- oracle_all_pairs(groups, method)
    mine <- pairs[pairs$method == method, ]
    # the naive program integrates the studentized range numerically
    expect_equal(sort(mine$p_adjusted), sort(as.numeric(e$p_value %||% e$p_adjusted)), tolerance = 1e-6)
  }
})

# ---- what the arms share in every other way -------------------------------------------------------------------------

spread_cases <- function() cases_two_groups()[c("plain", "ties", "heavy_ties", "separated", "negative", "skewed", "lopsided", "two_against_two")]

test_that("normal forms of the Mann-Whitney test, z, Fligner and Moses are those of the naive programs (oracle)", {
  for (name in names(spread_cases())) {
    x <- spread_cases()[[name]]$x
    y <- spread_cases()[[name]]$y
    for (side in c("two.sided", "less", "greater")) {
      for (correct in c(TRUE, FALSE)) {
        got <- compare_groups(y, x, method = "mann_whitney", distribution = "asymptotic", continuity = correct, alternative = side,
          effect = "none")
        e <- oracle_mann_whitney_normal(x, y, 0, side, correct)
        expect_all_close(got, list(statistic = e$u, p_value = e$p_value), paste(name, side, correct))
      }
      if (side == "two.sided") next
      got <- compare_groups(y, x, method = "permutation", distribution = "exact", alternative = side, effect = "none")
      expect_all_close(got, list(p_value = oracle_permutation_p(x, y, 0, side, "central")), paste(name, side, "permutation"))
    }
    moses <- compare_groups(y, x, method = "mann_whitney", distribution = "asymptotic", convention = "sas")
    e <- oracle_moses(x, y)
    expect_all_close(moses, list(conf_low = e[1], conf_high = e[2], effect = oracle_superiority(x, y)), paste(name, "Moses"))
    expect_all_close(compare_variances(y, x, method = "fligner"), oracle_fligner(list(y, x)), paste(name, "Fligner"))
    z <- compare_groups(y, x, method = "z", sigma = c(x = 2, y = 3))
    e <- oracle_two_means(x, y, "z", sigma = c(3, 2))
    expect_all_close(z, e[c("estimate", "statistic", "p_value", "conf_low", "conf_high")], paste(name, "z"))
  }
})

test_that("one-sided Brunner-Munzel tests and their limits are those of looking at every pair (oracle)", {
  for (name in c("plain", "ties", "negative", "skewed")) for (side in c("less", "greater")) {
    case <- cases_two_groups()[[name]]
    got <- compare_groups(case$y, case$x, method = "brunner_munzel", alternative = side, effect = "none")
    e <- oracle_brunner_munzel(case$x, case$y, alternative = side)
    expect_all_close(got, list(p_value = e$p_value, conf_low = max(0, e$conf_low), conf_high = min(1, e$conf_high)), paste(name, side))
  }
})

several_cases <- function() cases_k_groups()[c("plain", "unequal", "ties", "heavy_ties", "one_arm_constant", "arm_of_one", "four_arms")]

# 1e-6: the naive noncentralities are roots of R's own cdf.
test_that("shares explained, by means and by ranks, are those of the naive programs (oracle)", {
  for (name in names(several_cases())) {
    groups <- several_cases()[[name]]
    d <- arms_of(groups)
    for (word in c("eta2", "omega2", "epsilon2")) {
      got <- compare_groups(v ~ arm, d, method = "anova", effect = word)
      e <- oracle_explained(got$statistic, got$df, got$df_denominator, word)
      expect_all_close(got, list(effect = e[1], effect_low = e[2], effect_high = e[3]), paste(name, word), 1e-6)
    }
    h <- oracle_kruskal(groups)
    for (word in c("epsilon2", "eta2")) {
      got <- compare_groups(v ~ arm, d, method = "kruskal_wallis", distribution = "asymptotic", effect = paste0("rank_", word),
        replicates = 20, seed = 1)
      e <- oracle_rank_effect(h$statistic, nrow(d), length(groups))[[word]]
      expect_all_close(got, c(h, effect = e), paste(name, word))
    }
  }
})

test_that("trends over the arms are those of every deal and of the normal form (oracle)", {
  for (name in names(several_cases())) for (side in c("two.sided", "less", "greater")) {
    groups <- several_cases()[[name]]
    got <- compare_groups(v ~ arm, arms_of(groups), method = "jonckheere", distribution = "asymptotic", alternative = side, effect = "none")
    e <- oracle_jonckheere(groups, side)
    expect_all_close(got, list(estimate = e$statistic, statistic = e$z, std_error = sqrt(e$variance), p_value = e$p_value), paste(name, side))
    for (rule in c("distance", "central")) {
      got <- compare_groups(v ~ arm, arms_of(groups), method = "jonckheere", distribution = "exact", alternative = side,
        two_sided = rule, effect = "none")
      e <- oracle_jonckheere(groups, side, exact = TRUE, two_sided = rule)
      expect_all_close(got, list(p_value = e$p_value), paste(name, side, rule))
    }
  }
})

# 1e-6 and 1e-5: the naive programs integrate and search.
test_that("families of rank contrasts and of arms against one are those of the naive programs (oracle)", {
  for (name in names(several_cases())) {
    groups <- several_cases()[[name]]
    d <- arms_of(groups)
    for (method in c("tukey", "games_howell", "dscf", "dunn")) {
      got <- compare_groups(v ~ arm, d, method = method, contrasts = "pairwise")
      e <- switch(method, dscf = oracle_dscf(groups), dunn = oracle_dunn(groups), oracle_all_pairs(groups, method))
      got <- got[match(paste(e$level, e$reference), paste(as.integer(got$level), as.integer(got$reference))), ]
      wanted <- if (method == "dunn") e[c("statistic", "p_value")] else
        list(estimate = e$estimate, p_adjusted = e$p_adjusted, conf_low_adjusted = e$conf_low, conf_high_adjusted = e$conf_high)
      expect_all_close(got, wanted, paste(name, method), 1e-6)
    }
    got <- compare_groups(v ~ arm, d, method = "dunnett")
    e <- oracle_dunnett(groups)
    expect_all_close(got, list(estimate = e$estimate, std_error = e$std_error, p_adjusted = e$p_adjusted,
      conf_low_adjusted = e$conf_low, conf_high_adjusted = e$conf_high), paste(name, "Dunnett"), 1e-5)
    expect_all_close(compare_groups(v ~ arm, d, method = "steel"), oracle_steel(groups)["p_adjusted"], paste(name, "Steel"), 1e-5)
  }
})

test_that("change between arms at equal baseline is that of the normal equations (oracle)", {
  for (name in c("plain", "offset", "three_arms", "unused_level")) for (covariance in c("classical", "hc3")) {
    case <- cases_change()[[name]]
    got <- compare_groups(y ~ arm, data.frame(case), baseline = baseline, method = "ancova", covariance = covariance)
    e <- oracle_ancova(case$y, case$arm, case$baseline, covariance == "hc3")
    apart <- oracle_ancova(case$y, case$arm, case$baseline, covariance == "hc3", TRUE)
    what <- paste(name, covariance)
    at <- seq_along(e$adjusted)[-1]
    near <- if (name == "offset") 1e-6 else 1e-8  # of 1e8, where the naive sums lose eight figures
    part <- function(pattern, column = "estimand") got[grepl(pattern, got[[column]]), ]
    expect_all_close(part("at equal baseline"), list(estimate = e$b[at], std_error = e$se[at]), what, near)
    expect_all_close(part("mean at the mean"), list(estimate = e$adjusted, std_error = e$adjusted_se), what, near)
    expect_all_close(part("^all arms$", "contrast"), list(statistic = e$arms[["f"]], p_value = e$arms[["p"]]), what, near)
    expect_all_close(part("^arm x baseline$", "contrast"), list(statistic = apart$interaction[["f"]], p_value = apart$interaction[["p"]]),
      what, near)
  }
})
