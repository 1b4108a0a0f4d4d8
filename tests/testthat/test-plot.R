# Draws on nothing and says whether anything was drawn.
drawn <- function(expr) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  force(expr)
  grDevices::dev.cur() > 1
}

test_that("each type is a ggplot that builds without a warning", {
  skip_if_not_installed("ggplot2")
  x <- study_result()
  for (type in plot_types) {
    picture <- ggplot2::autoplot(x, type = type)
    expect_s3_class(picture, "ggplot")
    expect_warning(drawn(print(picture)), NA)
  }
})

test_that("outcomes and groups have panels of their own", {
  skip_if_not_installed("ggplot2")
  for (type in plot_types) {
    built <- ggplot2::ggplot_build(ggplot2::autoplot(study_result(), type = type))
    expect_equal(nrow(built$layout$layout), 4L)
  }
})

test_that("a picture shows the rows it was given and no other", {
  x <- study_result()
  x <- x[x$outcome == "hb" & x$arm == "low", ]
  data <- trajectory_data(x, NULL)
  expect_equal(unique(as.character(data$rows$outcome)), "hb")
  expect_equal(unique(as.character(data$rows$panel)), "low")
  expect_equal(length(unique(data$rows$id)), 6L)
})

test_that("trajectories hold every measurement, also of patients who are no pair", {
  data <- trajectory_data(study_result(), NULL)
  expect_equal(sum(data$rows$outcome == "hb"), 12L * 3L - 1L)
})

test_that("the mean of a trajectory is that of the patients measured at the visit", {
  rows <- study_rows()
  data <- trajectory_data(study_result(rows = rows), NULL)
  here <- data$mean$outcome == "hb" & data$mean$panel == "high" & data$mean$visit == "month 6"
  expect_equal(data$mean$mean[here], mean(rows$hb[rows$arm == "high" & rows$visit == "month 6"], na.rm = TRUE))
  expect_equal(data$mean$n[here], 5L)
})

test_that("a patient's colour tells the way from the first to the last visit", {
  data <- trajectory_data(study_result(), NULL)
  one <- data$rows[data$rows$outcome == "hb" & data$rows$id == "P01", ]
  change <- one$value[nrow(one)] - one$value[1]
  expect_equal(as.character(one$direction[1]), if (change > 0) "rose" else if (change < 0) "fell" else "did not change")
})

test_that("visits that are numbers keep their distances", {
  expect_equal(unname(visit_positions(c("0", "3", "12"))), c(0, 3, 12))
  expect_equal(unname(visit_positions(c("baseline", "month 3"))), c(1, 2))
})

test_that("before and after hold complete pairs only, with the t interval of each mean", {
  data <- before_after_data(study_result(), NULL)
  here <- data$mean$outcome == "hb" & data$mean$panel == "high" & data$mean$comparison == "month 6"
  expect_equal(data$mean$n[here], c(5L, 5L))
  values <- data$rows$value[data$rows$outcome == "hb" & data$rows$panel == "high" & data$rows$comparison == "month 6" &
    data$rows$time == "before"]
  ref <- t.test(values)$conf.int
  expect_equal(c(data$mean$low[here][1], data$mean$high[here][1]), as.vector(ref))
})

test_that("the bar of a change is the estimate and interval of the result", {
  x <- study_result(methods = c("t", "signed_rank"))
  data <- change_data(x, NULL)
  first <- x[x$method == "t", ]
  expect_equal(data$estimates$estimate, first$estimate)
  expect_equal(data$estimates$conf_low, first$conf_low)
  expect_match(data$note, "mean difference with 95% interval", fixed = TRUE)
})

test_that("changes are drawn on the scale of the result", {
  pairs <- data.frame(before = c(10, 5, -1), after = c(20, 4, 2), change = c(10, -1, 3))
  expect_equal(on_scale(pairs, "ratio"), c(2, 0.8, NA))
  expect_equal(on_scale(pairs, "log_percent"), c(100 * log(2), 100 * log(0.8), NA))
  expect_equal(on_scale(pairs, "symmetric_percent"), c(100 * 10 / 30, -100 / 9, 300))
  expect_equal(on_scale(pairs, "difference"), pairs$change)
})

test_that("summary figures have no picture, and the error says what to do", {
  x <- study_result()
  attr(x, "input")$kind <- "figures"
  for (type in plot_types) {
    cnd <- expect_error(plot(x, type = type), class = "respondr_error_plot")
    expect_equal(cnd$argument, "x")
  }
})

test_that("a column of changes has the picture of its change and no other", {
  x <- study_result()
  attr(x, "input")$kind <- "change"
  expect_error(plot_trajectories(x), "no visits", class = "respondr_error_plot")
  expect_error(plot_before_after(x), "no visits", class = "respondr_error_plot")
})

test_that("an unknown type is refused by name", {
  cnd <- expect_error(plot(study_result(), type = "pie"), class = "respondr_error_word")
  expect_equal(cnd$argument, "type")
})

test_that("more panels than can be read are refused", {
  x <- study_result()
  many <- as.data.frame(x)[rep(1L, 41L), ]
  many$outcome <- factor(paste0("o", 1:41))
  many <- build_result(many, "respondr_paired", attr(x, "settings"), input = attr(x, "input"))
  expect_error(plot(many), "41 panels", class = "respondr_error_plot")
})

test_that("without ggplot2 every picture is drawn by base graphics", {
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old))
  x <- study_result()
  for (type in plot_types) {
    expect_warning(expect_true(drawn(plot(x, type = type))), NA)
  }
  expect_false(inherits(suppressWarnings({
    grDevices::pdf(NULL)
    out <- plot_change(x)
    grDevices::dev.off()
    out
  }), "ggplot"))
})

test_that("plot() gives its argument back", {
  x <- study_result()
  expect_true(drawn(back <- plot(x, type = "change")))
  expect_identical(back, x)
})

test_that("base graphics leave the settings of the device as they were", {
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off(), add = TRUE)
  before <- graphics::par("mar", "mfrow", "oma")
  plot(study_result(), type = "before_after")
  expect_equal(graphics::par("mar", "mfrow", "oma"), before)
})

test_that("labels of several words are broken, not cut", {
  expect_equal(wrap_labels("after twelve months", 8), "after\ntwelve\nmonths")
})

test_that("the more patients, the fainter each", {
  expect_gt(line_alpha(10), line_alpha(100))
  expect_gt(line_alpha(100), line_alpha(10000))
  expect_gt(patient_alpha(10), patient_alpha(10000))
})

test_that("the axis of base graphics holds changes, finite limits, margins and no change", {
  data <- change_data(study_result(rows = study_rows(outcomes = "hb")), NULL)
  data$margins <- c(-7, 3)
  data$estimates$conf_high[1] <- Inf
  limits <- base_change_limits(data, "hb")
  expect_equal(limits, range(data$rows$change, -7, 3, 0))
})
