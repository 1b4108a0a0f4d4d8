# The same pictures by base graphics, for machines without ggplot2.

# Labels of several lines grow downwards from the axis.
base_axis <- function(at, labels, width = 12) {
  graphics::axis(1, at = at, labels = FALSE)
  graphics::mtext(wrap_labels(labels, width), side = 1, at = at, line = 0.6, padj = 1, cex = 0.7)
}

# Draws `draw(cell)` for each outcome and panel, in rows and columns; y axes agree within an outcome.
base_panels <- function(rows, draw, title, legend = NULL) {
  cells <- unique(rows[c("outcome", "panel")])
  cells <- cells[order(cells$outcome, cells$panel), , drop = FALSE]
  columns <- if (length(unique(cells$outcome)) > 1L && length(unique(cells$panel)) > 1L) {
    length(unique(cells$panel))
  } else {
    min(nrow(cells), 3L)
  }
  old <- graphics::par(mfrow = c(ceiling(nrow(cells) / columns), columns), mar = c(4, 3.6, 2.2, 0.6),
    oma = c(1.6, 0, 2, 0),
    mgp = c(2.2, 0.7, 0), las = 1)
  on.exit(graphics::par(old))
  for (i in seq_len(nrow(cells))) {
    draw(cells$outcome[i], cells$panel[i])
    graphics::title(main = trimws(paste(cells$outcome[i], cells$panel[i])), font.main = 1, cex.main = 1)
  }
  graphics::mtext(title, outer = TRUE, font = 2, line = 0.4)
  if (length(legend)) graphics::mtext(legend, side = 1, outer = TRUE, cex = 0.75, line = 0.4)
  invisible(rows)
}

in_cell <- function(d, outcome, panel) d[d$outcome == outcome & d$panel == panel, , drop = FALSE]

fade <- function(colour, alpha) grDevices::adjustcolor(colour, alpha)

base_trajectories <- function(data) {
  rows <- data$rows
  rows$at <- data$x[as.character(rows$visit)]
  mean <- data$mean
  mean$at <- data$x[as.character(mean$visit)]
  alpha <- line_alpha(length(unique(rows$id)) / nlevels(droplevels(rows$panel)))
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    pad <- 0.06 * diff(range(data$x))
    graphics::plot(NA, xlim = range(data$x) + c(-pad, pad), ylim = range(rows$value[rows$outcome == outcome]),
      xlab = "", ylab = "", xaxt = "n")
    base_axis(data$x, names(data$x), if (length(data$x) > 3L) 8 else 14)
    for (one in split(here, here$id)) {
      colour <- fade(direction_colours[as.character(one$direction[1])], alpha)
      graphics::lines(one$at, one$value, col = colour)
      if (nrow(one) == 1L) graphics::points(one$at, one$value, col = colour, pch = 16, cex = 0.7)
    }
    centre <- in_cell(mean, outcome, panel)
    graphics::lines(centre$at, centre$mean, lwd = 3)
    graphics::points(centre$at, centre$mean, pch = 16, cex = 1.2)
  }, "Each patient over time", "Blue: rose from first to last visit; orange: fell. Thick line: mean at each visit")
}

base_before_after <- function(data) {
  rows <- data$rows
  comparisons <- levels(droplevels(rows$comparison))
  place <- function(d) (match(as.character(d$comparison), comparisons) - 1) * 2.6 + as.integer(d$time)
  n <- length(unique(rows$pair)) / nlevels(droplevels(rows$panel))
  base_panels(rows, function(outcome, panel) {
    here <- in_cell(rows, outcome, panel)
    centre <- in_cell(data$mean, outcome, panel)
    at <- range(place(rows))
    limits <- range(rows$value[rows$outcome == outcome])
    graphics::plot(NA, xlim = at + c(-0.4, 0.4), ylim = limits, xlab = "", ylab = "", xaxt = "n")
    if (length(comparisons) == 1L) {
      base_axis(1:2, data$names)
    } else {
      base_axis((seq_along(comparisons) - 1) * 2.6 + 1.5, comparisons)
    }
    for (one in split(here, here$pair)) graphics::lines(place(one), one$value, col = fade("grey50", line_alpha(n)))
    graphics::points(place(here), here$value, pch = 16, cex = 0.7,
      col = fade(time_colours[as.character(here$time)], patient_alpha(n)))
    bars <- is.finite(centre$low)
    graphics::segments(place(centre)[bars], centre$low[bars], place(centre)[bars], centre$high[bars], lwd = 2)
    graphics::points(place(centre), centre$mean, pch = 21, bg = time_colours[as.character(centre$time)], cex = 1.4)
  }, "Complete pairs before and after", mean_caption(data))
}

# Everything that is drawn fits: changes, finite limits, margins, no change.
base_change_limits <- function(data, outcome) {
  bar <- data$estimates[data$estimates$outcome == outcome, , drop = FALSE]
  all <- c(data$rows$change[data$rows$outcome == outcome], data$margins, data$none, bar$estimate, bar$conf_low,
    bar$conf_high)
  range(all[is.finite(all)])
}

base_change <- function(data) {
  single <- nlevels(droplevels(data$rows$comparison)) == 1L
  across <- if (single) "panel" else "comparison"
  rows <- data$rows
  groups <- levels(droplevels(rows[[across]]))
  estimates <- data$estimates
  rows$across <- match(as.character(rows[[across]]), groups)
  estimates$across <- match(as.character(estimates[[across]]), groups)
  if (single) rows$panel <- estimates$panel <- factor("")
  shift <- 0.14 * (((seq_len(nrow(rows)) * 7919) %% 101) / 50 - 1)
  base_panels(rows, function(outcome, panel) {
    here <- rows$outcome == outcome & rows$panel == panel
    graphics::plot(NA, xlim = c(0.5, length(groups) + 0.6),
      ylim = base_change_limits(data, outcome),
      xlab = "", ylab = "", xaxt = "n", log = if (data$log) "y" else "")
    base_axis(seq_along(groups), groups)
    graphics::abline(h = data$none, col = "grey30")
    if (length(data$margins)) graphics::abline(h = data$margins, lty = 2, col = "grey30")
    graphics::boxplot(change ~ factor(across, seq_along(groups)), rows[here, ], add = TRUE, outline = FALSE,
      axes = FALSE, boxwex = 0.5,
      col = NA, border = "grey50")
    graphics::points((rows$across + shift)[here], rows$change[here], pch = 16, cex = 0.7,
      col = fade(time_colours[["after"]], patient_alpha(sum(here) / length(groups))))
    bar <- in_cell(estimates, outcome, panel)
    ends <- if (data$log) 10^graphics::par("usr")[3:4] else graphics::par("usr")[3:4]
    low <- ifelse(is.finite(bar$conf_low), bar$conf_low, ends[1])
    high <- ifelse(is.finite(bar$conf_high), bar$conf_high, ends[2])
    seen <- !is.na(bar$conf_low)
    graphics::segments((bar$across + 0.36)[seen], low[seen], (bar$across + 0.36)[seen], high[seen], lwd = 2.5)
    graphics::points(bar$across + 0.36, bar$estimate, pch = 21, bg = time_colours[["before"]], cex = 1.3)
  }, data$title, change_caption(data))
}
