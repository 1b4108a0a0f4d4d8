# Evidence: edge.

test_that("figures that cannot be read are named, with what to write", {
  expect_error(printed("1,821"), "no printed figure", class = "respondr_error_figure")
  expect_error(printed(6.8), "decimals", class = "respondr_error_figure")
  expect_error(audit_paired(1, "1", "1", "2", "1"), class = "respondr_error_number")
  expect_error(audit_paired(5, "1", "-1", "2", "1"), "sd_before", class = "respondr_error_figure")
  expect_error(audit_groups(c(5, 5), c("1", "2"), c("1", "2"), p = "1.2"), class = "respondr_error_figure")
  expect_error(audit_groups(c(5, 5, 5), c("1", "2", "3"), c("1", "1", "1")), "audit_anova", class = "respondr_error_length")
  expect_error(audit_paired(c(5, 5), c("1", "2"), "1", c("1", "2", "3"), "1"), class = "respondr_error_length")
})

test_that("SD 0, n = 2, missing figures and large offsets give a verdict or none, never an error", {
  a <- audit_paired(2, c("1", "1", NA, "100000000.1"), c("0", "0.0", "1", "0.1"), c("1", "3", "2", "100000000.3"),
    c("0", "0", "1", "0.1"), p = c("1.00", "0.2", "0.3", "0.3"))
  expect_equal(nrow(a), 4L)
  expect_equal(as.character(a$verdict[3]), "cannot be judged")
  b <- audit_groups(c(5, 5), c("1", "1"), c("0", "0"), p = NULL)
  expect_true(is.na(b$verdict))
  k <- audit_groups(c(5, 5), c("1e150", "2e150"), c("1e150", "1e150"), p = "0.15")
  expect_s3_class(k, "respondr_audit")
})

test_that("rank tests cannot be judged, and several tests that fit are ambiguous", {
  a <- audit_groups(c(20, 20), c("5.0", "6.0"), c("1.5", "1.5"), p = "0.04", test = c("student", "welch", "mann_whitney"))
  expect_equal(as.character(a$verdict), c("consistent", "consistent", "cannot be judged", "ambiguous between tests"))
})

test_that("one row is the same alone and among many", {
  many <- audit_paired(c(20, 7), c("7.0", "3.4"), c("1.0", "0.4"), c("7.9", "4.5"), c("1.8", "1.0"), p = c("0.012", "0.002"))
  one <- audit_paired(7, "3.4", "0.4", "4.5", "1.0", p = "0.002")
  expect_identical(many$r_low[2], one$r_low)
  expect_identical(many$low[2], one$low)
})

test_that("an audit prints its verdicts and keeps its class in subsets", {
  a <- audit_paired(39, "6.8", "1.1", "9.7", "1.9", p = "<0.001", item = "Hb")
  expect_output(print(a), "-> consistent")
  expect_s3_class(a[1, ], "respondr_audit")
  expect_false(inherits(a[, 1:2], "respondr_audit"))
  expect_equal(nrow(rbind(a, a)), 2L)
})

test_that("figures are read as tired hands type them", {
  x <- printed(c("0,05", "27,5", "0.05*", "<.001", "NS", "1.2e-4", "12,5 %", "p=.03\u2020", "0,123", "P < 0,05**"))
  expect_equal(as.double(x), c(0.05, 27.5, 0.05, 0.001, 0.05, 1.2e-4, 12.5, 0.03, 0.123, 0.05))
  expect_equal(unclass(x)$bound, c("=", "=", "=", "<", ">", "=", "=", "=", "=", "<"))
  expect_error(printed("1,821"), class = "respondr_error_figure")
  expect_error(printed("0.05 or so"), class = "respondr_error_figure")
})

test_that("one-sided P with wrong words, means that are equal, and P above one half", {
  expect_error(audit_groups(c(5, 5), c("1", "2"), c("1", "1"), "0.1", alternative = "up"), class = "respondr_error_word")
  same <- audit_groups(c(5, 5), c("1.0", "1.0"), c("1", "1"), "0.50", alternative = "less")
  expect_identical(as.character(same$verdict), "consistent")
  away <- audit_groups(c(20, 20), c("5.0", "6.0"), c("1.5", "1.5"), p = "0.98", alternative = "less")
  expect_identical(as.character(away$verdict), "consistent")
  expect_match(audit_groups(c(20, 20), c("5.0", "6.0"), c("1.5", "1.5"), p = "0.042", alternative = "greater")$remedy,
    "two-sided")
})

test_that("Welch's ANOVA with an SD of 0, of two groups, and of twelve", {
  zero <- audit_anova(c(5, 5, 5), c("1", "2", "3"), c("0.0", "1.0", "1.0"), "0.01", test = "welch_anova")
  expect_identical(as.character(zero$verdict), "consistent only through rounding")
  none <- audit_anova(c(5, 5, 5), c("1", "2", "3"), c("0.0", "1.0", "1.0"), NULL, test = "welch_anova")
  expect_true(is.na(none$verdict) || none$verdict == "cannot be judged")
  many <- audit_anova(rep(9, 12), sprintf("%.1f", 1:12), rep("1.0", 12), "<0.001", test = "welch_anova")
  expect_identical(as.character(many$verdict), "consistent")
  big <- audit_anova(c(5, 6, 7), c("1e150", "2e150", "3e150"), rep("1e150", 3), "0.1", test = c("anova", "welch_anova"))
  expect_s3_class(big, "respondr_audit")
})

test_that("repeated measures without F, without spread, and with too many visits", {
  a <- audit_rm(c(20, 20), list(c("7", "7"), c("8", "8")), list(c("1", "1"), c("1", "1")), f = c(NA, "5.0"),
    p = c("0.1", NA))
  expect_identical(is.na(a$verdict), c(TRUE, FALSE))
  expect_error(audit_rm(20, rep("1", 13), rep("1", 13), "2"), class = "respondr_error_length")
  expect_error(audit_rm(20, c("1", "2"), "1", "2"), "visits", class = "respondr_error_length")
})
