# The screen as a table, against glm() and the definitions.

birth <- transform(MASS::birthwt, smoke = smoke == 1, race = factor(race, labels = c("white", "black", "other")))
quietly <- function(expr) suppressWarnings(expr)
printed <- function(x) gsub("\\s+", " ", paste(format(x), collapse = " "))

test_that("every odds ratio of the table is that of glm(), with the likelihood-ratio p of its coefficient or term", {
  x <- screen_predictors(low ~ age + lwt + race, birth, steps = c(lwt = 10))
  strict <- list(epsilon = 1e-14)
  lr <- function(a, b) anova(a, b, test = "LRT")[2, "Pr(>Chi)"]
  null <- glm(low ~ 1, binomial, birth, control = strict)
  lwt <- glm(low ~ lwt, binomial, birth, control = strict)
  race <- glm(low ~ race, binomial, birth, control = strict)
  full <- glm(low ~ age + lwt + race, binomial, birth, control = strict)
  row <- function(term, model, level) x[x$term == term & x$model == model & x$level %in% level, ]
  expect_equal(row("lwt", "univariable", "per 10")$estimate, exp(10 * coef(lwt)[["lwt"]]), tolerance = 1e-9)
  expect_equal(row("lwt", "univariable", "per 10")$p_value, lr(null, lwt), tolerance = 1e-9)
  expect_equal(row("race", "univariable", NA)$p_value, lr(null, race), tolerance = 1e-9)
  expect_equal(row("race", "univariable", NA)$df, 2)
  expect_equal(row("race", "univariable", "black")$estimate, exp(coef(race)[["raceblack"]]), tolerance = 1e-9)
  expect_equal(row("race", "multivariable", "other")$estimate, exp(coef(full)[["raceother"]]), tolerance = 1e-9)
  expect_equal(row("race", "multivariable", NA)$p_value, lr(update(full, . ~ . - race), full), tolerance = 1e-9)
  expect_true(all(x$status == "ok"))
})

test_that("an interval of the table leaves out 1 exactly when its p is below .05", {
  x <- screen_predictors(low ~ ., birth[c("low", "age", "lwt", "race", "smoke", "ptl", "ht", "ui", "ftv")])
  x <- x[x$model != "description" & !is.na(x$conf_low), ]
  expect_identical(x$conf_low > 1 | x$conf_high < 1, x$p_value < 0.05)
  expect_true(all(x$p_matches))
})

test_that("the description is that of compare_groups() and compare_rates()", {
  x <- screen_predictors(low ~ lwt + smoke + race, birth)
  row <- function(term) x[x$term == term & x$model == "description", ]
  lwt <- wilcox.test(birth$lwt[birth$low == 1], birth$lwt[birth$low == 0], exact = FALSE)$statistic
  expect_equal(row("lwt")$statistic, unname(lwt))
  expect_equal(row("smoke")$p_value, fisher.test(table(birth$smoke, birth$low))$p.value, tolerance = 1e-9)
  expect_equal(row("race")$p_value, fisher.test(table(birth$race, birth$low))$p.value, tolerance = 1e-7)
  cells <- attr(x, "description")
  expect_identical(cells$event[cells$term == "smoke" & cells$level == "TRUE"], "30 (51 %)")
  expect_identical(cells$others[cells$term == "lwt"], "124 (113 to 147)")
})

test_that("one predictor that separates turns the whole table to Firth, and the print names it", {
  d <- data.frame(response = rep(c("yes", "no"), c(58, 4)), spleen = rep(c("kept", "out", "kept"), c(38, 20, 4)),
    hbf = c(seq(5, 60, length.out = 58), 10, 20, 30, 12))
  x <- screen_predictors(response ~ hbf + spleen, d, event = "yes")
  fitted <- x[x$model != "description", ]
  expect_true(all(fitted$method == "firth"))
  expect_true(all(is.finite(fitted$estimate)))
  expect_match(printed(x), "because maximum likelihood has no estimate for spleen")
  ml <- screen_predictors(response ~ hbf + spleen, d, event = "yes", method = "ml", multivariable = FALSE)
  out <- ml[ml$term == "spleen" & ml$model == "univariable", ]
  expect_identical(as.character(out$status), "separated")
  expect_identical(out$conf_high, Inf)
  expect_true(is.finite(out$conf_low))
})

