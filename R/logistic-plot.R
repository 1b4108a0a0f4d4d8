# Pictures of a logistic model: odds ratios, influence, residuals, discrimination and calibration.

#' Pictures of a logistic model
#'
#' `"forest"`: odds ratios with their intervals on a logarithmic axis; an arrow marks an infinite limit. `"influence"`:
#' leverage,
#' standardised Pearson residual and, as size, Cook's distance of each row; the five largest are named by their row number.
#' `"residuals"`: mean residual (observed minus fitted) in groups of like fitted probability, with two standard errors
#' (Gelman and
#' Hill 2007). `"roc"`: sensitivity and specificity of the fitted probabilities. `"calibration"`: observed share of
#' events with its
#' Wilson interval in groups of like fitted probability. The last two show the rows the model was fitted to, and so
#' flatter it;
#' `validate_predictors()` corrects for that.
#'
#' @param x,object A model of [fit_logistic()], for the forest also a result of [odds_ratios()].
#' @param type Which picture.
#' @param ... Not used.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly. `plot()`
#'   always draws
#'   and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw.
#' @references Gelman A, Hill J (2007) Data Analysis Using Regression and Multilevel/Hierarchical Models, section 5.6.
#' @examples
#' fit <- fit_logistic(low ~ age + lwt + smoke, MASS::birthwt, steps = c(age = 5, lwt = 10))
#' plot(fit)
#' plot(fit, "influence")
#' @name plot_logistic
NULL

logistic_pictures <- c("forest", "influence", "residuals", "roc", "calibration")

#' @rdname plot_logistic
#' @export
plot.respondr_logistic <- function(x, type = "forest", ...) {
  picture <- logistic_picture(x, type, rlang::current_call())
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname plot_logistic
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_logistic <- function(object, type = "forest", ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  logistic_picture(object, type, rlang::current_call())
}

#' @rdname plot_logistic
#' @export
plot.respondr_odds <- function(x, ...) {
  picture <- draw_forest(odds_forest(x, rlang::current_call()))
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname plot_logistic
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_odds <- function(object, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  draw_forest(odds_forest(object, rlang::current_call()))
}

logistic_picture <- function(x, type, call) {
  check_word(type, logistic_pictures, "type", call)
  if (type == "forest") {
    return(draw_forest(odds_forest(odds_ratios(x), call)))
  }
  if (!all(is.finite(x$fitted.values)) || !length(x$fitted.values)) {
    stop_input("plot", "The model has no probabilities to draw.", "x", call)
  }
  data <- switch(type, influence = influence_points(x), residuals = residual_groups(x), roc = roc_points(x),
    calibration = calibration_groups(x))
  if (has_ggplot()) gg_logistic(data) else base_logistic(data)
}

# Rows of the forest from top to bottom; limits at 0 or infinity end in an arrow at the edge.
odds_forest <- function(x, call) {
  shown <- as.data.frame(x)
  shown <- shown[is.finite(shown$conf_low) | is.finite(shown$conf_high), , drop = FALSE]
  if (!nrow(shown)) {
    stop_input("plot", "There is no odds ratio with an interval to draw.", "x", call)
  }
  contrast <- sub("^per unit$", "", as.character(shown$contrast))
  contrast <- ifelse(contrast == as.character(shown$term), "", contrast)
  rows <- data.frame(panel = panel_labels(shown, attr(x, "settings")$by, shown),
    label = trimws(paste(as.character(shown$term), contrast)), estimate = shown$estimate, low = shown$conf_low,
    high = shown$conf_high)
  limits <- unlist(rows[c("estimate", "low", "high")])
  limits <- limits[is.finite(limits) & limits > 0]
  edge <- range(limits, 1) * c(0.7, 1.4)
  rows$open_low <- !(is.finite(rows$low) & rows$low > 0)
  rows$open_high <- !is.finite(rows$high)
  for (name in c("low", "high")) rows[[name]] <- pmin(pmax(rows[[name]], edge[1]), edge[2])
  rows$shown <- is.finite(rows$estimate) & rows$estimate > 0
  rows$label <- factor(rows$label, levels = rev(unique(rows$label)))
  method <- as.character(shown$method[1])
  list(rows = rows, title = paste0("Odds ratios of ", shown$outcome[1], " = ", shown$event[1]),
    caption = paste0(format_level(shown$conf_level[1]), " intervals; estimated by ", logistic_method_names[[method]],
      if (any(rows$open_low | rows$open_high)) "; arrow: no limit"))
}

draw_forest <- function(data) if (has_ggplot()) gg_odds(data) else base_odds(data)

gg_odds <- function(data) {
  rows <- data$rows
  arrow <- ggplot2::arrow(length = ggplot2::unit(6, "pt"), type = "closed")
  line <- function(picture, part, arrow = NULL) {
    if (!nrow(part)) return(picture)
    picture + ggplot2::geom_segment(ggplot2::aes(x = .data$estimate_in, xend = .data$end, yend = .data$label), part,
      linewidth = 0.9, arrow = arrow)
  }
  rows$estimate_in <- ifelse(rows$shown, rows$estimate, ifelse(rows$open_high, rows$low, rows$high))
  part <- function(open, end) transform(rows[open, , drop = FALSE], end = rows[[end]][open])
  picture <- ggplot2::ggplot(rows, ggplot2::aes(y = .data$label)) +
    ggplot2::geom_vline(xintercept = 1, colour = "grey30", linewidth = 0.5)
  picture <- line(picture, part(!rows$open_low, "low"))
  picture <- line(picture, part(!rows$open_high, "high"))
  picture <- line(picture, part(rows$open_low, "low"), arrow)
  picture <- line(picture, part(rows$open_high, "high"), arrow)
  picture <- picture +
    ggplot2::geom_point(ggplot2::aes(x = .data$estimate), rows[rows$shown, , drop = FALSE], size = 2.8, shape = 21,
      fill = time_colours[["before"]]) +
    ggplot2::scale_x_log10(labels = function(v) format(v, trim = TRUE, drop0trailing = TRUE, scientific = FALSE)) +
    ggplot2::scale_y_discrete(labels = function(v) wrap_labels(v, 28)) +
    ggplot2::labs(x = "odds ratio", y = NULL, title = data$title, caption = wrap_labels(data$caption, 90)) + gg_theme()
  if (nlevels(droplevels(rows$panel)) > 1L) picture <- picture + ggplot2::facet_wrap(ggplot2::vars(.data$panel))
  picture
}

base_odds <- function(data) {
  rows <- data.frame(outcome = "", data$rows)
  labels <- levels(rows$label)
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    y <- match(as.character(here$label), labels)
    graphics::plot(NA, xlim = range(here$low, here$high, 1), ylim = c(0.5, length(labels) + 0.7), xlab = "odds ratio",
      ylab = "",
      yaxt = "n", log = "x")
    graphics::abline(v = 1, col = "grey30")
    graphics::segments(here$low, y, here$high, y, lwd = 2)
    open <- here$open_high | here$open_low
    if (any(open)) graphics::points(ifelse(here$open_high, here$high, here$low)[open], y[open],
      pch = ifelse(here$open_high, ">", "<")[open])
    graphics::points(here$estimate[here$shown], y[here$shown], pch = 21, bg = time_colours[["before"]], cex = 1.3)
    graphics::text(graphics::grconvertX(0.02, "npc"), y + 0.18, here$label, adj = c(0, 0), cex = 0.75)
  }, data$title, data$caption)
}

