# Pictures of linear models, pooled studies and change against baseline.

#' Pictures of linear models, pooled studies and change against baseline
#'
#' `plot()` of a [fit_linear()] draws, by `type`:
#' * `"coefficients"`: estimates and intervals; numeric predictors per standard deviation, so that they share an axis.
#' * `"residuals"`: standardised residuals against fitted values, with a smooth line.
#' * `"qq"`: their order statistics against those of the normal distribution.
#' * `"influence"`: studentised residuals against leverage, the area of a point growing with Cook's distance; the three
#'   largest are numbered by their row.
#'
#' `plot()` of [pool_studies()] is a forest of the studies and the pooled slopes. `plot()` of [baseline_change()] draws the
#' change of each patient against the baseline with the naive line, the line of Oldham's slope and those of Blomqvist's,
#' through the means.
#'
#' @param x,object A result.
#' @param type Which picture.
#' @param ... Not used.
#' @return `autoplot()` a ggplot; `plot()` draws (without ggplot2 by base graphics) and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw.
#' @examples
#' plot(fit_linear(mpg ~ wt + hp + factor(cyl), mtcars))
#' plot(pool_studies(mpg ~ wt, mtcars, study = cyl))
#' plot(baseline_change(Postwt ~ Prewt, MASS::anorexia, by = Treat, reliability = 0.8))
#' @name plot_linear
NULL

linear_plots <- c("coefficients", "residuals", "qq", "influence")

#' @rdname plot_linear
#' @export
plot.respondr_linear <- function(x, type = "coefficients", ...) draw_picture(linear_picture(x, type,
  rlang::current_call()), x)

#' @rdname plot_linear
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_linear <- function(object, type = "coefficients", ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  linear_picture(object, type, rlang::current_call())
}

#' @rdname plot_linear
#' @export
plot.respondr_pooled <- function(x, ...) draw_picture(pooled_picture(x, rlang::current_call()), x)

#' @rdname plot_linear
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_pooled <- function(object, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  pooled_picture(object, rlang::current_call())
}

#' @rdname plot_linear
#' @export
plot.respondr_baseline <- function(x, ...) draw_picture(baseline_picture(x, rlang::current_call()), x)

#' @rdname plot_linear
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_baseline <- function(object, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  baseline_picture(object, rlang::current_call())
}

