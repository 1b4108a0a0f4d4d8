# Evidence: edge. No patients, one patient, bounds, missing figures, wrong words.

test_that("an empty arm or category leaves a P that cannot be judged", {
  x <- audit_counts(list(rbind(c(0, 0), c(3, 4)), rbind(c(0, 4), c(0, 5))), "0.5")
  expect_identical(as.character(x$verdict), rep("cannot be judged", 2))
})

test_that("P <0.001 is a bound that any smaller P meets, and no P is no verdict", {
  table <- rbind(c(40, 1), c(1, 40))
  expect_identical(as.character(audit_counts(table, "<0.001")$verdict), "consistent")
  expect_identical(as.character(audit_counts(rbind(c(20, 21), c(7, 14)), "<0.001")$verdict),
    "not reproducible by the named test")
  expect_identical(as.character(audit_counts(table)$verdict), "cannot be judged")
})

test_that("several named tests with the printed P are ambiguous", {
  table <- rbind(c(15, 26), c(14, 7))
  expect_identical(as.character(audit_counts(table, "0.02", test = c("chisq", "fisher_midp"))$verdict),
    "ambiguous between tests")
  expect_match(audit_counts(table, "0.025", test = "fisher")$remedy, "chi-square without correction", fixed = TRUE)
})

test_that("tables larger than 2 x 2 have three tests", {
  table <- rbind(c(10, 5, 3), c(4, 9, 6))
  x <- audit_counts(table, sprintf("%.3f", fisher.test(table)$p.value), test = "fisher")
  expect_identical(as.character(x$verdict), "consistent")
  expect_error(audit_counts(table, "0.1", test = "chisq_yates"), class = "respondr_error_word")
})

test_that("percentages of 0 and 100, of nobody and of one patient", {
  expect_identical(as.character(audit_percent(c(0, 5, 0, 1), c(5, 5, 0, 1), c("0", "100", "0", "100"))$verdict),
    c("consistent", "consistent", "cannot be judged", "consistent"))
  expect_identical(as.character(audit_percent(6, 5, "100")$verdict), "impossible")
  expect_match(audit_percent(0, NA, "0.0")$recomputed, "and more", fixed = TRUE)
})

test_that("one and two patients have the SD they can have", {
  expect_identical(as.character(audit_grim("3", "0", n = 1)$verdict), c("consistent", "cannot be judged"))
  expect_identical(as.character(audit_grim("3.5", c("0.71", "0.80"), n = 2)$verdict), c("consistent", "consistent",
    "consistent", "impossible"))
  expect_identical(as.character(audit_grim("3", "1", n = 0)$verdict[1]), "cannot be judged")
})

test_that("reversed and missing limits get a verdict, not an error", {
  expect_identical(as.character(audit_odds("1.1", "1.3", "0.9", "0.5")$verdict), "impossible")
  expect_identical(as.character(audit_odds("1.1", NA, "0.9", "0.5")$verdict), "cannot be judged")
  x <- audit_odds("2.0", "1.0", "9.0", "0.05")
  expect_identical(as.character(x$verdict[1]), "not reproducible by the named test")
  expect_match(audit_odds("1.50", "1.09", "2.07", "0.038")$remedy[2], "Fits", fixed = TRUE)
})

test_that("wrong words name their argument", {
  expect_error(audit_counts(rbind(c(1.5, 2), c(3, 4)), "0.5"), class = "respondr_error_counts")
  expect_error(audit_counts(rbind(c(1, 2), c(3, 4)), "0.5", test = "chi"), class = "respondr_error_word")
  expect_error(audit_percent(1, 2, "abc"), class = "respondr_error_figure")
  expect_error(audit_percent(c(1, 2), c(3, 4, 5), "50"), class = "respondr_error_length")
  expect_error(audit_grim("3.5", n = 4, scale = c(7, 1)), class = "respondr_error_number")
  expect_error(audit_table(data.frame(a = 1)), class = "respondr_error_data")
  expect_error(audit_table(data.frame(variable = "x", statistic = "mean (SD)", a = "1 (2)", b = "odd")),
    class = "respondr_error")
})

