printed_rates <- utils::read.csv(system.file("validation", "responders", "rates.csv", package = "respondr"))

test_that("percentages of responders are those printed by Li 2021, Shah 2022 and the HbE trial", {
  for (i in seq_len(nrow(printed_rates))) {
    one <- printed_rates[i, ]
    d <- data.frame(y = rep(1:0, c(one$events, one$n - one$events)))
    x <- response_rate(y ~ 1, d, missing = "excluded")
    digits <- if (one$study == "shah2022") 2 else 1
    expect_equal(round(100 * x$estimate, digits), one$percent, info = paste(one$study, one$arm, one$class))
  }
})

test_that("the three classes of Shah 2022 give the cumulative rate by their order", {
  shah <- printed_rates[printed_rates$study == "shah2022", ]
  d <- data.frame(class = factor(rep(shah$class, shah$events), c("none", "responder", "good"), ordered = TRUE))
  x <- response_rate(class ~ 1, d, missing = "excluded")
  expect_equal(x$events, c(105L, 89L))
  expect_equal(as.character(x$counted), c("at least responder", "good"))
})

test_that("thalidomide against hydroxyurea in HbE has the Fisher p recomputed from the abstract", {
  hbe <- printed_rates[printed_rates$study == "hbe", ]
  d <- data.frame(arm = rep(hbe$arm, hbe$n), y = unlist(Map(function(e, n) rep(1:0, c(e, n - e)), hbe$events, hbe$n)))
  x <- as.data.frame(response_rate(y ~ arm, d, reference = "hydroxyurea", missing = "excluded", method = "fisher"))
  p <- x$p_value[x$contrast == "thalidomide - hydroxyurea"]
  expect_equal(p, 0.00069965, tolerance = 1e-5)  # stored with five digits
})
