figure_example <- function(n = 6) {
  set.seed(4)
  d <- expand.grid(month = c(0, 3, 6), id = sprintf("P%03d", seq_len(n)))
  d$hb <- round(8 + 0.3 * d$month + rnorm(nrow(d)), 1)
  d$change <- d$hb - d$hb[d$month == 0][as.integer(d$id)]
  d$class <- cut(d$change, c(-Inf, 1, 2, Inf), labels = c("none", "minor", "main"))
  d$class[d$month == 0] <- NA
  d$dose <- ifelse(as.integer(d$id) %% 2 == 0 & d$month == 6, 100, 50)
  d$died <- ifelse(d$id == "P003", 8, NA)
  d$arm <- ifelse(as.integer(d$id) %% 2 == 0, "DFX", "DFO")
  d
}

figure_calls <- function(d) {
  list(
    plot_waterfall(change ~ class | id, d[d$month > 0, ], lines = c(1, 2)), plot_waterfall(change ~ 1, d, better = "lower"),
    plot_swimmer(class ~ month | id, d, dose = dose, death = died), plot_spaghetti(hb ~ month | id, d, class = class,
      lines = 9),
    plot_spaghetti(hb ~ month | id, d), plot_doses(dose ~ month | id, d, class = class), plot_doses(dose ~ month | id,
      d, ids = "P001"),
    plot_change_distribution(change ~ arm, d, lines = 1), plot_change_distribution(change ~ 1, d, direction = "at_most")
  )
}

test_that("pictures of responders draw 1, 6 and 60 patients, with ggplot2 and without", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    for (n in c(1, 6, 60)) for (picture in figure_calls(figure_example(n))) expect_silent(ggplot2::ggplotGrob(picture))
  }
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old), add = TRUE)
  for (n in c(1, 6, 60)) for (rows in figure_calls(figure_example(n))) expect_s3_class(rows, "data.frame")
})

test_that("a waterfall with ids has the best change of each patient and its class", {
  old <- options(respondr.base_graphics = TRUE)
  grDevices::pdf(NULL)
  on.exit({
    options(old)
    grDevices::dev.off()
  })
  d <- data.frame(id = c(1, 1, 2, 2), change = c(1, 3, -1, NA), class = c("none", "main", "none", NA))
  rows <- plot_waterfall(change ~ class | id, d)
  expect_equal(rows$y, c(3, -1))
  expect_identical(as.character(rows$class), c("main", "none"))
})

test_that("the curve of changes is the share of patients at or above each cut-off, its band Massart's", {
  old <- options(respondr.base_graphics = TRUE)
  grDevices::pdf(NULL)
  on.exit({
    options(old)
    grDevices::dev.off()
  })
  y <- c(0.5, 1, 1, 2, 3)
  rows <- plot_change_distribution(y ~ 1, data.frame(y = y))
  for (cut in unique(y)) expect_equal(max(rows$share[rows$at == cut]), mean(y >= cut))
  half <- sqrt(log(2 / 0.05) / 10)
  expect_equal(rows$low, pmax(0, rows$share - half))
  expect_equal(rows$high, pmin(1, rows$share + half))
})

test_that("wrong words say what to do", {
  d <- figure_example()
  expect_error(plot_swimmer(class ~ month, d), class = "respondr_error_no_id")
  expect_error(plot_spaghetti(class ~ month | id, d), class = "respondr_error_outcome")
  expect_error(plot_doses(dose ~ month | id, d, ids = "X"), class = "respondr_error_column")
  expect_error(plot_waterfall(nothing ~ class, d), class = "respondr_error_column")
  expect_error(plot_waterfall(change ~ 1, transform(d, change = NA_real_)), class = "respondr_error_plot")
  expect_error(plot_swimmer(class ~ month | id, rbind(d, d)), class = "respondr_error_duplicate")
})

test_that("awkward patients draw: long names, missing classes, one measurement each, classes nobody has", {
  skip_if_not_installed("ggplot2")
  d <- figure_example(12)
  d$class <- factor(as.character(d$class), levels = c("none", "minor", "main"), labels = c(
    "no response at all by the protocol", "minor response, confirmed at the next visit",
    "main response with freedom from transfusion"))
  d$id <- paste0("Hospital of the University, centre 04 / patient ", as.integer(d$id))
  d$hb[d$month > 0 & d$id == d$id[1]] <- NA
  d$class[d$month == 6][1:3] <- NA
  d$dose[d$month > 0] <- NA
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  pictures <- list(plot_waterfall(change ~ class | id, d[d$month > 0, ]), plot_swimmer(class ~ month | id, d, dose = dose),
    plot_spaghetti(hb ~ month | id, d, class = class), plot_doses(dose ~ month | id, d, class = class),
    plot_change_distribution(change ~ class, d))
  for (picture in pictures) expect_silent(ggplot2::ggplotGrob(picture))
  last <- plot_waterfall(change ~ class, d[d$month == 6, ])
  expect_true("not known" %in% levels(last$data$class))
})

test_that("a class has its colour whichever classes the patients drawn have", {
  skip_if_not_installed("ggplot2")
  d <- data.frame(change = c(0.2, 0.4), class = factor("none", levels = c("none", "minor", "main")))
  built <- ggplot2::ggplot_build(plot_waterfall(change ~ class, d))$data[[1]]
  expect_identical(unique(built$fill), unname(class_colours(c("none", "minor", "main"))["none"]))
})

test_that("labels are shortened so that they still differ, and a legend has no more columns than it has room for", {
  ids <- paste("Hospital of the University, centre 04 / patient", 101:103)
  expect_identical(anyDuplicated(short_labels(ids, 20L)), 0L)
  expect_true(all(nchar(short_labels(ids, 20L)) <= 22L))
  expect_identical(short_labels(c("a", "P001"), 20L), c("a", "P001"))
  expect_match(short_labels(c(strrep("x", 40), paste0(strrep("x", 20), "y", strrep("x", 19))), 12L)[1], "x{10}")
  expect_identical(legend_columns(c("none", "minor", "main")), 3L)
  expect_identical(legend_columns(rep(strrep("long words ", 6), 3)), 1L)
  expect_identical(legend_columns(character()), 1L)
})

test_that("the class of the last visit is drawn, a little beyond it, but not beyond death", {
  d <- data.frame(id = rep(c("a", "b"), each = 3), month = rep(c(0, 6, 12), 2), died = rep(c(NA, 12), each = 3),
    class = factor(c("none", "none", "main", "none", "none", "none"), levels = c("none", "main")))
  read <- swimmer_rows(class ~ month | id, d, list(dose = NULL, end = NULL, death = quote(died)), environment(), NULL)
  a <- read$segments[read$segments$id == "a", ]
  expect_identical(as.character(a$class[nrow(a)]), "main")
  expect_gt(a$to[nrow(a)], 12)
  expect_equal(max(read$segments$to[read$segments$id == "b"]), 12)
  expect_identical(read$ends$how[match(c("a", "b"), read$ends$id)], c("last seen", "died"))
})
