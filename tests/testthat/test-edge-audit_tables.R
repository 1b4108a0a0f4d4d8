# Tables as papers print them. Right figures in a layout of their own are not refuted; P recomputed by R's own tests.

counted <- function(variable, a, b, p = NA, level = NA, statistic = "count (%)") {
  data.frame(variable = variable, level = level, statistic = statistic, A = a, B = b, p_value = p)
}
accused <- function(x) sum(x$verdict %in% c("impossible", "not reproducible by the named test"))
chisq <- function(...) chisq.test(rbind(...), correct = FALSE)$p.value
named <- list(counts = "chisq")

test_that("patients without a value are no contradiction, and P is of those with one", {
  p <- sprintf("%.3f", chisq(c(20, 20), c(7, 13)))
  one <- audit_table(counted("Splenectomy", "20 (50.0%)", "7 (35.0%)", p), n = c(41, 21), tests = named)
  expect_identical(accused(one), 0L)
  expect_identical(as.character(one$verdict), c("cannot be judged", "cannot be judged", "consistent"))
  expect_match(one$note[1], "Fits 40 of the 41 patients: 1 without a value would explain it.", fixed = TRUE)
  expect_match(one$note[3], "Of 40 and 20 patients with a value.", fixed = TRUE)
  wrong <- audit_table(counted("Splenectomy", "20 (48.8%)", "7 (33.3%)", "0.271"), n = c(41, 21), tests = named)
  expect_identical(as.character(wrong$verdict[3]), "not reproducible by the named test") # all percentages of the arm
  never <- audit_table(counted("Splenectomy", "20 (48.1%)", "7 (35.0%)"), n = c(41, 21))
  expect_identical(as.character(never$verdict[1]), "impossible")
  expect_false(any(round(1000 * 20 / 20:41) == 481))
  some <- audit_table(counted("Genotype", c("20 (50.0%)", "8 (20.0%)"), c("7 (35.0%)", "4 (20.0%)"), c("0.5", NA), c("b0b0", "b+b+")),
    n = c(41, 21), tests = named)
  expect_identical(accused(some), 0L)
  expect_match(some$note[some$check == "P"], "not all patients", fixed = TRUE)
})

test_that("a level of the patients without a value is none", {
  sex <- counted("Sex", c("20 (50.0%)", "20 (50.0%)", "1"), c("7 (33.3%)", "14 (66.7%)", "0"),
    c(sprintf("%.3f", chisq(c(20, 20), c(7, 14))), NA, NA), c("male", "female", "Missing"))
  x <- audit_table(sex, n = c(41, 21), tests = named)
  expect_identical(accused(x), 0L)
  expect_identical(as.character(x$verdict[x$check == "P"]), "consistent")
  sex$level[3] <- "Not reported"
  sex$p_value[1] <- sprintf("%.3f", suppressWarnings(chisq.test(rbind(c(20, 20, 1), c(7, 14, 0))))$p.value)
  counted_too <- audit_table(sex, n = c(41, 21), tests = named)
  expect_identical(as.character(counted_too$verdict[counted_too$check == "P"]), "consistent")
  expect_match(counted_too$note[counted_too$check == "P"], "as a level", fixed = TRUE)
})

test_that("a P beside one level, or the same beside several, is that of the variable or of the level", {
  a <- c(28, 35, 15, 18)
  b <- c(24, 18, 23, 16)
  own <- vapply(2:3, function(k) chisq(c(a[k], 96 - a[k]), c(b[k], 81 - b[k])), 0)
  expect_identical(sprintf("%.3f", own), c("0.039", "0.039"))
  same <- counted("G", as.character(a), as.character(b), c(NA, "0.039", "0.039", NA), letters[1:4], "count")
  x <- audit_table(same, n = c(96, 81), tests = named)
  expect_identical(accused(x), 0L)
  expect_match(x$note[x$check == "P"], "Of the level b against the others.", fixed = TRUE)
  same$p_value <- c(sprintf("%.3f", chisq(a, b)), NA, NA, NA)
  expect_true(is.na(audit_table(same, n = c(96, 81), tests = named)$note[x$check == "P"]))
  same$p_value <- c(NA, NA, "0.5", NA)
  expect_identical(accused(audit_table(same, n = c(96, 81), tests = named)), 1L)
})

