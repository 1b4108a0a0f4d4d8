# Weights of means and contrasts.

target_input <- function() {
  d <- expand.grid(id = 1:5, visit = c(0, 3, 12))
  d$arm <- factor(ifelse(d$id < 3, "a", "b"))
  d$y <- 1
  respondr:::rm_input(y ~ arm * visit | id, d, NULL, NULL, character(), NULL, NULL, NULL, quote(f()))
}

test_that("every visit is compared with the reference, averaged over groups with equal weights", {
  t <- respondr:::contrast_targets(target_input(), "reference", "visit", character(), "equal", NULL, quote(f()))
  expect_identical(as.character(t$labels$contrast), c("3 - 0", "12 - 0"))
  expect_equal(t$within, rbind(c(-1, 1, 0), c(-1, 0, 1)))
  expect_equal(t$between, matrix(0.5, 2, 2))
})

test_that("observed margins weigh groups by their patients", {
  t <- respondr:::contrast_targets(target_input(), "reference", "visit", character(), "observed", NULL, quote(f()))
  expect_equal(t$between, rbind(c(0.4, 0.6), c(0.4, 0.6)))
})

test_that("`by` gives each group its own contrasts", {
  t <- respondr:::contrast_targets(target_input(), "pairwise", "visit", "arm", "equal", NULL, quote(f()))
  expect_identical(as.character(t$labels$contrast), rep(c("3 - 0", "12 - 0", "12 - 3"), 2))
  expect_identical(as.character(t$labels$arm), rep(c("a", "b"), each = 3))
  expect_equal(t$between, rbind(c(1, 0), c(1, 0), c(1, 0), c(0, 1), c(0, 1), c(0, 1)))
})

test_that("a trend uses the real spacing: the linear contrast of a straight line is its slope", {
  t <- respondr:::contrast_targets(target_input(), "trend", "visit", character(), "equal", NULL, quote(f()))
  line <- 7 + 0.25 * c(0, 3, 12)
  expect_equal(drop(t$within %*% line), c(0.25, 0), tolerance = 1e-14)
  expect_equal(drop(t$within %*% rep(1, 3)), c(0, 0), tolerance = 1e-14)
})

test_that("interaction contrasts are differences of differences", {
  t <- respondr:::contrast_targets(target_input(), "reference", c("visit", "arm"), character(), "equal", NULL, quote(f()))
  expect_identical(as.character(t$labels$contrast), c("(3 - 0) x (b - a)", "(12 - 0) x (b - a)"))
  expect_equal(t$between, rbind(c(-1, 1), c(-1, 1)))
})
