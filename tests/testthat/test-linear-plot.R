# What the pictures show, with ggplot2 and without.

test_that("the pictures of a linear model hold its figures", {
  fit <- fit_linear(mpg ~ wt + factor(cyl), mtcars)
  forest <- linear_forest(fit, NULL)
  expect_identical(as.character(forest$rows$contrast), c("wt", "factor(cyl): 6 - 4", "factor(cyl): 8 - 4"))
  expect_equal(forest$rows$estimate[1], coef(fit)[["wt"]] * sd(mtcars$wt))
  points <- linear_points(fit, "qq", NULL)
  expect_identical(rank(points$rows$x), rank(points$rows$y))
  expect_equal(linear_points(fit, "influence", NULL)$rows$size, cooks.distance(fit))
})

test_that("every picture draws with ggplot2 and by base graphics", {
  skip_if_not_installed("ggplot2")
  fit <- fit_linear(mpg ~ wt + hp, mtcars)
  pooled <- pool_studies(mpg ~ wt, mtcars, study = cyl)
  base <- baseline_change(Postwt ~ Prewt, MASS::anorexia, by = Treat, reliability = c(0.7, 0.9))
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  draw <- function() {
    for (type in linear_plots) expect_identical(plot(fit, type), fit)
    plot(pooled)
    plot(base)
  }
  draw()
  expect_s3_class(ggplot2::autoplot(base), "ggplot")
  old <- options(respondr.base_graphics = TRUE)
  draw()
  options(old)
  expect_error(plot(fit, "nothing"), class = "respondr_error_word")
  expect_error(plot(suppressWarnings(fit_linear(mpg ~ wt, mtcars[1:2, ]))), class = "respondr_error_plot")
})

test_that("Oldham's line goes through the means with Oldham's slope", {
  x <- baseline_change(Postwt ~ Prewt, MASS::anorexia)
  line <- baseline_lines(x, NULL)$lines
  slope <- (line$yend - line$y) / (line$xend - line$x)
  expect_equal(slope[line$line == "Oldham"], x$estimate[x$method == "oldham"])
})
