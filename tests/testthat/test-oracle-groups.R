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
