#' Pictures of a validation
#'
#' `"roc"`: sensitivity over 1 - specificity, with the Wilson interval of the sensitivity at each cut-point where there
#' is one curve.
#' `"calibration"`: smoothed share of events over the predicted probability with its interval, the line of perfect
#' calibration, the
#' groups of the Hosmer-Lemeshow test, and the patients with and without the event along the edges. `"decision"`: net benefit
#' over the threshold, beside treating all and none.
#'
#' @param x,object A result of [validate_predictors()], [compare_aucs()] or [marker_cutpoint()].
#' @param type Which picture; markers have the ROC curve only.
#' @param ... Not used.
#' @return `plot()` draws and returns `x` invisibly; `autoplot()` a ggplot.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw: one class of response, or markers where probabilities are needed.
#' @examples
#' fit <- glm(low ~ age + lwt + smoke, binomial(), MASS::birthwt)
#' x <- validate_predictors(fit, validation = "none")
#' plot(x)
#' plot(x, type = "calibration")
#' plot(x, type = "decision")
#' @export
plot.respondr_validation <- function(x, type = c("roc", "calibration", "decision"), ...) {
  call <- rlang::current_call()
  data <- validation_picture(x, type, call)
  if (has_ggplot()) print(gg_validation(data)) else base_validation(data)
  invisible(x)
}

#' @rdname plot.respondr_validation
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_validation <- function(object, type = c("roc", "calibration", "decision"), ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  gg_validation(validation_picture(object, type, rlang::current_call()))
}

validation_picture <- function(x, type, call) {
  type <- check_word(type[1], c("roc", "calibration", "decision"), "type", call)
  settings <- attr(x, "settings")
  input <- validation_input(x, type != "roc", call)
  if (length(input$scores) > 8L) {
    stop_input("plot", "More than 8 curves in one picture cannot be told apart.", "x", call)
  }
  data <- switch(type, roc = roc_picture(x, input, call), calibration = calibration_picture(x, input),
    decision = decision_picture(x))
  c(data, list(type = type, level = settings$conf_level, outcome = as.character(x$outcome[1]),
    event = as.character(x$event[1])))
}

roc_picture <- function(x, input, call) {
  rows <- roc_curve(x)
  if (anyNA(rows$sensitivity) || anyNA(rows$specificity)) {
    stop_input("plot", "A ROC curve needs patients with the event and without.", "x", call)
  }
  rows$fall_out <- 1 - rows$specificity
  frame <- as.data.frame(x)
  name <- if (is.null(frame$term)) "level" else "term"
  areas <- frame[frame$method == "auc", , drop = FALSE]
  label <- names(input$scores)
  at <- match(label, as.character(areas[[name]]))
  known <- !is.na(at)
  label[known] <- paste0(label[known], ": AUC ", format_places(areas$estimate[at[known]], 2L), " ",
    format_interval(areas$conf_low[at[known]], areas$conf_high[at[known]], 2L))
  rows$curve <- factor(label[match(rows$term, names(input$scores))], levels = label)
  list(rows = rows, cut = if (inherits(x, "respondr_cutpoint")) {
    data.frame(fall_out = 1 - frame$estimate[3], sensitivity = frame$estimate[2])
  })
}

calibration_picture <- function(x, input) {
  rows <- calibration_curve(x)
  groups <- attr(x, "settings")$groups
  groups <- do.call(rbind, lapply(names(groups), function(name) {
    g <- as.data.frame(groups[[name]])
    data.frame(term = name, predicted = g$expected / g$n, observed = g$events / g$n, n = g$n)
  }))
  patients <- do.call(rbind, lapply(names(input$scores), function(name) {
    data.frame(term = name, p = input$scores[[name]], event = input$patients$event)
  }))
  if (nrow(patients) > 2000L) patients <- patients[round(seq(1, nrow(patients), length.out = 2000L)), ]
  list(rows = rows, groups = groups, patients = patients)
}

decision_picture <- function(x) {
  rows <- decision_curve(x, seed = attr(x, "settings")$seed[1] %||% 1L)
  top <- max(rows$net_benefit, rows$treat_all, 0)
  rows$curve <- factor(rows$term, levels = unique(rows$term))
  list(rows = rows, limits = c(-0.25 * top - 0.01, 1.1 * top + 0.01))
}

