# Evidence: by hand.

test_that("a printed figure is the closed interval of what prints like it", {
  x <- unclass(printed(c("6.8", "27.00", "<0.001", ".025", "NS", "\u22121.5", NA)))
  expect_equal(x$low, c(6.75, 26.995, -Inf, 0.0245, 0.05, -1.55, NA))
  expect_equal(x$high, c(6.85, 27.005, 0.001, 0.0255, Inf, -1.45, NA))
  expect_equal(x$decimals[1:4], c(1L, 2L, 3L, 3L))
})

test_that("n = 4, change 2, P of t = 2: the SD of change is 2, and with SDs 2 and 2 r is 0.5", {
  # s_d = 2 sqrt(4) / 2 = 2; r = (4 + 4 - 4) / 8
  p <- sprintf("%.12f", 2 * pt(-2, 3))
  a <- audit_paired(4, "1.000000", "2.000000", "3.000000", "2.000000", p = p)
  expect_equal(a$sd_change, 2, tolerance = 1e-9)
  expect_equal(a$r, 0.5, tolerance = 1e-9)
  expect_equal(a$d_z, 1, tolerance = 1e-9)
})

test_that("no signed-rank test of 7 patients gives 0.002", {
  a <- audit_paired(7, "3.4", "0.4", "4.5", "1.0", p = "0.002", test = "signed_rank")
  expect_equal(as.character(a$verdict), "not reproducible by the named test")
  expect_equal(a$low, 2 * pnorm(-sqrt(7)))
})

test_that("1, 3 and 2 of 3 patients pool: the last one has the mean 2 and no spread", {
  a <- audit_subgroups(c(2), "2.00", "1.414214", 3, "2.00", "1.00")
  expect_equal(as.character(a$verdict), "consistent only through rounding")
  b <- audit_subgroups(c(2), "2.00", "3.00", 3, "2.00", "1.00")
  expect_equal(as.character(b$verdict), "impossible")
})

test_that("two visits: F implies the correlation of the paired t-test", {
  a <- audit_rm(4, c("1.000000", "3.000000"), c("2.000000", "2.000000"), f = "4.000000")
  expect_equal(a$r, 0.5, tolerance = 1e-9)
  # F above what r = 1 allows
  b <- audit_rm(20, c("7.0", "9.6", "10.2"), c("1.0", "1.7", "1.8"), f = "6130.3")
  expect_equal(as.character(b$verdict), "not reproducible by the named test")
})

test_that("r = 0.6 of 18 patients is t = 3 on 16", {
  a <- audit_correlation("0.6", 18, p = "0.008")
  expect_equal(a$statistic, 3, tolerance = 1e-12)
  expect_equal(as.character(a$verdict), "consistent")
})
