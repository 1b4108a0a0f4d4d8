# Repeated measures as the reader sees them: print, sentences, tables of documents, pictures, conversions.

cohort_anova <- function() rm_anova(hb ~ phenotype * month | id, rm_cohort())

test_that("the print of an ANOVA and of its contrasts reads like this", {
  local_reproducible_output(width = 80)
  x <- cohort_anova()
  expect_snapshot({
    x
    rm_sphericity(x)
    rm_patients(x)
    compare_dropouts(x)
    rm_contrasts(x, by = "phenotype")
  })
})

test_that("the print of a mixed model reads like this", {
  local_reproducible_output(width = 80)
  fit <- rm_mmrm(hb ~ phenotype * month | id, rm_cohort())
  lines <- format(fit)
  lines <- sub("[0-9]+ iterations", "N iterations", sub("convergence [0-9.e-]+", "convergence C", lines))
  expect_snapshot(cat(lines, sep = "\n"))
})

test_that("every row has one sentence with its figures", {
  x <- cohort_anova()
  text <- report_text(x)
  expect_length(text, nrow(x))
  expect_match(text[2], "^In 7 patients, hb, month: F\\(3, 15\\) = .*; 32 patients were left out\\.$")
  contrasts <- rm_contrasts(x, p_adjust = "bonferroni")
  expect_match(report_text(contrasts)[1], "adjusted p [=<] .*own error of the contrast; 7 patients")
  none <- rm_anova(y ~ visit | id, rm_long(rm_degenerate()$no_patient))
  expect_match(report_text(none)[1], "no test")
})

test_that("a document says first who was lost", {
  skip_if_not_installed("knitr")
  table <- as.character(knitr::knit_print(cohort_anova()))
  expect_match(table, "CAUTION: 32 of 39 patients")
  expect_match(as.character(knitr::knit_print(rm_patients(cohort_anova()))), "dropped ids")
  expect_match(as.character(knitr::knit_print(compare_dropouts(cohort_anova()))), "mean used")
})

test_that("pictures draw for the ANOVA, the model and several groups, with and without ggplot2", {
  fit <- rm_mmrm(hb ~ phenotype * month | id, rm_cohort())
  grDevices::pdf(NULL)
  withr_off <- function() grDevices::dev.off()
  on.exit(withr_off())
  for (x in list(cohort_anova(), fit)) {
    expect_error(plot(x), NA)
    expect_error(plot(x, type = "trajectories"), NA)
  }
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old), add = TRUE)
  expect_error(plot(fit), NA)
  expect_error(plot(fit, type = "pie"), class = "respondr_error_word")
})

test_that("results convert: tidy names, plain frames, subsets", {
  x <- cohort_anova()
  t <- tidy(x)
  expect_true(all(c("term", "statistic", "parameter", "den.df", "p.value") %in% names(t)))
  expect_s3_class(x[x$method == "anova", ], "respondr_rm_anova")
  expect_equal(nrow(rm_contrasts(x[x$method == "anova", ])), 3L)
  expect_equal(glance(x)$family, "rm_anova")
})

test_that("completers are compared with the others at the reference visit", {
  d <- rm_cohort()
  x <- compare_dropouts(cohort_anova())
  first <- d[d$month == 0 & !is.na(d$hb), ]
  used <- first$id %in% d$id[d$month == 24 & !is.na(d$hb)]
  t <- stats::t.test(first$hb[used], first$hb[!used])
  expect_equal(c(x$p_value, x$conf_low, x$difference), c(t$p.value, t$conf.int[1], -diff(t$estimate)), ignore_attr = TRUE)
  expect_equal(c(x$n_used, x$n_others), c(7L, 32L))
})