validation_labels <- function(data) {
  level <- format_level(data$level)
  switch(data$type,
    roc = list(title = paste0("ROC curve: ", data$outcome, " (", data$event, ")"), x = "1 - specificity", y = "sensitivity",
      caption = if (length(unique(data$rows$term)) == 1L) paste0("Band: ", level,
        " Wilson interval of the sensitivity at each cut-point")),
    calibration = list(title = paste0("Calibration: ", data$outcome, " (", data$event, ")"), x = "predicted probability",
      y = "share of events", caption = paste0("Line: smooth curve, ", level,
        " interval; points: groups of patients; dashed: perfect; ticks: patients with (above) and without the event")),
    decision = list(title = paste0("Decision curve: ", data$outcome, " (", data$event, ")"), x = "threshold probability",
      y = "net benefit", caption = paste0("Band: ", level, " interval over resamples of patients")))
}

curve_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")

gg_validation <- function(data) {
  labels <- validation_labels(data)
  picture <- switch(data$type, roc = gg_roc(data), calibration = gg_calibration(data), decision = gg_decision(data))
  picture + ggplot2::labs(title = labels$title, x = labels$x, y = labels$y, colour = NULL,
    caption = paste(strwrap(labels$caption, 80),
      collapse = "\n")) + gg_theme() + ggplot2::theme(legend.position = "bottom", legend.direction = "vertical")
}

gg_roc <- function(data) {
  rows <- data$rows
  one <- nlevels(rows$curve) == 1L
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$fall_out, y = .data$sensitivity)) +
    ggplot2::geom_abline(linetype = "dashed", colour = "grey50") +
    (if (one && !anyNA(rows$sensitivity_low)) ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$sensitivity_low,
      ymax = .data$sensitivity_high),
      alpha = 0.15, fill = curve_colours[1])) +
    ggplot2::geom_path(ggplot2::aes(colour = .data$curve), linewidth = 0.9) +
    (if (!is.null(data$cut)) ggplot2::geom_point(data = data$cut, size = 3, shape = 21, fill = time_colours[["before"]])) +
    ggplot2::scale_colour_manual(values = curve_colours) +
    ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1))
}

gg_calibration <- function(data) {
  patients <- data$patients
  picture <- ggplot2::ggplot(data$rows, ggplot2::aes(x = .data$predicted, y = .data$estimate)) +
    ggplot2::geom_abline(linetype = "dashed", colour = "grey50") +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$low, ymax = .data$high), alpha = 0.15, fill = curve_colours[1]) +
    ggplot2::geom_line(colour = curve_colours[1], linewidth = 0.9) +
    ggplot2::geom_point(ggplot2::aes(y = .data$observed), data = data$groups, shape = 21, size = 2.4,
      fill = time_colours[["before"]]) +
    ggplot2::geom_rug(ggplot2::aes(x = .data$p), data = patients[patients$event == 1, ], sides = "t", inherit.aes = FALSE,
      alpha = 0.4) +
    ggplot2::geom_rug(ggplot2::aes(x = .data$p), data = patients[patients$event == 0, ], sides = "b", inherit.aes = FALSE,
      alpha = 0.4) +
    ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1))
  if (length(unique(data$rows$term)) > 1L) picture + ggplot2::facet_wrap(ggplot2::vars(.data$term)) else picture
}

gg_decision <- function(data) {
  rows <- data$rows
  first <- rows[rows$term == rows$term[1], ]
  one <- nlevels(rows$curve) == 1L
  reference <- data.frame(threshold = rep(first$threshold, 2L), net_benefit = c(first$treat_all, first$treat_none),
    curve = rep(c("treat all", "treat none"), each = nrow(first)))
  all <- rbind(data.frame(rows[c("threshold", "net_benefit")], curve = as.character(rows$curve)), reference)
  all$curve <- factor(all$curve, levels = c(levels(rows$curve), "treat all", "treat none"))
  ggplot2::ggplot(all, ggplot2::aes(x = .data$threshold, y = .data$net_benefit)) +
    (if (one) ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$conf_low, ymax = .data$conf_high), data = rows, alpha = 0.15,
      fill = curve_colours[1])) +
    ggplot2::geom_line(ggplot2::aes(colour = .data$curve, linetype = .data$curve), linewidth = 0.8) +
    ggplot2::scale_colour_manual(name = NULL, values = c(curve_colours[seq_len(nlevels(rows$curve))], "grey30", "grey60")) +
    ggplot2::scale_linetype_manual(name = NULL, values = c(rep("solid", nlevels(rows$curve)), "dashed", "dotted")) +
    ggplot2::coord_cartesian(ylim = data$limits)
}

