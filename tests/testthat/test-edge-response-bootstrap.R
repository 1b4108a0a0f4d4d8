small <- data.frame(arm = rep(c("a", "b"), each = 8), z = c(1:8, 1:8), y = c(0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1))
ask <- function(d, ...) response_rate(y ~ arm, d, adjust = ~z, missing = "excluded", replicates = 200, seed = 1, ...)

test_that("replicates that separate are refitted and counted in print", {
  x <- ask(small)
  expect_true(any(grepl("refitted by Firth with FLIC: [0-9]+ of 200", paste(format(x, width = 500), collapse = " "))))
  expect_true(all(is.finite(x$conf_low)))
  d <- x[x$estimand == "adjusted risk difference", ]
  expect_true(all(d$conf_low >= -2 & d$conf_high <= 2))
})

test_that("data separated by a covariate alone do not stop the adjusted rates", {
  apart <- transform(small, y = as.numeric(z > 4))
  x <- response_rate(y ~ arm, apart, adjust = ~z, missing = "excluded")
  expect_equal(as.character(x$method[3]), "flic")
  expect_equal(x$estimate[3], 0, tolerance = 1e-7)
})

test_that("separated data are answered by FLIC throughout, and by ML not at all", {
  apart <- transform(small, y = as.numeric(z > 4))
  expect_true(all(is.finite(ask(apart)$conf_low)))
  x <- ask(apart, estimator = "ml")
  expect_false(any(x$conf_method[x$estimand != "rate"] %in% c("percentile", "basic")))
})

test_that("an arm that nobody is in, one class, and patients without a covariate are no obstacle", {
  gone <- transform(small, arm = factor(arm, levels = c("a", "b", "c")))
  x <- as.data.frame(ask(gone))
  b <- x[x$estimand != "rate" & x$level == "b", ]
  expect_equal(b$conf_low, as.data.frame(ask(small))$conf_low[3:8])
  expect_true(all(is.na(x$conf_low[x$estimand != "rate" & x$level == "c"])))
  none <- ask(transform(small, y = 1))
  expect_true(all(is.na(none$conf_low[none$estimand != "rate"])))
  expect_true(all(is.finite(ask(transform(small, z = replace(z, 2, NA)))$conf_low)))
})

test_that("the sentence names the bootstrap, and holds no missing value", {
  text <- report_text(ask(small))
  expect_true(any(grepl("percentile bootstrap, ml", text)))
  expect_false(any(grepl("NA", text)))
})

test_that("replicates without adjust, and no whole number of them, name the argument", {
  expect_error(response_rate(y ~ arm, small, replicates = 10), "word of the adjusted figures")
  expect_error(ask(small, conf_level = 2), "conf_level")
  expect_error(response_rate(y ~ arm, small, adjust = ~z, replicates = 1.5), "replicates")
})

test_that("too few replicates for a limit are said so in the header and in a note", {
  few <- function(b) response_rate(low ~ smoke, MASS::birthwt, adjust = ~age, missing = "excluded", replicates = b, seed = 1)
  x <- few(38)
  low <- x$conf_low[x$conf_method %in% c("percentile", "basic") & x$estimand == "adjusted risk difference"]
  expect_true(all(is.infinite(low)))
  expect_match(paste(format(x), collapse = " "), "need at least 39 replicates")
  expect_equal(sum(grepl("too few replicates", x$note)), 4L)
  y <- few(39)
  expect_true(all(is.finite(y$conf_low)))
  expect_false(any(grepl("too few replicates", y$note) | grepl("need at least", paste(format(y), collapse = " "))))
})
