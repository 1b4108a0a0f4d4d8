# The picture of response_threshold(): rates of the arms, and below them the differences, over the cut-offs.

#' Response over cut-offs as a picture
#'
#' Above the rate of each arm over the cut-offs, below the difference of each arm to the reference; shaded the band that
#' holds at all
#' cut-offs together. Marks stand on the differences whose pointwise p-value is at most 1 - `conf_level`; dashed lines where
#' that conclusion changes. Rates are steps between the observed values; for cut-offs of `cuts`, between which nothing was
#' computed, points with their bands.
#'
#' @param x,object A result of [response_threshold()].
#' @param ... Not used.
#' @return `plot()` draws and returns `x` invisibly; `autoplot()` a ggplot.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw or more than 8 arms.
#' @examples
#' d <- transform(MASS::anorexia, gain = Postwt - Prewt)
#' plot(response_threshold(gain ~ Treat, d, reference = "Cont"))
#' @export
plot.respondr_threshold <- function(x, ...) {
  data <- threshold_picture(x, rlang::current_call())
  if (has_ggplot()) print(gg_threshold(data)) else base_threshold(data)
  invisible(x)
}

#' @rdname plot.respondr_threshold
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_threshold <- function(object, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  gg_threshold(threshold_picture(object, rlang::current_call()))
}

threshold_picture <- function(x, call) {
  settings <- attr(x, "settings")
  arms <- settings$arms
  if (length(arms) > 8L) {
    stop_input("plot", paste0("A picture of ", length(arms), " arms cannot be read (8 at most)."), "x", call)
  }
  rows <- as.data.frame(x)
  difference <- rows$estimand == "difference of rates"
  share <- if (identical(settings$direction, "less")) "of at most this" else "of at least this"
  panels <- c(paste0("patients with a change ", share, " (%)"), "difference (percentage points)")
  out <- data.frame(cutoff = rows$cutoff, panel = factor(panels[1L + difference], levels = panels),
    arm = factor(as.character(rows$level), levels = arms), contrast = as.character(rows$contrast), y = 100 * rows$estimate,
    low = 100 * rows$conf_low_adjusted, high = 100 * rows$conf_high_adjusted,
    marked = difference & as.character(rows$conclusion %||% NA) %in% c("higher", "lower"))
  out <- some_rows(out[!is.na(out$y), , drop = FALSE], "patient", call)
  out$panel <- droplevels(out$panel)
  apart <- !isTRUE(settings$all_values) || length(unique(out$cutoff)) == 1L
  changes <- if (!apart) unique(rows$cutoff[rows$changes %in% TRUE])
  steps <- if (!apart) threshold_steps(out, identical(settings$direction, "less"))
  list(rows = out, steps = steps, changes = changes, apart = apart,
    title = paste0("Response over cut-offs of ", rows$outcome[1]),
    x = paste0("cut-off of ", rows$outcome[1]), reference = arms[1],
    caption = threshold_caption(rows$conf_level[1], settings, any(difference), length(changes) > 0L))
}

threshold_caption <- function(level, settings, differences, changes) {
  dkw <- "Dvoretzky-Kiefer-Wolfowitz"
  band <- if (differences && settings$band == "bootstrap") paste0("rates ", dkw, ", differences bootstrap sup-t") else dkw
  text <- paste0("Band: ", format_level(level), " for all cut-offs together (", band, ").",
    if (differences) paste0(" Differences to ", settings$arms[1], "; points: p at most ",
      format_number(round(1 - level, 12)), " at that cut-off alone."),
    if (changes) " Dashed: this conclusion changes.")
  paste(strwrap(text, 90), collapse = "\n")
}

# Corners of the steps. Between two observed values "at least" is the rate of the upper, "at most" that of the lower one.
threshold_steps <- function(rows, at_most) {
  parts <- split(rows, list(rows$panel, rows$arm), drop = TRUE)
  do.call(rbind, lapply(parts, function(d) {
    n <- nrow(d)
    d <- d[order(d$cutoff), , drop = FALSE]
    first <- c(rep(seq_len(n - 1L), each = 2L), n)
    second <- c(1L, rep(seq_len(n)[-1L], each = 2L))
    out <- d[if (at_most) first else second, , drop = FALSE]
    out$cutoff <- d$cutoff[if (at_most) second else first]
    out
  }))
}

