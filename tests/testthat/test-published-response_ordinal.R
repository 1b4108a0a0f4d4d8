# Evidence: published. inst/validation/ordinal says where each figure comes from.

ordinal_file <- function(name) {
  utils::read.csv(system.file("validation", "ordinal", paste0(name, ".csv"), package = "respondr", mustWork = TRUE))
}

expect_printed <- function(case, name, ours) {
  rows <- ordinal_file("expected")
  row <- rows[rows$case == case & rows$name == name, ]
  expect_equal(nrow(row), 1L, info = name)
  expect_true(abs(ours - row$value) <= row$tolerance * (1 + 1e-6), info = sprintf("%s: ours %.10g, printed %.10g", name,
    ours,
    row$value))
}

test_that("cheese additives: cuts, coefficients, standard errors and tests as SAS prints them", {
  d <- ordinal_file("cheese")
  d$additive <- factor(d$additive)
  x <- response_ordinal(factor(rating) ~ additive, d, weights = patients, reference = c(additive = "4"),
    information = "expected")
  b <- coef(x)
  for (i in 1:3) {
    expect_printed("cheese", paste0("additive_", i), -b[[i]])
    expect_printed("cheese", paste0("se_", i), x$std_error[i])
  }
  for (i in 1:8) expect_printed("cheese", paste0("cut_", i), b[[3 + i]])
  expect_printed("cheese", "jmp_log_l", -as.numeric(logLik(x)))
  expect_printed("cheese", "jmp_lr", as.data.frame(ordinal_tests(x))$statistic)
  expect_printed("cheese", "minus_2_log_l", -2 * as.numeric(logLik(x)))
  tests <- as.data.frame(ordinal_tests(x, c("lr", "score", "wald", "proportional"), information = "observed"))
  for (m in c("lr", "score", "wald", "proportional")) expect_printed("cheese", m, tests$statistic[tests$method == m])
  expect_printed("cheese", "proportional_df", tests$df[4])
  expect_printed("cheese", "proportional_p", tests$p_value[4])
})

test_that("shoulder pain: win probability and test of Brunner and Munzel as lawstat prints them", {
  d <- ordinal_file("shoulder")
  x <- as.data.frame(response_wins(pain ~ arm, d, method = "brunner_munzel"))
  p <- x[x$estimand == "win probability", ]
  expect_printed("shoulder", "estimate", p$estimate)
  expect_printed("shoulder", "low", p$conf_low)
  expect_printed("shoulder", "high", p$conf_high)
  expect_printed("shoulder", "df", p$df)
  expect_printed("shoulder", "statistic", p$statistic)
  expect_printed("shoulder", "p", p$p_value)
  odds <- x[x$estimand == "win odds", ]
  expect_equal(c(odds$estimate, odds$conf_low, odds$conf_high), c(p$estimate, p$conf_low, p$conf_high) /
    (1 - c(p$estimate, p$conf_low, p$conf_high)), tolerance = 1e-12)
})

test_that("smoking by sex and height: Brant's test as the R package brant prints it", {
  d <- MASS::survey
  d$Smoke <- ordered(d$Smoke, levels = c("Never", "Occas", "Regul", "Heavy"))
  x <- response_ordinal(Smoke ~ Sex + Height, d)
  tests <- as.data.frame(ordinal_tests(x, "brant"))
  for (term in c("all terms", "Sex", "Height")) {
    row <- tests[tests$term == term, ]
    expect_printed("brant", paste(term, "chi2"), row$statistic)
    expect_printed("brant", paste(term, "df"), row$df)
    expect_printed("brant", paste(term, "p"), row$p_value)
  }
})

test_that("two trials on an ordinal scale: win odds, win ratio, win probability and net benefit as hce prints them", {
  d <- ordinal_file("covid")
  for (case in c("covid19", "covid19b")) {
    one <- d[d$case == case, ]
    one <- one[rep(seq_len(nrow(one)), one$patients), ]
    x <- response_wins(class ~ arm, one, reference = "Placebo", method = "logit", estimand = c("win_odds", "win_probability",
      "net_benefit", "win_ratio"))
    pairs <- x$n[1] * as.double(x$n_reference[1])
    level <- table(one$class[one$arm == "Active"])
    other <- table(one$class[one$arm == "Placebo"])
    won <- sum(level * (cumsum(other) - other))
    expect_printed(case, "wins", won)
    expect_printed(case, "ties", sum(level * other))
    expect_printed(case, "losses", pairs - won - sum(level * other))
    for (name in c("win_odds", "win_probability", "net_benefit", "win_ratio")) {
      row <- x[x$estimand == gsub("_", " ", name), ]
      expect_printed(case, name, row$estimate)
      if (name != "win_odds") expect_printed(case, paste0(name, "_se"), row$std_error)
      if (name != "win_probability") {
        expect_printed(case, paste0(name, "_low"), row$conf_low)
        expect_printed(case, paste0(name, "_high"), row$conf_high)
      }
    }
  }
})

test_that("a yes or no: win ratio, win odds and net benefit as WINS prints them", {
  d <- ordinal_file("covid")
  one <- d[d$case == "binary", ]
  x <- response_wins(class ~ arm, one[rep(seq_len(nrow(one)), one$patients), ], reference = "Placebo", method = "logit",
    estimand = c("win_odds", "net_benefit", "win_ratio"))
  for (name in c("win_odds", "net_benefit", "win_ratio")) {
    expect_printed("binary", name, x$estimate[x$estimand == gsub("_", " ", name)])
  }
  expect_printed("binary", "win_ratio_low", x$conf_low[x$estimand == "win ratio"])
  expect_printed("binary", "win_ratio_high", x$conf_high[x$estimand == "win ratio"])
  expect_match(paste(format(x, width = 200), collapse = " "), "of which 39.4% won, 46.8% tied, 13.8% lost")
})
