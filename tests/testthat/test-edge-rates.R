# Evidence: edge. Empty arms, one response, no patients, unused levels, large counts.

test_that("empty arms, no events and only events give rows with a status", {
  d <- data.frame(y = c(FALSE, FALSE, FALSE, NA, TRUE, TRUE), arm = factor(c("a", "a", "b", "c", "d", "d"),
    levels = letters[1:5]))
  for (method in c("n1_chisq", "chisq", "score", "g", "fisher", "boschloo", "barnard")) {
    x <- compare_rates(y ~ arm, d, method = method, estimand = "difference")
    expect_equal(as.character(x$level), c("b", "c", "d", "e"))
    expect_equal(as.character(x$status), c("one_level", "one_group_empty", "ok", "one_group_empty"))
    expect_equal(x$p_value[1], 1)
    expect_true(all(is.na(x$p_value[c(2, 4)])))
    expect_equal(x$estimate, c(0, NA, 1, NA))
    expect_equal(x$n_dropped, c(0, 1, 0, 0))
    expect_equal(x$conf_high[3], 1)
  }
  expect_equal(length(report_text(x)), 4L)
})

test_that("a response without any value is no data, in every group by itself", {
  d <- data.frame(y = c(NA, NA, 1, 0), arm = c("a", "b", "a", "b"), g = c(1, 1, 2, 2))
  x <- compare_rates(y ~ arm, d, by = g)
  expect_equal(as.character(x$status), c("no_data", "ok"))
  expect_equal(x$n_dropped, c(2, 0))
})

test_that("rows without arm or group are counted in the header", {
  d <- data.frame(y = rep(0:1, 6), arm = rep(c("a", "b", NA), 4), g = c(NA, rep(1, 11)))
  x <- compare_rates(y ~ arm, d, by = g)
  expect_match(format(x), "left out: 4 without an arm, 1 without a group", all = FALSE)
})

test_that("ratios at the end of their range say so", {
  x <- rate_pair(0, 12, 3, 8, estimand = "ratio")
  expect_equal(c(x$estimate, x$conf_low), c(0, 0))
  expect_equal(as.character(x$status), "boundary")
  y <- rate_pair(3, 8, 0, 12, estimand = "odds_ratio")
  expect_equal(c(y$estimate, y$conf_high), c(Inf, Inf))
  woolf <- rate_pair(3, 8, 0, 12, estimand = "odds_ratio", interval = "wald")
  expect_true(is.na(woolf$conf_low))
  expect_false(woolf$p_matches)
})

test_that("beyond exact_limit an asymptotic answer stands there, or the row says that the exact one is too large", {
  x <- rate_pair(400, 1000, 300, 1000, method = "barnard", exact_limit = 1e4)
  expect_equal(as.character(x$distribution), "asymptotic")
  expect_match(as.character(x$note), "exact_limit")
  y <- rate_pair(400, 1000, 300, 1000, method = "barnard", exact_limit = 1e4, distribution = "exact")
  expect_equal(as.character(y$status), "too_large")
  expect_true(is.na(y$p_value))
})

test_that("a million patients are no obstacle", {
  x <- rate_pair(400200, 1e6, 400000, 1e6, method = c("n1_chisq", "fisher"), two_sided = "central",
    estimand = "odds_ratio")
  expect_equal(x$p_value[1], x$p_value[2], tolerance = 0.01)  # two tests of the same data
  expect_true(all(x$conf_low < 1 & x$conf_high > 1))
  z <- compare_rates(events = 300, n = 1e6, null = 3e-4, two_sided = "central")
  expect_equal(c(z$conf_low, z$conf_high), c(qbeta(0.025, 300, 1e6 - 299), qbeta(0.975, 301, 1e6 - 300)),
    tolerance = 1e-8)
})

test_that("the generator of R is left alone", {
  set.seed(9)
  before <- .Random.seed
  rate_pair(9, 14, 4, 17, method = c("fisher", "barnard"))
  expect_identical(.Random.seed, before)
})

