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
