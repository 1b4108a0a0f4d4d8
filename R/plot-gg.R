# The pictures by ggplot2.

#' @importFrom rlang .data
gg_theme <- function() {
  ggplot2::theme_bw(base_size = 12) +
    ggplot2::theme(
      panel.grid.minor = ggplot2::element_blank(), panel.grid.major.x = ggplot2::element_blank(),
      strip.background = ggplot2::element_rect(fill = "grey94", colour = NA), legend.position = "bottom",
      plot.caption = ggplot2::element_text(colour = "grey30", hjust = 0), plot.caption.position = "plot",
      plot.title.position = "plot", panel.spacing.x = ggplot2::unit(0.8, "lines"),
      plot.title = ggplot2::element_text(size = 13)
    )
}

# Outcomes down, groups across; the scale of y is free between outcomes only.
gg_panels <- function(rows) {
  outcomes <- nlevels(droplevels(rows$outcome))
  panels <- nlevels(droplevels(rows$panel))
  wrap <- ggplot2::label_wrap_gen(22)
  if (outcomes > 1L && panels > 1L) {
    ggplot2::facet_grid(rows = ggplot2::vars(.data$outcome), cols = ggplot2::vars(.data$panel), scales = "free_y",
      labeller = wrap)
  } else if (outcomes > 1L) {
    ggplot2::facet_wrap(ggplot2::vars(.data$outcome), scales = "free_y", labeller = wrap)
  } else if (panels > 1L) {
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), labeller = wrap)
  }
}

# A single outcome stands at the axis, a long name of it in the title.
gg_words <- function(rows, title, caption) {
  outcome <- levels(droplevels(rows$outcome))
  single <- length(outcome) == 1L
  long <- single && nchar(outcome) > 20L
  ggplot2::labs(x = NULL, y = if (single && !long) outcome else NULL,
    title = if (long) paste0(outcome, ": ", title) else title,
    caption = caption)
}

gg_trajectories <- function(data) {
  rows <- data$rows
  rows$at <- data$x[as.character(rows$visit)]
  mean <- data$mean
  mean$at <- data$x[as.character(mean$visit)]
  alpha <- line_alpha(length(unique(rows$id)) / nlevels(droplevels(rows$panel)))
  used <- data$x[names(data$x) %in% rows$visit]
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$at, y = .data$value)) +
    ggplot2::geom_line(ggplot2::aes(group = .data$id, colour = .data$direction), alpha = alpha, linewidth = 0.4) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$direction), data = rows[rows$alone, , drop = FALSE], alpha = 0.6,
      size = 1.2) +
    ggplot2::geom_line(ggplot2::aes(y = .data$mean, group = 1), data = mean, linewidth = 1.1) +
    ggplot2::geom_point(ggplot2::aes(y = .data$mean), data = mean, size = 2.4) +
    ggplot2::scale_x_continuous(breaks = unname(used),
      labels = wrap_labels(names(used), if (length(used) > 3L) 6 else 14),
      expand = ggplot2::expansion(mult = 0.18)) +
    ggplot2::scale_colour_manual(values = direction_colours, name = "First to last visit", drop = TRUE) +
    ggplot2::guides(colour = ggplot2::guide_legend(override.aes = list(alpha = 1, linewidth = 1))) +
    gg_panels(rows) +
    gg_words(rows, "Each patient over time", "Thick line: mean of the patients measured at each visit") +
    gg_theme()
}

gg_before_after <- function(data) {
  single <- nlevels(droplevels(data$rows$comparison)) == 1L
  picture <- if (single) gg_pair(data) else gg_pairs(data)
  picture +
    gg_panels(data$rows) +
    gg_words(data$rows, "Complete pairs before and after", mean_caption(data)) +
    gg_theme()
}

