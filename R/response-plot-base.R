# The pictures of responders by base graphics, for machines without ggplot2.

base_waterfall <- function(read) {
  d <- read$rows
  colours <- class_palette(d$class)[as.character(d$class)]
  shown <- levels(droplevels(d$class))
  graphics::plot(NA, xlim = (nrow(d) + 1) / 2 + c(-0.5, 0.5) * max(nrow(d) + 1, 12),
    ylim = range(d$y, 0, read$lines), xaxt = "n", xlab = if (nrow(d) == 1L) "patient" else "patients",
    ylab = read$y, las = 1)
  graphics::rect(d$rank - 0.45, 0, d$rank + 0.45, d$y, col = colours, border = NA)
  graphics::abline(h = 0)
  if (length(read$lines)) graphics::abline(h = read$lines, lty = 2, col = "grey25")
  if (read$classes) graphics::legend("topright", short_labels(shown, 34L), fill = class_palette(d$class)[shown], border = NA,
    bty = "n")
  invisible(d)
}

base_time_axis <- function(time) {
  if (is.null(time$breaks)) graphics::axis(1) else base_axis(time$breaks, time$labels)
}

base_swimmer <- function(read) {
  s <- read$segments
  colours <- class_colours(read$classes)[as.character(s$class)]
  colours[is.na(colours)] <- "#CCCCCC"
  points <- swimmer_points(read)
  few <- swimmer_few(read)
  old <- graphics::par(mar = c(4, 6, 4.5, 0.6))
  on.exit(graphics::par(old))
  graphics::plot(NA, xlim = range(s$from, s$to, points$at), ylim = c(0.5, read$n + 0.5), xaxt = "n", yaxt = "n",
    xlab = read$x,
    ylab = if (few) "" else paste(read$n, "patients"))
  base_time_axis(read$time)
  graphics::rect(s$from, s$row - 0.42, s$to, s$row + 0.42, col = colours, border = NA)
  graphics::points(points$at, points$row, pch = swimmer_marks[as.character(points$mark)], bg = "white",
    cex = if (few) 0.9 else 0.4)
  if (few) graphics::axis(2, at = read$ends$row, labels = short_labels(read$ends$id, 14L), las = 1, cex.axis = 0.7)
  shown <- intersect(read$classes, s$class)
  graphics::legend("bottom", short_labels(c(shown, levels(points$mark)), 26L), inset = c(0, 1.01), xpd = NA,
    ncol = 3, pch = c(rep(15, length(shown)),
    swimmer_marks[levels(points$mark)]), col = c(class_colours(read$classes)[shown], rep("black", nlevels(points$mark))),
      bty = "n", cex = 0.8)
  invisible(s)
}

base_spaghetti <- function(read) {
  d <- read$rows
  shown <- levels(droplevels(d$class))
  colours <- c(class_colours(setdiff(levels(d$class), "not known")), "not known" = "#999999")
  if (!any(nzchar(shown))) colours <- c("#0072B2")
  old <- graphics::par(mfrow = c(1, length(shown)), mar = c(4, 4, 2, 0.5), las = 1)
  on.exit(graphics::par(old))
  titles <- wrap_labels(panel_counts(d), 72L %/% length(shown))
  graphics::par(mar = c(4, 4, 1 + max(lengths(strsplit(titles, "\n"))), 0.5))
  for (i in seq_along(shown)) {
    here <- d[d$class == shown[i], , drop = FALSE]
    graphics::plot(NA, xlim = range(d$at), ylim = range(d$y, read$lines), xaxt = "n", xlab = read$x, ylab = read$y,
      main = titles[[match(shown[i], levels(d$class))]], font.main = 1, cex.main = 0.9)
    base_time_axis(read$time)
    colour <- fade(if (nzchar(shown[i])) colours[[shown[i]]] else colours[[1]], max(0.12,
      line_alpha(length(unique(here$id)))))
    for (one in split(here, here$id)) graphics::lines(one$at, one$y, col = colour)
    once <- seen_once(here)
    graphics::points(once$at, once$y, col = colour, pch = 16)
    m <- spaghetti_means(here)
    graphics::lines(m$at, m$y, lwd = 3)
    if (length(read$lines)) graphics::abline(h = read$lines, lty = 2, col = "grey25")
  }
  invisible(d)
}

base_doses <- function(read) {
  d <- read$rows
  n <- nlevels(d$id)
  panels <- if (n <= max_panels) split(d, d$id) else list(d)
  columns <- ceiling(sqrt(length(panels)))
  old <- graphics::par(mfrow = c(ceiling(length(panels) / columns), columns), mar = c(2.5, 2.5, 1.6, 0.4), mgp = c(1.5,
    0.5, 0), las = 1)
  on.exit(graphics::par(old))
  for (name in seq_along(panels)) {
    here <- panels[[name]]
    graphics::plot(NA, xlim = range(d$at), ylim = range(d$y, 0), xaxt = "n", xlab = "",
      ylab = if (length(panels) == 1L) read$y else "",
      main = if (n <= max_panels) short_labels(names(panels), max(10L, 84L %/% columns))[name],
      font.main = 1, cex.main = 0.9)
    base_time_axis(read$time)
    for (one in split(here, droplevels(here$id))) {
      graphics::lines(one$at, one$y, type = "s", col = fade("#0072B2", if (n <= max_panels) 1 else max(0.15, line_alpha(n))))
    }
    once <- seen_once(here)
    graphics::points(once$at, once$y, pch = 16, cex = 0.7, col = "#0072B2")
    moves <- here[!is.na(here$moved), , drop = FALSE]
    graphics::points(moves$at, moves$y, pch = swimmer_marks[as.character(moves$moved)], bg = "white", cex = 0.8)
  }
  invisible(d)
}

base_distribution <- function(read) {
  d <- read$rows
  words <- change_curve_words(read)
  graphics::plot(NA, xlim = range(d$at), ylim = c(0, 100), xlab = read$y, ylab = words$y, las = 1)
  shown <- levels(droplevels(d$group))
  for (i in seq_along(shown)) {
    one <- d[d$group == shown[i], , drop = FALSE]
    graphics::polygon(c(one$at, rev(one$at)), 100 * c(one$low, rev(one$high)), col = fade(group_colours[i], 0.12),
      border = NA)
    graphics::lines(one$at, 100 * one$share, col = group_colours[i], lwd = 2, lty = i)
  }
  if (length(read$lines)) graphics::abline(v = read$lines, lty = 2, col = "grey25")
  graphics::legend("topright", short_labels(shown, 34L), col = group_colours[seq_along(shown)], lty = seq_along(shown),
    lwd = 2, bty = "n")
  graphics::mtext(words$caption, side = 3, cex = 0.75, adj = 0, line = 0.3)
  invisible(d)
}
