# Evidence: property. Every row of a table is judged as the audit of its kind judges it alone.

same_verdict <- function(data, alone, ...) {
  table <- audit_table(data, ...)
  columns <- c("check", "printed", "recomputed", "low", "high", "verdict", "remedy")
  expect_identical(as.data.frame(table)[columns], as.data.frame(alone)[columns])
}

test_that("rows of each kind are sent to its audit", {
  same_verdict(data.frame(n = 24, r = "0.42", p_value = "0.04"), audit_correlation("0.42", 24, "0.04"))
  same_verdict(data.frame(estimate = "-1.30", low = "-2.54", high = "-0.06", p_value = "0.040", scale = "identity"),
    audit_odds("-1.30", "-2.54", "-0.06", "0.040", scale = "identity"))
  same_verdict(data.frame(n = 20, mean_before = "7.0", sd_before = "1.0", mean_after = "7.9", sd_after = "1.8",
    change = "1.2", sd_change = "1.5", p_value = "0.012"), audit_paired(20, "7.0", "1.0", "7.9", "1.8", "0.012", "1.2", "1.5"))
  visits <- data.frame(n = c(20, 15), mean_1 = c("7.0", "5"), sd_1 = c("1.0", "1"), mean_2 = c("9.6", "6"),
    sd_2 = c("1.7", "1"), mean_3 = c("10.2", NA), sd_3 = c("1.8", NA), f = c("61.3", "3.1"), p_value = c("<0.001", "0.1"))
  both <- c("rm_anova", "greenhouse_geisser")
  same_verdict(visits, rbind(audit_rm(20, c("7.0", "9.6", "10.2"), c("1.0", "1.7", "1.8"), "61.3", "<0.001", test = both),
    audit_rm(15, c("5", "6"), c("1", "1"), "3.1", "0.1", test = both)), tests = list(rm = both))
})

test_that("rows keep their order and their labels, whichever side and scale they have", {
  data <- data.frame(item = c("b", "a", "b", "c"), estimate = c("1.50", "-0.4", "2.00", "0.30"),
    low = c("1.10", "-0.9", "1.00", "-0.10"), high = c("2.05", "0.1", "4.00", "0.70"),
    p_value = c("0.005", "0.117", "0.025", "0.142"), scale = c(NA, "identity", "log", "identity"),
    alternative = c("greater", NA, "greater", NA))
  x <- audit_table(data)
  expect_identical(x$item[x$check != "middle of the interval"], data$item)
  expect_identical(as.character(x$verdict), rep("consistent", 8))
})

test_that("a side given once holds for all rows, and a row may have its own", {
  two <- data.frame(variable = c("n", "age", "dead"), level = NA, statistic = c("count", "mean (SD)", "count"),
    a = c("10", "30.1 (5.2)", "2"), b = c("12", "36.0 (3.9)", "7"), p_value = c(NA, "0.003", "0.087"))
  one <- audit_table(two, tests = list(counts = "fisher", means = "student"), alternative = "greater")
  expect_identical(as.character(one$verdict[1]),
    as.character(audit_groups(c(10, 12), c("30.1", "36.0"), c("5.2", "3.9"), "0.003", alternative = "greater")$verdict))
  expect_identical(as.character(one$verdict[2]),
    as.character(audit_counts(rbind(c(2, 8), c(7, 5)), "0.087", "fisher", "greater")$verdict))
  expect_match(one$check[1], "one-sided (greater)", fixed = TRUE)
  own <- audit_table(cbind(two, alternative = c(NA, "greater", "greater")), tests = list(counts = "fisher", means = "student"))
  expect_identical(own$verdict, one$verdict)
})

test_that("f and r may name arms", {
  two <- data.frame(variable = c("n", "age"), level = NA, statistic = c("count", "mean (SD)"), f = c("10", "30.1 (5.2)"),
    r = c("12", "36.0 (3.9)"), p_value = c(NA, "0.006"))
  expect_identical(as.character(audit_table(two)$verdict), "consistent")
})

test_that("sides that a row cannot have, and unknown words, stop", {
  three <- data.frame(variable = c("n", "age"), level = NA, statistic = c("count", "mean (SD)"), a = c("10", "30 (5)"),
    b = c("12", "36 (4)"), d = c("9", "31 (4)"), p_value = c(NA, "0.02"))
  expect_error(audit_table(three, alternative = "less"), "no side", class = "respondr_error_word")
  visits <- data.frame(n = 20, mean_1 = "7", sd_1 = "1", mean_2 = "8", sd_2 = "1", f = "9.1", alternative = "less")
  expect_error(audit_table(visits), "no side", class = "respondr_error_word")
  expect_error(audit_table(three, alternative = "up"), class = "respondr_error_word")
  expect_error(audit_table(three, tests = list(mean = "welch")), class = "respondr_error_argument")
  expect_error(audit_table(three, tests = list(rm = "anova")), class = "respondr_error_word")
})
