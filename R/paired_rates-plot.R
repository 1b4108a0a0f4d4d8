# Pictures of paired rates: the rate at each visit with its interval, and the contrasts with theirs.

prates_plot_visits <- function(x, call) {
  data <- prates_visit_rates(x, call)
  if (has_ggplot()) prates_gg_visit_rates(data) else prates_base_visit_rates(data)
}

prates_plot_contrasts <- function(x, call) {
  data <- prates_contrasts(x, call)
  if (has_ggplot()) prates_gg_rate_contrasts(data) else prates_base_rate_contrasts(data)
}

#' @rdname plot_rates
#' @export
plot_rates.respondr_paired_rates <- function(x, ...) prates_plot_visits(x, rlang::current_call())

#' @rdname plot_rates
#' @export
plot_rate_contrasts.respondr_paired_rates <- function(x, ...) prates_plot_contrasts(x, rlang::current_call())

#' @rdname plot_rates
#' @export
plot.respondr_paired_rates <- function(x, type = c("rates", "contrasts"), ...) draw_rates(x, type, rlang::current_call())

#' @rdname plot_rates
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_paired_rates <- function(object, type = c("rates", "contrasts"), ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  rates_picture(object, type, rlang::current_call())
}

# Events and known responses at each visit, for the outcomes and groups shown.
prates_visit_rates <- function(x, call) {
  input <- attr(x, "input")
  if (is.null(input$event)) {
    stop_input("plot", c("There is no event whose rate could be drawn.", i = "Name one: `compare_paired_rates(event = ...)`."),
      "x", call)
  }
  frames <- lapply(names(input$outcomes), function(name) prates_of_outcome(input, name))
  data <- do.call(rbind, frames)
  by <- names(input$by)
  shown <- as.data.frame(x)
  data <- data[row_keys(data, c("outcome", by)) %in% row_keys(shown, c("outcome", by)), , drop = FALSE]
  data <- some_rows(data[data$n > 0, , drop = FALSE], "response", call)
  data$outcome <- factor(as.character(data$outcome), levels = unique(as.character(shown$outcome)))
  data$panel <- panel_labels(data, by, shown)
  if (nrow(unique(data[c("outcome", "panel")])) > max_panels) {
    stop_input("plot", c(paste0("A picture of more than ", max_panels, " panels cannot be read."),
      i = "Take fewer rows, for example `plot(x[x$outcome == \"response\", ])`."), "x", call)
  }
  level <- attr(x, "settings")$conf_level
  limits <- ask_core(paired_rates_shares(as.double(data$events), as.double(data$n), level), call)
  data$rate <- data$events / data$n
  data$low <- limits$low
  data$high <- limits$high
  list(rows = data, level = level, event = unique(input$event))
}

prates_of_outcome <- function(input, name) {
  groups <- nrow(input$by)
  visits <- factor(input$visits, levels = input$visits)
  if (identical(input$kind, "counts")) {
    t <- paired_rates_tables(prates_core_input(input, NULL, TRUE))$tables[[match(name, names(input$outcomes))]]
    return(data.frame(outcome = name, visit = visits, n = sum(t), events = c(sum(t[2, ]), sum(t[, 2]))))
  }
  code <- input$binary[[name]]
  group <- group_of_patient(input)
  cells <- lapply(seq_len(groups), function(g) {
    seen <- apply(input$rows[group == g, , drop = FALSE], 2L, function(rows) {
      v <- code[rows]
      c(sum(!is.na(v)), sum(v == 2L, na.rm = TRUE))
    })
    data.frame(outcome = name, by_columns_of(input, rep(g, length(visits))), visit = visits, n = seen[1, ], events = seen[2, ],
      check.names = FALSE)
  })
  do.call(rbind, cells)
}

prates_contrasts <- function(x, call) {
  shown <- as.data.frame(x)
  shown <- shown[!is.na(shown$estimate) & as.character(shown$method) %in% prates_pair_methods, , drop = FALSE]
  shown <- some_rows(shown, "estimate", call)
  estimand <- as.character(shown$estimand)[1]
  shown <- shown[as.character(shown$estimand) == estimand, , drop = FALSE]
  by <- attr(x, "settings")$by
  keys <- c("outcome", by, "contrast", "method")
  keys <- keys[vapply(keys, function(k) length(unique(as.character(shown[[k]]))) > 1L, NA)]
  if (!length(keys)) keys <- "contrast"
  shown$line <- do.call(paste, c(lapply(keys, function(k) as.character(shown[[k]])), sep = ", "))
  if (nrow(shown) > max_panels) {
    stop_input("plot", c(paste0("A picture of ", nrow(shown), " contrasts cannot be read (", max_panels, " at most)."),
      i = "Take fewer rows."), "x", call)
  }
  shown$line <- factor(shown$line, levels = rev(unique(shown$line)))
  ratio <- estimand != prates_estimand_text[["difference"]]
  shown$row <- as.integer(shown$line)
  list(rows = shown, ratio = ratio, none = if (ratio) 1 else 0, title = capitalised(estimand),
    level = attr(x, "settings")$conf_level)
}

