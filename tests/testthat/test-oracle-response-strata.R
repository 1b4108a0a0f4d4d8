test_that("differences within strata are those of compare_rates()", {
  d <- transform(MASS::birthwt, arm = factor(c("c", "a", "b")[1 + ftv %% 3]))
  for (method in c("cmh", "score_iv")) {
    x <- as.data.frame(response_rate(low ~ arm, d, strata = race, missing = "excluded", method = method))
    y <- as.data.frame(compare_rates(low ~ arm, d, strata = race, method = method, estimand = "difference"))
    x <- x[x$estimand != "rate", ]
    same <- c("estimate", "conf_low", "conf_high", "p_value", "n_strata", "n_strata_dropped")
    expect_equal(x[same], y[same], ignore_attr = TRUE, tolerance = 1e-12)
    expect_equal(as.character(x$contrast), as.character(y$contrast))
  }
})

test_that("groups, classes and conventions each have the strata of their own patients", {
  d <- transform(MASS::birthwt, class = factor(1 + low + ftv %in% 0, ordered = TRUE))
  d$class[c(3, 9, 77, 120)] <- NA
  x <- as.data.frame(response_rate(class ~ smoke, d, by = ht, strata = race, missing = c("nonresponder", "worst")))
  x <- x[x$estimand != "rate", ]
  for (i in seq_len(nrow(x))) {
    part <- d[d$ht == x$ht[i], ]
    least <- if (x$counted[i] == "at least 2") 2 else 3
    lost <- if (x$missing[i] == "worst") part$smoke == 0 else FALSE
    part$y <- ifelse(is.na(part$class), lost, as.integer(part$class) >= least)
    one <- as.data.frame(compare_rates(y ~ smoke, part, strata = race, estimand = "difference", method = "cmh"))
    expect_equal(x$estimate[i], one$estimate, tolerance = 1e-12)
    expect_equal(x$p_value[i], one$p_value, tolerance = 1e-12)
    expect_equal(x$events[i] + x$events_reference[i], sum(part$y))
  }
})