# One comparison: both visits on the axis, a line for each patient.
gg_pair <- function(data) {
  n <- length(unique(data$rows$pair)) / nlevels(droplevels(data$rows$panel))
  alpha <- patient_alpha(n)
  ggplot2::ggplot(data$rows, ggplot2::aes(x = .data$time, y = .data$value)) +
    ggplot2::geom_line(ggplot2::aes(group = .data$pair), colour = "grey50", alpha = line_alpha(n), linewidth = 0.35) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$time), alpha = alpha, size = 1.3) +
    gg_mean_bars(data$mean, 0) +
    ggplot2::scale_colour_manual(values = time_colours, guide = "none") +
    ggplot2::scale_x_discrete(labels = function(v) wrap_labels(data$names[v]), expand = ggplot2::expansion(add = 0.5))
}

# Several comparisons: two columns of points for each.
gg_pairs <- function(data) {
  alpha <- patient_alpha(length(unique(data$rows$pair)))
  ggplot2::ggplot(data$rows, ggplot2::aes(x = .data$comparison, y = .data$value, colour = .data$time)) +
    ggplot2::geom_point(alpha = alpha, size = 1.1,
      position = ggplot2::position_jitterdodge(jitter.width = 0.15, dodge.width = 0.6, seed = 1)) +
    gg_mean_bars(data$mean, 0.6) +
    ggplot2::scale_colour_manual(values = time_colours, labels = function(v) unname(data$names[v]), name = NULL) +
    ggplot2::guides(colour = ggplot2::guide_legend(override.aes = list(alpha = 1, size = 2.5))) +
    ggplot2::scale_x_discrete(labels = function(v) wrap_labels(v))
}

gg_mean_bars <- function(mean, dodge) {
  place <- if (dodge > 0) ggplot2::position_dodge(dodge) else "identity"
  list(
    ggplot2::geom_linerange(ggplot2::aes(y = .data$mean, ymin = .data$low, ymax = .data$high, group = .data$time),
      data = mean[is.finite(mean$low), , drop = FALSE], colour = "black", linewidth = 0.9, position = place),
    ggplot2::geom_point(ggplot2::aes(y = .data$mean, fill = .data$time, group = .data$time), data = mean,
      colour = "black",
      shape = 21, size = 2.6, stroke = 0.8, position = place),
    ggplot2::scale_fill_manual(values = time_colours, guide = "none")
  )
}

gg_change <- function(data) {
  single <- nlevels(droplevels(data$rows$comparison)) == 1L
  across <- if (single) "panel" else "comparison"
  rows <- data$rows
  rows$across <- rows[[across]]
  estimates <- data$estimates
  estimates$across <- estimates[[across]]
  panels <- rows
  if (single) panels$panel <- factor(rep("", nrow(rows)))
  alpha <- patient_alpha(nrow(rows) / nlevels(droplevels(interaction(rows$outcome, rows$panel, rows$comparison))))
  if (single) rows$panel <- estimates$panel <- NULL
  picture <- ggplot2::ggplot(rows, ggplot2::aes(x = .data$across, y = .data$change)) +
    ggplot2::geom_hline(yintercept = data$none, colour = "grey30", linewidth = 0.5) +
    (if (length(data$margins)) ggplot2::geom_hline(yintercept = data$margins, linetype = "dashed", colour = "grey30")) +
    ggplot2::geom_boxplot(outlier.shape = NA, width = 0.55, colour = "grey50", fill = NA, linewidth = 0.4) +
    ggplot2::geom_jitter(width = 0.14, height = 0, alpha = alpha, size = 1.3, colour = time_colours[["after"]]) +
    ggplot2::geom_linerange(ggplot2::aes(y = .data$estimate, ymin = .data$conf_low, ymax = .data$conf_high),
      data = estimates[!is.na(estimates$conf_low), , drop = FALSE], linewidth = 1.2,
      position = ggplot2::position_nudge(x = 0.38)) +
    ggplot2::geom_point(ggplot2::aes(y = .data$estimate), data = estimates, size = 2.6, shape = 21,
      fill = time_colours[["before"]],
      position = ggplot2::position_nudge(x = 0.38)) +
    ggplot2::scale_x_discrete(labels = function(v) wrap_labels(v)) +
    gg_panels(panels) +
    gg_words(rows, data$title, change_caption(data)) +
    gg_theme()
  if (data$log) picture + ggplot2::scale_y_log10() else picture
}