test_that("columns of all patients, of words and of P are no arms", {
  sex <- data.frame(variable = c("n", "Sex"), statistic = "count", Total = c("62", "27"), A = c("41", "20"), B = c("21", "7"),
    test = c(NA, "chi2"), P = c(NA, "0.246"))
  x <- audit_table(sex)
  expect_identical(as.character(x$verdict[x$check == "P"]), "consistent")
  expect_identical(x$printed[x$check == "Total"], "20 + 7 = 27")
  expect_identical(attr(x, "arms"), "Arms: A (41), B (21). Column `Total` is all of them.")
  expect_match(format(x)[2], "Arms: A (41), B (21)", fixed = TRUE)
  sex$Total[2] <- "28"
  expect_identical(as.character(audit_table(sex)$verdict[2]), "impossible") # named the whole, and it does not add up
  names(sex)[3] <- "Z"
  sex$Z <- c("62", "27")
  expect_identical(attr(audit_table(sex), "arms"), "Arms: A (41), B (21). Column `Z` is all of them.")
  sex$Z <- c("62", "13")
  expect_identical(attr(audit_table(sex), "arms"), "Arms: Z (62), A (41), B (21).") # a third arm
})

test_that("sizes are read from rows, heads and names", {
  row <- counted("Sex", "20 (48.8%)", "7 (33.3%)", "0.246")
  of_row <- function(a, b, statistic = "count") rbind(counted("N", a, b, statistic = statistic), row)
  for (n in list(of_row("n = 41", "n=21"), of_row("41 (66.1%)", "21 (33.9%)"), of_row("41", "21", NA))) {
    expect_identical(accused(audit_table(n, tests = named)), 0L)
  }
  expect_identical(accused(audit_table(row, n = c(B = 21, A = 41), tests = named)), 0L)
  expect_error(audit_table(row, n = c(B = 21, C = 41)), "names `B`, `C`", class = "respondr_error_counts")
  names(row)[4:5] <- c("Drug (n = 41)", "Control (N=21)")
  expect_identical(accused(audit_table(row, tests = named)), 0L)
})

test_that("percentages may be of all patients of the table", {
  x <- audit_table(counted("Sex", c("20 (32.3%)", "21 (33.9%)"), c("7 (11.3%)", "14 (22.6%)"), level = c("m", "f")), n = c(41, 21))
  expect_identical(accused(x), 0L)
  expect_match(x$note[1], "Of all patients of the table.", fixed = TRUE)
})

test_that("a row with a name alone belongs to the levels below it", {
  sex <- counted(c("Sex", NA, NA), c(NA, "20 (48.8%)", "21 (51.2%)"), c(NA, "7 (33.3%)", "14 (66.7%)"), c("0.9", NA, NA),
    c(NA, "male", "female"))
  for (statistic in list("count (%)", c(NA, "count (%)", "count (%)"))) {
    sex$statistic <- statistic
    x <- audit_table(sex, n = c(41, 21), tests = named)
    expect_identical(as.character(x$verdict[x$check == "P"]), "not reproducible by the named test")
    expect_identical(unique(x$item), "Sex")
    expect_identical(sum(x$check == "P"), 1L)
  }
  twice <- counted(c("Other", "Age", "Other"), c("20", "27.0 (8.0)", "10"), c("7", "27.0 (8.0)", "5"),
    statistic = c("count", "mean (SD)", "count"), p = "0.5")
  expect_identical(unique(audit_table(twice, n = c(41, 21))$item), c("Other", "Age", "Other (2)"))
})

