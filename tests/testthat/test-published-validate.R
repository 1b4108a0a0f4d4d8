# Evidence: published. pROC, SingleCaseES and Stata; inst/validation/{predictors,auc} say where each figure comes from.

asah <- function() validate_file("predictors", "asah")

test_that("areas of the aSAH data and DeLong's intervals are those of pROC", {
  x <- validate_predictors(outcome ~ wfns + s100b + ndka, asah(), event = "Poor")
  for (name in c("wfns", "s100b", "ndka")) {
    row <- as.data.frame(x)[x$term == name, ]
    expect_stored("auc", "asah_proc", name, row$estimate)
    expect_stored("auc", "asah_proc", paste0(name, "_low"), row$conf_low)
    expect_stored("auc", "asah_proc", paste0(name, "_high"), row$conf_high)
  }
})

test_that("paired comparisons of the aSAH data are those of pROC, z, p and interval", {
  one <- function(a, b) {
    x <- compare_aucs(stats::reformulate(c(b, a), "outcome"), asah(), event = "Poor")
    as.data.frame(x)[3, ]
  }
  row <- one("wfns", "s100b")
  expect_stored("predictors", "delong_proc_asah", "z_wfns_s100b", row$statistic)
  expect_stored("predictors", "delong_proc_asah", "p_wfns_s100b", row$p_value)
  expect_stored("predictors", "delong_proc_asah", "ci_low_wfns_s100b", row$conf_low)
  expect_stored("predictors", "delong_proc_asah", "ci_high_wfns_s100b", row$conf_high)
  expect_true(row$p_matches)
  row <- one("wfns", "ndka")
  expect_stored("predictors", "delong_proc_asah", "z_wfns_ndka", row$statistic)
  expect_stored("predictors", "delong_proc_asah", "p_wfns_ndka", row$p_value)
  expect_stored("predictors", "delong_proc_asah", "z_ndka_s100b", one("ndka", "s100b")$statistic)
})

test_that("areas of different patients are compared as pROC does", {
  d <- asah()
  long <- data.frame(outcome = rep(d$outcome, 2), value = c(d$s100b, d$wfns), marker = rep(c("s100b", "wfns"),
    each = nrow(d)))
  row <- as.data.frame(compare_aucs(outcome ~ value, long, across = marker, event = "Poor"))[3, ]
  expect_stored("predictors", "delong_proc_asah", "unpaired_D_wfns_s100b", row$statistic)
  expect_stored("predictors", "delong_proc_asah", "unpaired_p_wfns_s100b", row$p_value)
})

test_that("the interval of Newcombe is the printed one, either way round", {
  y <- rep(0:1, c(6, 7))
  value <- c(20, 20, 26, 25, 22, 23, 28, 25, 24, 27, 30, 30, 29)
  x <- validate_predictors(y, value, interval = "newcombe")
  expect_stored("auc", "nap_singlecasees", "area", x$estimate)
  expect_stored("auc", "nap_singlecasees", "low", x$conf_low)
  expect_stored("auc", "nap_singlecasees", "high", x$conf_high)
  x <- validate_predictors(y, -value, interval = "newcombe")
  expect_stored("auc", "nap_singlecasees", "turned_low", x$conf_low)
  expect_stored("auc", "nap_singlecasees", "turned_high", x$conf_high)
})

test_that("Hosmer-Lemeshow of the Spector data is that of Stata, on the data of the fit and on others", {
  d <- validate_file("predictors", "spector")
  fit <- glm(GRADE ~ GPA + TUCE + PSI, binomial(), d, epsilon = 1e-14)
  row <- measure_of(validate_predictors(fit, groups = 5, validation = "none"), "hosmer_lemeshow")
  expect_stored("predictors", "logistic_hl_stata_spector", "hl_chisq", row$statistic)
  expect_stored("predictors", "logistic_hl_stata_spector", "hl_df", row$df)
  expect_stored("predictors", "logistic_hl_stata_spector", "hl_p", row$p_value)
  other <- measure_of(validate_predictors(d$GRADE, fitted(fit), groups = 5), "hosmer_lemeshow")
  expect_equal(other$statistic, row$statistic)
  expect_equal(other$df, 5)
})
