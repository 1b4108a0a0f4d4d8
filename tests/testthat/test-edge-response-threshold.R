d <- data.frame(change = c(1.5, NA, 2, 2, 2, 3, 0, NA), arm = c("a", "a", "a", "b", "b", "b", NA, "b"))

test_that("patients without a change or an arm are left out, counted and named in print", {
  x <- response_threshold(change ~ arm, d)
  y <- as.data.frame(x)
  expect_equal(unique(y$cutoff), c(1.5, 2, 3))
  expect_equal(y$n_dropped[1:3], c(1L, 1L, 2L))
  expect_true(any(grepl("2 patients without a change", format(x))))
  expect_true(any(grepl("1 rows? without an arm", format(x))))
})

test_that("one arm and one patient have rates and no difference", {
  x <- as.data.frame(response_threshold(change ~ 1, d[1, ]))
  expect_equal(nrow(x), 1L)
  expect_equal(x$estimate, 1)
  expect_equal(c(x$conf_low_adjusted, x$conf_high_adjusted), c(0, 1))
  y <- response_threshold(change ~ arm, subset(d, arm == "a"))
  expect_true(all(y$estimand == "rate"))
  expect_length(format(y)[1], 1L)
})

test_that("one patient an arm is answered, by either band", {
  one <- data.frame(change = 1:2, arm = c("a", "b"))
  for (band in c("dkw", "bootstrap")) {
    x <- response_threshold(change ~ arm, one, band = band, seed = 1, replicates = 100)
    expect_equal(x$estimate[x$estimand != "rate"], c(0, 1))
    expect_match(report_text(x)[1], "at least 1")
  }
})

test_that("no variation leaves nothing to resample: no sup-t band, and no false one", {
  x <- response_threshold(change ~ arm, data.frame(change = 1, arm = rep(c("a", "b"), 5)), band = "bootstrap", seed = 1)
  expect_true(is.na(x$conf_low_adjusted[x$estimand != "rate"]))
})

test_that("too few replicates for the level give the whole range", {
  x <- as.data.frame(response_threshold(change ~ arm, transform(d, change = c(1:7, 3)), band = "bootstrap", seed = 1,
    replicates = 5))
  x <- x[x$estimand != "rate" & !is.na(x$conf_low_adjusted), ]
  expect_true(nrow(x) > 0 && all(x$conf_low_adjusted == -1 & x$conf_high_adjusted == 1))
})

test_that("a difference of decimals meets the cut-off that it is", {
  x <- data.frame(change = c(10.3 - 8.3, 9.1 - 7.1, 1), arm = "a")
  expect_equal(response_threshold(change ~ 1, x, cuts = 2)$events, 2L)
  expect_equal(response_threshold(change ~ 1, x)$cutoff, c(1, 2))
})

test_that("huge, tiny and far-off changes keep their cut-offs apart", {
  for (x in list(c(1e150, -1e150, 2e150), c(1e-150, 2e-150, -1e-150), 1e8 + 1:3 / 100)) {
    expect_equal(response_threshold(x ~ 1, data.frame(x = x))$cutoff, sort(x))
  }
})

test_that("empty arms, labels, tibble-like frames and text arms are read", {
  f <- transform(d, arm = factor(arm, levels = c("none", "b", "a")))
  x <- response_threshold(change ~ arm, f)
  expect_equal(attr(x, "settings")$arms, c("b", "a"))
  expect_true(any(grepl("without patients left out", format(x))))
  labelled <- d
  labelled$change <- structure(d$change, label = "Change", class = "haven_labelled")
  expect_equal(as.data.frame(response_threshold(change ~ arm, labelled)), as.data.frame(response_threshold(change ~ arm, d)))
})

test_that("wrong words name their argument", {
  argument <- function(expr) tryCatch({
    expr
    "none"
  }, respondr_error = function(cnd) cnd$argument)
  expect_equal(argument(response_threshold(change ~ arm, d, direction = "up")), "direction")
  expect_equal(argument(response_threshold(change ~ arm, d, cuts = "2")), "cuts")
  expect_equal(argument(response_threshold(change ~ arm, d, cuts = c(1, NA))), "cuts")
  expect_equal(argument(response_threshold(change ~ arm, d, band = "both")), "band")
  expect_equal(argument(response_threshold(change ~ arm, d, reference = "c")), "reference")
  expect_equal(argument(response_threshold(~arm, d)), "formula")
  expect_equal(argument(response_threshold(change ~ arm, transform(d, change = Inf))), "formula")
  expect_equal(argument(response_threshold(change ~ arm, transform(d, change = NA_real_))), "formula")
  expect_equal(argument(response_threshold(change ~ arm, d, subset = change > 99)), "formula")
  expect_equal(argument(response_threshold(arm ~ change, d)), "outcome")
})

test_that("both kinds of picture are drawn, for all values and for chosen cut-offs", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (x in list(response_threshold(change ~ arm, d), response_threshold(change ~ arm, d, cuts = 2, direction = "less"),
    response_threshold(change ~ 1, d))) {
    expect_invisible(plot(x))
    old <- options(respondr.base_graphics = TRUE)
    expect_invisible(plot(x))
    options(old)
  }
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::autoplot(response_threshold(change ~ arm, d)), "ggplot")
})

test_that("many runs of cut-offs are cut short in print, and a part of a result prints and is drawn", {
  set.seed(1)
  many <- data.frame(change = stats::rnorm(5000), arm = sample(1:2, 5000, TRUE))
  x <- response_threshold(change ~ arm, many)
  expect_true(any(grepl("more runs of cut-offs", gsub("\n *", " ", paste(format(x, width = 1000), collapse = " ")))))
  expect_match(format(x[x$estimand == "rate", ])[1], "10,?000 rows")
  expect_error(plot(x[0, ]), "no patient")
})
