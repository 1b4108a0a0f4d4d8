# Evidence: property. What comes after a fit: the comparison of those lost, the readings side by side, the tests of an ordinal
# model, residuals and counts. The order of rows, the names of patients and the unit of the outcome must not matter.

visits <- local({
  set.seed(20)
  d <- expand.grid(month = c(0, 3, 12), id = sprintf("P%02d", 1:24))
  d$arm <- factor(ifelse(as.integer(d$id) %% 2 == 0, "a", "b"))
  d$hb <- round(7 + 0.2 * d$month + rep(rnorm(24), each = 3) + rnorm(nrow(d), 0, 0.6), 1)
  d$hb[d$month == 12 & as.integer(d$id) %% 5 == 0] <- NA
  d
})
shuffled <- function(d) d[rev(seq_len(nrow(d))), ]
renamed <- function(d) transform(d, id = match(as.character(id), rev(levels(id))))
in_units <- function(d, scale, shift = 0) transform(d, hb = hb * scale + shift)

test_that("who was lost is compared the same for any order, names and units", {
  ask <- function(d) compare_dropouts(rm_anova(hb ~ month | id, d))
  one <- ask(visits)
  expect_equal(one$n_used + one$n_others, 24L)
  for (d in list(shuffled(visits), renamed(visits))) expect_equal(as.data.frame(ask(d)), as.data.frame(one), tolerance = 1e-12)
  grams <- ask(in_units(visits, 10, 5))
  expect_equal(grams$difference, 10 * one$difference, tolerance = 1e-10)
  expect_equal(grams$conf_low, 10 * one$conf_low, tolerance = 1e-10)
  same <- c("statistic", "df", "p_value", "standardised_difference")
  expect_equal(grams[same], one[same], tolerance = 1e-9)
  start <- visits[visits$month == 0, ]
  used <- !start$id %in% visits$id[is.na(visits$hb)]
  welch <- t.test(start$hb[used], start$hb[!used])
  expect_equal(c(one$p_value, one$conf_low, one$conf_high), c(welch$p.value, welch$conf.int), tolerance = 1e-10)
})

test_that("the three readings of a study agree where nobody is missing, and follow the unit", {
  whole <- subset(visits, !id %in% id[is.na(hb)])
  full <- as.data.frame(rm_compare(hb ~ month | id, whole))
  t_rows <- full[full$method == "t", ]
  pairs <- full[full$method == "t_pairs", ]
  expect_equal(t_rows$estimate, pairs$estimate, tolerance = 1e-12)
  expect_equal(t_rows$p_value, pairs$p_value, tolerance = 1e-9)
  two <- as.data.frame(rm_compare(hb ~ month | id, subset(whole, month < 12)))
  expect_equal(two$p_value, rep(two$p_value[1], 3), tolerance = 1e-8)
  some <- as.data.frame(rm_compare(hb ~ month | id, visits))
  other <- as.data.frame(rm_compare(hb ~ month | id, in_units(shuffled(renamed(visits)), 10)))
  expect_equal(other$estimate, 10 * some$estimate, tolerance = 1e-6)
  expect_equal(other$p_value, some$p_value, tolerance = 1e-5)  # the fit of the mixed model ends at a gradient
})

cheese <- local({
  set.seed(5)
  d <- data.frame(dose = rep(0:3, each = 30), sex = factor(rep(c("f", "m"), 60)))
  d$class <- cut(0.5 * d$dose + rlogis(120), c(-Inf, -0.5, 1, 2.5, Inf), labels = c("none", "minor", "main", "full"),
    ordered_result = TRUE)
  d
})

test_that("tests of an ordinal model do not know the order of rows, the unit of dose or which end comes first", {
  ask <- function(d) as.data.frame(ordinal_tests(response_ordinal(class ~ dose + sex, d), c("lr", "score", "wald", "proportional")))
  one <- ask(cheese)
  turned <- transform(cheese, class = factor(class, rev(levels(class)), ordered = TRUE))
  for (d in list(shuffled(cheese), transform(cheese, dose = dose * 1000 - 7), turned)) {
    other <- ask(d)
    expect_equal(other$statistic, one$statistic, tolerance = 1e-6)
    expect_equal(other$p_value, one$p_value, tolerance = 1e-6)
  }
  # Of two classes it is the logistic model.
  halves <- transform(cheese, class = factor(ifelse(class >= "main", "yes", "no"), c("no", "yes"), ordered = TRUE))
  lr <- as.data.frame(ordinal_tests(response_ordinal(class ~ dose, halves), "lr"))
  free <- stats::glm(class ~ dose, stats::binomial, halves)
  expect_equal(lr$statistic[1], free$null.deviance - free$deviance, tolerance = 1e-8)
})

test_that("residuals, counts and glances belong to the patients, whatever their order", {
  cars <- transform(mtcars, car = rownames(mtcars))
  fit <- fit_linear(mpg ~ wt + hp, cars)
  other <- fit_linear(mpg ~ wt + hp, shuffled(cars))
  expect_equal(nobs(fit), 32L)
  expect_equal(nobs(fit_linear(mpg ~ wt + hp, transform(cars, wt = replace(wt, 3, NA)))), 31L)
  skip_if_not_installed("broom")
  a <- as.data.frame(generics::augment(fit))
  b <- shuffled(as.data.frame(generics::augment(other)))
  expect_equal(a$.resid, b$.resid, tolerance = 1e-10)
  expect_equal(a$.resid, unname(stats::resid(stats::lm(mpg ~ wt + hp, mtcars))), tolerance = 1e-10)
  expect_equal(as.data.frame(generics::glance(fit)), as.data.frame(generics::glance(other)), tolerance = 1e-10)
})
