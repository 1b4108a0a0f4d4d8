# Evidence: published. Verdicts worked out on published tables (../shared/references/audit_*), and the consistency that the
# package
# scrutiny prints for its own examples (inst/validation/scrutiny).

scrutiny_file <- function(file) {
  read.csv(system.file("validation", "scrutiny", file, package = "respondr", mustWork = TRUE),
    colClasses = c(x = "character"))
}

table2 <- function() {
  path <- system.file("extdata", "published", "thalidomide_table2.csv", package = "respondr", mustWork = TRUE)
  read.csv(path, colClasses = "character", na.strings = "")
}

test_that("sex does not come back, spleen and phenotype do under the uncorrected chi-square", {
  x <- audit_counts(list(sex = rbind(c(20, 21), c(7, 14)), spleen = rbind(c(15, 26), c(14, 7)), phenotype = rbind(c(28,
    13), c(11, 10))),
    p = c("0.110", "0.025", "0.220"))
  expect_identical(as.character(x$verdict), c("not reproducible by the named test", "consistent", "consistent"))
  expect_identical(x$test[2:3], rep("chi-square without correction", 2))
  p <- count_p(rbind(c(20, 21), c(7, 14)), c("chisq", "chisq_yates", "fisher"), 1e7, NULL)
  expect_equal(unname(p), c(0.24564431, 0.37325842, 0.28844478), tolerance = 2e-8)  # eight decimals stand in the file
})

test_that("48 (63.2 %) of 77 is impossible and fits 76", {
  x <- audit_percent(48, 77, "63.2")
  expect_identical(as.character(x$verdict), "impossible")
  expect_match(x$remedy, "48 of 76 fits", fixed = TRUE)
  expect_true(all(audit_percent(c(21, 42, 51, 52, 62), 77, c("27.3", "54.5", "66.2", "67.5",
    "80.5"))$verdict == "consistent"))
})

test_that("percentages of the other audited studies hold, 34 % of 15 does not", {
  expect_true(all(audit_percent(c(89, 16, 30, 77, 58), 135, c("65.93", "11.85", "22.22", "57",
    "43"))$verdict == "consistent"))
  expect_true(all(audit_percent(c(15, 6, 0, 10), 15, c("100", "40", "0", "66.67"))$verdict == "consistent"))
  expect_identical(as.character(audit_percent(n = 15, percent = "34")$verdict), "impossible")
  expect_identical(as.character(audit_percent(c(39, 41), 62, "62.9")$verdict), c("consistent", "impossible"))
})

test_that("41.5 % leaves seven denominators up to 120, 30 % the listed ones from 20 to 90", {
  expect_identical(percent_denominators("41.5", 120), c(41L, 53L, 65L, 82L, 94L, 106L, 118L))
  listed <- c(20, 23, 27, 30, 33, 37, 40, 43, 44, 46, 47, 50, 53, 54, 56, 57, 60, 61, 63, 64, 66, 67, 69, 70, 71, 73, 74,
    76, 77, 79, 80,
    81, 82, 83, 84, 86, 87, 88, 89, 90)
  ours <- percent_denominators("30", 90)
  expect_identical(as.double(ours[ours >= 20]), listed)
})

test_that("parts of published totals add up", {
  expect_identical(as.character(audit_total(c(49, 23, 5), 77)$verdict), "consistent")
  expect_identical(as.character(audit_total(c(39, 19, 4), 62)$verdict), "consistent")
  expect_identical(as.character(audit_total(c(41, 19, 4), 62)$verdict), "impossible")
})

test_that("OR 1.111 (1.006-1.226) with P .038 holds only through rounding", {
  x <- audit_odds("1.111", "1.006", "1.226", "0.038")
  expect_identical(as.character(x$verdict), c("consistent", "consistent only through rounding"))
  expect_true(x$low[2] < 0.03695323 && x$high[2] > 0.03695323 && x$high[2] > 0.0375)
})

test_that("Table 2 gives the verdicts worked out beforehand, and the P of duration stands in the row of age", {
  x <- audit_table(table2())
  p <- x[x$check == "P", ]
  verdict <- stats::setNames(as.character(p$verdict), p$item)
  expect_identical(unname(verdict[c("sex", "age", "duration_of_treatment")]), rep("not reproducible by the named test", 3))
  expect_identical(unname(verdict[c("phenotype", "splenic_status", "baseline_hb", "baseline_hbf")]), rep("consistent", 4))
  expect_identical(verdict[["thalidomide_dose"]], "cannot be judged")
  order <- attr(x, "order")
  expect_identical(order$kind, "exchanged")
  expect_identical(c(order$printed, order$explained), c(4L, 5L))
  expect_equal(order$chance_rest, 1 / 3)  # sex, age, duration are left; .485 fits duration only: 2 of 6 orders
  expect_identical(order$elsewhere$like, c("the P", "the statistic t"))
  expect_identical(order$elsewhere$of, rep("duration_of_treatment", 2))
  expect_true(any(grepl("0.703 (printed for duration_of_treatment) prints like the statistic t", format(x, width = 400),
    fixed = TRUE)))
})

test_that("means and percentages of scrutiny's examples have its verdicts", {
  x <- scrutiny_file("grim.csv")
  mean <- x$set == "pigs1"
  expect_identical(audit_grim(x$x[mean], n = x$n[mean])$verdict == "consistent", x$consistency[mean])
  expect_identical(audit_percent(n = x$n[!mean], percent = x$x[!mean])$verdict == "consistent", x$consistency[!mean])
})

test_that("means and SDs of 0 and 1 of scrutiny's examples have its verdicts", {
  x <- read.csv(system.file("validation", "scrutiny", "debit.csv", package = "respondr"), colClasses = c(x = "character",
    sd = "character"))
  audit <- audit_grim(x$x, x$sd, n = x$n, binary = TRUE)
  expect_identical(audit$verdict[audit$check == "SD"] == "consistent", x$consistency)
  expect_identical(as.character(audit_grim("7.3", "2.51", n = 12)$verdict[2]), "impossible")
})

test_that("the rows of Table 1 come back, two of them at r = 1 and the ends of the rounding only", {
  path <- system.file("extdata", "published", "thalidomide_table1.csv", package = "respondr", mustWork = TRUE)
  x <- audit_table(read.csv(path, colClasses = "character"))
  expect_identical(nrow(x), 66L)
  expect_false(any(x$verdict %in% c("impossible", "not reproducible by the named test")))
  rounding <- x$item[x$verdict %in% "consistent only through rounding"]
  expect_true(all(c("TDT Hb month 24", "NTDT RBC month 24") %in% rounding))
  expect_s3_class(x, "respondr_audit_table")
  expect_identical(audit_picture(x, "correlation", NULL)$which, "correlation")
})
