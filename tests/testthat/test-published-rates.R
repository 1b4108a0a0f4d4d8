# Evidence: published. Figures printed by SAS, StatXact, papers and other programs;
# inst/validation/{sas_freq,rates_exact} say where each comes from. The tolerance of each figure is stored beside it.

rate_file <- function(source, file) read.csv(system.file("validation", source, paste0(file, ".csv"),
  package = "respondr",
  mustWork = TRUE))

rate_case <- function(source, case) {
  expected <- rate_file(source, "expected")
  tables <- rate_file(source, "tables")
  list(expected = expected[expected$case == case, ], tables = tables[tables$case == case, ])
}

expect_rate <- function(case, name, ours) {
  row <- case$expected[case$expected$name == name, ]
  testthat::expect_equal(nrow(row), 1L, info = name)
  testthat::expect_true(isTRUE(abs(ours - row$value) <= row$tolerance * (1 + 1e-6)), info = sprintf(
    "%s %s: ours %.12g, printed %.12g, tolerance %.3g", row$case, name, ours, row$value, row$tolerance
  ))
}

of_table <- function(case, item = 1L, ...) {
  t <- case$tables[case$tables$item == item, ]
  rate_pair(t$x1, t$n1, t$x0, t$n0, ...)
}

expect_limits <- function(case, name, x) {
  expect_rate(case, paste0(name, "_low"), x$conf_low)
  expect_rate(case, paste0(name, "_high"), x$conf_high)
}

test_that("chi-squares, Fisher's p and the ratios are those SAS prints", {
  case <- rate_case("sas_freq", "chisq_fisher_sas_2x2")
  plain <- of_table(case, method = c("chisq", "n1_chisq", "g"))
  for (i in 1:3) {
    expect_rate(case, c("chisq", "mh_chisq", "lr_chisq")[i], plain$statistic[i])
    expect_rate(case, c("p_chisq", "p_mh", "p_lr")[i], plain$p_value[i])
  }
  yates <- of_table(case, method = "chisq", continuity = TRUE)
  expect_rate(case, "chisq_cc", yates$statistic)
  expect_rate(case, "p_cc", yates$p_value)
  expect_rate(case, "p_fisher", of_table(case, method = "fisher")$p_value)
  expect_rate(case, "p_fisher_left", of_table(case, method = "fisher", alternative = "less")$p_value)
  expect_rate(case, "p_fisher_right", of_table(case, method = "fisher", alternative = "greater")$p_value)
  odds <- of_table(case, estimand = "odds_ratio", interval = "wald")
  expect_rate(case, "odds_ratio", odds$estimate)
  expect_limits(case, "or_wald", odds)
  expect_limits(case, "or_exact", of_table(case, method = "fisher", two_sided = "central"))
  ratio <- of_table(case, estimand = "ratio", interval = "wald")
  expect_rate(case, "rr_col1", ratio$estimate)
  expect_limits(case, "rr_col1", ratio)
})

test_that("intervals of one rate are those SAS prints for 36 of 154", {
  case <- rate_case("sas_freq", "prop_ci_sas_act")
  one <- function(...) compare_rates(events = 36, n = 154, ...)
  words <- c(agresti_coull = "agresti_coull", jeffreys = "jeffreys", midp = "midp", wald = "wald", wilson = "wilson",
    blaker = "blaker", clopper_pearson = "clopper_pearson", wilson_cc = "wilson_continuity")
  for (name in names(words)) expect_limits(case, name, one(interval = words[[name]]))
  expect_rate(case, "z_half", one(null = 0.5, method = "score")$statistic)
})

