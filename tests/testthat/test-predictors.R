# The model frame of the predictor families, by hand.

read <- function(formula, data, response = "binary", ..., subset = NULL, weights = NULL, offset = NULL, event = NULL,
                 reference = NULL) {
  respondr:::predictor_input(formula, data, subset, weights, offset, event, reference, response, globalenv(), quote(f()))
}
patients <- data.frame(
  response = c("main", "none", "main", "minor", NA, "none", "main", "none"), hbf = c(10, 20, 30, NA, 5, 0, 12, 33),
  spleen = c("yes", "no", "no", "yes", "no", "no", "yes", "no"),
  sex = factor(c("m", "f", "m", "f", "m", "f", "m", "f"), levels = c("f", "m", "x")), centre = 1
)

test_that("rows without a value are left out and counted by column", {
  x <- read(response ~ hbf * spleen + sex, patients, event = "main", reference = c(spleen = "yes"))
  expect_identical(x$rows, c(1L, 2L, 3L, 6L, 7L, 8L))
  expect_identical(x$y, c(1, 0, 1, 0, 1, 0))
  expect_identical(x$n_dropped, 2L)
  expect_identical(x$missing, c(response = 1L, hbf = 1L))
  expect_identical(x$levels, c("minor + none", "main"))
  expect_identical(x$reference, c(spleen = "yes", sex = "f"))
  expect_identical(x$unused, list(sex = "x"))
  expect_identical(colnames(x$x), c("(Intercept)", "hbf", "spleenno", "sexm", "hbf:spleenno"))
  expect_identical(x$assign, 0:4)
  columns <- respondr:::predictor_columns(x)
  expect_identical(columns$level, c(NA, NA, "no", "m", NA))
  expect_identical(columns$reference, c(NA, NA, "yes", "f", NA))
})

test_that("rows that subset leaves out are not counted as missing, and row numbers are those of the data", {
  x <- read(response ~ hbf, patients, event = "main", subset = quote(sex == "m"))
  expect_identical(x$rows, c(1L, 3L, 7L))
  expect_identical(x$n_dropped, 1L)
})

test_that("a factor of one level and a constant number are named and do not stop the call", {
  x <- read(response ~ hbf + spleen + centre, patients, event = "main", subset = quote(spleen == "no"))
  expect_setequal(x$constant, c("spleen", "centre"))
  expect_true(all(x$x[, "spleen"] == 0))
})

test_that("new rows give the same columns for splines, polynomials, offsets and interactions", {
  d <- data.frame(y = rep(0:1, 25), x = sin(1:50), w = 1:50, g = gl(2, 25))
  x <- read(y ~ g * rcs(x, 4) + ns(w, 3) + poly(x, 2) + offset(log(w)), d)
  new <- respondr:::predictor_matrix(x, d[c(3, 30, 50), ], quote(f()))
  expect_equal(new$x, x$x[c(3, 30, 50), ], tolerance = 1e-14)
  expect_equal(new$offset, log(c(3, 30, 50)))
})

test_that("rcs() spans the restricted cubic splines of its knots", {
  x <- (1:60)^1.5
  knots <- quantile(x, c(.05, .35, .65, .95), names = FALSE)
  harrell <- sapply(1:2, function(j) {  # Harrell (2015), eq. 2.25
    cube <- function(t) pmax(x - t, 0)^3
    cube(knots[j]) - cube(knots[3]) * (knots[4] - knots[j]) / (knots[4] - knots[3]) +
      cube(knots[4]) * (knots[3] - knots[j]) / (knots[4] - knots[3])
  })
  y <- cos(x / 50)
  expect_equal(fitted(lm(y ~ respondr:::lib_rcs(x, 4))), fitted(lm(y ~ x + harrell)), tolerance = 1e-9)
})

test_that("counts give shares and trials", {
  x <- read(cbind(a, b) ~ z, data.frame(a = c(1, 2, 0), b = c(3, 0, 0), z = 1:3))
  expect_identical(x$y, c(0.25, 1, 0))
  expect_identical(x$trials, c(4, 2, 0))
  expect_identical(x$n, 6L)
  expect_identical(x$event, "a")
})

test_that("the dot takes every column that has no other part", {
  d <- data.frame(y = c(0, 1, 1, 0), a = 1:4, w = c(1, 2, 1, 1), b = c(2, 1, 4, 3))
  expect_identical(read(y ~ ., d, weights = quote(w))$labels, c("a", "b"))
})

test_that("a transformation that gives no number leaves the row out under its name", {
  x <- read(y ~ log(x), data.frame(y = c(0, 1, 1, 0), x = c(0, 1, 2, 3)))
  expect_identical(x$missing, c("log(x)" = 1L))
  expect_identical(x$rows, 2:4)
})

test_that("logical and labelled predictors are factors, and a column may bring its contrasts", {
  d <- data.frame(y = c(0, 1, 1, 0, 1, 0), yes = c(TRUE, FALSE, TRUE, TRUE, FALSE, FALSE), g = gl(3, 2))
  contrasts(d$g) <- contr.sum(3)
  x <- read(y ~ yes + g, d)
  expect_identical(colnames(x$x), c("(Intercept)", "yesTRUE", "g1", "g2"))
  expect_identical(unname(x$x[5, ]), c(1, 0, -1, -1))
})

test_that("words that cannot be meant stop the call", {
  expect_error(read(response ~ hbf | sex, patients, event = "main"), "names an id")
  expect_error(read(response ~ hfb, patients, event = "main"), "Nearest names: `hbf`")
  expect_error(read(response ~ hbf, patients), "which is the event", class = "respondr_error_event")
  expect_error(read(response ~ spleen, patients, event = "main", reference = c(spleen = "big")), "Levels found")
  expect_error(read(response ~ spleen, patients, event = "main", reference = "no"), "must name factors")
  expect_error(read(hbf ~ spleen, transform(patients, hbf = hbf / 0), "continuous"), "infinite")
  expect_error(respondr:::predictor_matrix(read(response ~ spleen, patients, event = "main"), data.frame(spleen = "big"),
    quote(f())), "levels the model does not know")
})
