# Pictures of independent groups: the patients of each arm with means and intervals, and the contrasts as a forest.

#' Pictures of independent groups
#'
#' `plot_groups()` shows each arm: quartiles as a box, every patient as a point, the mean with its t interval.
#' `plot_contrasts()`
#' shows the estimate and interval of every row with the line of no difference. `plot()` and `autoplot()` choose by `type`.
#'
#' Outcomes have panels of their own, and so have the combinations of `by`. Colours are those of Okabe and Ito.
#'
#' @param x,object A result of [compare_groups()] or [compare_variances()].
#' @param type `"groups"` or `"contrasts"`.
#' @param ... Not used.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly. `plot()`
#'   always
#'   draws and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw: no rows, summary figures for `plot_groups()`, or more than 40
#' panels.
#' @examples
#' change <- transform(MASS::anorexia, gain = Postwt - Prewt)
#' x <- compare_groups(gain ~ Treat, change, reference = "Cont")
#' plot(x)
#' plot(x, type = "contrasts")
#' @export
plot_groups <- function(x, ...) {
  data <- groups_plot_data(x, rlang::current_call())
  if (has_ggplot()) gg_groups(data) else base_groups(data)
}

#' @rdname plot_groups
#' @export
plot_contrasts <- function(x, ...) {
  data <- contrast_plot_data(x, rlang::current_call())
  if (has_ggplot()) gg_contrasts(data) else base_contrasts(data)
}

#' @rdname plot_groups
#' @export
plot.respondr_groups <- function(x, type = "groups", ...) {
  picture <- groups_picture(x, type, missing(type), rlang::current_call())
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname plot_groups
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_groups <- function(object, type = "groups", ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  groups_picture(object, type, missing(type), rlang::current_call())
}

# Without a word, summary figures get the one picture they have.
groups_picture <- function(x, type, free, call) {
  if (free && identical(attr(x, "settings")$kind, "figures")) type <- "contrasts"
  if (identical(type, "contrasts") && is.null(x$contrast)) {
    stop_input("plot", "A test of all arms has no contrast to draw.", "x", call)
  }
  check_word(type, c("groups", "contrasts"), "type", call)
  if (type == "groups") plot_groups(x) else plot_contrasts(x)
}

check_plot_rows <- function(x, call) {
  if (!inherits(x, "respondr_groups") || !nrow(x)) {
    stop_input("plot", c("There is no row to draw.", i = "Give a result of `compare_groups()`."), "x", call)
  }
  panels <- nrow(unique(as.data.frame(x)[c("outcome", attr(x, "settings")$by)]))
  if (panels > max_panels) {
    stop_input("plot", c(
      paste0("A picture of ", panels, " panels cannot be read (", max_panels, " at most)."),
      i = "Take fewer rows, for example `plot(x[x$outcome == \"hb\", ])`."
    ), "x", call)
  }
}

# One row a patient with a value: outcome, panel, arm, value.
groups_plot_data <- function(x, call) {
  check_plot_rows(x, call)
  input <- attr(x, "input")
  if (is.null(input) || identical(input$kind, "figures")) {
    stop_input("plot", c("Summary figures have no patients to draw.", i = "Use `type = \"contrasts\"`."), "x", call)
  }
  settings <- attr(x, "settings")
  cell <- rep(seq_along(diff(input$start)), diff(input$start))
  names <- outcome_names(input)
  wanted <- match(unique(as.character(x$outcome)), names)
  rows <- do.call(rbind, lapply(wanted, function(o) {
    data.frame(outcome = names[o], by_columns_of(input, (cell - 1L) %/% input$k + 1L),
      arm = factor(input$arms[(cell - 1L) %% input$k + 1L], levels = input$arms),
      value = input_column(input, "outcomes", o)[input$order], check.names = FALSE)
  }))
  rows <- plot_rows(rows[!is.na(rows$value), , drop = FALSE], x, c("outcome", settings$by))
  shown <- if (is.null(x$level)) input$arms else unique(c(as.character(x$reference), as.character(x$level)))
  rows <- some_rows(rows[as.character(rows$arm) %in% shown, , drop = FALSE], "value", call)
  rows$arm <- factor(as.character(rows$arm), levels = input$arms[input$arms %in% shown])
  level <- settings$conf_level
  cells <- split(rows, list(rows$outcome, rows$panel, rows$arm), drop = TRUE)
  means <- do.call(rbind, unname(lapply(cells, function(d) {
    data.frame(d[1, c("outcome", "panel", "arm")], mean_interval(d$value, level))
  })))
  list(rows = rows, mean = means, title = paste0("Patients by ", input$arm),
    caption = paste0("Box: quartiles. Large points with bars: mean and ", format_level(level), " interval of each arm"))
}

gg_groups <- function(data) {
  rows <- data$rows
  cells <- nlevels(droplevels(interaction(rows$outcome, rows$panel, rows$arm)))
  colours <- rep_len(group_colours, nlevels(rows$arm))
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$arm, y = .data$value)) +
    ggplot2::geom_boxplot(outlier.shape = NA, width = 0.55, colour = "grey50", fill = NA, linewidth = 0.4) +
    ggplot2::geom_jitter(ggplot2::aes(colour = .data$arm), width = 0.14, height = 0, size = 1.3,
      alpha = patient_alpha(nrow(rows) / cells)) +
    ggplot2::geom_linerange(ggplot2::aes(y = .data$mean, ymin = .data$low, ymax = .data$high),
      data = data$mean[is.finite(data$mean$low), , drop = FALSE], linewidth = 1.2,
      position = ggplot2::position_nudge(x = 0.38)) +
    ggplot2::geom_point(ggplot2::aes(y = .data$mean, fill = .data$arm), data = data$mean, size = 2.6, shape = 21,
      position = ggplot2::position_nudge(x = 0.38)) +
    ggplot2::scale_colour_manual(values = colours, guide = "none") +
    ggplot2::scale_fill_manual(values = colours, guide = "none") +
    ggplot2::scale_x_discrete(labels = function(v) wrap_labels(v)) +
    gg_panels(rows) + gg_words(rows, data$title, data$caption) + gg_theme()
}

