# Evidence: published. Table 1 of Yang et al. (2020); inst/validation/audit says where it comes from.

yang_rows <- function() {
  rows <- utils::read.csv(system.file("validation", "audit", "yang2020_table1.csv", package = "respondr", mustWork = TRUE),
    colClasses = "character", encoding = "UTF-8")
  part <- function(x, i) vapply(strsplit(x, "\u00b1", fixed = TRUE), `[`, "", i)
  list(rows = rows, audit = audit_paired(as.numeric(rows$n), part(rows$before, 1), part(rows$before, 2), part(rows$after, 1),
    part(rows$after, 2), p = rows$p, item = paste(rows$variable, rows$group, rows$time)))
}

test_that("the correlations of 66 printed rows come back to the three decimals stored", {
  x <- yang_rows()
  stored <- suppressWarnings(as.numeric(x$rows$implied_r))
  expect_equal(nrow(x$audit), 66L)
  expect_lt(max(abs(x$audit$r - stored), na.rm = TRUE), 5.01e-4)
})

test_that("three of 66 rows hold only through rounding, the others as they stand", {
  x <- yang_rows()
  through <- x$audit$item[x$audit$verdict == "consistent only through rounding"]
  expect_setequal(through, c("Hb TDT 24M", "RBC NTDT 24M", "Ret NTDT 3M"))
  expect_equal(sum(x$audit$verdict == "consistent"), 63L)
})

test_that("age and duration of Table 2 do not come back, hemoglobin and HbF do", {
  a <- audit_groups(list(rep(41, 4), rep(21, 4)), list(c("27.00", "15.24", "63.76", "46.14"), c("27.67", "13.42", "68.29",
    "28.49")), list(c("7.97", "9.79", "13.49", "22.09"), c("7.90", "9.29", "13.61", "20.54")),
    p = c("0.485", "0.703", "0.217", "0.003"))
  expect_equal(as.character(a$verdict), rep(c("not reproducible by the named test", "consistent"), each = 2))
  expect_match(a$remedy[2], "test statistic")
})

test_that("P of the myocardial iron trial comes back from least-squares means through rounding", {
  a <- audit_ls_means(list(c("36.6", "36.3", "1061", "1075"), c("40", "41.1", "1085", "1079")),
    list(c("34.6", "34.1", "1051", "1065"), c("38", "38.9", "1074", "1069")),
    list(c("38.7", "38.5", "1072", "1085"), c("42.1", "43.4", "1095", "1089")), p = c("0.025", "0.003", "0.001", "0.577"))
  p <- a[a$check == "P of the difference", ]
  expect_true(all(p$verdict %in% c("consistent", "consistent only through rounding")))
  expect_lte(max(abs(p$statistic - c(2.29857, 2.98963, 3.16778, 0.554362))), 6e-6)
})
