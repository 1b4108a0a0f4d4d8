few <- data.frame(y = c(1, 0, 1, 1, 0, 1), arm = factor(c("b", "b", "b", "c", "c", "c"), c("a", "b", "c")),
  z = c(1, 2, 1, 3, 2, 5))

test_that("an empty reference arm leaves its contrasts without an answer, adjusted or not", {
  plain <- response_rate(y ~ arm, few, missing = "excluded")
  expect_equal(as.character(plain$status), c("no_data", "ok", "ok", "one_group_empty", "one_group_empty"))
  adjusted <- response_rate(y ~ arm, few, adjust = ~z, missing = "excluded")
  expect_true(all(is.na(adjusted$estimate[adjusted$estimand != "rate"])))
})

test_that("an arm without responders is fitted by FLIC, and says so", {
  d <- MASS::birthwt
  d$low[d$smoke == 1] <- 0
  x <- as.data.frame(response_rate(low ~ smoke, d, adjust = ~ age, missing = "excluded"))
  x <- x[x$estimand != "rate", ]
  expect_equal(unique(as.character(x$method)), "flic")
  expect_true(all(is.finite(x$conf_low) & is.finite(x$conf_high)))
  ml <- as.data.frame(response_rate(low ~ smoke, d, adjust = ~ age, missing = "excluded", estimator = "ml"))
  expect_true(all(is.na(ml$std_error[ml$estimand != "rate"])))
})

test_that("no rows, no responses and one patient are rows, not errors", {
  expect_true(all(response_rate(y ~ arm, few[0, ])$status == "no_data"))
  lost <- response_rate(y ~ arm, transform(few, y = NA_real_), missing = "excluded", adjust = ~z)
  expect_true(all(is.na(lost$estimate)))
  expect_equal(response_rate(y ~ arm, data.frame(y = TRUE, arm = "a"))$events, c(1L, 1L))
})

test_that("all respond: the rates are 1 and the adjusted difference is not answered", {
  x <- as.data.frame(response_rate(y ~ arm, transform(droplevels(few), y = 1), adjust = ~z, missing = "excluded"))
  expect_equal(x$estimate[x$estimand == "rate"], c(1, 1))
  adjusted <- x[x$estimand != "rate", ]
  expect_true(all(is.na(adjusted$estimate) & is.na(adjusted$std_error) & is.na(adjusted$p_value)))
})

test_that("patients without a covariate are left out of the adjusted figures and counted", {
  d <- MASS::birthwt
  d$age[1:5] <- NA
  x <- as.data.frame(response_rate(low ~ smoke, d, adjust = ~age, missing = "excluded"))
  last <- x[nrow(x), ]
  expect_equal(last$n + last$n_reference, 184L)
  expect_equal(last$n_dropped, 5L)
})

test_that("wrong words stop with the argument named", {
  expect_error(response_rate(z ~ arm, few), class = "respondr_error")
  expect_error(response_rate(y ~ 1, few, missing = "best"), "best")
  expect_error(response_rate(y ~ arm, few, adjust = ~nothing), "nothing")
  expect_error(response_rate(y ~ arm, few, estimator = "firth"), "estimator")
  expect_error(response_rate(y ~ arm, few, reference = "x"), "reference")
  expect_error(response_rate(y ~ arm, few, by = arm), class = "respondr_error")
})

test_that("printing stays within 80 columns and every row has a sentence", {
  x <- response_rate(y ~ trt, MASS::bacteria, by = week, event = "n")
  expect_true(all(nchar(format(x, width = 80)) <= 80))
  expect_length(report_text(x), nrow(x))
  expect_match(report_text(x)[1], "^y \\(n, week 0; missing counted as non-responders\\): placebo 2 of 21")
})

test_that("adjust takes covariates only: neither the arm, nor the response, nor an offset", {
  expect_error(response_rate(y ~ arm, few, adjust = ~ z + arm), "is the arm or the response")
  expect_error(response_rate(y ~ arm, few, adjust = ~ z + offset(z)), "no offset")
  expect_error(response_rate(y ~ arm, few, adjust = ~1), "must name covariates")
})

test_that("where no response is missing each row is printed once, and all rows stay in the result", {
  x <- response_rate(low ~ 1, MASS::birthwt, by = race)
  expect_equal(nrow(x), 6L)
  text <- format(x)
  expect_equal(sum(grepl("23/96", text)), 1L)
  expect_match(paste(text, collapse = " "), "No response is missing: the same rows for nonresponder, excluded")
  expect_false(any(grepl("^Tests: 0", text)))
  lost <- MASS::birthwt
  lost$low[1] <- NA
  expect_false(any(grepl("No response is missing", format(response_rate(low ~ 1, lost)))))
})

test_that("panels of a numeric by column bear its name", {
  panels <- levels(response_bars(response_rate(y ~ trt, MASS::bacteria, by = week, event = "n"), NULL, NULL)$rows$panel)
  expect_equal(panels, paste("week", c(0, 2, 4, 6, 11)))
})