test_that("more patients than there are is impossible, and the rest of the table is judged", {
  x <- audit_table(counted(c("Sex", "Spleen"), c("42 (102.4%)", "20 (48.8%)"), c("7 (33.3%)", "7 (33.3%)"), c("0.01", "0.246")),
    n = c(41, 21), tests = named)
  expect_identical(x$printed[1], "42 of 41 (102.4)")
  expect_identical(as.character(x$verdict[1]), "impossible")
  expect_identical(as.character(x$verdict[x$item == "Spleen" & x$check == "P"]), "consistent")
})

test_that("cells are read as papers write them", {
  cells <- c("20\u00a0(48.8%)", "20 (48\u00b78%)", "20 (48.8%)*", "20 [48.8]", "20 of 41 (48.8%)", "20 / 41 (48,8 %)", "20 (48.8)\u2020")
  for (cell in cells) {
    expect_identical(accused(audit_table(counted("Sex", cell, "7 (33.3%)", "0.246"), n = c(41, 21), tests = named)), 0L, label = cell)
  }
  p <- sprintf("%.3f", t.test(c(scale(1:41)) * 8 + 27, c(scale(1:21)) * 7.9 + 25, var.equal = TRUE)$p.value)
  spreads <- c("27.0 (8.0)", "27.0 \u00b1 8.0", "27.0 (\u00b18.0)", "27.0 (SD 8.0)", "27.0 \u00b1 8.0 g/L", "27,0 +/- 8,0", "27.0 \u00b1 8.0*")
  for (cell in spreads) {
    x <- audit_table(counted("Age", cell, "25.0 (7.9)", p, statistic = "mean (SD)"), n = c(41, 21))
    expect_identical(accused(x), 0L, label = cell)
    expect_identical(x$low, audit_table(counted("Age", spreads[1], "25.0 (7.9)", p, statistic = "mean (SD)"), n = c(41, 21))$low)
  }
  below <- audit_table(counted("Change", "\u22122.1 \u00b1 1.0", "0,125 \u00b1 0,045", "0.001", statistic = "mean (SD)"), n = c(5, 6))
  expect_match(below$recomputed, "^t 0.0")
  for (cell in c("\u2014", "NA", "-", "N/A")) {
    x <- audit_table(counted("Age", cell, "25.0 (7.9)", "0.3", statistic = "mean (SD)"), n = c(41, 21))
    expect_identical(as.character(x$verdict), "cannot be judged")
  }
  expect_error(audit_table(counted("Age", "27 \u00b1 x", "25.0 (7.9)", "0.3", statistic = "mean (SD)"), n = c(41, 21)),
    "27 \u00b1 x", class = "respondr_error_figure")
  expect_error(audit_table(data.frame(variable = "Age", statistic = "mean (SD)", A = "1 (1)", B = "2 (1)", p_value = 0.3), n = c(5, 5)),
    "Give the text", class = "respondr_error_figure")
})

test_that("figures are read as papers write them", {
  same <- function(x, y) expect_equal(unclass(printed(x))[2:6], unclass(printed(y))[2:6], label = x)
  same("\u20130.5", "-0.5")
  same("<\u00a00.001", "<0.001")
  same("1.2 \u00d7 10\u207b\u2075", "1.2e-5")
  same("1.2 x 10^-5", "1.2e-5")
  same("p-value = 0.30", "0.30")
  same("0.03a", "0.03")
  expect_true(is.na(as.double(printed("N/A"))))
  expect_error(printed("***"), class = "respondr_error_figure")
  expect_error(printed("10\u201330"), class = "respondr_error_figure")
})

