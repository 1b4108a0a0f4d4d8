# Evidence: published. Answers of other programs to the same questions; inst/validation/audit says which.

peers <- function(name) {
  utils::read.csv(system.file("validation", "audit", paste0("peers_", name, ".csv"), package = "respondr", mustWork = TRUE),
    colClasses = c(mean = "character", sd = "character", stat = "character", p = "character"))
}

possible <- function(audit, items) !(items %in% audit$item[audit$verdict == "impossible"])

test_that("GRIM and GRIMMER answer as scrutiny and rsprite2, and where they differ as a search over all data does", {
  x <- suppressWarnings(peers("grimmer"))
  items <- as.character(seq_len(nrow(x)))
  ours <- possible(audit_grim(x$mean, x$sd, x$n, item = items), items)
  same <- is.na(x$exists)
  expect_gt(sum(same), 150)
  expect_identical(ours[same], x$scrutiny[same])
  expect_identical(ours[same], x$rsprite2[same])
  expect_identical(ours[!same], x$exists[!same])
})

test_that("DEBIT answers as scrutiny, but for 1 of 7, whose SD is 0.38 and not 0.37", {
  x <- suppressWarnings(peers("debit"))
  items <- as.character(seq_len(nrow(x)))
  ours <- possible(audit_grim(x$mean, x$sd, x$n, binary = TRUE, item = items), items)
  differ <- which(ours != x$scrutiny)
  expect_identical(paste(x$mean, x$sd, x$n)[differ], "0.14 0.37 7")
  expect_equal(round(sd(c(1, rep(0, 6))), 2), 0.38)
})

test_that("t, Welch and the implied correlation are those of TOSTER", {
  x <- suppressWarnings(peers("toster"))
  one <- function(v) sprintf("%.1f", v)
  for (test in c("student", "welch")) {
    fine <- audit_groups(list(x$n1, x$n2), list(sprintf("%.9f", x$m1), sprintf("%.9f", x$m2)), list(sprintf("%.9f", x$s1),
      sprintf("%.9f", x$s2)), p = sprintf("%.6f", x[[paste0("toster_", test)]]), test = test)
    expect_true(all(fine$verdict == "consistent"))
    expect_equal((fine$low + fine$high) / 2, x[[paste0("toster_", test)]], tolerance = 1e-7)  # nine decimals
  }
  paired <- audit_paired(x$n1, one(x$m1), one(x$s1), one(x$m2), one(x$s2), p = x$p)
  expect_equal(paired$r, x$toster_r, tolerance = 1e-10)
})

test_that("P of a correlation and of an F are errors where they are for statcheck, but for r = 0.00 with P 1.00", {
  x <- suppressWarnings(peers("statcheck"))
  wrong <- "not reproducible by the named test"
  r <- x[x$test == "r", ]
  ours <- audit_correlation(r$stat, r$df2 + 2, r$p)$verdict == wrong
  differ <- ours != r$statcheck_error
  expect_true(all(r$stat[differ] %in% c("0.00", "-0.00") & r$p[differ] == "1.00"))
  f <- x[x$test == "F", ]
  ours <- vapply(seq_len(nrow(f)), function(i) {
    k <- f$df1[i] + 1
    a <- audit_rm(f$df2[i] / f$df1[i] + 1, as.character(seq_len(k)), rep("1.0", k), f$stat[i], f$p[i])
    a$verdict[a$check == "P of the printed F"] == wrong
  }, NA)
  expect_identical(ours, f$statcheck_error)
})