base_groups <- function(data) {
  rows <- data$rows
  arms <- levels(rows$arm)
  rows$across <- as.integer(rows$arm)
  shift <- 0.14 * (((seq_len(nrow(rows)) * 7919) %% 101) / 50 - 1)
  base_panels(rows, function(outcome, panel) {
    here <- rows$outcome == outcome & rows$panel == panel
    bar <- in_cell(data$mean, outcome, panel)
    graphics::plot(NA, xlim = c(0.5, length(arms) + 0.6),
      ylim = range(rows$value[rows$outcome == outcome], bar$low, bar$high, na.rm = TRUE), xlab = "", ylab = "", xaxt = "n")
    base_axis(seq_along(arms), arms)
    graphics::boxplot(value ~ factor(across, seq_along(arms)), rows[here, ], add = TRUE, outline = FALSE, axes = FALSE,
      boxwex = 0.5, col = NA, border = "grey50")
    graphics::points((rows$across + shift)[here], rows$value[here], pch = 16, cex = 0.7,
      col = fade(rep_len(group_colours, length(arms))[rows$across[here]], patient_alpha(sum(here) / length(arms))))
    at <- as.integer(bar$arm) + 0.36
    graphics::segments(at, bar$low, at, bar$high, lwd = 2.5)
    graphics::points(at, bar$mean, pch = 21, bg = rep_len(group_colours, length(arms))[as.integer(bar$arm)], cex = 1.3)
  }, data$title, data$caption)
}