draw_picture <- function(picture, x) {
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

linear_picture <- function(x, type, call) {
  type <- check_word(type, linear_plots, "type", call)
  if (type == "coefficients") {
    data <- linear_forest(x, call)
    return(if (has_ggplot()) gg_forest(data) else base_forest(data))
  }
  points <- linear_points(x, type, call)
  if (has_ggplot()) gg_points(points) else base_points(points)
}

# Numeric predictors per standard deviation.
linear_forest <- function(x, call) {
  rows <- linear_coefficients(x)
  columns <- predictor_columns(x$input)
  sd <- apply(x$problem$x, 2L, stats::sd)
  binary <- apply(x$problem$x, 2L, function(v) all(v %in% 0:1))
  scale <- ifelse(binary, 1, sd)
  labels <- ifelse(is.na(columns$level), columns$column, paste0(columns$term, ": ", columns$level, " - ",
    columns$reference))
  use <- x$kept & columns$column != "(Intercept)" & !is.na(rows$conf_low)
  if (!any(use)) stop_input("plot", "There is no coefficient with an interval to draw.", "x", call)
  shown <- data.frame(panel = "", contrast = factor(labels[use], levels = unique(labels[use])),
    estimate = (rows$estimate * scale)[use], low = (rows$conf_low * scale)[use], high = (rows$conf_high * scale)[use])
  list(rows = shown, none = 0, log = FALSE, level = x$settings$conf_level, title = "Coefficients of the linear model",
    label = paste0("difference in ", x$input$outcome,
      if (any(!binary[use])) " (numeric predictors: per standard deviation)"))
}

linear_points <- function(x, type, call) {
  if (x$method == "mm" && type == "influence") {
    stop_input("plot", c("Leverage and Cook's distance belong to least squares.", i = "Draw `type = \"residuals\"`."),
      "type", call)
  }
  r <- if (x$method == "mm") x$residuals / x$sigma else switch(type, influence = rstudent.respondr_linear(x),
    rstandard.respondr_linear(x))
  use <- is.finite(r) & (if (is.null(x$weights)) TRUE else x$weights > 0)
  if (sum(use) < 3L) stop_input("plot", "Fewer than three residuals can be drawn.", "x", call)
  at <- switch(type, residuals = x$fitted.values, qq = NA, influence = hatvalues.respondr_linear(x))
  out <- data.frame(x = if (type == "qq") 0 else at[use], y = r[use], row = x$input$rows[use], size = 1, label = "")
  if (type == "qq") out$x <- stats::qnorm(stats::ppoints(nrow(out)))[rank(out$y, ties.method = "first")]
  if (type == "influence") out$size <- cooks.distance.respondr_linear(x)[use]
  far <- order(-if (type == "influence") out$size else abs(out$y))[seq_len(3L)]
  out$label[far] <- out$row[far]
  words <- list(
    residuals = c("fitted values", "standardised residuals", "Residuals against fitted values"),
    qq = c("normal quantiles", "standardised residuals", "Residuals against the normal distribution"),
    influence = c("leverage", "studentised residuals", "Influence of each patient")
  )[[type]]
  list(rows = out, line = if (type == "residuals") as.data.frame(stats::lowess(out$x, out$y)) else NULL, type = type,
    xlab = words[1], ylab = words[2], title = words[3], caption = paste0(x$input$outcome,
      ": the three farthest are numbered by row",
      if (type == "influence") "; area grows with Cook's distance"))
}

gg_points <- function(data) {
  picture <- ggplot2::ggplot(data$rows, ggplot2::aes(x = .data$x, y = .data$y)) +
    (if (data$type == "qq") ggplot2::geom_abline(colour = "grey30") else ggplot2::geom_hline(yintercept = 0,
      colour = "grey30")) +
    ggplot2::geom_point(ggplot2::aes(size = .data$size), alpha = patient_alpha(nrow(data$rows)),
      colour = time_colours[["after"]]) +
    ggplot2::geom_text(ggplot2::aes(label = .data$label), vjust = -0.8, size = 3) +
    ggplot2::scale_size_area(max_size = if (data$type == "influence") 8 else 1.8, guide = "none") +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(mult = c(0.05, 0.1))) +
    ggplot2::labs(x = data$xlab, y = data$ylab, title = data$title, caption = data$caption) + gg_theme()
  if (is.null(data$line)) picture else picture + ggplot2::geom_line(data = data$line,
    colour = direction_colours[["fell"]], linewidth = 0.8)
}

base_points <- function(data) {
  rows <- data$rows
  size <- if (data$type == "influence") 0.4 + 3 * sqrt(rows$size / max(rows$size)) else 0.9
  graphics::plot(rows$x, rows$y, pch = 16, cex = size, col = fade(time_colours[["after"]], patient_alpha(nrow(rows))),
    xlab = data$xlab,
    ylab = data$ylab, main = data$title, font.main = 1, las = 1)
  if (data$type == "qq") graphics::abline(0, 1, col = "grey30") else graphics::abline(h = 0, col = "grey30")
  if (!is.null(data$line)) graphics::lines(data$line, col = direction_colours[["fell"]], lwd = 2)
  graphics::text(rows$x, rows$y, rows$label, pos = 3, cex = 0.75)
  invisible(data$rows)
}

pooled_picture <- function(x, call) {
  rows <- as.data.frame(x)
  rows <- rows[!is.na(rows$conf_low) & rows$method != "leave_one_out", , drop = FALSE]
  if (!nrow(rows)) stop_input("plot", "There is no slope with an interval to draw.", "x", call)
  words <- c(one_stage = "all, one stage", fixed = "all, fixed effect", dersimonian_laird = "all, DerSimonian-Laird",
    paule_mandel = "all, Paule-Mandel", reml = "all, REML")
  method <- as.character(rows$method)
  label <- ifelse(method == "study", paste0(rows$level, " (n = ", rows$n, ")"), words[method])
  ratio <- "odds ratio" %in% rows$estimand
  shown <- data.frame(panel = "", contrast = factor(label, levels = unique(label)), estimate = rows$estimate,
    low = rows$conf_low, high = rows$conf_high)
  what <- if (ratio) paste0("odds ratio of ", rows$outcome[1], " = ", rows$event[1], " per unit of ", rows$term[1]) else
    paste0("slope of ", rows$outcome[1], " on ", rows$term[1])
  data <- list(rows = if (ratio) forest_inside(shown) else shown, none = ratio + 0, log = ratio, label = what,
    level = rows$conf_level[1], title = "Each study and pooled")
  if (has_ggplot()) gg_forest(data) else base_forest(data)
}

