# compare_paired_rates() against the naive programs of helper-oracle-paired_rates*.R.

paired_case <- function(case, ...) {
  compare_paired_rates(both = case[1], gained = case[2], lost = case[3], neither = case[4], ...)
}

close_or_same <- function(a, e, tolerance = 1e-8) {
  isTRUE(all((is.na(a) & is.na(e)) | a == e | abs(a - e) <= tolerance * pmax(1, abs(e))))
}

test_that("McNemar's tests are those of the naive program (oracle)", {
  for (name in names(cases_paired())) {
    case <- cases_paired()[[name]]
    got <- paired_case(case, method = c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional"))
    n <- sum(case)
    e <- c(
      oracle_mcnemar(case[2], case[3])$p_value, oracle_mcnemar_exact(case[2], case[3])$p_value,
      oracle_mcnemar_exact(case[2], case[3], midp = TRUE)$p_value, oracle_paired_unconditional_p(case[2], case[3], n)
    )
    for (i in 1:3) expect_true(close_or_same(got$p_value[i], e[i]), label = paste(name, got$method[i], got$p_value[i], e[i]))
    expect_true(close_or_same(got$p_value[4], min(1, e[4]), 1e-5),  # the naive search stops on a grid
      label = paste(name, "unconditional", got$p_value[4], e[4]))
  }
})

# 1e-6: the naive limits are roots of a likelihood that is itself maximised by search.
test_that("intervals of differences and ratios are those of the naive program (oracle)", {
  for (name in setdiff(names(cases_paired()), "one_patient")) {
    case <- cases_paired()[[name]]
    n <- sum(case)
    tango <- paired_case(case, method = "mcnemar", estimand = "difference")
    e <- oracle_tango(case[2], case[3], n)
    expect_true(close_or_same(c(tango$conf_low, tango$conf_high), e, 1e-6), label = paste(name, "Tango"))
    for (word in c("newcombe", "bonett_price")) {
      got <- paired_case(case, method = "mcnemar", estimand = "difference", conf_method = word)
      e <- if (word == "newcombe") oracle_paired_newcombe(case[1], case[2], case[3], case[4]) else
        oracle_paired_wald(case[2], case[3], n, adjust = TRUE)
      expect_true(close_or_same(c(got$conf_low, got$conf_high), pmin(1, pmax(-1, e))), label = paste(name, word))
    }
    exact <- paired_case(case, method = "mcnemar_exact")
    e <- oracle_mcnemar_exact(case[2], case[3])
    expect_true(close_or_same(c(exact$conf_low, exact$conf_high), c(e$conf_low, e$conf_high), 1e-6), label = paste(name, "exact"))
  }
})

test_that("square tables are those of the naive programs (oracle)", {
  for (name in c("plain", "symmetric", "all_go_up")) {
    table <- cases_square()[[name]]
    dimnames(table) <- list(c("a", "b", "c"), c("a", "b", "c"))
    got <- compare_paired_rates(table, method = c("bowker", "stuart_maxwell"), distribution = "asymptotic")
    expect_true(close_or_same(got$p_value[got$method == "bowker"], oracle_bowker(table)$p_value), label = paste(name, "Bowker"))
    expect_true(close_or_same(got$p_value[got$method == "stuart_maxwell"], oracle_marginal_homogeneity(table)$p_value),
      label = paste(name, "Stuart-Maxwell"))
  }
})

test_that("Cochran's Q and the statistic by patient are those of the naive programs (oracle)", {
  for (name in c("plain", "four_visits", "gaps")) {
    y <- cases_visits()[[name]]
    d <- data.frame(id = rep(seq_len(nrow(y)), ncol(y)), visit = rep(seq_len(ncol(y)), each = nrow(y)), r = as.vector(y))
    got <- compare_paired_rates(r ~ visit | id, d, method = c("cochran_q", "cmh"), distribution = "asymptotic")
    whole <- y[stats::complete.cases(y), , drop = FALSE]
    expect_true(close_or_same(got$statistic[got$method == "cochran_q"], oracle_cochran_q(whole)$statistic), label = name)
    expect_true(close_or_same(got$statistic[got$method == "cmh"], oracle_cmh_patients(y)$statistic), label = name)
    exact <- compare_paired_rates(r ~ visit | id, d, method = "cochran_q", distribution = "exact")
    expect_true(close_or_same(exact$p_value[1], oracle_cochran_q(whole, exact = TRUE)$p_value), label = paste(name, "exact"))
  }
})

same_figures <- function(actual, expected, what, tolerance = 1e-8) {
  expect_true(close_or_same(as.numeric(actual), as.numeric(expected), tolerance),
    label = paste0(what, ": ", paste(format(actual, digits = 12), collapse = " "), ", not ",
      paste(format(expected, digits = 12), collapse = " ")))
}

# 1e-6: the naive limits are halved, the likeliest probabilities found by halving too.
test_that("ratios of paired rates, their score test and intervals are those of the naive programs (oracle)", {
  for (name in names(cases_paired())) {
    case <- cases_paired()[[name]]
    got <- paired_case(case, method = "mcnemar", estimand = "ratio", conf_method = "bonett_price")
    same_figures(c(got$conf_low, got$conf_high), oracle_paired_ratio_bonett_price(case[1], case[2], case[3]), paste(name, "Bonett-Price"))
    got <- paired_case(case, method = "mcnemar", estimand = "ratio")
    same_figures(c(got$conf_low, got$conf_high), oracle_paired_ratio_score(case[1], case[2], case[3], case[4]), paste(name, "score"), 1e-6)
    for (null in c(0.5, 2)) {
      got <- paired_case(case, method = "mcnemar", estimand = "ratio", null = null)
      z <- oracle_paired_ratio_z(case[1], case[2], case[3], case[4], null)
      same_figures(c(got$statistic, got$p_value), c(z^2, 2 * pnorm(-abs(z))), paste(name, null), 1e-6)
    }
  }
})

test_that("one-sided tests, other hypotheses and the three rules are those of the naive programs (oracle)", {
  for (name in names(cases_paired())) {
    case <- cases_paired()[[name]]
    n <- sum(case)
    for (side in c("less", "greater")) {
      got <- paired_case(case, method = c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional"), estimand = "difference",
        alternative = side)
      same_figures(c(got$conf_low[1], got$conf_high[1]), oracle_tango(case[2], case[3], n, 0.95, side), paste(name, side, "Tango"), 1e-6)
      exact <- oracle_mcnemar_exact(case[2], case[3], alternative = side)$p_value
      midp <- oracle_mcnemar_exact(case[2], case[3], alternative = side, midp = TRUE)$p_value
      if (case[2] + case[3] == 0) midp <- 1  # nobody changed
      same_figures(got$p_value[2:3], c(exact, midp), paste(name, side))
      same_figures(got$p_value[4], min(1, oracle_paired_unconditional_p(case[2], case[3], n, 0, side)), paste(name, side, "worst case"), 1e-5)
    }
    for (null in c(-0.2, 0.3)) {
      got <- paired_case(case, method = "mcnemar_unconditional", null = null)
      same_figures(got$p_value, oracle_paired_unconditional_p(case[2], case[3], n, null), paste(name, null), 1e-5)
    }
    for (rule in c("minlike", "blaker", "central")) {
      got <- paired_case(case, method = "mcnemar_exact", two_sided = rule, conf_level = 0.9)
      e <- oracle_mcnemar_exact(case[2], case[3], rule, conf_level = 0.9)
      same_figures(c(got$p_value, got$conf_low, got$conf_high), c(e$p_value, e$conf_low, e$conf_high), paste(name, rule), 1e-6)
    }
  }
})

labelled_squares <- function() {
  lapply(cases_square(), function(table) {
    dimnames(table) <- rep(list(letters[seq_len(nrow(table))]), 2)
    table
  })
}

test_that("kappa, weighted kappa and the share of equal readings are those of the naive program (oracle)", {
  for (name in setdiff(names(cases_square()), c("only_diagonal", "one_level", "all_go_up"))) {
    table <- labelled_squares()[[name]]
    for (word in c("none", "linear", "quadratic")) {
      got <- rate_agreement(table, weights = word)
      e <- oracle_kappa(table, word)
      same_figures(c(got$estimate, got$std_error, got$conf_low, got$conf_high, got$statistic, got$p_value),
        c(e$estimate, e$std_error, e$conf_low, e$conf_high, e$statistic, e$p_value), paste(name, word))
      share <- sum(diag(table)) / sum(table)
      same_figures(c(got$effect, got$effect_low, got$effect_high), c(share, oracle_wilson(sum(diag(table)), sum(table))), paste(name, "share"))
    }
  }
  perfect <- rate_agreement(labelled_squares()$only_diagonal)
  expect_equal(perfect$estimate, 1)
  expect_equal(perfect$p_value, oracle_kappa(cases_square()$only_diagonal)$p_value)
})

test_that("symmetry and equal margins, asymptotic and exact, are those of the naive programs (oracle)", {
  for (name in setdiff(names(cases_square()), c("one_level", "only_diagonal"))) {
    table <- labelled_squares()[[name]]
    got <- compare_paired_rates(table, method = c("bowker", "stuart_maxwell", "bhapkar", "marginal_homogeneity"), distribution = "asymptotic")
    e <- list(oracle_bowker(table), oracle_marginal_homogeneity(table), oracle_marginal_homogeneity(table, "bhapkar"), oracle_ordered_margins(table))
    if (name == "level_nobody_holds") e[[1]] <- oracle_bowker(table[-3, -3])  # ours leaves the level out and says so
    same_figures(got$statistic, vapply(e, `[[`, 0, "statistic"), name)
    same_figures(got$p_value, vapply(e, `[[`, 0, "p_value"), name)
    same_figures(got$df[1:3], vapply(e[1:3], `[[`, 0, "df"), name)
    if (sum(table) > 40) next
    got <- compare_paired_rates(table, method = c("bowker", "stuart_maxwell", "marginal_homogeneity"), distribution = "exact")
    e <- c(oracle_square_exact(table, function(x) oracle_bowker(x)$statistic),
      oracle_square_exact(table, function(x) oracle_marginal_homogeneity(x)$statistic),
      oracle_square_exact(table, function(x) abs(oracle_ordered_margins(x)$statistic)))
    same_figures(got$p_value, e, paste(name, "exact"))
  }
})

test_that("a shift table holds the counts of table(), its margins and shares (oracle)", {
  levels <- c("none", "part", "full")
  before <- factor(levels[c(1, 1, 2, 3, 1, 2, 2, 3)], levels)
  after <- factor(levels[c(2, 1, 3, 3, 3, 1, NA, 2)], levels)
  x <- shift_table(before, after)
  plain <- stats::addmargins(table(before, after))
  expect_equal(matrix(x$n, 4), matrix(plain, 4))
  expect_equal(matrix(x$percent, 4), unname(100 * matrix(plain, 4) / plain[, 4]))
  expect_equal(matrix(shift_table(before, after, percent = "total")$percent, 4), 100 * matrix(plain, 4) / 7)
  expect_equal(unique(x$n_dropped), 1)
})

test_that("a gap in the accepted odds is told exactly where the naive program finds one (oracle)", {
  gaps <- 0
  for (case in list(c(12, 0.8), c(22, 0.8))) for (x in c(1:4, case[1] / 2, case[1] - 1:3)) for (rule in c("minlike", "blaker")) {
    m <- case[1]
    x <- floor(x)
    got <- compare_paired_rates(both = 0, gained = x, lost = m - x, neither = 0, method = "mcnemar_exact", two_sided = rule,
      conf_level = case[2])
    e <- oracle_family_interval(oracle_binomial_family(m), x, case[2], rule)
    expect_equal(as.character(got$status), if (e$hole) "hull" else "ok", label = paste(x, "of", m, rule))
    same_figures(log(c(got$conf_low, got$conf_high)), c(e$low, e$high), paste(x, "of", m, rule), 1e-7)
    gaps <- gaps + e$hole
  }
  expect_equal(gaps, 4)
  # A gap of 0.004 in the log odds, which the grid of the naive search steps over: its own p there is 0.00999916.
  narrow <- compare_paired_rates(both = 0, gained = 2, lost = 25, neither = 0, method = "mcnemar_exact", two_sided = "minlike",
    conf_level = 0.99)
  expect_equal(as.character(narrow$status), "hull")
  expect_lt(oracle_family_p(oracle_binomial_family(27), 2, -0.858286, "minlike", slack = 1e-11), 0.01)
})
