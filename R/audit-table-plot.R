# What each row of a table allows, with what is printed.

#' @rdname print.respondr_audit_table
#' @export
plot.respondr_audit_table <- function(x, which = c("p", "correlation"), ...) {
  data <- audit_picture(x, which, sys.call())
  if (has_ggplot()) print(gg_audit(data)) else base_audit(data)
  invisible(x)
}

#' @rdname print.respondr_audit_table
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_audit_table <- function(object, which = c("p", "correlation"), ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  gg_audit(audit_picture(object, which, sys.call()))
}

audit_picture <- function(x, which, call) {
  asked <- length(which) == 1L
  which <- check_word(which[1], c("p", "correlation"), "which", call)
  if (!asked && is.null(p_picture(attr(x, "candidates")))) which <- "correlation"  # before/after rows alone
  rows <- if (which == "p") p_picture(attr(x, "candidates")) else r_picture(attr(x, "correlations"))
  if (is.null(rows)) {
    stop_input("plot", c(paste0("No row of this audit has ",
      if (which == "p") "a P that can be judged" else "an implied correlation", "."),
      i = "Try the other `which`."), "which", call)
  }
  items <- unique(rows$item)
  shown <- utils::head(items, audit_plot_rows)
  if (which == "p") rows[c("low", "high", "printed")] <- lapply(rows[c("low", "high", "printed")], pmax, least_drawn_p)
  list(rows = rows[rows$item %in% shown, , drop = FALSE], which = which, items = shown, all = length(items))
}

# Labels of more rows cannot be read.
audit_plot_rows <- 80L
least_drawn_p <- 1e-5

p_picture <- function(candidates) {
  do.call(rbind, lapply(candidates, function(x) {
    p <- unclass(x$p)
    n <- length(x$low)
    fits <- any(x$low <= p$high * (1 + 1e-11) & x$high >= p$low * (1 - 1e-11))
    quick_frame(list(item = rep(x$item, n), low = x$low, high = x$high, printed = rep(p$value, n),
      bound = rep(p$bound, n),
      fits = rep(isTRUE(fits), n)))
  }))
}

# Only a P that bounds the correlation says something about it.
r_picture <- function(paired) {
  if (is.null(paired)) {
    return(NULL)
  }
  paired <- bare_frame(paired)
  paired <- paired[!is.na(paired$r_low) & !is.na(paired$r_high), , drop = FALSE]
  if (!nrow(paired)) {
    return(NULL)
  }
  quick_frame(list(item = paired$item, low = pmax(paired$r_low, -1.5), high = pmin(paired$r_high, 1.5),
    printed = rep(NA_real_, nrow(paired)),
    bound = rep(NA_character_, nrow(paired)), fits = paired$verdict %in% "consistent"))
}

audit_colours <- c(`TRUE` = "#0072B2", `FALSE` = "#D55E00")
audit_captions <- function(which, shown = 1, all = 1) {
  words <- if (which == "p") c("P (logarithmic)",
  "Bars, dots where it is one number: P that the figures of the row allow, one a test, cut at 0.00001. Points: printed P; < and > are bounds.",
  "printed P comes back", "printed P does not come back") else c("correlation of before and after",
  "Bars: correlations that means, SDs, n and P imply, over their rounding, cut at -1.5 and 1.5.",
  "consistent", "only through rounding, or not at all")
  words[2] <- paste(strwrap(words[2], 66), collapse = "\n")
  if (all > shown) {
    words[2] <- paste0(words[2], "\nThe first ", shown, " of ", all, " rows; audit a part of the table for others.")
  }
  words
}

