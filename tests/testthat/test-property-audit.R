# Evidence: property. Tables of random data are never refuted under their own test; planted errors are.

audit_env <- new.env()
sys.source(system.file("validation", "audit", "simulate.R", package = "respondr", mustWork = TRUE), audit_env)

test_that("no table computed from data is refuted when its test is named", {
  set.seed(81)
  grid <- expand.grid(type = audit_env$audit_types, half = c("up", "even"), divisor = c("n-1", "n"),
    stringsAsFactors = FALSE)
  grid <- grid[grid$divisor == "n-1" | grid$type %in% c("t", "student", "welch", "z", "anova"), ]
  for (i in rep(seq_len(nrow(grid)), 12)) {
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