# Each picture as points with optional bars, line and words.
logistic_points <- function(x, y, low = NA, high = NA, size = NA, label = "") {
  data.frame(x = x, y = y, low = low, high = high, size = size, label = label)
}

influence_points <- function(fit) {
  cook <- stats::cooks.distance(fit)
  top <- rank(-cook, ties.method = "first") <= 5 & is.finite(cook)
  rows <- logistic_points(fit$leverage, stats::rstandard(fit, "pearson"), size = cook,
    label = ifelse(top, fit$input$rows, ""))
  list(rows = rows[is.finite(rows$y), ], x = "leverage", y = "standardised Pearson residual",
    title = "Influence of each row",
    caption = "Size: Cook's distance; the five largest with their row number in the data", level = 0)
}

# Groups of like fitted probability: at least five rows each, at most `most` groups.
probability_groups <- function(fit, most) {
  p <- fit$fitted.values
  k <- max(2L, min(most, length(p) %/% 5L))
  breaks <- unique(stats::quantile(p, seq(0, 1, length.out = k + 1L), names = FALSE))
  if (length(breaks) < 2L) factor(rep(1L, length(p))) else cut(p, breaks, include.lowest = TRUE)
}

residual_groups <- function(fit) {
  w <- fit$problem$weight %||% rep(1, length(fit$problem$y))
  groups <- split(seq_along(w), probability_groups(fit, max(10L, as.integer(sqrt(length(w))))), drop = TRUE)
  rows <- do.call(rbind, lapply(groups, function(at) {
    share <- w[at] / sum(w[at])
    r <- (fit$problem$y - fit$fitted.values)[at]
    p <- fit$fitted.values[at]
    error <- sqrt(sum(share^2 * p * (1 - p) / pmax(fit$input$trials[at], 1)))
    logistic_points(sum(share * p), sum(share * r), -2 * error, 2 * error)
  }))
  list(rows = rows, x = "mean fitted probability", y = "mean residual", title = "Residuals in groups",
    caption = "Grey: two standard errors where the model holds", level = 0, band = TRUE)
}