test_that("rows of several kinds, shuffled and as factors, give the same verdicts", {
  data <- data.frame(variable = c("n", "sex", "sex", NA, NA), level = c(NA, "m", "f", NA, NA), statistic = c("count",
    "count", "count", NA, NA),
    a = c("41", "20", "21", NA, NA), b = c("21", "7", "14", NA, NA), p_value = c(NA, "0.246", "0.246", "0.038", NA),
    item = c(NA, NA, NA, "OR", "events"), estimate = c(NA, NA, NA, "1.111", NA), low = c(NA, NA, NA, "1.006", NA),
      high = c(NA, NA, NA, "1.226", NA),
    count = c(NA, NA, NA, NA, "48"), n = c(NA, NA, NA, NA, "77"), percent = c(NA, NA, NA, NA, "63.2"))
  verdicts <- function(d) {
    x <- audit_table(d)
    sort(paste(x$item, x$check, x$verdict))
  }
  expect_identical(verdicts(data), verdicts(data[c(5, 3, 2, 1, 4), ]))
  factors <- data
  factors[] <- lapply(data, factor)
  expect_identical(verdicts(factors), verdicts(data))
  expect_true("events percentage impossible" %in% verdicts(data))
})

test_that("the audit of a table prints, reports, knits and plots", {
  path <- system.file("extdata", "published", "thalidomide_table2.csv", package = "respondr")
  x <- audit_table(read.csv(path, colClasses = "character", na.strings = ""))
  expect_identical(format(x)[1], format(x, all = TRUE)[1])
  expect_lt(length(format(x)), length(format(x, all = TRUE)))
  expect_true(any(grepl("4 come back", report_text(x), fixed = TRUE)))
  skip_if_not_installed("knitr")
  expect_match(knit_print.respondr_audit_table(x)[1], "not reproducible by the named test", fixed = TRUE)
  skip_if_not_installed("ggplot2")
  expect_s3_class(autoplot.respondr_audit_table(x), "ggplot")
  expect_error(autoplot.respondr_audit_table(x, "correlation"), class = "respondr_error_plot")
})

test_that("a statistic that the rounding leaves wide open is likened to nothing", {
  data <- data.frame(variable = c("n", "dead", "age"), level = NA, statistic = c("count", "count", "mean (SD)"),
    a = c("10", "3", "30 (5)"),
    b = c("12", "5", "31 (5)"), p_value = c(NA, "0.675", "0.2"))
  x <- audit_table(data)
  expect_null(attr(x, "order")$elsewhere)
  three <- cbind(data[1:5], c = c("9", "4", "33 (4)"), p_value = data$p_value)
  judged <- audit_table(three)
  expect_identical(as.character(judged$verdict[judged$item == "age"]), as.character(audit_anova(c(10, 12, 9), c("30", "31", "33"),
    c("5", "5", "4"), "0.2")$verdict))
  expect_error(audit_table(data, arms = c("a", "elsewhere")), class = "respondr_error_column")
  expect_error(audit_table(data[-1, ]), class = "respondr_error_counts")
})

test_that("figures beyond exact whole numbers cannot be judged", {
  expect_identical(as.character(audit_grim("5.1e10", "1", n = 3)$verdict[2]), "cannot be judged")
  expect_identical(as.character(audit_grim("5", "1e8", n = 30)$verdict[2]), "cannot be judged")
  expect_identical(as.character(audit_percent(1, 100, "<1")$verdict), "cannot be judged")
})

test_that("a table of before/after rows alone is drawn by its correlations", {
  x <- audit_table(thalidomide_table1[1:4, ])
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_invisible(plot(x))
  expect_error(plot(x, which = "p"), class = "respondr_error_plot")
})