test_that("groups of two columns, a subset and a grouped data frame split the patients alike", {
  d <- MASS::bacteria
  x <- compare_rates(y ~ trt, d, by = c(week, hilo), subset = week < 6 & trt != "drug+", event = "n")
  expect_equal(names(x)[2:3], c("week", "hilo"))
  expect_equal(as.character(unique(x$status[x$level == "drug+"])), "one_group_empty")
  grouped <- structure(d, class = c("grouped_df", "data.frame"), groups = data.frame(week = c(0, 2, 4, 6, 11), .rows = 1:5))
  expect_equal(as.data.frame(compare_rates(y ~ trt, grouped, event = "n")),
    as.data.frame(compare_rates(y ~ trt, d, by = "week", event = "n")))
  pooled <- compare_rates(cbind(y == "n", y == "y") ~ 1, transform(d, y = as.character(y)), event = "y == \"n\"")
  expect_equal(c(pooled$events, pooled$n), c(sum(d$y == "n"), nrow(d)))
})

expect_stop <- function(expression, argument, class = "respondr_error") {
  cnd <- expect_error(expression, class = class)
  expect_equal(cnd$argument, argument)
}

edge_rates <- data.frame(id = 1:24, arm = factor(rep(c("ctl", "drug"), 12), levels = c("ctl", "drug", "gone")),
  r = rep(c(0, 1, 1, 0, 1, 1, 1, 1), 3), g = rep(c("m", "f"), each = 12), word = rep(c("yes", "no", "no"), 8))

test_that("a column has one part: response, arm, group or stratum", {
  expect_stop(compare_rates(r ~ arm, edge_rates, by = "arm"), "by", "respondr_error_overlap")
  expect_stop(compare_rates(r ~ arm, edge_rates, by = r), "by", "respondr_error_overlap")
  expect_stop(compare_rates(r ~ arm, edge_rates, strata = arm), "strata", "respondr_error_overlap")
  expect_stop(compare_rates(r ~ arm, edge_rates, by = g, strata = g), "strata", "respondr_error_overlap")
  expect_stop(compare_rates(r ~ r, edge_rates), "formula")
  expect_equal(nrow(compare_rates(r ~ arm, droplevels(edge_rates), strata = id)), 1)  # a name of the result is no matter here
})

test_that("an event that is every response stops; two of three are counted together", {
  expect_stop(compare_rates(r ~ arm, edge_rates, event = c(0, 1)), "event", "respondr_error_event")
  d <- data.frame(y = factor(c("none", "minor", "main", "main", "none", "minor")), arm = rep(c("a", "b"), 3))
  expect_stop(compare_rates(y ~ arm, d, event = levels(d$y)), "event")
  expect_equal(compare_rates(y ~ arm, d, event = c("main", "minor"))$events, 3)
  expect_stop(compare_rates(word ~ arm, edge_rates), "event")
  expect_stop(compare_rates(word ~ arm, edge_rates, event = "Yes"), "event")
})

test_that("counts that are no counts, or more than a billion an arm, stop", {
  for (bad in list(-1, 0.5, Inf, NA)) {
    expect_stop(compare_rates(events = c(1, bad), n = c(3, 4)), "events", "respondr_error_figures")
    expect_stop(compare_rates(events = c(1, 1), n = c(3, bad)), "n", "respondr_error_figures")
  }
  for (bad in list(-1, 0.5, Inf, 2e9)) {
    d <- data.frame(e = c(1, bad), o = c(2, 3), arm = c("a", "b"))
    expect_stop(compare_rates(cbind(e, o) ~ arm, d), "response", "respondr_error_response")
  }
  many <- data.frame(e = rep(9e8, 6), o = rep(1e8, 6), arm = rep(c("a", "b"), each = 3))
  expect_stop(compare_rates(cbind(e, o) ~ arm, many), "response", "respondr_error_figures")
  expect_stop(compare_rates(cbind(e, o) ~ arm, many, contrasts = "overall"), "response", "respondr_error_figures")
  expect_stop(compare_rates(events = c(5, 1), n = c(3, 4)), "events")
})

