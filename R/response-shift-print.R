# How a shift of classes reads: who moved in words, who was lost, and the matrix of classes as a picture.

#' @export
format.respondr_shift <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L), width = getOption("width")) {
  lines <- NextMethod()
  if (!is_whole_result(x) || !nrow(x)) {
    return(lines)
  }
  words <- c(shift_move_words(x), shift_lost_words(x))
  c(lines, if (length(words)) c("", wrapped(words, max(20, width))))
}

# One sentence for each pair of visits and cut: 39 -> 41, and who ever.
shift_move_words <- function(x, most = 12L) {
  d <- unclass_frame(x)
  d <- d[!is.na(d$event), , drop = FALSE]
  by <- attr(x, "settings")$by
  d <- d[!duplicated(row_keys(d, c("outcome", by, "contrast", "event"))), , drop = FALSE]
  if (!nrow(d) || is.null(d$n_gained)) {
    return(NULL)
  }
  shown <- utils::head(d, most)
  group <- if (length(by)) paste0(" (", do.call(paste, c(lapply(by, function(b) paste(b, shown[[b]])), sep = ", ")), ")")
  several <- if (!is_constant(d$outcome)) paste0(shown$outcome, ", ")
  at <- function(visit) vapply(as.character(visit), prates_at_visit, "", USE.NAMES = FALSE)
  text <- paste0(several, shown$event, group, ": ", shown$events_reference, " ", at(shown$reference), ", ",
    shown$events, " ",
    at(shown$level), " of ", shown$n_pairs, " patients with both (", shown$n_gained, " gained, ", shown$n_lost,
      " lost); at either ",
    shown$events_reference + shown$n_gained, ".")
  c(text, if (nrow(d) > most) paste0("... and ", nrow(d) - most,
    " more (columns events_reference, events, n_gained, n_lost)."))
}

shift_lost_words <- function(x, most = 6L) {
  input <- attr(x, "input")
  if (is.null(input) || !identical(input$kind, "long")) {
    return(NULL)
  }
  moves <- shift_moves(input, attr(x, "settings")$contrasts)
  by <- names(input$by)
  moves <- moves[row_keys(moves, c("outcome", by, "reference", "level")) %in%
    row_keys(unclass_frame(x), c("outcome", by, "reference", "level")), , drop = FALSE]
  lost <- moves[moves$moved == "not known", , drop = FALSE]
  if (!nrow(lost)) {
    return(NULL)
  }
  key <- paste(lost$level, "-", lost$reference)
  parts <- split(lost, factor(key, levels = unique(key)))
  text <- vapply(utils::head(names(parts), most), function(name) {
    d <- parts[[name]]
    ids <- unique(as.character(d$id))
    paste0("Not in ", name, " for want of a class at one of them: ", length(ids), " patient",
      if (length(ids) != 1L) "s", " (",
      quoted(ids, 8L), ").")
  }, "", USE.NAMES = FALSE)
  c(text, if (length(parts) > most) "Further pairs: `shift_patients()`.")
}

