# What other functions and packages ask of a model of predictors.

birth <- transform(MASS::birthwt, race = factor(race, labels = c("white", "black", "other")))
ours <- fit_logistic(low ~ age * smoke + race, birth)
theirs <- glm(low ~ age * smoke + race, binomial, birth, epsilon = 1e-14, maxit = 50)

test_that("coefficients, likelihood, residuals and influence are those of glm", {
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-9)
  expect_equal(vcov(ours), vcov(theirs), tolerance = 1e-9)
  expect_equal(as.numeric(logLik(ours)), as.numeric(logLik(theirs)), tolerance = 1e-12)
  expect_equal(c(AIC(ours), BIC(ours), deviance(ours), nobs(ours), df.residual(ours)),
    c(AIC(theirs), BIC(theirs), deviance(theirs), nobs(theirs), df.residual(theirs)), tolerance = 1e-12)
  for (type in c("deviance", "pearson", "response", "working")) {
    expect_equal(residuals(ours, type), unname(residuals(theirs, type)), tolerance = 1e-8, info = type)
  }
  expect_equal(hatvalues(ours), unname(hatvalues(theirs)), tolerance = 1e-8)
  expect_equal(rstandard(ours), unname(rstandard(theirs)), tolerance = 1e-8)
  expect_equal(cooks.distance(ours), unname(cooks.distance(theirs)), tolerance = 1e-8)
  x <- model.matrix(theirs)  # one step of Newton without the row (Pregibon 1981); dfbeta() of stats takes deviance residuals
  step <- (x * (residuals(theirs, "response") / (1 - hatvalues(theirs)))) %*% vcov(theirs)
  expect_equal(unname(dfbeta(ours)), unname(step), tolerance = 1e-8)
  expect_equal(unname(dfbetas(ours)), unname(step / rep(sqrt(diag(vcov(theirs))), each = nrow(x))), tolerance = 1e-8)
})

test_that("predictions and their standard errors are those of predict.glm, on both scales", {
  new <- birth[c(3, 50, 120), ]
  for (type in c("link", "response")) {
    a <- predict(ours, new, type, se.fit = TRUE)
    b <- predict(theirs, new, type, se.fit = TRUE)
    expect_equal(a$fit, unname(b$fit), tolerance = 1e-9)
    expect_equal(a$se.fit, unname(b$se.fit), tolerance = 1e-9)
  }
  limits <- predict(ours, new, "response", interval = "confidence", level = 0.9)
  link <- predict(theirs, new, se.fit = TRUE)
  expect_equal(limits[, "lwr"], plogis(unname(link$fit - qnorm(0.95) * link$se.fit)), tolerance = 1e-8)
})

test_that("formula, terms, frame and matrix say what the model is made of", {
  expect_identical(deparse(formula(ours)), "low ~ age * smoke + race")
  expect_identical(attr(terms(ours), "term.labels"), attr(terms(theirs), "term.labels"))
  expect_equal(unclass(model.matrix(ours)), unclass(model.matrix(theirs)), ignore_attr = TRUE)
  expect_identical(attr(model.matrix(ours), "assign"), attr(model.matrix(theirs), "assign"))
  expect_identical(names(model.frame(ours)), names(model.frame(theirs)))
  dot <- fit_logistic(low ~ ., birth[c("low", "age", "race")])
  expect_identical(attr(terms(dot), "term.labels"), c("age", "race"))
  expect_identical(family(ours)$family, "binomial")
})

test_that("update() changes the formula and arguments, also of a model made in a function", {
  made <- (function(data) fit_logistic(low ~ age, data))(birth)
  expect_identical(names(coef(update(ours, . ~ . - age:smoke))), names(coef(theirs))[-6])
  expect_identical(update(ours, method = "firth")$method, "firth")
  expect_identical(update(made, . ~ . + smoke)$n, 189L)
})

test_that("simulate() draws events of the fitted probabilities", {
  draws <- simulate(ours, 400, seed = 2)
  expect_identical(dim(draws), c(189L, 400L))
  expect_true(max(abs(rowMeans(draws) - fitted(ours))) < 0.13)  # four standard errors
  expect_identical(draws, simulate(ours, 400, seed = 2))
})

test_that("tidy, glance and augment have broom's names", {
  expect_identical(names(tidy(ours)), c("term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"))
  expect_equal(tidy(ours, exponentiate = TRUE)$conf.low, exp(tidy(ours)$conf.low))
  expect_identical(nrow(glance(ours)), 1L)
  expect_true(all(c(".fitted", ".resid", ".hat", ".cooksd") %in% names(augment(ours))))
})

test_that("generalised variance inflation is that of the definition, and 1 for a term alone", {
  fit <- fit_logistic(low ~ age + race + smoke, birth)
  r <- cov2cor(vcov(fit)[-1, -1])
  found <- collinearity(fit)
  expect_equal(found$gvif[2], det(r[2:3, 2:3]) * det(r[-(2:3), -(2:3)]) / det(r), tolerance = 1e-12)
  expect_equal(found$scaled, found$gvif^(1 / (2 * found$df)))
  expect_equal(collinearity(fit_logistic(low ~ race, birth))$gvif, 1, tolerance = 1e-12)
  expect_output(print(found), "race")
  expect_error(collinearity(1), class = "respondr_error_fit")
})

test_that("emmeans gives the means of glm", {
  skip_if_not_installed("emmeans")
  a <- as.data.frame(emmeans::emmeans(ours, ~race, type = "response"))
  b <- as.data.frame(emmeans::emmeans(theirs, ~race, type = "response"))
  expect_equal(a[[2]], b[[2]], tolerance = 1e-9)
  expect_equal(a$SE, b$SE, tolerance = 1e-8)
})

test_that("marginaleffects can set coefficients and predict, after Firth by FLIC", {
  firth <- update(ours, method = "firth")
  b <- respondr:::get_coef.respondr_model(firth)
  expect_identical(b, coef(firth))
  moved <- respondr:::set_coef.respondr_model(firth, b + 0.1)
  new <- birth[1:4, ]
  shift <- 0.1 * rowSums(model.matrix(theirs)[1:4, ])
  at <- respondr:::get_predict.respondr_model(moved, new)
  expect_identical(names(at), c("rowid", "estimate"))
  expect_equal(at$estimate, plogis(predict(firth, new) + unname(shift)), tolerance = 1e-12)
  expect_identical(dim(respondr:::get_vcov.respondr_model(firth)), c(6L, 6L))
})