gg_audit <- function(data) {
  rows <- data$rows
  words <- audit_captions(data$which, length(data$items), data$all)
  rows$place <- match(rows$item, rev(data$items))
  rows$answer <- factor(ifelse(rows$fits, words[3], words[4]), levels = words[3:4])
  dodge <- stats::ave(rows$place, rows$item, FUN = function(z) (seq_along(z) - (length(z) + 1) / 2) * 0.1)
  rows$at <- rows$place + dodge
  plot <- ggplot2::ggplot(rows) +
    ggplot2::geom_segment(ggplot2::aes(x = .data$low, xend = .data$high, y = .data$at, yend = .data$at,
      colour = .data$answer), linewidth = 1.3,
      lineend = "round")
  if (data$which == "p") {
    points <- rows[!duplicated(rows$item) & !is.na(rows$printed), , drop = FALSE]
    plot <- plot + ggplot2::geom_point(ggplot2::aes(x = .data$low, y = .data$at, colour = .data$answer),
      rows[rows$low == rows$high, , drop = FALSE], size = 1.6, show.legend = FALSE) +
      ggplot2::geom_point(ggplot2::aes(x = .data$printed, y = .data$place, shape = .data$answer),
        points[points$bound == "=", , drop = FALSE], size = 2.6) +
      ggplot2::geom_text(ggplot2::aes(x = .data$printed, y = .data$place, label = .data$bound),
        points[points$bound != "=", , drop = FALSE], size = 4.5, fontface = "bold") +
      ggplot2::scale_shape_manual(values = stats::setNames(c(16, 4), words[3:4]), drop = FALSE) +
      ggplot2::scale_x_log10(breaks = c(1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1), labels = function(z) format(z,
        scientific = FALSE, drop0trailing = TRUE, trim = TRUE))
  } else {
    plot <- plot + ggplot2::geom_vline(xintercept = c(-1, 1), linetype = 2, colour = "#666666") +
      ggplot2::coord_cartesian(xlim = c(-1.5, 1.5)) + ggplot2::guides(shape = "none")
  }
  plot + ggplot2::scale_colour_manual(values = stats::setNames(unname(audit_colours), words[3:4]), drop = FALSE) +
    ggplot2::scale_y_continuous(breaks = seq_along(data$items), labels = short_label(rev(data$items)),
      minor_breaks = NULL) +
    ggplot2::labs(x = words[1], y = NULL, caption = words[2], colour = NULL, shape = NULL) + ggplot2::theme_minimal() +
    ggplot2::theme(legend.position = "bottom", plot.caption = ggplot2::element_text(hjust = 0),
      axis.text.y = ggplot2::element_text(size = audit_label_size(length(data$items))))
}

short_label <- function(x) {
  x <- plain_label(x)
  ifelse(nchar(x) > 36, paste0(substr(x, 1, 35), "\u2026"), x)
}

audit_label_size <- function(rows) if (rows <= 25) 9 else max(5, 9 * 25 / rows)

base_audit <- function(data) {
  rows <- data$rows
  words <- audit_captions(data$which, length(data$items), data$all)
  place <- match(rows$item, rev(data$items))
  place <- place + stats::ave(place, rows$item, FUN = function(z) (seq_along(z) - (length(z) + 1) / 2) * 0.1)
  log <- data$which == "p"
  limits <- if (log) range(c(pmax(rows$low, 1e-6), rows$high, rows$printed), na.rm = TRUE) else c(-1.5, 1.5)
  labels <- short_label(rev(data$items))
  caption <- strsplit(words[2], "\n")[[1]]
  size <- audit_label_size(length(data$items)) / 9
  old <- graphics::par(mar = c(6 + length(caption), 3 + 0.55 * size * max(nchar(labels)), 1, 1))
  on.exit(graphics::par(old))
  graphics::plot(NA, xlim = limits, ylim = c(0.5, length(data$items) + 0.5), log = if (log) "x" else "", yaxt = "n",
    xlab = words[1], ylab = "")
  graphics::mtext(caption, 1, 5 + seq_along(caption) - 1, adj = 0, cex = 0.75)
  graphics::mtext(paste0(c("blue: ", "orange: "), words[3:4], collapse = "; "), 1, 4, adj = 0, cex = 0.75)
  graphics::axis(2, seq_along(data$items), labels, las = 1, cex.axis = size)
  colour <- audit_colours[as.character(rows$fits)]
  graphics::segments(pmax(rows$low, if (log) 1e-6 else -1.5), place, rows$high, place, col = colour, lwd = 3)
  if (log) graphics::points(rows$printed, match(rows$item, rev(data$items)), pch = ifelse(rows$bound %in% c("<", ">"), rows$bound,
    ifelse(rows$fits, "\u2022", "x")), cex = 1.3) else graphics::abline(v = c(-1, 1), lty = 2)
}
