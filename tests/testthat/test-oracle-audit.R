# Evidence: oracle. A dense search over the box of figures: it never leaves the enclosure, and comes near its ends.

test_that("the enclosure of Student and Welch holds every point of the box and is tight", {
  grid <- expand.grid(m = seq(-0.1, 0.1, length.out = 3), s = seq(0.95, 1.05, length.out = 21),
    u = seq(1.75, 1.85, length.out = 21))
  d <- 0.9 + grid$m
  v <- grid$s^2 / 12
  w <- grid$u^2 / 30
  p_welch <- 2 * pt(-d / sqrt(v + w), (v + w)^2 / (v^2 / 11 + w^2 / 29))
  p_student <- 2 * pt(-d / sqrt((11 * grid$s^2 + 29 * grid$u^2) / 40 * (1 / 12 + 1 / 30)), 40)
  a <- audit_groups(c(12, 30), c("7.0", "7.9"), c("1.0", "1.8"), p = "0.1", test = c("student", "welch"))
  expect_equal(c(a$low[1], a$high[1]), range(p_student), tolerance = 1e-9)
  expect_true(a$low[2] <= min(p_welch) && a$high[2] >= max(p_welch))
  # cells of the box leave a slack of a few per cent in the degrees of freedom
  expect_equal(c(a$low[2], a$high[2]), range(p_welch), tolerance = 0.02)
})

test_that("the implied correlation encloses a dense search and touches it", {
  a <- audit_paired(20, "7.0", "1.0", "7.9", "1.8", p = "0.012")
  grid <- expand.grid(d = c(0.8, 1.0), s = seq(0.95, 1.05, length.out = 41), u = seq(1.75, 1.85, length.out = 41),
    p = c(0.0115, 0.0125))
  sd <- grid$d * sqrt(20) / -qt(grid$p / 2, 19)
  r <- (grid$s^2 + grid$u^2 - sd^2) / (2 * grid$s * grid$u)
  expect_equal(c(a$r_low, a$r_high), range(r), tolerance = 1e-8)
})

test_that("F of printed groups lies in the enclosure of a search over vertices and centres", {
  a <- audit_anova(c(10, 12, 9), c("5.1", "5.2", "5.1"), c("1.2", "1.1", "1.4"), p = "0.9")
  expect_lt(a$statistic_low, 1e-12)
  set.seed(1)
  f <- replicate(3000, {
    m <- c(5.1, 5.2, 5.1) + sample(c(-0.05, 0.05), 3, TRUE)
    n <- c(10, 12, 9)
    sum(n * (m - weighted.mean(m, n))^2) / 2 / (sum((n - 1) * (c(1.15, 1.05, 1.35))^2) / 28)
  })
  expect_equal(a$statistic_high, max(f), tolerance = 1e-9)
})
