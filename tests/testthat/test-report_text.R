# The first row of the example with some cells replaced.
one_row <- function(..., settings = list()) {
  x <- study_result(settings = settings)[1, ]
  values <- list(...)
  for (name in names(values)) {
    x[[name]] <- if (is.factor(x[[name]])) factor(values[[name]]) else values[[name]]
  }
  x
}

test_that("there is one sentence a row, and each ends with a full stop", {
  x <- study_result(methods = c("t", "signed_rank"))
  out <- report_text(x)
  expect_equal(length(out), nrow(x))
  expect_true(all(grepl("\\.$", out)))
  expect_false(any(grepl("  |NA|NULL", out)))
})

test_that("a whole sentence reads like this", {
  expect_equal(report_text(study_result())[4], paste0(
    "In 5 pairs (arm high), hb rose from baseline to month 6: mean difference 0.62 (95% confidence interval -0.54 to ",
    "1.78); p = 0.211, paired t-test; effect size d_z 0.67 (0.27 to 1.07); 1 patient without both values was left out."
  ))
})

test_that("no sentence calls a result significant", {
  x <- study_result(p_value = rep(c(0.0001, 0.9), 4))
  expect_false(any(grepl("signific", report_text(x), ignore.case = TRUE)))
})

test_that("the direction is that of the estimate", {
  expect_match(report_text(one_row(estimate = 1)), "hb rose from baseline to month 3", fixed = TRUE)
  expect_match(report_text(one_row(estimate = -1)), "hb fell from baseline to month 3", fixed = TRUE)
  expect_match(report_text(one_row(estimate = 0)), "hb did not change from baseline to month 3", fixed = TRUE)
})

test_that("on the ratio scale no change is 1", {
  settings <- list(scale = "ratio")
  expect_match(report_text(one_row(estimate = 0.8, null_value = 1, settings = settings)), "hb fell", fixed = TRUE)
  expect_match(report_text(one_row(estimate = 1.2, null_value = 1, settings = settings)), "hb rose", fixed = TRUE)
  expect_match(report_text(one_row(estimate = 1, null_value = 1, settings = settings)), "did not change", fixed = TRUE)
})

test_that("percent scales carry the percent sign on the estimate and on both limits", {
  out <- report_text(one_row(estimate = -18, conf_low = -27, conf_high = -9, settings = list(scale = "log_percent")))
  expect_match(out, "-18.0% (95% confidence interval -27.0% to -9.0%)", fixed = TRUE)
})

test_that("one pair and one dropped patient are singular", {
  out <- report_text(one_row(n_pairs = 1L, n_dropped = 1L, status = "one_pair", p_value = NA, conf_low = NA,
    conf_high = NA,
    effect = NA))
  expect_match(out, "^In 1 pair \\(")
  expect_match(out, "1 patient without both values was left out", fixed = TRUE)
  expect_match(out, "no confidence interval; no p-value from the paired t-test", fixed = TRUE)
})

test_that("no pairs make a sentence of their own", {
  out <- report_text(one_row(n_pairs = 0L, n_dropped = 3L, estimate = NA_real_, status = "no_data"))
  expect_equal(out, paste0(
    "No comparison of hb from baseline to month 3 (arm low): there was no complete pair; 3 patients without both ",
    "values were left out."
  ))
})

test_that("a status says why the numbers are missing", {
  out <- report_text(one_row(status = "no_variance", p_value = NA, conf_low = NA, conf_high = NA, effect = NA))
  expect_match(out, status_sentence("no_variance"), fixed = TRUE)
})

test_that("a note is told, and told once if the status says the same", {
  out <- report_text(one_row(note = note_sentences[1], status = "hull"))
  expect_equal(lengths(regmatches(out, gregexpr("convex hull", out))), 1L)
  expect_match(report_text(one_row(note = note_sentences[4])), "too few patients for a finite limit", fixed = TRUE)
})

test_that("one-sided intervals have one limit, and the side is named", {
  expect_match(report_text(one_row(alternative = "less", conf_low = -Inf)),
    "interval up to 1.63); p = 0.148, paired t-test, one-sided (less)",
    fixed = TRUE)
  expect_match(report_text(one_row(alternative = "greater", conf_high = Inf)), "interval from -0.33 up)", fixed = TRUE)
})

test_that("an interval without finite limits is not printed as numbers", {
  expect_match(report_text(one_row(conf_low = -Inf, conf_high = Inf)),
    "(the 95% confidence interval has no finite limit)", fixed = TRUE)
})

test_that("equivalence names both margins and the two tests", {
  x <- study_result(alternative = "equivalence", margin_low = -1, margin_high = 1.5)
  expect_match(report_text(x)[1], "two one-sided paired t-tests for equivalence within -1 to 1.5", fixed = TRUE)
})

test_that("a null value other than no change is named", {
  expect_match(report_text(one_row(null_value = 2)), "paired t-test of a mean difference of 2", fixed = TRUE)
})

test_that("small p-values are an inequality", {
  expect_match(report_text(one_row(p_value = 1e-9)), "p < 0.001,", fixed = TRUE)
  expect_match(report_text(one_row(p_value = 1)), "p = 1,", fixed = TRUE)
})

test_that("a Monte Carlo p carries its own interval", {
  out <- report_text(one_row(method = "permutation", distribution = "monte_carlo", p_value = 0.011, p_low = 0.01,
    p_high = 0.012))
  expect_match(out, "p = 0.011 (99% Monte Carlo interval 0.0100 to 0.0120), Monte Carlo sign-flip permutation test",
    fixed = TRUE)
})

test_that("an adjusted p names its method", {
  x <- one_row(settings = list(p_adjust = "holm"))
  x$p_adjusted <- 0.3
  expect_match(report_text(x), "adjusted p = 0.300 (Holm)", fixed = TRUE)
})

test_that("an adjusted p stands beside the limits of its family", {
  three <- data.frame(y = c(4, 6, 5, 9, 8, 7.5, 7, 11, 12), arm = rep(c("a", "b", "c"), each = 3))
  three$r <- three$y > 6
  calls <- list(
    compare_groups(y ~ arm, three, method = "tukey"), compare_groups(y ~ arm, three, method = "student", p_adjust = "bonferroni"),
    compare_rates(r ~ arm, three, p_adjust = "bonferroni"))
  for (x in calls) {
    limits <- regmatches(report_text(x), regexpr("simultaneous limits -?[0-9.]+ to -?[0-9.]+", report_text(x)))
    expect_length(limits, nrow(x))
    ends <- strsplit(sub("simultaneous limits ", "", limits), " to ")
    expect_true(all(prints_as(x$conf_low_adjusted, vapply(ends, `[`, "", 1))))
    expect_true(all(prints_as(x$conf_high_adjusted, vapply(ends, `[`, "", 2))))
  }
  steel <- report_text(compare_groups(y ~ arm, three, method = "steel", alternative = "greater"))
  expect_match(steel, "limits (from|without)")
})

test_that("wide columns are the visits of one measurement", {
  out <- report_text(one_row(outcome = "Postwt", level = "Postwt", reference = "Prewt"))
  expect_match(out, "the measurement rose from Prewt to Postwt", fixed = TRUE)
})

test_that("visits that are numbers are called visits", {
  expect_match(report_text(one_row(level = "3", reference = "0")), "from visit 0 to visit 3", fixed = TRUE)
})

test_that("a column of changes has patients and no visits", {
  out <- report_text(one_row(settings = list(kind = "change")))
  expect_match(out, "^In 6 patients \\(arm low\\), hb was above 0: ")
})
