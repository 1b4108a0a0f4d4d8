# The scan of markers, against glm() one at a time.

birth <- MASS::birthwt
set.seed(1)
markers <- matrix(rbinom(189 * 12, 2, 0.3), 189, dimnames = list(NULL, paste0("rs", 1:12)))
strict <- list(epsilon = 1e-14, maxit = 50)

test_that("every marker is glm() with the covariates, by three tests", {
  for (test in c("wald", "lr", "score")) {
    x <- screen_predictors(low ~ age + lwt, birth, markers = markers, test = test)
    theirs <- vapply(1:12, function(j) {
      null <- glm(low ~ age + lwt, binomial, birth, control = strict)
      fit <- glm(low ~ age + lwt + markers[, j], binomial, birth, control = strict)
      p <- switch(test, wald = summary(fit)$coefficients[4, 4], lr = anova(null, fit, test = "LRT")[2, 5],
        score = anova(null, fit, test = "Rao")[2, 6])
      c(exp(coef(fit)[[4]]), summary(fit)$coefficients[4, 2], p)
    }, numeric(3))
    expect_equal(x$estimate, theirs[1, ], tolerance = 1e-8)
    expect_equal(x$std_error, theirs[2, ], tolerance = 1e-6)  # glm's weights are those of its last step but one
    expect_equal(x$p_value, theirs[3, ], tolerance = if (test == "wald") 1e-6 else 1e-9)
  }
  expect_s3_class(x, "respondr_result")
  expect_identical(as.character(x$term), colnames(markers))
})

test_that("markers that separate, are constant or repeat a covariate are told apart", {
  odd <- cbind(markers[, 1:2], copy = birth$low, flat = 1, lwt = birth$lwt, gaps = NA)
  x <- screen_predictors(low ~ age + lwt, birth, markers = odd)
  expect_identical(as.character(x$method[x$term == "copy"]), "firth")
  expect_match(as.character(x$note[x$term == "copy"]), "Firth")
  expect_identical(as.character(x$status), c("ok", "ok", "ok", "no_variance", "rank_deficient", "no_data"))
})

test_that("missing markers and covariates leave out their own rows", {
  d <- birth
  d$lwt[1:5] <- NA
  m <- markers
  m[5:10, 1] <- NA
  storage.mode(m) <- "integer"
  x <- screen_predictors(low ~ lwt, d, markers = m)
  expect_identical(x$n, c(189L - 10L, rep(184L, 11)))
  expect_identical(x$n_dropped, c(10L, rep(5L, 11)))
  fit <- glm(low ~ lwt + m[, 1], binomial, d, control = strict)
  expect_equal(x$estimate[1], exp(coef(fit)[[3]]), tolerance = 1e-8)
})

test_that("adjusted p-values, log odds ratios and threads", {
  x <- screen_predictors(low ~ 1, birth, markers = markers, p_adjust = "BH", estimand = "log_odds_ratio", threads = 2)
  y <- screen_predictors(low ~ 1, birth, markers = markers)
  expect_identical(x$p_value, y$p_value)
  expect_equal(exp(x$estimate), y$estimate)
  expect_equal(x$p_adjusted, p.adjust(x$p_value, "BH"))
})

test_that("a matrix that does not fit the data stops the call", {
  expect_error(screen_predictors(low ~ 1, birth, markers = markers[-1, ]), "188 rows", class = "respondr_error_markers")
  expect_error(screen_predictors(low ~ 1, birth, markers = as.data.frame(markers)), "numeric matrix")
  expect_error(screen_predictors(low ~ 1, birth, markers = markers[, c(1, 1)]), "one name")
})
