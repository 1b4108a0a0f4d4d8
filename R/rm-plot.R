# Pictures of repeated measures: means of groups over the visits, patients behind them.

#' Means over the visits
#'
#' `plot_interaction()` draws the estimated marginal means of each group at each visit with their intervals, on the real
#' spacing of the visits where they are numbers. `plot()` of a result of [rm_anova()] or [rm_mmrm()] draws it;
#' `type = "trajectories"` draws each patient with the means of the visits ([plot_trajectories()]).
#'
#' @param x,object A result of [rm_anova()] or [rm_mmrm()].
#' @param type `"interaction"` or `"trajectories"`.
#' @param ... Not used.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly.
#' @examples
#' long <- data.frame(
#'   id = rep(1:6, 3), month = rep(c(0, 3, 12), each = 6), sex = rep(c("f", "m"), 9),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 9.0, 9.1, 8.8, 9.9, 9.3, 8.5)
#' )
#' plot_interaction(rm_anova(hb ~ sex * month | id, long))
#' @export
plot_interaction <- function(x, ...) {
  data <- interaction_data(x, rlang::current_call())
  if (has_ggplot()) gg_interaction(data) else base_interaction(data)
}

interaction_data <- function(x, call) {
  input <- rm_input_of_any(x, call)
  means <- rm_means(x)
  rows <- as.data.frame(means)
  settings <- attr(means, "settings")
  visit <- input$within_names[length(input$within_names)]
  others <- setdiff(settings$by, visit)
  group <- if (length(others)) do.call(paste, c(lapply(rows[others], as.character), sep = ", ")) else rep("all", nrow(rows))
  labels <- levels(input$within[[visit]])
  at <- if (is.null(input$times)) seq_along(labels) else input$times
  rows$group <- factor(group, levels = unique(group))
  rows$at <- at[match(as.character(rows[[visit]]), labels)]
  shift <- (as.integer(rows$group) - (nlevels(rows$group) + 1) / 2) * 0.012 * diff(range(at))
  rows$x <- rows$at + shift
  list(rows = rows, at = at, labels = labels, visit = visit, title = "Means at each visit",
    caption = paste0("Bars: ", format_level(settings$conf_level), " intervals, each for its own mean"))
}

group_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

gg_interaction <- function(data) {
  rows <- data$rows
  width <- 0.02 * diff(range(data$at))
  several <- nlevels(rows$group) > 1L
  p <- ggplot2::ggplot(rows, ggplot2::aes(x = .data$x, y = .data$estimate, colour = .data$group, shape = .data$group)) +
    ggplot2::geom_line(linewidth = 0.6) +
    ggplot2::geom_errorbar(ggplot2::aes(ymin = .data$conf_low, ymax = .data$conf_high), width = width, na.rm = TRUE) +
    ggplot2::geom_point(size = 2.4) +
    ggplot2::scale_x_continuous(breaks = data$at, labels = wrap_labels(data$labels)) +
    ggplot2::scale_colour_manual(values = rep_len(group_colours, nlevels(rows$group)),
      guide = if (several) "legend" else "none") +
    ggplot2::scale_shape_manual(values = rep_len(c(16, 17, 15, 18, 1, 2, 0, 5), nlevels(rows$group)),
      guide = if (several) "legend" else "none") +
    ggplot2::labs(x = data$visit, y = NULL, colour = NULL, shape = NULL, title = data$title, caption = data$caption) +
    ggplot2::theme_minimal(base_size = 12) +
    ggplot2::theme(legend.position = "bottom", panel.grid.minor = ggplot2::element_blank())
  if (nlevels(rows$outcome) > 1L) p <- p + ggplot2::facet_wrap(ggplot2::vars(.data$outcome), scales = "free_y")
  p
}

base_interaction <- function(data) {
  rows <- data$rows
  rows$panel <- factor("")
  colours <- rep_len(group_colours, nlevels(rows$group))
  base_panels(rows, function(outcome, panel) {
    here <- rows[rows$outcome == outcome, , drop = FALSE]
    graphics::plot(NA, xlim = range(rows$x), ylim = range(here[c("estimate", "conf_low", "conf_high")], na.rm = TRUE),
      xlab = "", ylab = "", xaxt = "n")
    base_axis(data$at, data$labels)
    for (g in seq_along(colours)) {
      one <- here[as.integer(here$group) == g, , drop = FALSE]
      graphics::lines(one$x, one$estimate, col = colours[g], lwd = 2)
      graphics::segments(one$x, one$conf_low, one$x, one$conf_high, col = colours[g])
      graphics::points(one$x, one$estimate, pch = 14 + g, col = colours[g])
    }
    if (nlevels(rows$group) > 1L) {
      graphics::legend("topleft", levels(rows$group), col = colours, lwd = 2, bty = "n", cex = 0.8)
    }
  }, data$title, data$caption)
}

rm_picture <- function(x, type, call) {
  check_word(type, c("interaction", "trajectories"), "type", call)
  if (type == "interaction") {
    return(plot_interaction(x))
  }
  rm_input_of(x, call)
  plot_trajectories(if (is.data.frame(x)) x else rm_contrasts(x))
}

#' @rdname plot_interaction
#' @export
plot.respondr_rm_anova <- function(x, type = "interaction", ...) {
  picture <- rm_picture(x, type, rlang::current_call())
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname plot_interaction
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_rm_anova <- function(object, type = "interaction", ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  rm_picture(object, type, rlang::current_call())
}

#' @rdname plot_interaction
#' @export
plot.respondr_mmrm <- plot.respondr_rm_anova

#' @rdname plot_interaction
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_mmrm <- autoplot.respondr_rm_anova