test_that("tests that a row cannot have, and rank tests, leave it open", {
  three <- counted("G", c("10", "20", "11"), c("7", "7", "7"), c("0.5", NA, NA), c("a", "b", "c"), "count")
  x <- audit_table(three, n = c(41, 21), tests = list(counts = "chisq_yates"))
  expect_identical(as.character(x$verdict[x$check == "P"]), "cannot be judged")
  age <- counted("Age", "27.0 (8.0)", "25.0 (7.9)", "0.9", statistic = "mean (SD)")
  expect_identical(accused(audit_table(age, n = c(41, 21))), 1L)
  expect_identical(as.character(audit_table(age, n = c(41, 21), tests = list(means = "mann_whitney"))$verdict), "cannot be judged")
  expect_identical(as.character(audit_table(age, n = c(41, 21), tests = list(means = c("student", "mann_whitney")))$verdict),
    "cannot be judged")
  before <- c(2, 9, 4, 3, 6, 5, 1, 6)
  after <- before + c(1, 2, 0.5, 0.7, 7, 4, 1.3, 1.5)
  text <- function(x) sprintf("%.2f", c(mean(x), sd(x)))
  row <- data.frame(n = 8, mean_before = text(before)[1], sd_before = text(before)[2], mean_after = text(after)[1],
    sd_after = text(after)[2], change = text(after - before)[1], sd_change = text(after - before)[2], p_value = "0.008")
  expect_identical(sprintf("%.3f", wilcox.test(after, before, paired = TRUE)$p.value), "0.008")
  expect_identical(accused(audit_table(row)), 1L)
  expect_identical(accused(audit_table(row, tests = list(paired = "signed_rank"))), 0L)
})

test_that("a corrected P of repeated measures counts where no test is named", {
  row <- data.frame(item = "Hb", n = 12, mean_1 = "7.0", sd_1 = "1.0", mean_2 = "7.9", sd_2 = "1.7", mean_3 = "8.0", sd_3 = "1.8",
    f = "3.9", p_value = "0.06")
  expect_true(pf(3.9, 2, 22, lower.tail = FALSE) < 0.055 && pf(3.9, 1, 11, lower.tail = FALSE) > 0.065)
  x <- audit_table(row)
  expect_identical(accused(x), 0L)
  expect_identical(x$test[2], "greenhouse_geisser")
  expect_identical(accused(audit_table(row, tests = list(rm = "rm_anova"))), 1L)
  row$p_value <- "0.036"
  expect_identical(audit_table(row)$test[2], "rm_anova")
})

test_that("coefficients have t intervals, and an estimate lies in its own", {
  set.seed(1)
  x <- rnorm(8)
  y <- x + rnorm(8)
  fit <- lm(y ~ x)
  figures <- sprintf("%.2f", c(coef(fit)[2], confint(fit)[2, ]))
  p <- sprintf("%.3f", summary(fit)$coefficients[2, 4])
  open <- audit_odds(figures[1], figures[2], figures[3], p, scale = "identity")
  expect_identical(as.character(open$verdict[2]), "cannot be judged")
  expect_match(open$remedy[2], "Fits a t interval on [0-9]+( to [0-9]+)? degrees of freedom")
  expect_identical(accused(audit_odds(figures[1], figures[2], figures[3], p, scale = "identity", df = 6)), 0L)
  expect_identical(as.character(audit_odds(figures[1], figures[2], figures[3], p, scale = "identity", df = 6)$verdict[2]) %in%
    c("consistent", "consistent only through rounding"), TRUE)
  expect_identical(accused(audit_odds(figures[1], figures[2], figures[3], p, scale = "identity", df = Inf)), 1L)
  expect_identical(accused(audit_odds(figures[1], figures[2], figures[3], "0.5", scale = "identity")), 1L)
  outside <- audit_odds("2.0", "1.006", "1.226", "0.038")
  expect_identical(as.character(outside$verdict[1]), "impossible")
  reversed <- audit_ls_means(c("36.6", "40.0"), c("38.7", "38.0"), c("34.6", "42.1"), "0.025")
  expect_identical(as.character(reversed$verdict[2]), "impossible")
  far <- audit_ls_means(c("30.6", "40.0"), c("34.6", "38.0"), c("38.7", "42.1"), "0.025")
  expect_match(far$remedy[2], "outside its own interval", fixed = TRUE)
})