base_validation <- function(data) {
  labels <- validation_labels(data)
  old <- graphics::par(mar = c(5.6, 4, 2.5, 0.8), mgp = c(2.3, 0.7, 0), las = 1)
  on.exit(graphics::par(old))
  ylim <- if (data$type == "decision") data$limits else c(0, 1)
  graphics::plot(NA, xlim = c(0, 1), ylim = ylim, xlab = labels$x, ylab = labels$y, main = labels$title, font.main = 2,
    cex.main = 1)
  switch(data$type, roc = base_roc(data), calibration = base_calibration(data), decision = base_decision(data))
  caption <- strwrap(labels$caption, 90)
  if (length(caption)) graphics::mtext(caption, side = 1, line = 2.9 + 0.8 * seq_along(caption), cex = 0.7)
}

base_roc <- function(data) {
  rows <- data$rows
  graphics::abline(0, 1, lty = 2, col = "grey50")
  if (nlevels(rows$curve) == 1L && !anyNA(rows$sensitivity_low)) base_band(rows$fall_out, rows$sensitivity_low,
    rows$sensitivity_high)
  for (k in seq_len(nlevels(rows$curve))) {
    here <- rows[as.integer(rows$curve) == k, ]
    graphics::lines(here$fall_out, here$sensitivity, col = curve_colours[k], lwd = 2)
  }
  if (!is.null(data$cut)) graphics::points(data$cut$fall_out, data$cut$sensitivity, pch = 21,
    bg = time_colours[["before"]], cex = 1.4)
  graphics::legend("bottomright", levels(rows$curve), col = curve_colours[seq_len(nlevels(rows$curve))], lwd = 2,
    bty = "n", cex = 0.85)
}

base_band <- function(x, low, high) {
  graphics::polygon(c(x, rev(x)), c(low, rev(high)), col = fade(curve_colours[1], 0.15), border = NA)
}

base_calibration <- function(data) {
  graphics::abline(0, 1, lty = 2, col = "grey50")
  for (k in seq_along(unique(data$rows$term))) {
    here <- data$rows[data$rows$term == unique(data$rows$term)[k], ]
    base_band(here$predicted, here$low, here$high)
    graphics::lines(here$predicted, here$estimate, col = curve_colours[k], lwd = 2)
  }
  graphics::points(data$groups$predicted, data$groups$observed, pch = 21, bg = time_colours[["before"]])
  graphics::rug(data$patients$p[data$patients$event == 1], side = 3, col = fade("black", 0.4))
  graphics::rug(data$patients$p[data$patients$event == 0], side = 1, col = fade("black", 0.4))
}

base_decision <- function(data) {
  rows <- data$rows
  first <- rows[rows$term == rows$term[1], ]
  if (nlevels(rows$curve) == 1L) base_band(first$threshold, first$conf_low, first$conf_high)
  graphics::lines(first$threshold, first$treat_all, lty = 2, col = "grey30", lwd = 1.5)
  graphics::abline(h = 0, lty = 3, col = "grey60", lwd = 1.5)
  for (k in seq_len(nlevels(rows$curve))) {
    here <- rows[as.integer(rows$curve) == k, ]
    graphics::lines(here$threshold, here$net_benefit, col = curve_colours[k], lwd = 2)
  }
  graphics::legend("topright", c(levels(rows$curve), "treat all", "treat none"), lwd = 2, bty = "n", cex = 0.85,
    col = c(curve_colours[seq_len(nlevels(rows$curve))], "grey30", "grey60"), lty = c(rep(1, nlevels(rows$curve)), 2, 3))
}
