# Rows of repeated measures: which factors vary, which cells there are, what stops the call.

rm_rows <- function(formula, data, outcomes = NULL, within = NULL, by = character(), reference = NULL, visits = NULL, ...) {
  respondr:::rm_input(formula, data, outcomes, within, by, NULL, reference, visits, quote(rm_anova()), ...)
}

visit_rows <- function() {
  d <- expand.grid(id = 1:6, visit = c(12, 0, 3))
  d$arm <- factor(ifelse(d$id < 4, "b", "a"))
  d$age <- 10 * d$id
  d$hb <- d$id + d$visit / 100
  d
}

test_that("the within factor is the one that varies within patients", {
  x <- rm_rows(hb ~ arm * visit | id, visit_rows())
  expect_identical(x$within_names, "visit")
  expect_identical(x$between_names, "arm")
  expect_identical(levels(x$within$visit), c("0", "3", "12"))
  expect_identical(x$times, c(0, 3, 12))
  expect_match(x$notes[1], "found from the data")
})

test_that("Error(id/visit) names the same id and within factor", {
  a <- rm_rows(hb ~ arm * visit | id, visit_rows())
  b <- rm_rows(hb ~ arm * visit + Error(id / visit), visit_rows())
  same <- c("rows", "within", "between", "within_names", "between_names", "times")
  expect_identical(unclass(a)[same], unclass(b)[same])
  expect_identical(attr(a$model, "term.labels"), attr(b$model, "term.labels"))
})

test_that("the order of the rows changes nothing", {
  d <- visit_rows()
  a <- rm_rows(hb ~ arm * visit | id, d)
  mixed <- d[c(18:1), ]
  b <- rm_rows(hb ~ arm * visit | id, mixed)
  cells <- function(x) matrix(x$outcomes$hb[x$rows], nrow(x$rows))
  expect_identical(cells(a), cells(b))
  expect_identical(a$between, b$between)
})

test_that("wide columns in cbind() are the visits, one row a patient", {
  w <- data.frame(month0 = 1:4, month3 = 2:5, month12 = c(3:5, NA), sex = c("f", "f", "m", "m"))
  x <- rm_rows(cbind(month0, month3, month12) ~ sex, w)
  expect_identical(matrix(x$outcomes$outcome[x$rows], 4), unname(as.matrix(w[1:3]) + 0))
  expect_identical(x$times, c(0, 3, 12))
  expect_identical(attr(x$model, "term.labels"), c("visit", "sex", "visit:sex"))
})

test_that("two within factors are crossed, the last running fastest", {
  d <- expand.grid(id = 1:3, eye = factor(c("left", "right")), visit = c(0, 3))
  d$y <- seq_len(12)
  x <- rm_rows(y ~ eye * visit | id, d, within = c("eye", "visit"))
  expect_identical(x$visits, c("left:0", "left:3", "right:0", "right:3"))
  expect_identical(x$reference, 1L)
})

test_that("a covariate that is missing in one row of a patient is taken from the others", {
  d <- visit_rows()
  d$age[2] <- NA
  x <- rm_rows(hb ~ age + visit | id, d)
  expect_identical(x$between$age, 10 * (1:6))
})

test_that("a mistyped group is named with its id", {
  d <- visit_rows()
  d$arm[8] <- "a"
  cnd <- expect_error(rm_rows(hb ~ arm * visit | id, d), class = "respondr_error_within")
  expect_match(conditionMessage(cnd), "A mistyped row? `arm` varies in `2` only", fixed = TRUE)
})

test_that("two varying factors need `within`", {
  d <- expand.grid(id = 1:3, eye = factor(c("left", "right")), visit = c(0, 3))
  d$y <- seq_len(12)
  expect_error(rm_rows(y ~ eye * visit | id, d), class = "respondr_error_within")
  expect_error(rm_rows(y ~ eye * visit | id, d, within = "visit"), class = "respondr_error_within")
  expect_error(rm_rows(y ~ eye * visit | id, d, within = "side"), class = "respondr_error_within")
})

test_that("ids that start again in each arm are seen", {
  d <- visit_rows()
  d$id <- (d$id - 1) %% 3 + 1
  cnd <- expect_error(rm_rows(hb ~ visit | id, d), class = "respondr_error_id_restarts")
  expect_match(conditionMessage(cnd), "arm/id", fixed = TRUE)
  x <- rm_rows(hb ~ arm * visit | arm / id, d)
  expect_identical(nrow(x$rows), 6L)
})

test_that("wrong words stop with the argument's name", {
  d <- visit_rows()
  expect_error(rm_rows(hb ~ visit, d), class = "respondr_error_no_id")
  expect_error(rm_rows(hb ~ arm | id, d), class = "respondr_error_no_within")
  expect_error(rm_rows(hb ~ . | id, d), class = "respondr_error_formula")
  expect_error(rm_rows(hb ~ month | id, d), class = "respondr_error_column")
  d$visit <- c("week 2", "start", "week 4")[match(d$visit, c(12, 0, 3))]
  expect_error(rm_rows(hb ~ visit | id, d), class = "respondr_error_visit_order")
})

test_that("patients of a `by` group keep their own levels", {
  d <- visit_rows()
  d$site <- ifelse(d$id %in% 1:3, "x", "y")
  x <- rm_rows(hb ~ arm * visit | id, d, by = "site")
  expect_identical(x$group_start, c(0L, 3L, 6L))
  expect_identical(levels(respondr:::rm_group_input(x, 2L)$between$arm), "a")
})
