# Evidence: oracle, property, edge.

pool_data <- function(k = 4) {
  d <- do.call(rbind, lapply(seq_len(k), function(s) {
    i <- seq_len(8 + 3 * s)
    x <- (i * 7 * s) %% 13 + s
    data.frame(study = paste0("S", s), x = x, y = s + (0.3 + s / 5) * x + ((i * i * 5 + s) %% 11) / 3)
  }))
  d
}
row_of <- function(x, method) as.data.frame(x)[x$method == method, , drop = FALSE]

test_that("each study is its own least squares, and two stages are those of the naive program", {
  d <- pool_data()
  x <- pool_studies(y ~ x, d, study = study)
  each <- row_of(x, "study")
  fits <- lapply(split(d, d$study), function(s) oracle_least_squares(cbind(1, s$x), s$y))
  b <- vapply(fits, function(f) f$beta[2], 0)
  s <- vapply(fits, function(f) sqrt(f$vcov[2, 2]), 0)
  expect_equal(each$estimate, unname(b))
  expect_equal(each$std_error, unname(s))
  for (name in c("dl", "pm", "reml")) {
    o <- oracle_pool(b, s, name)
    r <- row_of(x, c(dl = "dersimonian_laird", pm = "paule_mandel", reml = "reml")[[name]])
    tolerance <- if (name == "dl") 1e-10 else 1e-6  # the naive root search
    expect_equal(r$effect, o$tau2, tolerance = tolerance)
    expect_equal(c(r$estimate, r$conf_low, r$conf_high, r$p_value), c(o$estimate, o$hk_low, o$hk_high, o$hk_p),
      tolerance = tolerance)
    w <- row_of(pool_studies(y ~ x, d, study = study, hartung_knapp = FALSE), as.character(r$method))
    expect_equal(c(w$conf_low, w$conf_high), c(o$conf_low, o$conf_high), tolerance = tolerance)
  }
  o <- oracle_pool(b, s, "fixed")
  f <- row_of(x, "fixed")
  expect_equal(c(f$estimate, f$conf_low), c(o$estimate, o$conf_low), tolerance = 1e-10)
  q <- row_of(x, "heterogeneity")
  expect_equal(c(q$statistic, q$df, q$p_value, q$effect), c(o$q, o$df, o$p_heterogeneity, o$i2), tolerance = 1e-10)
  left <- row_of(x, "leave_one_out")
  expect_equal(left$estimate[2], oracle_pool(b[-2], s[-2], "reml")$estimate, tolerance = 1e-6)
})

test_that("one stage is the model with an intercept for each study", {
  d <- pool_data()
  x <- pool_studies(y ~ x, d, study = study)
  m <- lm(y ~ study + x, d)
  expect_equal(row_of(x, "one_stage")$estimate, coef(m)[["x"]])
  expect_equal(c(row_of(x, "one_stage")$conf_low, row_of(x, "one_stage")$conf_high), unname(confint(m)["x", ]))
  full <- anova(m, lm(y ~ study * x, d))
  expect_equal(row_of(x, "interaction")$statistic, full$F[2])
  expect_equal(row_of(x, "interaction")$p_value, full[["Pr(>F)"]][2])
})

test_that("two studies rest on one degree of freedom, and the print says so", {
  x <- pool_studies(y ~ x, pool_data(2), study = study)
  expect_identical(row_of(x, "reml")$df, 1)
  expect_match(paste(format(x), collapse = " "), "rests on 1 df")
  expect_false("leave_one_out" %in% x$method)
  expect_equal(row_of(x, "reml")$effect, row_of(x, "paule_mandel")$effect, tolerance = 1e-8)
})

