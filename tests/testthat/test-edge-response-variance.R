small <- data.frame(y = c(1, 0, 1, 1, 0, 1, 0, 0), arm = rep(c("a", "b"), each = 4), z = c(1, 2, 3, 5, 2, 1, 4, 3),
  s = c("p", "q", "p", "q", "p", "p", "p", "p"))
adjusted <- function(...) {
  x <- as.data.frame(response_rate(y ~ arm, ..., missing = "excluded"))
  x[x$estimand != "rate", ]
}

test_that("the order of the rows changes no bit of a variance", {
  d <- MASS::birthwt
  for (variance in c("ge_hc0", "ye")) {
    x <- response_rate(low ~ smoke, d, adjust = ~age, variance = variance)
    y <- response_rate(low ~ smoke, d[rev(seq_len(nrow(d))), ], adjust = ~age, variance = variance)
    expect_equal(x$std_error, y$std_error, tolerance = 1e-13)  # the fit itself may end one bit apart
  }
})

test_that("an arm without a patient in a stratum takes nothing from Ye's variance there", {
  x <- adjusted(small, adjust = ~z, strata = s, variance = "ye")
  expect_true(all(is.finite(x$std_error)))
})

test_that("one patient in an arm has no variance by Ye, and says so", {
  x <- adjusted(small[1:5, ], adjust = ~z, variance = c("ge", "ye"))
  ye <- x[grepl("ye", x$method), ]
  expect_true(all(is.na(ye$std_error) & is.na(ye$p_value) & is.na(ye$conf_low)))
  expect_true(all(ye$status != "ok"))
})

test_that("after separation Ye's variance goes with the probabilities of FLIC", {
  d <- MASS::birthwt
  d$low[d$smoke == 1] <- 0
  x <- as.data.frame(response_rate(low ~ smoke, d, adjust = ~age, missing = "excluded", variance = "ye"))
  x <- x[x$estimand != "rate", ]
  expect_equal(unique(as.character(x$method)), "flic ye")
  expect_true(all(is.finite(x$conf_low)))
})

test_that("words of the variance and of strata that do not fit are refused", {
  expect_error(adjusted(small, adjust = ~z, variance = "Ye"), "variance")
  expect_error(adjusted(small, adjust = ~z, strata = s), "Ye's variance")
  expect_error(adjusted(small, adjust = ~z, strata = nothing, variance = "ye"), "nothing")
  expect_error(response_rate(y ~ 1, small, strata = s), "needs arms")
  expect_error(response_rate(y ~ arm, small, strata = arm), "strata|arm")
})

test_that("the variance that was asked for is printed", {
  x <- response_rate(low ~ smoke, MASS::birthwt, adjust = ~age, variance = "ye")
  expect_match(paste(format(x), collapse = "\n"), "Ye 2023, patients and covariates a sample")
  expect_match(paste(format(response_rate(low ~ smoke, MASS::birthwt, adjust = ~age)), collapse = "\n"),
    "Ge 2011, covariates taken as they are")
})

test_that("the sentence of a row names the variance", {
  x <- response_rate(low ~ smoke, MASS::birthwt, adjust = ~age, missing = "excluded", variance = c("ge", "ye"))
  text <- report_text(x)
  expect_match(text[4], "ml with variance ye")
  expect_false(grepl("variance", text[3]))
})
