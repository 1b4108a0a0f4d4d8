# Pictures of rates: bars of the arms with their intervals, and the contrasts of the arms as a forest.

#' Pictures of rates
#'
#' `plot_rates()` draws the rate of each arm, or of each visit, with its Wilson interval, one panel for each outcome and `by`
#' combination: of visits over the patients whose response at that visit is known. `plot_rate_contrasts()` draws the estimate and
#' interval of every contrast (of the first method), with the line of no difference; ratios have a logarithmic axis, and the
#' number needed to treat is drawn as the difference it comes from.
#'
#' @param x,object A result of [compare_rates()] or [compare_paired_rates()].
#' @param type Which picture.
#' @param ... Not used.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly. `plot()`
#'   always draws and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw (no event, no estimate) or more than 40 panels.
#' @examples
#' x <- compare_rates(y ~ trt, MASS::bacteria, by = week, event = "n")
#' plot(x)
#' plot(x, type = "contrasts")
#' plot(compare_paired_rates(both = 59, lost = 6, gained = 16, neither = 80, method = "mcnemar"))
#' @export
plot_rates <- function(x, ...) UseMethod("plot_rates")

#' @rdname plot_rates
#' @export
plot_rate_contrasts <- function(x, ...) UseMethod("plot_rate_contrasts")

#' @rdname plot_rates
#' @export
plot_rates.respondr_rates <- function(x, ...) {
  data <- rates_bars(x, rlang::current_call())
  if (has_ggplot()) gg_rates(data) else base_rates(data)
}

#' @rdname plot_rates
#' @export
plot_rate_contrasts.respondr_rates <- function(x, ...) {
  data <- rates_forest(x, rlang::current_call())
  if (has_ggplot()) gg_forest(data) else base_forest(data)
}

#' @rdname plot_rates
#' @export
plot.respondr_rates <- function(x, type = c("rates", "contrasts"), ...) draw_rates(x, type, rlang::current_call())

#' @rdname plot_rates
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_rates <- function(object, type = c("rates", "contrasts"), ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  rates_picture(object, type, rlang::current_call())
}

rates_picture <- function(x, type, call) {
  type <- check_word(type[1], c("rates", "contrasts"), "type", call)
  if (type == "rates") plot_rates(x) else plot_rate_contrasts(x)
}

