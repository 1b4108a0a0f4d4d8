# Evidence: properties of repeated measures.

test_that("the order of rows, of columns and the number of threads change no bit", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = d$group))
  long$z <- long$y^2
  mixed <- long[order((seq_len(nrow(long)) * 37) %% 83), ]
  words <- list(~ group * visit | id, outcomes = c("y", "z"), method = "all")
  a <- as.data.frame(do.call(rm_anova, c(words, list(data = long))))
  b <- as.data.frame(do.call(rm_anova, c(words, list(data = mixed, threads = 2))))
  expect_identical(a, b)
  f <- rm_mmrm(y ~ group * visit | id, long)
  g <- rm_mmrm(y ~ group * visit | id, mixed)
  expect_identical(coef(f), coef(g))
})

test_that("wide columns, long rows and summary figures give the same ANOVA", {
  d <- rm_mixed()
  y <- d$y[, 1:3]
  long <- rm_anova(y ~ group * visit | id, rm_long(y, list(group = d$group)), method = "all")
  w <- data.frame(y, group = d$group)
  wide <- rm_anova(cbind(X1, X2, X3) ~ group, w, method = "all")
  groups <- split(data.frame(y), d$group)
  figures <- rm_anova(n = vapply(groups, nrow, 0L), mean = t(vapply(groups, colMeans, numeric(3))),
    covariance = lapply(groups, stats::cov), method = "all")
  at <- order(as.character(long$term) != "group", as.character(long$term), long$method)
  key <- function(x) x$statistic[order(nchar(as.character(x$term)), as.character(x$term), x$method)]
  expect_equal(sort(wide$statistic), sort(long$statistic), tolerance = 1e-10)
  expect_equal(sort(figures$statistic), sort(long$statistic), tolerance = 1e-9)
})

test_that("a batch is the same as its outcomes one by one, with patterns of their own", {
  d <- rm_cohort()
  d$other <- ifelse(d$visit == 3 & d$id %% 2 == 0, NA, d$hbf)
  both <- rm_anova(~ phenotype * visit | id, d, outcomes = c("hb", "hbf", "other"), visits = 1:3)
  for (name in c("hb", "hbf", "other")) {
    one <- rm_anova(~ phenotype * visit | id, d, outcomes = name, visits = 1:3)
    expect_equal(both$statistic[both$outcome == name], one$statistic)
    expect_equal(both$n[both$outcome == name], one$n)
  }
})

test_that("`by` groups are analysed as if they were alone", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = d$group))
  x <- rm_anova(y ~ visit | id, long, by = "group")
  a <- rm_anova(y ~ visit | id, long[long$group == "b", ])
  expect_equal(x$statistic[x$group == "b"], a$statistic)
  many <- rm_mmrm(y ~ visit | id, long, by = "group", covariance = "cs")
  expect_equal(many$estimate[many$group == "b"],
    rm_contrasts(rm_mmrm(y ~ visit | id, long[long$group == "b", ], covariance = "cs"))$estimate)
})

test_that("balanced data have one sum of squares of all types", {
  d <- rm_mixed()
  keep <- c(1:7, 8:14)
  long <- rm_long(d$y[keep, ], list(group = d$group[keep]))
  fits <- lapply(1:3, function(type) rm_anova(y ~ group * visit | id, long, type = type))
  expect_equal(fits[[1]]$sum_sq, fits[[3]]$sum_sq, tolerance = 1e-10)
  expect_equal(fits[[2]]$sum_sq, fits[[3]]$sum_sq, tolerance = 1e-10)
})

test_that("the bootstrap of the generalised size is one of its seed", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = d$group))
  boot <- function(threads) {
    as.data.frame(rm_anova(y ~ group * visit | id, long, effect = "generalised_eta2", replicates = 300, seed = 7,
      method = "anova", threads = threads))
  }
  a <- boot(1)
  expect_identical(a, boot(2))
  expect_true(all(a$effect_low <= a$effect & a$effect <= a$effect_high))
})

test_that("completers' contrasts and pairs agree where nobody is missing", {
  y <- rm_mixed()$y[, 1:3]
  x <- rm_compare(y ~ visit | id, rm_long(y))
  expect_equal(x$p_value[x$method == "t"], x$p_value[x$method == "t_pairs"], tolerance = 1e-10)
  expect_equal(x$estimate[x$method == "reml"], x$estimate[x$method == "t"], tolerance = 1e-8)
})