test_that("categories that nobody has, counts as text, and ranges without an end", {
  expect_identical(as.character(audit_counts(rbind(c(20, 21, 0), c(7, 14, 0)), "0.373", test = "chisq_yates")$verdict), "consistent")
  expect_identical(as.character(audit_percent("48", "76", "63.2")$verdict), "consistent")
  expect_error(audit_percent("48a", "76", "63.2"), class = "respondr_error_counts")
  expect_error(audit_counts(list()), class = "respondr_error_counts")
  expect_identical(audit_counts(list(sex = rbind(c(1, 2), c(3, 4)), rbind(c(1, 2), c(3, 5))), c("0.5", "0.5"))$item, c("sex", "table 2"))
  expect_match(audit_rm(12, c("10.0", "11", "12"), c("1", "1", "1"))$recomputed, "F of 1.87 or more for any correlation", fixed = TRUE)
  same <- counted("Hb", "10 \u00b1 0", "10 \u00b1 0", "0.9", statistic = "mean (SD)")
  expect_no_match(format(audit_table(same, n = c(41, 21))), "NA|Inf")
  expect_identical(as.character(audit_percent(percent = "3.93")$verdict), "cannot be judged") # 7 of 178
  expect_identical(as.character(audit_percent(percent = "3.93", limit = 200)$verdict), "consistent")
  expect_match(audit_grim("5.5", "1.2", n = 10, scale = c(1, 5))$remedy, "nearest possible mean is 5.00", fixed = TRUE)
  expect_lt(system.time(audit_paired(480, "5.0", "1.0", "5.1", "1.0", "0.05", test = "signed_rank"))[["elapsed"]], 4)
})

test_that("an arm whose name begins like a total is an arm, and one whose name holds a comma has its own note", {
  arms <- data.frame(variable = c("n", "Sex"), statistic = "count (%)", a = c("41", "20 (48.8%)"), b = c("21", "7 (33.3%)"),
    c = c("30", "12 (40.0%)"))
  names(arms)[3:5] <- c("All-trans retinoic acid", "ALL", "Total body irradiation")
  expect_match(attr(audit_table(arms), "arms"), "^Arms: All-trans retinoic acid \\(41\\), ALL \\(21\\), Total body irradiation \\(30\\)")
  names(arms)[3:5] <- c("drug, high", "drug, low", "All patients (n = 30)")
  arms$"All patients (n = 30)" <- c("62", "27 (43.5%)")
  arms$"drug, high"[2] <- "20 (50.0%)"
  x <- audit_table(arms)
  expect_match(attr(x, "arms"), "is all of them", fixed = TRUE)
  expect_match(x$note[1], "Fits 40 of the 41 patients", fixed = TRUE)
})

test_that("levels of which a patient can have several add up to more than there are", {
  disease <- counted("Comorbidity", c("30 (73.2%)", "25 (61.0%)"), c("14 (66.7%)", "10 (47.6%)"), NA, c("hypertension", "diabetes"))
  own <- c(chisq(c(30, 11), c(14, 7)), chisq(c(25, 16), c(10, 11)))
  disease$p_value <- sprintf("%.3f", own)
  x <- audit_table(disease, n = c(41, 21), tests = named)
  expect_identical(accused(x), 0L)
  expect_identical(as.character(x$verdict[x$check == "P"]), c("consistent", "consistent"))
  expect_match(x$remedy[x$check == "total, A"], "can have several", fixed = TRUE)
  disease$p_value <- NA
  expect_identical(as.character(audit_table(disease, n = c(41, 21))$verdict[5:6]), c("impossible", "impossible"))
})

test_that("a suppressed count leaves its row open, and the table is read", {
  x <- audit_table(counted(c("Fever", "Sex"), c("<5 (10%)", "20 (48.8%)"), c("7 (33%)", "7 (33.3%)"), c("0.05", "0.246")), n = c(41, 21),
    tests = named)
  expect_identical(accused(x), 0L)
  expect_identical(as.character(x$verdict[x$item == "Sex" & x$check == "P"]), "consistent")
})