gg_threshold <- function(data) {
  rows <- data$rows
  colours <- stats::setNames(rep_len(group_colours, nlevels(rows$arm)), levels(rows$arm))
  zero <- data.frame(panel = rows$panel[match("difference (percentage points)", rows$panel)], y = 0)
  marked <- rows[rows$marked, , drop = FALSE]
  picture <- ggplot2::ggplot(rows, ggplot2::aes(x = .data$cutoff, y = .data$y, colour = .data$arm)) +
    (if (!is.na(zero$panel)) ggplot2::geom_hline(ggplot2::aes(yintercept = .data$y), zero, colour = "grey30",
      linewidth = 0.4)) +
    (if (length(data$changes)) ggplot2::geom_vline(xintercept = data$changes, linetype = "dashed", colour = "grey55",
      linewidth = 0.4))
  picture <- if (data$apart) {
    beside <- ggplot2::position_dodge(width = 0.03 * max(diff(range(rows$cutoff)), 1))
    picture + ggplot2::geom_linerange(ggplot2::aes(ymin = .data$low, ymax = .data$high), position = beside, na.rm = TRUE) +
      ggplot2::geom_point(ggplot2::aes(shape = .data$marked), position = beside, size = 2.4) +
      ggplot2::scale_shape_manual(values = c(`FALSE` = 1, `TRUE` = 16), guide = "none")
  } else {
    picture + ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$low, ymax = .data$high, fill = .data$arm), data$steps,
      alpha = 0.14, colour = NA, na.rm = TRUE) +
      ggplot2::geom_path(ggplot2::aes(linetype = .data$arm), data$steps, linewidth = 0.9) +
      ggplot2::geom_point(data = marked, size = 1.7, show.legend = FALSE)
  }
  picture +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), ncol = 1L, scales = "free_y") +
    ggplot2::scale_colour_manual(values = colours, aesthetics = c("colour", "fill"), name = NULL, drop = FALSE) +
    ggplot2::scale_linetype_discrete(name = NULL, drop = FALSE) +
    ggplot2::guides(colour = gg_legend(levels(rows$arm)), fill = gg_legend(levels(rows$arm)),
      linetype = gg_legend(levels(rows$arm))) +
    ggplot2::labs(x = data$x, y = NULL, title = data$title, caption = data$caption) + gg_theme()
}

base_threshold <- function(data) {
  rows <- data$rows
  panels <- levels(rows$panel)
  old <- graphics::par(mfrow = c(length(panels), 1L), mar = c(4, 4, 2, 0.6), oma = c(2.5, 0, 1.5, 0), las = 1)
  on.exit(graphics::par(old))
  for (panel in panels) {
    here <- rows[rows$panel == panel, , drop = FALSE]
    beyond <- data$apart * c(-0.04, 0.04) * max(diff(range(rows$cutoff)), 1)
    graphics::plot(NA, xlim = range(rows$cutoff) + beyond, ylim = range(here$y, here$low, here$high, na.rm = TRUE),
      xlab = data$x, ylab = "", main = panel, font.main = 1, cex.main = 1)
    if (length(data$changes)) graphics::abline(v = data$changes, lty = 2, col = "grey55")
    graphics::abline(h = 0, col = "grey30")
    for (arm in intersect(levels(here$arm), here$arm)) base_threshold_arm(data, panel, arm)
    shown <- levels(droplevels(here$arm))
    at <- match(shown, levels(here$arm))
    graphics::legend("topright", shown, col = rep_len(group_colours, nlevels(here$arm))[at], lty = at, lwd = 2, bty = "n")
  }
  graphics::mtext(data$title, side = 3, outer = TRUE, adj = 0)
  graphics::mtext(data$caption, side = 1, outer = TRUE, adj = 0, cex = 0.7, line = 1.5)
  invisible(rows)
}

base_threshold_arm <- function(data, panel, arm) {
  of <- function(rows) rows[rows$panel == panel & rows$arm == arm, , drop = FALSE]
  points <- of(data$rows)
  i <- match(arm, levels(points$arm))
  colour <- rep_len(group_colours, nlevels(points$arm))[i]
  if (data$apart) {
    points$cutoff <- points$cutoff + (i - 0.5 * (1 + nlevels(points$arm))) * 0.01 * max(diff(range(data$rows$cutoff)), 1)
    graphics::segments(points$cutoff, points$low, points$cutoff, points$high, col = colour)
    graphics::points(points$cutoff, points$y, col = colour, pch = ifelse(points$marked, 16, 1))
    return(invisible())
  }
  lines <- of(data$steps)
  band <- lines[!is.na(lines$low), , drop = FALSE]
  graphics::polygon(c(band$cutoff, rev(band$cutoff)), c(band$low, rev(band$high)), col = fade(colour, 0.14), border = NA)
  graphics::lines(lines$cutoff, lines$y, col = colour, lwd = 2, lty = i)
  marked <- points[points$marked, , drop = FALSE]
  graphics::points(marked$cutoff, marked$y, col = colour, pch = 16, cex = 0.8)
}