test_that("all models use the same patients, or each its own with n beside it", {
  d <- birth
  d$lwt[1:20] <- NA
  d$age[15:40] <- NA
  same <- screen_predictors(low ~ age + lwt, d)
  expect_true(all(same$n == 189 - 40))
  own <- screen_predictors(low ~ age + lwt, d, same_patients = FALSE)
  n <- function(term, model) unique(own$n[own$term == term & own$model == model])
  expect_identical(n("age", "univariable"), 189L - 26L)
  expect_identical(n("lwt", "univariable"), 189L - 20L)
  expect_identical(n("lwt", "multivariable"), 149L)
  expect_match(printed(same), "missing value: 40 (age 26, lwt 20)", fixed = TRUE)
})

test_that("a p-value filter warns, keeps what is at most the threshold, and says so", {
  expect_warning(x <- screen_predictors(low ~ age + lwt + smoke + ftv, birth, select = 0.05), "uses the response twice",
    class = "respondr_warning_selection")
  kept <- unique(as.character(x$term[x$model == "multivariable"]))
  p <- x[x$model == "univariable", ]
  expect_setequal(kept, as.character(p$term[p$p_value <= 0.05]))
  expect_match(printed(x), "do not allow for the choice")
  backward <- quietly(screen_predictors(low ~ age + lwt + smoke + ftv, birth, select = 0.05, select_by = "backward"))
  expect_true(all(backward$p_value[backward$model == "multivariable"] <= 0.05))
})

test_that("adjustment is within the models, and a factor counts once", {
  x <- screen_predictors(low ~ age + race + smoke, birth, p_adjust = "bonferroni")
  one <- x[x$model == "univariable" & !is.na(x$p_adjusted), ]
  expect_identical(as.character(one$term), c("age", "race", "smoke"))
  expect_equal(one$p_adjusted, pmin(1, 3 * one$p_value))
})

test_that("rows that have no answer say why and the others go on", {
  d <- cbind(birth, copy = birth$age, flat = 1)
  x <- screen_predictors(low ~ age + copy + flat, d)
  row <- function(term, model) as.character(x$status[x$term == term & x$model == model])
  expect_identical(row("flat", "univariable"), "rank_deficient")
  expect_identical(row("copy", "multivariable"), "rank_deficient")
  expect_identical(row("age", "univariable"), "ok")
})

test_that("wrong words stop the call", {
  expect_error(screen_predictors(low ~ age * lwt, birth), "Interactions", class = "respondr_error_formula")
  expect_error(screen_predictors(low ~ 1, birth), "no predictor")
  expect_error(screen_predictors(low ~ age, birth, steps = c(lwt = 10)), "steps")
  expect_error(screen_predictors(low ~ age, birth, select = 2), class = "respondr_error_number")
  expect_error(screen_predictors(low ~ age, birth, test = "score"), class = "respondr_error_word")
})