roc_points <- function(fit) {
  p <- fit$fitted.values
  w <- fit$problem$weight %||% rep(1, length(p))
  event <- w * fit$problem$y
  other <- w * (1 - fit$problem$y)
  cut <- sort(unique(p), decreasing = TRUE)
  at <- match(p, cut)
  sum_at <- function(v) as.vector(tapply(v, factor(at, seq_along(cut)), sum))
  sensitivity <- cumsum(c(0, sum_at(event))) / sum(event)
  false <- cumsum(c(0, sum_at(other))) / sum(other)
  area <- sum(diff(false) * (sensitivity[-1] + sensitivity[-length(sensitivity)]) / 2)
  list(rows = logistic_points(false, sensitivity), x = "1 - specificity", y = "sensitivity",
    title = paste0("ROC curve, area ", formatC(area, digits = 3, format = "f")),
    caption = "Of the rows the model was fitted to, which flatters it; see validate_predictors()", line = TRUE,
      diagonal = TRUE)
}

calibration_groups <- function(fit) {
  trials <- fit$input$trials * (fit$input$weights %||% 1)
  groups <- split(seq_along(trials), probability_groups(fit, 10L), drop = TRUE)
  z <- stats::qnorm((1 + fit$settings$conf_level) / 2)
  rows <- do.call(rbind, lapply(groups, function(at) {
    n <- sum(trials[at])
    share <- sum((trials * fit$problem$y)[at]) / n
    centre <- (share + z^2 / (2 * n)) / (1 + z^2 / n)
    half <- z * sqrt(share * (1 - share) / n + z^2 / (4 * n^2)) / (1 + z^2 / n)
    logistic_points(sum((trials * fit$fitted.values)[at]) / n, share, max(0, centre - half), min(1, centre + half))
  }))
  list(rows = rows, x = "fitted probability", y = "observed share of events", title = "Calibration in groups",
    caption = paste0("Bars: ", format_level(fit$settings$conf_level),
      " Wilson intervals. Of the rows the model was fitted to; see ",
      "validate_predictors()"), diagonal = TRUE)
}

gg_logistic <- function(data) {
  rows <- data$rows
  picture <- ggplot2::ggplot(rows, ggplot2::aes(x = .data$x, y = .data$y))
  if (isTRUE(data$diagonal)) picture <- picture + ggplot2::geom_abline(colour = "grey60", linetype = 2)
  if (!is.null(data$level)) picture <- picture + ggplot2::geom_hline(yintercept = data$level, colour = "grey40")
  if (isTRUE(data$band)) {
    picture <- picture + ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$low, ymax = .data$high), fill = "grey80",
      alpha = 0.6)
  } else if (any(is.finite(rows$low))) {
    picture <- picture + ggplot2::geom_linerange(ggplot2::aes(ymin = .data$low, ymax = .data$high), linewidth = 0.8)
  }
  if (isTRUE(data$line)) {
    picture <- picture + ggplot2::geom_path(colour = time_colours[["after"]], linewidth = 1)
  } else if (any(is.finite(rows$size))) {
    picture <- picture + ggplot2::geom_point(ggplot2::aes(size = .data$size), shape = 21,
      fill = time_colours[["after"]], alpha = 0.6) +
      ggplot2::scale_size_area(max_size = 8, guide = "none") +
      ggplot2::geom_text(ggplot2::aes(label = .data$label), vjust = -1.1, size = 3.4)
  } else {
    picture <- picture + ggplot2::geom_point(size = 2.6, shape = 21, fill = time_colours[["before"]])
  }
  if (isTRUE(data$diagonal)) picture <- picture + ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1))
  picture + ggplot2::scale_y_continuous(expand = ggplot2::expansion(mult = 0.09)) +
    ggplot2::labs(x = data$x, y = data$y, title = data$title, caption = wrap_labels(data$caption, 80)) + gg_theme()
}

base_logistic <- function(data) {
  rows <- data.frame(outcome = "", panel = "", data$rows)
  base_panels(rows, function(outcome, panel) {
    square <- isTRUE(data$diagonal)
    graphics::plot(NA, xlim = if (square) 0:1 else range(rows$x), ylim = if (square) 0:1 else
      range(rows[c("y", "low", "high")], na.rm = TRUE), xlab = data$x, ylab = data$y)
    if (square) graphics::abline(0, 1, col = "grey60", lty = 2)
    if (!is.null(data$level)) graphics::abline(h = data$level, col = "grey40")
    if (any(is.finite(rows$low))) graphics::segments(rows$x, rows$low, rows$x, rows$high, lwd = 2, col = "grey60")
    if (isTRUE(data$line)) {
      graphics::lines(rows$x, rows$y, col = time_colours[["after"]], lwd = 2)
    } else {
      size <- if (any(is.finite(rows$size))) 0.6 + 2.5 * sqrt(rows$size / max(rows$size, 1e-300)) else 1.2
      graphics::points(rows$x, rows$y, pch = 21, bg = fade(time_colours[["after"]], 0.6), cex = size)
      graphics::text(rows$x, rows$y, rows$label, pos = 3, cex = 0.8)
    }
  }, data$title, data$caption)
}
