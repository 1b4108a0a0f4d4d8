# Evidence: published. Figures of Yang et al. 2020 (doi:10.4084/MJHID.2020.021), Bordbar et al. 2019 and Nunez et al. 2020
# (doi:10.1161/JAHA.119.014254) as printed, kept in the specs of the stored cohorts, against the package's own analyses of their rows.

stored <- function(study) {
  skip_if_not_installed("yaml")
  stored_cohort(study)
}

# Does a value round to the printed text, half up or half to even?
expect_printed <- function(value, printed, info = NULL) {
  interval <- respondr:::printed_interval(printed)
  expect_true(all(value >= interval$low - 1e-9 & value <= interval$high + 1e-9), info = info)
}

printed_of <- function(x, name) {
  figures <- attr(x, "spec")$figures
  figures$printed[match(name, figures$name)]
}

test_that("base R finds every figure of the three specs in the stored rows, but for those released", {
  for (study in c("thalidomide", "chelation", "myocardial_iron")) {
    x <- stored(study)
    figures <- cohort_figures(x)
    expect_setequal(figures$name[!figures$met], attr(x, "released"))
    expect_true(all(x$synthetic))
  }
  expect_equal(nrow(stored("thalidomide")), 62L)
  expect_equal(nrow(stored("chelation")), 256L)
})

test_that("compare_paired() gives back n, means, SDs and P of all rows of Table 1", {
  x <- stored("thalidomide")
  released <- attr(x, "released")
  long <- cohort_long(x)
  analytes <- c("hb", "rbc", "hbf", "nrbc", "ret", "mcv", "mch", "mchc", "tbil", "ibil", "ldh", "sf")
  words <- c("Hb", "RBC", "HbF", "NRBC", "Ret", "MCV", "MCH", "MCHC", "TBIL", "IBIL", "LDH", "SF")
  result <- compare_paired(~ visit | id, long, outcomes = analytes, by = phenotype, reference = "0")
  checked <- 0L
  for (i in seq_len(nrow(result))) {
    at <- paste(words[match(result$outcome[i], analytes)], result$phenotype[i], result$level[i])
    if (is.na(printed_of(x, paste(at, "n")))) next
    expect_printed(result$n_pairs[i], printed_of(x, paste(at, "n")), at)
    if (!paste(at, "P") %in% released) expect_printed(result$p_value[i], printed_of(x, paste(at, "P")), at)
    change <- c(printed_of(x, paste(at, "mean after")), printed_of(x, paste(at, "mean before")))
    slack <- 2 * 0.05 + 1e-9
    expect_lte(abs(result$estimate[i] - (as.numeric(change[1]) - as.numeric(change[2]))), slack)
    checked <- checked + 1L
  }
  expect_equal(checked, 66L)
})

test_that("rm_anova() gives back the four F of haemoglobin", {
  x <- stored("thalidomide")
  long <- cohort_long(x)
  f <- function(phenotype, visits) {
    rows <- long[long$phenotype == phenotype & long$visit %in% visits, ]
    rm_anova(hb ~ visit | id, rows)$statistic[1]
  }
  expect_printed(f("NTDT", c(0, 3, 12)), "58.682")
  expect_printed(f("TDT", c(0, 3, 12)), "22.259")
  expect_printed(f("NTDT", c(0, 3, 12, 24)), "29.411")
  expect_printed(f("TDT", c(0, 3, 12, 24)), "15.835")
})

test_that("fit_logistic() gives back the odds ratio of HbF in the 39 patients with NTDT, its Wald interval and P", {
  data <- as.data.frame(stored("thalidomide"))
  data$main <- data$response_last == "main"
  fit <- fit_logistic(main ~ hbf_0, data[data$phenotype == "NTDT", ], method = "ml")
  slope <- coef(fit)[["hbf_0"]]
  error <- sqrt(diag(vcov(fit)))[["hbf_0"]]
  expect_printed(exp(slope), "1.111")
  expect_printed(exp(slope - qnorm(0.975) * error), "1.006")
  expect_printed(exp(slope + qnorm(0.975) * error), "1.226")
  expect_printed(2 * pnorm(-abs(slope / error)), "0.038")
})

test_that("compare_groups() gives back the P of haemoglobin and HbF in Table 2, compare_rates() those of spleen and phenotype", {
  data <- as.data.frame(stored("thalidomide"))
  data$last <- factor(ifelse(data$response_last == "main", "main", "other"))
  p <- function(formula) compare_groups(formula, data, method = "student", reference = "other")$p_value
  expect_printed(p(hb_0 ~ last), "0.217")
  expect_printed(p(hbf_0 ~ last), "0.003")
  rate <- function(formula) compare_rates(formula, data, method = "chisq", reference = "other")$p_value[1]
  expect_printed(rate(I(spleen == "splenectomised") ~ last), "0.025")
  expect_printed(rate(I(phenotype == "TDT") ~ last), "0.220")
})

test_that("the classes of response follow from haemoglobin and transfusions, patient by patient", {
  x <- as.data.frame(stored("thalidomide"))
  ntdt <- x$phenotype == "NTDT"
  rise <- round(x$hb_3 - x$hb_0, 1)
  of_rise <- ifelse(rise > 2, "main", ifelse(rise >= 1, "minor", "none"))
  expect_equal(as.character(x$response_3[ntdt]), of_rise[ntdt])
  of_units <- ifelse(x$units_3 == 0, "main", ifelse(x$units_3 <= 0.5 * x$units_0, "minor", "none"))
  expect_equal(as.character(x$response_3[!ntdt]), of_units[!ntdt])
  expect_equal(as.vector(table(x$response_3)), c(4L, 19L, 39L))
})

test_that("the chelation cohort has the printed rates, and no difference between arms in an analysis of variance", {
  x <- as.data.frame(stored("chelation"))
  better <- x$sf_12 <= 0.7 * x$sf_0
  rate <- tapply(100 * better, x$arm, mean)
  expect_printed(rate[["DFX+DFO"]], "41.5")
  expect_printed(rate[["DFX"]], "30")
  for (change in list(x$sf_12 - x$sf_0, x$bmd_lumbar_12 - x$bmd_lumbar_0, x$bmd_neck_12 - x$bmd_neck_0)) {
    expect_gt(summary(stats::aov(change ~ x$arm))[[1]][["Pr(>F)"]][1], 0.05)
  }
})
