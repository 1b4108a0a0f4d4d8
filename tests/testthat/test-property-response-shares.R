test_that("limits hold the share, lie within 0 and 1, and do not depend on the order of the classes", {
  count <- c(7, 0, 31, 2)
  for (word in c("goodman", "quesenberry_hurst", "sison_glaz")) {
    x <- share_limits(count, simultaneous = word)
    expect_true(all(x[, 1] <= count / 40 & count / 40 <= x[, 2] & x >= 0 & x <= 1))
    expect_equal(share_limits(rev(count), simultaneous = word), x[4:1, ], tolerance = 1e-12)
  }
})

test_that("with two classes Quesenberry and Hurst is the score interval at the level itself", {
  d <- data.frame(class = factor(rep(1:2, c(9, 16)), ordered = TRUE))
  x <- as.data.frame(response_rate(class ~ 1, d, at_least = FALSE, missing = "excluded",
    simultaneous = "quesenberry_hurst"))
  expect_equal(x$conf_low_adjusted, x$conf_low, tolerance = 1e-10)
  expect_equal(x$conf_high_adjusted, x$conf_high, tolerance = 1e-10)
})

test_that("each arm, group and convention has the limits of its own classes", {
  d <- transform(MASS::birthwt, class = factor(race, ordered = TRUE), smoke = factor(smoke), g = ht)
  d$class[c(3, 77)] <- NA
  whole <- as.data.frame(response_rate(class ~ smoke, d, by = g, at_least = FALSE, simultaneous = "sison_glaz"))
  for (g in c("0", "1")) for (s in c("0", "1")) {
    rows <- d[d$g == g & d$smoke == s, ]
    one <- as.data.frame(response_rate(class ~ 1, rows, at_least = FALSE, simultaneous = "sison_glaz"))
    same <- whole[whole$g == g & whole$level == s & whole$estimand == "rate", ]
    one <- one[match(paste(same$counted, same$missing), paste(one$counted, one$missing)), ]
    expect_identical(same$conf_low_adjusted, one$conf_low_adjusted)
    expect_identical(same$conf_high_adjusted, one$conf_high_adjusted)
  }
})
