# Pictures of a screen: odds ratios alone and adjusted; of a scan: the p-values against what no association would give.

#' Pictures of a screen
#'
#' Of a table: a forest of the odds ratios of each predictor alone and of all together, on a logarithmic axis. Of a scan of
#' markers: the ordered p-values against those expected without association (quantiles of the uniform distribution), with the
#' pointwise 95 % range of uniform order statistics.
#'
#' @param x,object A result of [screen_predictors()].
#' @param ... Not used.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly. `plot()` always
#'   draws and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where no row has an estimate.
#' @examples
#' birth <- transform(MASS::birthwt, smoke = smoke == 1)
#' plot(screen_predictors(low ~ age + lwt + smoke, birth, steps = c(lwt = 10)))
#' @export
plot_screen <- function(x, ...) {
  call <- rlang::current_call()
  if (inherits(x, "respondr_scan")) {
    data <- scan_plot_data(x, call)
    return(if (has_ggplot()) gg_scan(data) else base_scan(data))
  }
  data <- screen_plot_data(x, call)
  if (has_ggplot()) gg_screen(data) else base_screen(data)
}

#' @rdname plot_screen
#' @export
plot.respondr_screen <- function(x, ...) {
  picture <- plot_screen(x)
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname plot_screen
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_screen <- function(object, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  plot_screen(object)
}

screen_plot_data <- function(x, call) {
  rows <- as.data.frame(x)
  rows <- rows[rows$model != "description" & !is.na(rows$estimate) & !is.na(rows$conf_low), ]
  rows <- some_rows(rows, "odds ratio", call)
  level <- as.character(rows$level)
  against <- ifelse(is.na(rows$reference), "", paste0(" v ", rows$reference))
  label <- ifelse(is.na(level), as.character(rows$term), ifelse(grepl("^per ", level), paste0(rows$term, ", ", level),
    paste0(rows$term, ": ", level, against)))
  out <- forest_inside(data.frame(label = factor(label, levels = rev(unique(label))), model = droplevels(rows$model),
    estimate = rows$estimate, low = rows$conf_low, high = rows$conf_high))
  list(rows = out, level = rows$conf_level[1], event = paste0(rows$outcome[1], " = ", rows$event[1]))
}

screen_caption <- function(data) paste0("Bars: ", format_level(data$level), " intervals")

gg_screen <- function(data) {
  side <- ggplot2::position_dodge(width = 0.5)
  ggplot2::ggplot(data$rows, ggplot2::aes(x = .data$estimate, y = .data$label, colour = .data$model, shape = .data$model,
    group = -as.integer(.data$model))) +
    ggplot2::geom_vline(xintercept = 1, colour = "grey30", linewidth = 0.5) +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), linewidth = 0.9, position = side) +
    ggplot2::geom_point(size = 2.6, position = side) +
    ggplot2::scale_x_log10() +
    ggplot2::scale_y_discrete(labels = function(v) wrap_labels(v, 28)) +
    ggplot2::scale_colour_manual(values = unname(group_colours[1:2]), breaks = levels(data$rows$model)) +
    ggplot2::scale_shape_manual(values = c(16, 15), breaks = levels(data$rows$model)) +
    ggplot2::labs(x = paste("Odds ratio of", data$event), y = NULL, colour = NULL, shape = NULL,
      title = "Predictors alone and together", caption = screen_caption(data)) + gg_theme()
}

base_screen <- function(data) {
  rows <- data$rows
  models <- levels(rows$model)
  y <- as.integer(rows$label) + ifelse(rows$model == models[1], 0.12, -0.12)
  old <- graphics::par(mar = c(4.5, 10, 2.5, 0.6))
  on.exit(graphics::par(old))
  graphics::plot(NA, xlim = range(rows$low, rows$high), ylim = c(0.5, nlevels(rows$label) + 0.7), log = "x", ylab = "", yaxt = "n",
    xlab = paste("Odds ratio of", data$event), main = "Predictors alone and together")
  graphics::axis(2, at = seq_len(nlevels(rows$label)), labels = wrap_labels(levels(rows$label), 24), las = 1, cex.axis = 0.8)
  graphics::abline(v = 1, col = "grey30")
  colour <- group_colours[as.integer(rows$model)]
  graphics::segments(rows$low, y, rows$high, y, lwd = 2, col = colour)
  graphics::points(rows$estimate, y, pch = c(16, 15)[as.integer(rows$model)], col = colour)
  graphics::legend("topright", models, pch = c(16, 15)[seq_along(models)], col = group_colours[seq_along(models)], bty = "n", cex = 0.8)
  invisible(rows)
}

scan_plot_data <- function(x, call) {
  p <- sort(x$p_value[!is.na(x$p_value)])
  some_rows(data.frame(p = p), "p-value", call)
  n <- length(p)
  i <- seq_len(n)
  # Beyond 5,000 points the middle says nothing more by being drawn point by point.
  shown <- if (n > 5000L) unique(round(exp(seq(0, log(n), length.out = 5000L)))) else i
  data.frame(expected = -log10((shown - 0.5) / n), observed = -log10(pmax(p[shown], 1e-300)),
    low = -log10(stats::qbeta(0.975, shown, n - shown + 1)), high = -log10(stats::qbeta(0.025, shown, n - shown + 1)))
}

gg_scan <- function(data) {
  ggplot2::ggplot(data, ggplot2::aes(x = .data$expected)) +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$low, ymax = .data$high), fill = "grey88") +
    ggplot2::geom_abline(colour = "grey30", linewidth = 0.5) +
    ggplot2::geom_point(ggplot2::aes(y = .data$observed), colour = group_colours[[1]], size = 1.2) +
    ggplot2::labs(x = "Expected -log10 p", y = "Observed -log10 p", title = "p-values of the scan",
      caption = "Grey: 95% range of each ordered p without any association") + gg_theme()
}

base_scan <- function(data) {
  graphics::plot(data$expected, data$observed, type = "n", xlab = "Expected -log10 p", ylab = "Observed -log10 p",
    main = "p-values of the scan")
  graphics::polygon(c(data$expected, rev(data$expected)), c(data$low, rev(data$high)), col = "grey88", border = NA)
  graphics::abline(0, 1, col = "grey30")
  graphics::points(data$expected, data$observed, pch = 16, cex = 0.7, col = group_colours[[1]])
  invisible(data)
}