test_that("intervals of differences and ratios are those SAS prints for 36 of 154 against 12 of 77", {
  case <- rate_case("sas_freq", "two_prop_ci_sas_rd")
  words <- c(mn = "miettinen_nurminen", newcombe = "newcombe", wald = "wald", mee = "score",
    newcombe_cc = "newcombe_continuity")
  for (name in names(words)) expect_limits(case, name, of_table(case, interval = words[[name]]))
  case <- rate_case("sas_freq", "two_prop_ci_sas_rr_or")
  for (name in c("mn", "koopman", "wald")) {
    x <- of_table(case, estimand = "ratio", interval = c(mn = "miettinen_nurminen", koopman = "score",
      wald = "wald")[[name]])
    expect_limits(case, paste0("rr_", name), x)
  }
  expect_rate(case, "rr", x$estimate)
  for (name in c("mn", "score", "wald")) {
    x <- of_table(case, estimand = "odds_ratio", interval = c(mn = "miettinen_nurminen", score = "score",
      wald = "wald")[[name]])
    expect_limits(case, paste0("or_", name), x)
  }
  expect_rate(case, "or", x$estimate)
  expect_limits(case, "or_exact", of_table(case, method = "fisher", two_sided = "central"))
  expect_limits(case, "or_midp", of_table(case, method = "fisher", two_sided = "central", midp = TRUE))
})

test_that("Boschloo's and Barnard's tests are those of Exact and Barnard", {
  case <- rate_case("rates_exact", "boschloo_two_sided_scipy_a")
  for (i in 1:4) {
    x <- of_table(case, i, method = "boschloo", two_sided = "central")
    expect_rate(case, paste0("p", i), x$p_value)
    expect_rate(case, paste0("stat", i), x$statistic)
  }
  for (statistic in c("pooled", "unpooled")) {
    case <- rate_case("rates_exact", paste0("barnard_", statistic, "_scipy_a"))
    for (i in 1:5) {
      x <- of_table(case, i, method = "barnard", pooled = statistic == "pooled")
      expect_rate(case, paste0("p", i), x$p_value)
      expect_rate(case, paste0("z", i), x$statistic)
    }
  }
  case <- rate_case("rates_exact", "suissa_shuster_tea")
  expect_rate(case, "p", of_table(case, method = "barnard")$p_value)
})

test_that("the conditional Pearson test and mid-p are those of Lydersen and Laake", {
  case <- rate_case("rates_exact", "fisher_midp_lydersen_laake")
  davis <- function(...) of_table(case, "davis", method = "chisq", distribution = "exact", ...)$p_value
  expect_rate(case, "davis_p_exact_pearson", davis())
  expect_rate(case, "davis_midp_pearson", davis(midp = TRUE))
  tea <- function(...) of_table(case, "tea", method = "fisher", alternative = "greater", ...)$p_value
  expect_rate(case, "tea_p_greater", tea())
  expect_rate(case, "tea_midp_greater", tea(midp = TRUE))
})

test_that("Pearson's chi-square is the one of JASP, R, SPSS, SAS and Minitab", {
  case <- rate_case("rates_exact", "chisq_jasp_2x2")
  x <- of_table(case, method = "chisq")
  expect_rate(case, "chisq", x$statistic)
  expect_rate(case, "p", x$p_value)
})

test_that("Newcombe's tables of one and of two rates come out to the last digit", {
  case <- rate_case("rates_exact", "prop_ci_newcombe1998_wilson")
  for (i in 1:4) {
    t <- case$tables[i, ]
    x <- compare_rates(events = t$x1, n = t$n1, interval = "wilson")
    expect_rate(case, paste0("low", i), x$conf_low)
    expect_rate(case, paste0("high", i), x$conf_high)
  }
  case <- rate_case("rates_exact", "two_prop_ci_newcombe1998_edges")
  for (i in 1:8) {
    for (name in c("newcombe", "mn")) {
      x <- of_table(case, i, interval = c(newcombe = "newcombe", mn = "miettinen_nurminen")[[name]])
      expect_rate(case, paste0(name, "_low", i), x$conf_low)
      expect_rate(case, paste0(name, "_high", i), x$conf_high)
    }
  }
})

test_that("the interval of Blyth, Still and Casella is the one of rbscCI", {
  d <- rate_file("rates_exact", "blyth_still_casella")
  for (i in seq_len(nrow(d))) {
    x <- compare_rates(events = d$x[i], n = d$n[i], interval = "blyth_still_casella", conf_level = d$level[i])
    expect_equal(c(x$conf_low, x$conf_high), c(d$low[i], d$high[i]), tolerance = 1e-9)
  }
})
