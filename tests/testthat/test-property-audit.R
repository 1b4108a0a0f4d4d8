# Evidence: property. Tables of random data are never refuted under their own test; planted errors are.

audit_env <- new.env()
sys.source(system.file("validation", "audit", "simulate.R", package = "respondr", mustWork = TRUE), audit_env)

test_that("no table computed from data is refuted when its test is named", {
  set.seed(81)
  grid <- audit_env$audit_grid()
  for (i in rep(seq_len(nrow(grid)), 3)) {
    x <- audit_env$random_table(grid$type[i], grid$half[i], grid$divisor[i])
    shown <- paste(utils::capture.output(dput(x)), collapse = "")
    expect_false(audit_env$refuted(audit_env$audit_random_table(x)), info = shown)
  }
})

test_that("SDs read as standard errors and exchanged P are caught more often than not in detailed tables", {
  set.seed(82)
  caught <- vapply(1:60, function(i) {
    y <- list(rnorm(30, 10, 2), rnorm(30, 11, 2))
    p <- t.test(y[[1]], y[[2]], var.equal = TRUE)$p.value
    a <- audit_groups(c(30, 30), sprintf("%.2f", vapply(y, mean, 0)), sprintf("%.2f", vapply(y, sd, 0) / sqrt(30)),
      p = sprintf("%.3f", p))
    a$verdict == "not reproducible by the named test" && grepl("standard errors", a$remedy)
  }, NA)
  expect_gt(mean(caught), 0.5)
})

test_that("swapping before and after, or the two groups, changes no verdict", {
  a <- audit_paired(20, "7.0", "1.0", "7.9", "1.8", p = "0.012")
  b <- audit_paired(20, "7.9", "1.8", "7.0", "1.0", p = "0.012")
  expect_equal(a$r, b$r, tolerance = 1e-14)
  expect_equal(c(a$r_low, a$r_high), c(b$r_low, b$r_high), tolerance = 1e-14)
  g <- audit_groups(c(12, 30), c("7.0", "7.9"), c("1.0", "1.8"), p = "0.1", test = "welch")
  h <- audit_groups(c(30, 12), c("7.9", "7.0"), c("1.8", "1.0"), p = "0.1", test = "welch")
  expect_equal(c(g$low, g$high), c(h$low, h$high), tolerance = 1e-12)
})

test_that("one-sided P of both sides add up to 1, and the right one is half the two-sided P", {
  one <- function(side) {
    a <- audit_groups(c(12, 30), c("7.00", "7.90"), c("1.00", "1.80"), p = "0.1", test = c("student", "welch", "z"),
      alternative = side)
    a[1:3, c("low", "high")]
  }
  less <- one("less")
  greater <- one("greater")
  both <- one("two.sided")
  expect_equal(1 - less$high, greater$low, tolerance = 1e-10)
  expect_equal(greater$high, both$high / 2, tolerance = 1e-12)
  paired <- lapply(c("less", "greater"), function(side) audit_paired(20, "7.0", "1.0", "7.9", "1.8", p = "0.5",
    alternative = side))
  expect_equal(1 - paired[[1]]$low, paired[[2]]$high, tolerance = 1e-10)
})

test_that("one row of repeated measures is the same alone and among many", {
  many <- audit_rm(c(20, 15), list(c("7.0", "5"), c("9.6", "6"), c("10.2", "7")), list(c("1.0", "1"), c("1.7", "1"),
    c("1.8", "1")), f = c("61.3", "3.1"), p = c("<0.001", ".06"), test = c("rm_anova", "greenhouse_geisser"))
  one <- audit_rm(15, c("5", "6", "7"), c("1", "1", "1"), "3.1", ".06", test = c("rm_anova", "greenhouse_geisser"),
    item = "row 2")
  expect_equal(as.data.frame(many)[4:6, ], as.data.frame(one), ignore_attr = TRUE)
})

test_that("a number prints as itself rounded up, down or to even, and as no neighbour (property of prints_as())", {
  set.seed(8)
  for (digits in 0:4) {
    x <- c(runif(200, -50, 50), (2 * sample(-500:500, 50) + 1) / (2 * 10^digits))
    unit <- 10^-digits
    for (text in list(floor(x / unit + 0.5), ceiling(x / unit - 0.5), round(x / unit))) {
      printed_so <- sprintf("%.*f", digits, text * unit)
      expect_true(all(prints_as(x, printed_so)))
      expect_false(any(prints_as(x, sprintf("%.*f", digits, (text + 2) * unit))))
    }
  }
})