test_that("one study, and a study whose predictor is constant, are said and not pooled", {
  one <- pool_studies(y ~ x, pool_data(1), study = study)
  expect_identical(as.character(one$method), "study")
  expect_match(paste(format(one), collapse = " "), "nothing to pool")
  d <- pool_data(3)
  d$x[d$study == "S2"] <- 4
  x <- pool_studies(y ~ x, d, study = study)
  expect_identical(as.character(row_of(x, "study")$status), c("ok", "rank_deficient", "ok"))
  expect_equal(row_of(x, "fixed")$estimate, row_of(pool_studies(y ~ x, d[d$study != "S2", ], study = study),
    "fixed")$estimate)
  expect_match(paste(format(x), collapse = " "), "2 of 3 studies")
  expect_error(pool_studies(y ~ x, d), class = "respondr_error_study")
  expect_error(pool_studies(y ~ study, d, study = study), class = "respondr_error")
})

test_that("equal slopes have no tau2, and a sentence names each study", {
  d <- pool_data(3)
  d$y <- ave(d$y, d$study, FUN = function(v) v - mean(v))
  x <- pool_studies(y ~ x, d, study = study)
  expect_match(report_text(x), "S1 .*S2 .*S3 ")
  same <- rbind(transform(d[d$study == "S1", ], study = "a"), transform(d[d$study == "S1", ], study = "b"))
  s <- pool_studies(y ~ x, same, study = study)
  expect_equal(row_of(s, "reml")$effect, 0)
  expect_equal(row_of(s, "heterogeneity")$p_value, 1)
})

test_that("a binary response is pooled as odds ratios by logistic regression", {
  d <- MASS::birthwt
  x <- pool_studies(low ~ age, d, study = race)
  fits <- lapply(split(d, d$race), function(s) coef(summary(glm(low ~ age, binomial, s)))["age", ])
  b <- vapply(fits, `[[`, 0, 1)
  s <- vapply(fits, `[[`, 0, 2)
  each <- row_of(x, "study")
  expect_equal(log(each$estimate), unname(b), tolerance = 1e-7)  # glm stops at 1e-8 of the deviance
  expect_equal(each$std_error, unname(s), tolerance = 1e-4)
  o <- oracle_pool(b, s, "reml")
  r <- row_of(x, "reml")
  expect_equal(c(log(r$estimate), log(r$conf_low), r$p_value), c(o$estimate, o$hk_low, o$hk_p), tolerance = 1e-4)
  one <- glm(low ~ factor(race) + age, binomial, d)
  expect_equal(log(row_of(x, "one_stage")$estimate), coef(one)[["age"]], tolerance = 1e-7)
  both <- anova(one, glm(low ~ factor(race) * age, binomial, d), test = "LRT")
  expect_equal(row_of(x, "interaction")$statistic, both$Deviance[2], tolerance = 1e-6)
  expect_equal(row_of(x, "interaction")$p_value, both[["Pr(>Chi)"]][2], tolerance = 1e-6)
  expect_true(all(x$null_value == 1))
  expect_match(report_text(x), "odds ratio of low")
})

test_that("a study that separates puts all studies under Firth's penalty, and the print says so", {
  d <- data.frame(study = rep(c("a", "b"), each = 12), x = c(1:12, 1:12))
  d$y <- c(1:12 > 6, rep(c(TRUE, FALSE, FALSE, TRUE), 3))
  x <- pool_studies(y ~ x, d, study = study)
  expect_true(all(is.finite(row_of(x, "study")$estimate)))
  expect_match(paste(format(x), collapse = " "), "separates in a: Firth")
  expect_identical(as.character(x$event[1]), "TRUE")
})

test_that("an interval of Hartung and Knapp below Wald's carries a note", {
  x <- pool_studies(low ~ age, MASS::birthwt, study = race)
  noted <- nzchar(as.character(x$note))
  wald <- pool_studies(low ~ age, MASS::birthwt, study = race, hartung_knapp = FALSE)
  expect_identical(noted, !is.na(x$std_error) & x$std_error < wald$std_error * (1 - 1e-10))
  expect_true(any(noted) && !any(nzchar(as.character(wald$note))))
})