test_that("optimism of the whole procedure is that of a naive bootstrap, within its error", {
  f <- low ~ lwt + smoke + ht + ftv
  x <- screen_predictors(f, birth, replicates = 1000, seed = 4)
  boot <- attr(x, "bootstrap")
  auc <- function(eta, y) {
    r <- rank(eta)
    (sum(r[y == 1]) - sum(y) * (sum(y) + 1) / 2) / (sum(y) * sum(1 - y))
  }
  set.seed(9)
  naive <- t(replicate(300, {
    rows <- c(sample(which(birth$low == 0), replace = TRUE), sample(which(birth$low == 1), replace = TRUE))
    fit <- glm(f, binomial, birth[rows, ])
    own <- predict(fit)
    data <- predict(fit, birth)
    c(auc(own, birth$low[rows]) - auc(data, birth$low),
      mean((plogis(own) - birth$low[rows])^2) - mean((plogis(data) - birth$low)^2),
      1 - coef(glm(birth$low ~ data, binomial))[[2]])
  }))
  error <- apply(naive, 2, sd) * sqrt(1 / 300 + 1 / 1000)
  expect_true(all(abs(boot$figures$optimism[c(1, 2, 5)] - colMeans(naive)) < 4 * error))
  expect_equal(boot$figures$apparent[1], auc(predict(glm(f, binomial, birth)), birth$low))
  expect_identical(boot$included, c(lwt = 1, smoke = 1, ht = 1, ftv = 1))
})

test_that("the bootstrap goes through the selection and is the same for any number of threads", {
  run <- function(...) quietly(screen_predictors(low ~ age + lwt + smoke + ftv, birth, select = 0.1, replicates = 200, seed = 1, ...))
  x <- run()
  boot <- attr(x, "bootstrap")
  expect_identical(boot, attr(run(threads = 2), "bootstrap"))
  expect_true(all(boot$included < 1) && boot$included[["ftv"]] < boot$included[["lwt"]])
  expect_match(printed(x), "Kept in the samples: lwt")
  with_seed <- .Random.seed
  screen_predictors(low ~ smoke, birth)
  expect_identical(.Random.seed, with_seed)
  one <- screen_predictors(low ~ age, birth, seed = 5)
  expect_identical(one$p_value, screen_predictors(low ~ age, birth, seed = 5)$p_value)
  expect_identical(.Random.seed, with_seed)
})

test_that("samples of 58 against 4 survive, and those that separate are counted", {
  set.seed(3)
  d <- data.frame(response = rep(1:0, c(58, 4)), a = rnorm(62), b = rbinom(62, 1, 0.3))
  x <- screen_predictors(response ~ a + b, d, replicates = 200, seed = 2)
  boot <- attr(x, "bootstrap")
  expect_true(all(is.finite(boot$figures$corrected)))
  expect_gt(boot$raw$penalised, 0)
  expect_match(printed(x), "refitted by Firth's penalised")
})

test_that("a response of one class has no odds ratios, whatever the estimator", {
  x <- screen_predictors(low ~ age + race, birth[birth$low == 1, ])
  fitted <- x[x$model != "description", ]
  expect_true(all(fitted$status == "one_level"))
  expect_true(all(is.na(fitted$estimate) & is.na(fitted$p_value) & is.na(fitted$conf_low)))
  expect_match(printed(x), "one_level")
})

test_that("a spline is described by its variable", {
  x <- screen_predictors(low ~ ns(lwt, 3), birth, seed = 1)
  plain <- screen_predictors(low ~ lwt, birth, seed = 1)
  expect_identical(attr(x, "description")$event, attr(plain, "description")$event)
  expect_identical(x$p_value[x$model == "description"], plain$p_value[plain$model == "description"])
})

test_that("a unit too large for an odds ratio is said, and a step answers", {
  tiny <- transform(birth, lwt = lwt * 1e-12)
  x <- screen_predictors(low ~ lwt, tiny, multivariable = FALSE, seed = 1)
  own <- x[x$model == "univariable", ]
  expect_match(as.character(own$note), "give `steps`")
  stepped <- screen_predictors(low ~ lwt, tiny, multivariable = FALSE, steps = c(lwt = 1e-11), seed = 1)
  plain <- screen_predictors(low ~ lwt, birth, multivariable = FALSE, steps = c(lwt = 10), seed = 1)
  expect_equal(stepped$estimate[2], plain$estimate[2], tolerance = 1e-8)
  expect_identical(as.character(stepped$note[2]), "")
})