test_that("a billion patients an arm are answered, exact tests by their asymptotic form and a note", {
  x <- rate_pair(300000000, 1e9, 200000000, 1e9, method = c("n1_chisq", "g", "fisher", "boschloo"), estimand = "odds_ratio")
  expect_equal(x$estimate, rep(12 / 7, 4))
  expect_true(all(x$conf_low > 1.71 & x$conf_high < 1.72 & x$p_value < 1e-300))
  expect_match(as.character(x$note[3:4]), "exact_limit", all = TRUE)
  near <- rate_pair(300000000, 1e9, 299990000, 1e9)
  p <- 599990000 / 2e9
  expect_equal(near$statistic, 1e-5^2 / (p * (1 - p) * 2e-9) * (2e9 - 1) / 2e9, tolerance = 1e-9)  # cancels to 1e-5 of a rate
  one <- compare_rates(events = 3e8, n = 1e9, null = 0.3)
  expect_equal(one$p_value, 1)
  expect_match(as.character(one$note), "exact_limit")
})

test_that("labelled 0 and 1 are an event like plain ones, also where everybody has it", {
  labelled <- function(x, labels) structure(as.double(x), labels = labels, class = "haven_labelled")
  d <- transform(edge_rates, arm = droplevels(arm))
  plain <- compare_rates(r ~ arm, d)
  d$r <- labelled(edge_rates$r, c(no = 0, yes = 1))
  x <- compare_rates(r ~ arm, d)
  expect_equal(as.character(x$event), "yes")
  expect_equal(x$p_value, plain$p_value)
  d$r <- labelled(rep(1, 24), c(no = 0, yes = 1))
  expect_equal(compare_rates(r ~ arm, d)$events, 12)
  d$r <- labelled(edge_rates$r + 1, c(no = 1, yes = 2))
  expect_stop(compare_rates(r ~ arm, d), "event")
  expect_equal(compare_rates(r ~ arm, d, event = "yes")$p_value, plain$p_value)
  d$arm <- labelled(as.numeric(edge_rates$arm), c(control = 1, drug = 2))
  expect_equal(as.character(compare_rates(r ~ arm, d, event = "yes")$reference), "control")
})

test_that("one sample without a stated rate prints no hypothesis", {
  expect_false(any(grepl("null", format(compare_rates(events = 12, n = 30)))))
  expect_match(format(compare_rates(events = 12, n = 30, null = 0.3)), "null 0.3", all = FALSE)
})

test_that("an arm that the subset removes is an empty arm, one arm alone is no comparison", {
  x <- compare_rates(r ~ arm, edge_rates, subset = arm == "drug")
  expect_equal(as.character(x$status), c("one_group_empty", "no_data"))
  expect_stop(compare_rates(r ~ g, edge_rates, subset = g == "m"), "arm")
  expect_stop(compare_rates(r ~ arm, edge_rates[0, ]), "data")
  expect_stop(compare_rates(r ~ arm, as.matrix(edge_rates)), "data")
  expect_stop(compare_rates(r ~ arm | id, edge_rates), "formula")
  expect_stop(compare_rates(table(edge_rates$arm, edge_rates$r)), "formula")
})

test_that("the rates of arms keep the arms without anybody, and stop where no event is known", {
  x <- rates_arms(compare_rates(r ~ arm, edge_rates))
  expect_equal(as.character(x$status), c("ok", "ok", "no_data"))
  expect_stop(rates_arms(edge_rates), "x")
  expect_stop(rates_arms(compare_rates(word ~ arm, edge_rates, contrasts = "overall")), "event")
  expect_stop(rates_arms(x, interval = "newcombe"), "interval")
  wide <- rates_arms(compare_rates(r ~ arm, edge_rates), conf_level = 0.999)
  expect_true(all(wide$conf_low[1:2] < x$conf_low[1:2] & wide$conf_high[1:2] > x$conf_high[1:2]))
})

test_that("a row without anybody does not take the decimals of the others", {
  lines <- format(compare_rates(r ~ arm, edge_rates))
  expect_match(lines, "drug +9/12 +9/12 +0.000", all = FALSE)
})

test_that("what has no picture, no test and no part of a report says so", {
  x <- compare_rates(r ~ arm, edge_rates)
  expect_stop(as_htest(rates_arms(x), 1), "x", "respondr_error_rows")
  expect_stop(plot(rate_agreement(matrix(c(4, 1, 2, 4), 2))), "x", "respondr_error_plot")
  expect_stop(study_report(list(rates = x, kappa = rate_agreement(matrix(c(4, 1, 2, 4), 2)))), "x", "respondr_error_x")
})