# One row a row of the result; `where` tells them apart within a panel.
contrast_plot_data <- function(x, call) {
  check_plot_rows(x, call)
  settings <- attr(x, "settings")
  rows <- as.data.frame(x)
  keys <- c("contrast", "method")[c(TRUE, !is_constant(x$method))]
  rows <- rows[!duplicated(row_keys(rows, c("outcome", settings$by, keys))), , drop = FALSE]
  rows$panel <- panel_labels(rows, settings$by, rows)
  where <- do.call(paste, c(lapply(rows[keys], as.character), sep = ", "))
  rows$where <- factor(where, levels = rev(unique(where)))
  rows <- some_rows(rows[is.finite(rows$estimate), , drop = FALSE], "estimate", call)
  rows$none <- vapply(as.character(rows$method), two_null, 0)
  if (!is.null(settings$call_words$null)) rows$none <- settings$call_words$null
  estimands <- unique(as.character(rows$estimand))
  list(rows = rows, title = "Contrasts", log = all(rows$method == "f"),
    x = if (length(estimands) == 1L) capitalised(estimands) else "Estimate",
    caption = paste0("Bars: ", format_level(rows$conf_level[1]), " intervals. Line: ",
      if (all(rows$none == rows$none[1])) format_number(rows$none[1]) else "no difference"))
}

gg_contrasts <- function(data) {
  rows <- data$rows
  picture <- ggplot2::ggplot(rows, ggplot2::aes(x = .data$estimate, y = .data$where)) +
    ggplot2::geom_vline(ggplot2::aes(xintercept = .data$none), colour = "grey30", linewidth = 0.5) +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$conf_low, xmax = .data$conf_high),
      data = rows[!is.na(rows$conf_low), , drop = FALSE], linewidth = 0.9) +
    ggplot2::geom_point(shape = 21, size = 2.8, fill = time_colours[["before"]]) +
    ggplot2::scale_y_discrete(labels = function(v) wrap_labels(v, 28)) +
    gg_contrast_panels(rows) +
    ggplot2::labs(x = data$x, y = NULL, title = data$title, caption = data$caption) + gg_theme()
  if (data$log) picture + ggplot2::scale_x_log10() else picture
}

# Every outcome has a scale of its own.
gg_contrast_panels <- function(rows) {
  wrap <- ggplot2::label_wrap_gen(22)
  outcomes <- nlevels(droplevels(rows$outcome)) > 1L
  panels <- nlevels(droplevels(rows$panel)) > 1L
  if (outcomes && panels) {
    ggplot2::facet_wrap(ggplot2::vars(.data$outcome, .data$panel), scales = "free_x", labeller = wrap)
  } else if (outcomes) {
    ggplot2::facet_wrap(ggplot2::vars(.data$outcome), scales = "free_x", labeller = wrap)
  } else if (panels) {
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), labeller = wrap)
  }
}

base_contrasts <- function(data) {
  rows <- data$rows
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    ends <- c(here$estimate, here$conf_low, here$conf_high, here$none)
    labels <- levels(droplevels(here$where))
    at <- match(here$where, labels)
    old <- graphics::par(mar = c(4, 9, 2.2, 0.6))
    on.exit(graphics::par(old))
    graphics::plot(NA, xlim = range(ends[is.finite(ends) & (!data$log | ends > 0)]), ylim = c(0.5, length(labels) + 0.5),
      xlab = data$x, ylab = "", yaxt = "n", log = if (data$log) "x" else "")
    graphics::axis(2, at = seq_along(labels), labels = wrap_labels(labels, 20), cex.axis = 0.8)
    graphics::abline(v = unique(here$none), col = "grey30")
    box <- if (data$log) 10^graphics::par("usr")[1:2] else graphics::par("usr")[1:2]
    low <- pmax(here$conf_low, box[1])
    high <- pmin(here$conf_high, box[2])
    graphics::segments(low, at, high, at, lwd = 2)
    graphics::points(here$estimate, at, pch = 21, bg = time_colours[["before"]], cex = 1.3)
  }, data$title, data$caption)
}