draw_rates <- function(x, type, call) {
  picture <- rates_picture(x, type, call)
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

# Rates of the arms of the groups that the result holds, in percent.
rates_bars <- function(x, call) {
  if (is.null(attr(x, "input")$counts) || !nrow(x)) {
    stop_input("plot", "There is no row to draw.", "x", call)
  }
  arms <- as.data.frame(if (isTRUE(attr(x, "settings")$arms)) x else rates_arms(x))
  by <- names(attr(x, "input")$by)
  shown <- as.data.frame(x)
  if (length(by)) arms <- arms[row_keys(arms, by) %in% row_keys(shown, by), , drop = FALSE]
  name <- setdiff(names(arms), c(result_dictionary$name, by))
  out <- data.frame(arm = arms[[name]], panel = panel_labels(arms, by, shown), rate = 100 * arms$estimate,
    low = 100 * arms$conf_low, high = 100 * arms$conf_high, text = paste0(arms$events, "/", arms$n))
  out <- some_rows(out[!is.na(out$rate), , drop = FALSE], "patient", call)
  rates_panels(out, call)
  list(rows = out, title = paste0(attr(x, "input")$outcome, ": ", attr(x, "input")$event_label),
    level = arms$conf_level[1],
    label = name)
}

rates_panels <- function(out, call) {
  panels <- length(unique(out$panel))
  if (panels > max_panels) {
    stop_input("plot", c(paste0("A picture of ", panels, " panels cannot be read (", max_panels, " at most)."),
      i = "Take fewer rows, for example `plot(x[1:20, ])`."), "x", call)
  }
}

rates_forest <- function(x, call) {
  shown <- as.data.frame(x)
  if (!nrow(shown) || is.null(shown$level)) {
    stop_input("plot", "There is no contrast of arms to draw.", "x", call)
  }
  shown <- shown[shown$method == shown$method[1], , drop = FALSE]
  nnt <- shown$estimand[1] == "number needed to treat"
  log <- grepl("ratio", shown$estimand[1])
  turn <- function(v) if (nnt) 1 / v else v
  low <- turn(shown$conf_low)
  high <- turn(shown$conf_high)
  out <- data.frame(panel = panel_labels(shown, attr(x, "settings")$by, shown), contrast = droplevels(shown$contrast),
    estimate = turn(shown$estimate), low = pmin(low, high), high = pmax(low, high))
  out <- some_rows(out[!is.na(out$low) & !is.na(out$estimate), , drop = FALSE], "interval", call)
  rates_panels(out, call)
  if (log) out <- forest_inside(out)
  list(rows = out, none = if (log) 1 else 0, log = log, level = shown$conf_level[1],
    label = if (nnt) "difference of rates" else as.character(shown$estimand[1]))
}

# Zero and infinity have no place on a logarithmic axis: they go to its ends.
forest_inside <- function(out) {
  finite <- unlist(out[c("estimate", "low", "high")])
  ends <- range(finite[is.finite(finite) & finite > 0], 1) * c(0.5, 2)
  for (name in c("estimate", "low", "high")) out[[name]] <- pmin(pmax(out[[name]], ends[1]), ends[2])
  out
}

rates_caption <- function(data) paste0("Bars: ", format_level(data$level), " interval")

gg_rates <- function(data) {
  picture <- ggplot2::ggplot(data$rows, ggplot2::aes(x = .data$arm, y = .data$rate)) +
    ggplot2::geom_col(fill = time_colours[["after"]], alpha = 0.55, width = 0.62) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = .data$low, ymax = .data$high), linewidth = 0.9) +
    ggplot2::geom_text(ggplot2::aes(y = .data$high, label = .data$text), vjust = -0.5, size = 3.2) +
    ggplot2::scale_y_continuous(limits = c(0, 100), expand = ggplot2::expansion(mult = c(0, 0.1))) +
    ggplot2::scale_x_discrete(labels = function(v) wrap_labels(v)) +
    ggplot2::labs(x = NULL, y = "patients with the event (%)", title = data$title,
      caption = rates_caption(data)) + gg_theme()
  if (length(unique(data$rows$panel)) > 1L) picture <- picture + ggplot2::facet_wrap(ggplot2::vars(.data$panel))
  picture
}

gg_forest <- function(data) {
  rows <- data$rows
  rows$contrast <- factor(rows$contrast, levels = rev(levels(rows$contrast)))
  picture <- ggplot2::ggplot(rows, ggplot2::aes(x = .data$estimate, y = .data$contrast)) +
    ggplot2::geom_vline(xintercept = data$none, colour = "grey30", linewidth = 0.5) +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), linewidth = 0.9) +
    ggplot2::geom_point(size = 2.6, shape = 21, fill = time_colours[["before"]]) +
    ggplot2::labs(x = data$label, y = NULL, title = data$title %||% "Comparison of rates", caption = rates_caption(data)) + gg_theme()
  if (length(unique(rows$panel)) > 1L) picture <- picture + ggplot2::facet_wrap(ggplot2::vars(.data$panel))
  if (data$log) picture + ggplot2::scale_x_log10() else picture
}

base_rates <- function(data) {
  rows <- data.frame(outcome = "", data$rows)
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    at <- graphics::barplot(here$rate, ylim = c(0, 110), col = fade(time_colours[["after"]], 0.55), border = NA,
      ylab = "patients with the event (%)")
    base_axis(at, here$arm)
    graphics::segments(at, here$low, at, here$high, lwd = 2)
    graphics::text(at, here$high, here$text, pos = 3, cex = 0.8)
  }, data$title, rates_caption(data))
}

base_forest <- function(data) {
  rows <- data.frame(outcome = "", data$rows)
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    y <- rev(seq_len(nrow(here)))
    limits <- range(here$low, here$high, data$none)
    graphics::plot(NA, xlim = limits, ylim = c(0.5, nrow(here) + 0.7), xlab = data$label, ylab = "", yaxt = "n",
      log = if (data$log) "x" else "")
    graphics::abline(v = data$none, col = "grey30")
    graphics::segments(here$low, y, here$high, y, lwd = 2)
    graphics::points(here$estimate, y, pch = 21, bg = time_colours[["before"]], cex = 1.3)
    graphics::text(limits[1], y + 0.12, here$contrast, adj = c(0, 0), cex = 0.75)
  }, data$title %||% "Comparison of rates", rates_caption(data))
}