test_that("a one-sided P of a coefficient is open where its degrees of freedom are not known", {
  set.seed(1)
  x <- rnorm(8)
  fit <- lm(I(x + rnorm(8)) ~ x)
  figures <- sprintf("%.2f", c(coef(fit)[2], confint(fit)[2, ]))
  p <- sprintf("%.3f", pt(coef(summary(fit))[2, 3], 6, lower.tail = FALSE))
  expect_identical(accused(audit_odds(figures[1], figures[2], figures[3], p, scale = "identity", alternative = "greater")), 0L)
  other <- sprintf("%.3f", pt(coef(summary(fit))[2, 3], 6))
  expect_identical(accused(audit_odds(figures[1], figures[2], figures[3], other, scale = "identity", alternative = "less")), 0L)
  expect_identical(accused(audit_odds(figures[1], figures[2], figures[3], "0.400", scale = "identity", alternative = "greater")), 1L)
})

test_that("percentages of few digits leave open how many have a value, and P with it", {
  p <- sprintf("%.3f", chisq(c(25, 34), c(26, 44))) # 25 of 59 and 26 of 70
  open <- audit_table(counted("Fever", "25 (42%)", "26 (37%)", p), n = c(62, 71), tests = named)
  expect_identical(accused(open), 0L)
  expect_match(open$note[3], "Fits where 59 of 62 and 70 of 71 patients have a value", fixed = TRUE)
  whole <- audit_table(counted("Fever", "25 (42%)", "26 (37%)", "0.950"), n = c(62, 71), tests = named)
  expect_identical(as.character(whole$verdict[3]), "not reproducible by the named test")
})

test_that("right tables are not accused, whoever is missing and however levels and P are laid out (property)", {
  half <- function(x, digits) if (runif(1) < 0.5) sprintf("%.*f", digits, floor(x * 10^digits + 0.5 + 1e-9) / 10^digits) else
    sprintf("%.*f", digits, round(x, digits))
  for (seed in 1:60) {
    set.seed(seed)
    n <- sample(8:60, 2)
    k <- sample(2:4, 1)
    missing <- if (runif(1) < 0.5) sample(0:3, 2, TRUE) else c(0, 0)
    table <- t(vapply(1:2, function(i) tabulate(sample(k, n[i] - missing[i], TRUE), k), integer(k)))
    if (any(colSums(table) == 0)) next
    p <- suppressWarnings(chisq.test(table, correct = FALSE)$p.value)
    of <- if (runif(1) < 0.5) n else n - missing
    digits <- sample(0:1, 1)
    cell <- function(i, j) sprintf("%d (%s%%)", table[i, j], half(100 * table[i, j] / of[i], digits))
    rows <- lapply(seq_len(k), function(j) counted("v", cell(1, j), cell(2, j), NA, letters[j]))
    layout <- sample(4, 1)
    if (layout == 1) rows[[1]]$p_value <- half(p, 3)
    if (layout == 2) rows <- lapply(rows, function(row) replace(row, "p_value", half(p, 3)))
    if (layout == 3) rows <- c(list(counted("v", NA, NA, half(p, 3))), rows)
    if (layout == 4) {
      own <- lapply(seq_len(k), function(j) suppressWarnings(chisq.test(cbind(table[, j], rowSums(table) - table[, j]), correct = FALSE)$p.value))
      rows <- Map(function(row, q) replace(row, "p_value", half(q, 3)), rows, own)
    }
    if (any(missing > 0) && runif(1) < 0.5) rows <- c(rows, list(counted("v", missing[1], missing[2], NA, "Unknown")))
    x <- audit_table(do.call(rbind, rows), n = n, tests = named)
    expect_identical(accused(x), 0L, label = paste("seed", seed))
    expect_true(any(grepl("^P", x$check)))
    if (k == 2 && layout < 3) {
      one <- audit_table(counted("v", sprintf("%d (%s%%)", table[1, 1], half(100 * table[1, 1] / (n[1] - missing[1]), digits)),
        sprintf("%d (%s%%)", table[2, 1], half(100 * table[2, 1] / (n[2] - missing[2]), digits)), half(p, 3)), n = n, tests = named)
      expect_identical(accused(one), 0L, label = paste("one row, seed", seed))
    }
  }
})