#' @rdname response_shift
#' @param type The picture: `"matrix"`, the classes of the earlier visit in rows and of the later in columns.
#' @export
plot.respondr_shift <- function(x, type = "matrix", ...) {
  picture <- shift_picture(x, type, rlang::current_call())
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname response_shift
#' @param object As `x`.
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_shift <- function(object, type = "matrix", ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  shift_picture(object, type, rlang::current_call())
}

shift_picture <- function(x, type, call) {
  check_word(type, "matrix", "type", call)
  data <- shift_plot_data(x, call)
  if (has_ggplot()) gg_shift(data) else base_shift(data)
}

shift_plot_data <- function(x, call) {
  input <- attr(x, "input")
  if (is.null(input)) stop_input("plot", "A part of a result without its patients cannot be drawn.", "x", call)
  settings <- attr(x, "settings")
  table <- unclass_frame(prates_shift_frame(input, list(contrasts = settings$contrasts), "row", call))
  by <- settings$by
  keys <- c("outcome", by, "reference", "level")
  table <- table[row_keys(table, keys) %in% row_keys(unclass_frame(x), keys), , drop = FALSE]
  table <- table[table$before != "total" & table$after != "total", , drop = FALSE]
  labels <- levels(droplevels(table$before))
  table$before <- factor(table$before, levels = labels)
  table$after <- factor(table$after, levels = labels)
  table$move <- as.integer(table$after) - as.integer(table$before)
  table$direction <- c("fell", "stayed", "rose")[sign(table$move) + 2L]
  several <- keys[vapply(keys[seq_len(1L + length(by))], function(k) !is_constant(table[[k]]), NA)]
  front <- if (length(several)) do.call(paste, c(lapply(several, function(k) as.character(table[[k]])), sep = ", "))
  table$panel <- paste0(front, if (length(front)) "\n", table$reference, " to ", table$level)
  table$panel <- factor(table$panel, levels = unique(table$panel))
  if (nlevels(table$panel) > max_panels) {
    stop_input("plot", c(paste0("A picture of ", nlevels(table$panel), " pairs of visits cannot be read (", max_panels,
      " at most)."), i = "Take fewer rows, or `contrasts = \"reference\"`."), "x", call)
  }
  table$text <- paste0(table$n, ifelse(is.na(table$percent), "", paste0("\n", format_places(table$percent, 0L), "%")))
  table$share <- ifelse(is.na(table$percent), 0, table$percent / 100)
  list(rows = table, labels = labels)
}

shift_colours <- c(rose = "#0072B2", stayed = "#999999", fell = "#D55E00")

gg_shift <- function(data) {
  rows <- data$rows
  rows$before <- factor(rows$before, levels = rev(data$labels))
  columns <- ceiling(sqrt(nlevels(rows$panel)))
  size <- max(2.2, 4.2 - 0.45 * max(0, nlevels(rows$panel) - 1) - 0.3 * max(0, length(data$labels) - 3))
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$after, y = .data$before)) +
    ggplot2::geom_tile(ggplot2::aes(fill = .data$direction, alpha = .data$share), colour = "grey40", linewidth = 0.4) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text), size = size, lineheight = 0.95) +
    ggplot2::scale_fill_manual(values = shift_colours, breaks = names(shift_colours), name = NULL) +
    ggplot2::scale_alpha_continuous(range = c(0.04, 0.75), limits = c(0, 1), guide = "none") +
    ggplot2::guides(fill = ggplot2::guide_legend(override.aes = list(alpha = 0.7))) +
    ggplot2::scale_x_discrete(labels = function(x) wrap_labels(x, max(8L, 60L %/% (length(data$labels) * columns)))) +
    ggplot2::scale_y_discrete(labels = function(x) wrap_labels(x, 24L)) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel)) + ggplot2::coord_equal() +
    ggplot2::labs(x = "class at the later visit", y = "class at the earlier visit",
      caption = "Patients, and percent of those of the class at the earlier visit (rows add to 100%)") +
    gg_theme() + ggplot2::theme(panel.grid = ggplot2::element_blank())
}

base_shift <- function(data) {
  rows <- data$rows
  panels <- levels(rows$panel)
  k <- length(data$labels)
  columns <- ceiling(sqrt(length(panels)))
  old <- graphics::par(mfrow = c(ceiling(length(panels) / columns), columns), mar = c(4, 6, 2.4, 0.6), las = 1, pty = "s")
  on.exit(graphics::par(old))
  for (panel in panels) {
    d <- rows[rows$panel == panel, , drop = FALSE]
    x <- as.integer(d$after)
    y <- k + 1L - as.integer(d$before)
    graphics::plot(NA, xlim = c(0.5, k + 0.5), ylim = c(0.5, k + 0.5), xaxt = "n", yaxt = "n", xlab = "later visit",
      ylab = "",
      main = sub("\n", ", ", panel), font.main = 1)
    colour <- mapply(fade, shift_colours[d$direction], 0.04 + 0.7 * d$share)
    graphics::rect(x - 0.5, y - 0.5, x + 0.5, y + 0.5, col = colour, border = "grey40")
    graphics::text(x, y, d$text, cex = 0.9)
    graphics::axis(1, at = seq_len(k), labels = short_labels(data$labels, 12L), cex.axis = 0.7)
    graphics::axis(2, at = k + 1L - seq_len(k), labels = short_labels(data$labels, 16L), cex.axis = 0.8)
  }
  invisible(rows)
}