# Points of the patients, and lines through the means: naive, Oldham's, Blomqvist's.
baseline_lines <- function(x, call) {
  input <- attr(x, "input")
  by <- attr(x, "settings")$by
  labels <- if (length(by)) do.call(paste, c(lapply(input$by, as.character), list(sep = ", "))) else ""
  shown <- as.data.frame(x)
  panel <- if (length(by)) do.call(paste, c(lapply(shown[by], as.character), list(sep = ", "))) else rep("", nrow(shown))
  use <- !is.na(input$code) & !is.na(input$before) & !is.na(input$after) & labels[input$code] %in% panel
  points <- data.frame(panel = labels[input$code[use]], x = input$before[use], y = (input$after - input$before)[use])
  words <- c(naive = "naive", oldham = "Oldham", blomqvist = "Blomqvist", blomqvist_error = "Blomqvist")
  at <- which(as.character(shown$method) %in% names(words) & !is.na(shown$estimate) & panel %in% points$panel)
  if (!nrow(points) || !length(at)) stop_input("plot", "There is no slope to draw.", "x", call)
  lines <- do.call(rbind, lapply(at, function(i) {
    here <- points[points$panel == panel[i], ]
    ends <- range(here$x)
    method <- as.character(shown$method[i])
    known <- if (!is.na(shown$assumed[i])) paste0(if (method == "blomqvist") ", reliability " else ", error variance ",
      format_number(shown$assumed[i]))
    data.frame(panel = panel[i], line = paste0(words[[method]], known), x = ends[1], xend = ends[2],
      y = mean(here$y) + shown$estimate[i] * (ends[1] - mean(here$x)),
        yend = mean(here$y) + shown$estimate[i] * (ends[2] - mean(here$x)))
  }))
  lines$line <- factor(lines$line, levels = unique(lines$line))
  list(points = points, lines = lines, names = input$names)
}

baseline_picture <- function(x, call) {
  data <- baseline_lines(x, call)
  if (has_ggplot()) gg_baseline(data) else base_baseline(data)
}

baseline_caption <- paste("Lines through the means. Measurement error turns the naive line down;",
  "Oldham's slope is that on the mean of both visits.")

line_colours <- function(k) rep_len(c("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"), k)

gg_baseline <- function(data) {
  picture <- ggplot2::ggplot(data$points, ggplot2::aes(x = .data$x, y = .data$y)) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey60") +
    ggplot2::geom_point(alpha = patient_alpha(nrow(data$points)), colour = "grey30", size = 1.5) +
    ggplot2::geom_segment(ggplot2::aes(xend = .data$xend, yend = .data$yend, colour = .data$line, linetype = .data$line),
      data = data$lines, linewidth = 0.9) +
    ggplot2::scale_colour_manual(values = line_colours(nlevels(data$lines$line)), name = NULL) +
    ggplot2::scale_linetype_discrete(name = NULL) +
    ggplot2::labs(x = data$names[1], y = paste("change to", data$names[2]), title = "Change against the baseline",
      caption = baseline_caption) + gg_theme()
  if (length(unique(data$points$panel)) > 1L) picture + ggplot2::facet_wrap(ggplot2::vars(.data$panel)) else picture
}

base_baseline <- function(data) {
  colours <- line_colours(nlevels(data$lines$line))
  rows <- data.frame(outcome = "", data$points)
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    graphics::plot(here$x, here$y, pch = 16, cex = 0.8, col = "grey40", xlab = data$names[1], ylab = paste("change to",
      data$names[2]))
    graphics::abline(h = 0, col = "grey60")
    lines <- data$lines[data$lines$panel == panel, , drop = FALSE]
    graphics::segments(lines$x, lines$y, lines$xend, lines$yend, col = colours[as.integer(lines$line)], lwd = 2)
    graphics::legend("topright", levels(lines$line), col = colours, lwd = 2, bty = "n", cex = 0.7)
  }, "Change against the baseline", baseline_caption)
}
