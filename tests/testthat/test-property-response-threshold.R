simple <- function(seed, n = 40) {
  set.seed(seed)
  data.frame(change = sample(-8:8, n, TRUE) / 2, arm = rep(c("a", "b"), length.out = n))
}
figures <- c("events", "n", "estimate", "conf_low", "conf_high", "conf_low_adjusted", "conf_high_adjusted", "p_value")

test_that("a fall is a rise of the negated change", {
  d <- simple(1)
  for (band in c("dkw", "bootstrap")) {
    up <- as.data.frame(response_threshold(change ~ arm, d, band = band, seed = 3, replicates = 200))
    down <- as.data.frame(response_threshold(-change ~ arm, d, direction = "less", band = band, seed = 3, replicates = 200))
    down$cutoff <- -down$cutoff
    down <- down[order(down$cutoff), ]
    expect_identical(up$cutoff, down$cutoff)
    expect_equal(up[figures], down[figures], ignore_attr = TRUE)
  }
})

test_that("the order of rows, the unit and the number of threads change nothing", {
  d <- simple(2)
  x <- response_threshold(change ~ arm, d, band = "bootstrap", seed = 1, replicates = 500)
  y <- response_threshold(change ~ arm, d[sample(nrow(d)), ], band = "bootstrap", seed = 1, replicates = 500, threads = 2)
  expect_identical(as.data.frame(x), as.data.frame(y))
  z <- as.data.frame(response_threshold(change ~ arm, transform(d, change = change * 1024 + 1e8), band = "bootstrap",
    seed = 1, replicates = 500))
  expect_equal(as.data.frame(x)[figures], z[figures])
})

test_that("the bands hold the whole true curve as often as they say", {
  set.seed(5)
  inside <- replicate(300, {
    d <- data.frame(change = stats::rnorm(80), arm = rep(c("a", "b"), 40))
    x <- as.data.frame(response_threshold(change ~ arm, d))
    r <- x[x$estimand == "rate" & x$level == "a", ]
    e <- x[x$estimand != "rate", ]
    truth <- stats::pnorm(r$cutoff, lower.tail = FALSE)
    c(all(r$conf_low_adjusted <= truth & truth <= r$conf_high_adjusted),
      all(e$conf_low_adjusted <= 0 & 0 <= e$conf_high_adjusted))
  })
  # 95 % or more; 300 trials have a standard error of 1.3 %.
  expect_gt(mean(inside[1, ]), 0.91)
  expect_gt(mean(inside[2, ]), 0.95)
})

test_that("a seed gives the same band again, and none moves R's generator unless it is drawn", {
  d <- simple(3)
  set.seed(9)
  before <- .Random.seed
  response_threshold(change ~ arm, d)
  expect_identical(.Random.seed, before)
  x <- response_threshold(change ~ arm, d, band = "bootstrap", replicates = 300)
  expect_false(identical(.Random.seed, before))
  y <- response_threshold(change ~ arm, d, band = "bootstrap", replicates = 300, seed = attr(x, "settings")$seed)
  expect_identical(as.data.frame(x), as.data.frame(y))
})
