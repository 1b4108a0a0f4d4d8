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

test_that("the enclosure of Welch's ANOVA holds every point of the box, and P at face value is that of its formula", {
  p_of <- function(m, s, n) {
    w <- n / s^2
    share <- sum((1 - w / sum(w))^2 / (n - 1))
    k <- length(n)
    f <- sum(w * (m - sum(w * m) / sum(w))^2) / (k - 1) / (1 + 2 * (k - 2) / (k^2 - 1) * share)
    pf(f, k - 1, (k^2 - 1) / (3 * share), lower.tail = FALSE)
  }
  set.seed(3)
  for (k in 2:5) {
    n <- sample(5:20, k)
    m <- round(rnorm(k, 6, 0.6), 1)
    s <- round(runif(k, 0.8, 2), 1)
    audit <- audit_anova(n, sprintf("%.1f", m), sprintf("%.1f", s), p = "0.1", test = "welch_anova")
    box <- replicate(500, p_of(m + sample(c(-0.05, 0, 0.05), k, TRUE), s + sample(c(-0.05, 0, 0.05), k, TRUE), n))
    expect_true(audit$low <= min(box) && audit$high >= max(box))
    fine <- audit_anova(n, sprintf("%.9f", m), sprintf("%.9f", s), p = "0.1", test = "welch_anova")
    expect_equal(c(fine$low, fine$high), rep(p_of(m, s, n), 2), tolerance = 1e-6)  # nine decimals of the figures
  }
})

test_that("one-sided P of counts are those of fisher.test and prop.test", {
  x <- rbind(c(15, 26), c(14, 7))
  for (side in c("less", "greater")) {
    p <- c(prop.test(x, alternative = side, correct = FALSE)$p.value, prop.test(x, alternative = side)$p.value,
      fisher.test(x, alternative = side)$p.value)
    for (i in 1:3) {
      a <- audit_counts(x, sprintf("%.6f", p[i]), test = c("chisq", "chisq_yates", "fisher")[i], alternative = side)
      expect_identical(as.character(a$verdict), "consistent")
    }
  }
  expect_match(audit_counts(x, "0.012")$remedy, "one-sided P (less) under chi-square", fixed = TRUE)
  expect_match(audit_odds("1.111", "1.006", "1.226", "0.019")$remedy[2], "one-sided", fixed = TRUE)
})