# Ends for the drawing: an axis of logarithms has no 0 and no infinity.
prates_forest_range <- function(data) {
  v <- c(data$rows$conf_low, data$rows$conf_high, data$rows$estimate, data$none)
  if (!data$ratio) {
    return(range(v[is.finite(v)]))
  }
  v <- v[is.finite(v) & v > 0]
  range(v) * c(1 / 1.5, 1.5)
}

prates_caption <- function(data) paste0("Bars: patients with the event; lines: ", format_level(data$level), " Wilson interval")

prates_gg_visit_rates <- function(data) {
  rows <- data$rows
  rows$text <- paste0(rows$events, "/", rows$n)
  facets <- if (nlevels(droplevels(rows$panel)) > 1L && nlevels(droplevels(rows$outcome)) > 1L) {
    ggplot2::facet_grid(outcome ~ panel)
  } else if (nlevels(droplevels(rows$panel)) > 1L) ggplot2::facet_wrap(~panel) else ggplot2::facet_wrap(~outcome)
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$visit, y = 100 * .data$rate)) +
    ggplot2::geom_col(width = 0.62, fill = time_colours[["after"]], alpha = 0.55) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = 100 * .data$low, ymax = 100 * .data$high), linewidth = 0.9) +
    ggplot2::geom_text(ggplot2::aes(y = 100 * .data$high, label = .data$text), vjust = -0.5, size = 3.2) + facets +
    ggplot2::scale_y_continuous(limits = c(0, 100), expand = ggplot2::expansion(mult = c(0, 0.1))) +
    ggplot2::labs(x = NULL, y = paste0("patients with the event (%): ", paste(data$event, collapse = "; ")),
      caption = prates_caption(data)) +
    gg_theme()
}

prates_gg_rate_contrasts <- function(data) {
  ends <- prates_forest_range(data)
  rows <- data$rows
  rows$low <- pmax(rows$conf_low, ends[1])
  rows$high <- pmin(rows$conf_high, ends[2])
  picture <- ggplot2::ggplot(rows, ggplot2::aes(y = .data$line)) +
    ggplot2::geom_vline(xintercept = data$none, colour = "grey30", linewidth = 0.5) +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), linewidth = 0.9) +
    ggplot2::geom_point(ggplot2::aes(x = pmin(pmax(.data$estimate, ends[1]), ends[2])), size = 2.6, shape = 21,
      fill = time_colours[["before"]]) +
    ggplot2::labs(x = data$title, y = NULL, caption = paste0("Bars: ", format_level(data$level), " interval")) +
    gg_theme()
  if (data$ratio) picture + ggplot2::scale_x_log10(limits = ends) else picture + ggplot2::scale_x_continuous(limits = ends)
}

prates_base_visit_rates <- function(data) {
  base_panels(data$rows, function(outcome, panel) {
    d <- data$rows[data$rows$outcome == outcome & data$rows$panel == panel, , drop = FALSE]
    at <- seq_len(nrow(d))
    graphics::plot(NA, xlim = c(0.4, nrow(d) + 0.6), ylim = c(0, 100), xaxt = "n", xlab = "", ylab = "% with event")
    graphics::rect(at - 0.3, 0, at + 0.3, 100 * d$rate, col = "#56B4E9", border = NA)
    graphics::segments(at, 100 * d$low, at, 100 * d$high)
    graphics::text(at, 2, paste0(d$events, "/", d$n), pos = 3, cex = 0.8)
    base_axis(at, as.character(d$visit))
  }, prates_caption(data))
  invisible(data$rows)
}

prates_base_rate_contrasts <- function(data) {
  d <- data$rows
  ends <- prates_forest_range(data)
  old <- graphics::par(mar = c(4, max(6, 0.5 * max(nchar(levels(d$line)))), 2, 1), las = 1)
  on.exit(graphics::par(old))
  graphics::plot(NA, xlim = ends, ylim = c(0.5, nlevels(d$line) + 0.5), log = if (data$ratio) "x" else "", yaxt = "n", ylab = "",
    xlab = data$title)
  graphics::abline(v = data$none, lty = 2, col = "#666666")
  graphics::segments(pmax(d$conf_low, ends[1]), d$row, pmin(d$conf_high, ends[2]), d$row)
  graphics::points(pmin(pmax(d$estimate, ends[1]), ends[2]), d$row, pch = 19, col = "#0072B2")
  graphics::axis(2, at = seq_len(nlevels(d$line)), labels = levels(d$line))
  invisible(d)
}