test_that("a table with a decimal comma, marks, empty rows and shuffled columns reads like the clean one", {
  clean <- data.frame(variable = c("n", "spleen", "age"), level = NA, statistic = c("count", "count (%)", "mean (SD)"),
    main = c("41", "15 (36.6%)", "27.00 (7.97)"), others = c("21", "14 (66.7%)", "27.67 (7.90)"),
    p_value = c(NA, "0.025", "0.485"))
  typed <- rbind(clean[1, ], NA, clean[2, ], c("", "", "", " ", "", ""), clean[3, ])
  typed$main <- c("41", NA, "15 (36,6%)", " ", "27,00 \u00b1 7,97")
  typed$p_value <- c(NA, NA, "0,025*", "", "p = 0.485")
  typed <- typed[c("p_value", "others", "main", "statistic", "variable", "level")]
  a <- audit_table(clean, arms = c("main", "others"))
  b <- audit_table(typed, arms = c("main", "others"))
  expect_identical(as.character(b$verdict), as.character(a$verdict))
  expect_match(format(b)[1], "Audit of a table", fixed = TRUE)
  expect_true(any(grepl("2 empty rows", format(b), fixed = TRUE)))
  expect_error(audit_table(clean[0, ]), class = "respondr_error_data")
  expect_error(audit_table(data.frame(variable = c(NA, ""), statistic = "")), "empty", class = "respondr_error_data")
})

test_that("three arms are tried by the ANOVA of the t-tests named, and take part in the order of P", {
  data <- data.frame(variable = c("n", "age", "dose"), level = NA, statistic = c("count", "mean (SD)", "mean (SD)"),
    a = c("10", "30.1 (5.2)", "5.1 (1.2)"), b = c("12", "31.4 (5.0)", "6.0 (2.1)"), c = c("9", "36.0 (3.9)", "6.4 (0.6)"),
    p_value = c(NA, "0.028", "0.139"))
  both <- audit_table(data)
  expect_match(both$test[1], "ANOVA", fixed = TRUE)
  expect_length(attr(both, "candidates"), 2L)
  welch <- audit_table(data, tests = list(means = "welch"))
  expect_identical(as.character(welch$verdict), as.character(audit_anova(list(c(10, 10), c(12, 12), c(9, 9)),
    list(c("30.1", "5.1"), c("31.4", "6.0"), c("36.0", "6.4")), list(c("5.2", "1.2"), c("5.0", "2.1"), c("3.9", "0.6")),
    c("0.028", "0.139"), test = "welch_anova")$verdict))
})

test_that("one comparison and 300 rows are read alike", {
  one <- data.frame(n = 20, mean_before = "7.0", sd_before = "1.0", mean_after = "7.9", sd_after = "1.8", p_value = "0.012")
  many <- audit_table(one[rep(1, 300), ])
  expect_equal(nrow(many), 300L)
  expect_true(all(many$verdict == audit_table(one)$verdict))
})

test_that("percentages without decimals may add up to 99, counts may not", {
  expect_identical(as.character(audit_total(c("35", "48", "16"), "100")$verdict), "consistent only through rounding")
  expect_identical(as.character(audit_total(c(35, 48, 16), 100)$verdict), "impossible")
  expect_identical(as.character(audit_total(c("35", "48", "16"), "100", counts = TRUE)$verdict), "impossible")
  expect_match(audit_total(c("35", "48", "17"), "100")$note, "percentages")
})

test_that("knitted audits name an item once and without underscores, and a plot of many rows says how many it shows", {
  skip_if_not_installed("knitr")
  knitted <- knit_print.respondr_audit_table(audit_table(thalidomide_table2))[1]
  expect_length(gregexpr("splenic status ", knitted, fixed = TRUE)[[1]], 1L)
  expect_false(grepl("duration\\_of", knitted, fixed = TRUE))
  one <- data.frame(item = paste("row", 1:90), n = 20, mean_before = "7.0", sd_before = "1.0", mean_after = "7.9",
    sd_after = "1.8", p_value = "0.012")
  data <- audit_picture(audit_table(one), "correlation", NULL)
  expect_length(data$items, 80L)
  expect_match(audit_captions("correlation", length(data$items), data$all)[2], "80 of 90", fixed = TRUE)
})

test_that("a table of nothing but n stops, and an SD that is not printed or an arm of one is said to be the reason", {
  n <- data.frame(variable = "n", statistic = "count", a = "5", b = "6")
  expect_error(audit_table(n), "nothing to check", class = "respondr_error_data")
  means <- data.frame(variable = c("n", "age"), statistic = c("count", "mean (SD)"), a = c("5", "12 (3)"), b = c("6", "13"),
    p_value = c(NA, "0.4"))
  expect_match(audit_table(means)$note, "not printed")
  means$a[1] <- "1"
  expect_match(audit_table(means)$note, "fewer than two")
})
