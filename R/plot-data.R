# What the pictures show, as plain data frames with the columns outcome, panel (the `by` labels as one text) and more.

max_panels <- 40L

plot_input <- function(x, need_visits, call) {
  input <- attr(x, "input")
  if (is.null(input) || identical(input$kind, "figures")) {
    stop_input("plot", c("Summary figures have no patients to draw.", i = "Give patient rows to `compare_paired()`."),
      "x", call)
  }
  if (!nrow(x)) {
    stop_input("plot", "There is no row to draw.", "x", call)
  }
  if (need_visits && identical(input$kind, "change")) {
    stop_input("plot", c(
      "A column of changes has no visits to draw.",
      i = "Use `type = \"change\"`, or give both visits to `compare_paired()`."
    ), "x", call)
  }
  panels <- nrow(unique(as.data.frame(x)[c("outcome", attr(x, "settings")$by)]))
  if (panels > max_panels) {
    stop_input("plot", c(
      paste0("A picture of ", panels, " panels cannot be read (", max_panels, " at most)."),
      i = "Take fewer rows, for example `plot(x[x$outcome == \"hb\", ])`."
    ), "x", call)
  }
  input
}

some_rows <- function(rows, what, call) {
  if (!nrow(rows)) {
    stop_input("plot", paste0("There is no ", what, " to draw."), "x", call)
  }
  rows
}

# The by labels of each row as one factor; "" where there are none. A bare number says nothing without its column.
panel_labels <- function(data, by, levels_of) {
  if (!length(by)) {
    return(factor(rep("", nrow(data))))
  }
  bare <- length(by) == 1L && !any(grepl("^[-+0-9.]+$|^TRUE$|^FALSE$", as.character(levels_of[[by]])))
  single <- function(d) {
    do.call(paste, c(lapply(by, function(b) if (bare) as.character(d[[b]]) else paste0(b, " ", d[[b]])), sep = ", "))
  }
  factor(single(data), levels = unique(single(levels_of)))
}

# Rows of patients that belong to the rows of the result, in its order of outcomes and panels.
plot_rows <- function(data, x, keys) {
  by <- attr(x, "settings")$by
  shown <- as.data.frame(x)
  data <- data[row_keys(data, keys) %in% row_keys(shown, keys), , drop = FALSE]
  data$outcome <- factor(as.character(data$outcome), levels = unique(as.character(shown$outcome)))
  data$panel <- panel_labels(data, by, shown)
  data
}

trajectory_data <- function(x, call) {
  input <- plot_input(x, TRUE, call)
  data <- plot_rows(input_long(input), x, c("outcome", attr(x, "settings")$by))
  data <- some_rows(data[is.finite(data$value), , drop = FALSE], "measurement", call)
  if (identical(input$kind, "wide")) {
    data <- wide_visits(data, input)
  } else {
    data$visit <- factor(as.character(data$visit), levels = levels(data$visit), ordered = TRUE)
  }
  data <- data[order(data$outcome, data$panel, data$id, data$visit), , drop = FALSE]
  key <- paste(data$outcome, data$panel, data$id, sep = "\r")
  first <- match(key, key)
  last <- length(key) + 1L - match(key, rev(key))
  change <- data$value[last] - data$value[first]
  data$direction <- factor(ifelse(change > 0, "rose", ifelse(change < 0, "fell", "did not change")),
    levels = names(direction_colours))
  data$alone <- first == last
  list(rows = data, mean = visit_means(data), x = visit_positions(levels(data$visit)), scale = "value")
}

# Wide columns have names of their own; over several outcomes they are simply before and after.
wide_visits <- function(data, input) {
  if (length(unique(data$outcome)) == 1L) {
    seen <- levels(data$visit)[levels(data$visit) %in% data$visit]
    data$visit <- factor(as.character(data$visit), levels = seen, ordered = TRUE)
    return(data)
  }
  later <- as.character(data$visit) == as.character(data$outcome) | as.character(data$visit) == "after"
  data$visit <- factor(ifelse(later, "after", "before"), levels = c("before", "after"), ordered = TRUE)
  data
}

visit_means <- function(data) {
  cells <- split(data, list(data$outcome, data$panel, data$visit), drop = TRUE)
  out <- lapply(cells, function(d) data.frame(d[1, c("outcome", "panel", "visit")], mean = mean(d$value), n = nrow(d)))
  out <- do.call(rbind, unname(out))
  out[order(out$outcome, out$panel, out$visit), , drop = FALSE]
}

# Visits that are numbers keep their distances on the axis.
visit_positions <- function(labels) {
  number <- suppressWarnings(as.numeric(labels))
  if (anyNA(number) || anyDuplicated(number)) number <- seq_along(labels)
  stats::setNames(number, labels)
}

before_after_data <- function(x, call) {
  input <- plot_input(x, TRUE, call)
  keys <- c("outcome", attr(x, "settings")$by, "contrast")
  pairs <- plot_rows(difference_contrasts(input_changes(input), x), x, keys)
  pairs <- some_rows(pairs[is.finite(pairs$change), , drop = FALSE], "complete pair", call)
  labels <- comparison_labels(pairs, x)
  pairs$comparison <- labels$comparison
  n <- nrow(pairs)
  rows <- data.frame(
    pairs[rep(seq_len(n), 2L), c("outcome", "panel", "id", "comparison"), drop = FALSE],
    pair = rep(seq_len(n), 2L), time = factor(rep(c("before", "after"), each = n), levels = c("before", "after")),
    value = c(pairs$before, pairs$after)
  )
  level <- attr(x, "settings")$conf_level %||% 0.95
  cells <- split(rows, list(rows$outcome, rows$panel, rows$comparison, rows$time), drop = TRUE)
  means <- do.call(rbind, unname(lapply(cells, function(d) {
    data.frame(d[1, c("outcome", "panel", "comparison", "time")], mean_interval(d$value, level))
  })))
  list(rows = rows, mean = means, names = labels$names, level = level)
}

# t interval of one mean; no limits from a single value.
mean_interval <- function(v, level) {
  half <- if (length(v) > 1L) stats::qt((1 + level) / 2, length(v) - 1) * stats::sd(v) / sqrt(length(v)) else NA_real_
  data.frame(mean = mean(v), low = mean(v) - half, high = mean(v) + half, n = length(v))
}

# The contrasts of a result on the ratio scale read "3 / 0" where the changes read "3 - 0".
difference_contrasts <- function(changes, x) {
  if (identical(attr(x, "settings")$scale, "ratio")) {
    input <- attr(x, "input")
    from <- as.character(result_labels(input, "difference")$contrast)
    to <- as.character(result_labels(input, "ratio")$contrast)
    changes$contrast <- factor(to[match(as.character(changes$contrast), from)], levels = unique(to))
  }
  changes
}

# One comparison a panel: its two visits are named on the axis. Several: the later visit names each.
comparison_labels <- function(data, x) {
  shown <- as.data.frame(x)
  first <- !duplicated(as.character(shown$contrast))
  contrasts <- as.character(shown$contrast)[first]
  several_columns <- all_same_within(shown$contrast, shown$outcome)
  if (several_columns || length(contrasts) == 1L) {
    one <- length(contrasts) == 1L && !is.na(shown$reference[1])
    names <- if (one) c(as.character(shown$reference[1]), as.character(shown$level[1])) else names(time_colours)
    return(list(comparison = factor(rep("", nrow(data))), names = stats::setNames(names, names(time_colours))))
  }
  same_reference <- is_constant(shown$reference) && !anyNA(shown$level)
  text <- if (same_reference) as.character(shown$level)[first] else contrasts
  comparison <- factor(text[match(as.character(data$contrast), contrasts)], levels = unique(text))
  reference <- if (same_reference) as.character(shown$reference[1]) else "before"
  list(comparison = comparison, names = c(before = reference, after = "the visit named below"))
}

change_data <- function(x, call) {
  input <- plot_input(x, FALSE, call)
  settings <- attr(x, "settings")
  keys <- c("outcome", settings$by, "contrast")
  rows <- plot_rows(difference_contrasts(input_changes(input), x), x, keys)
  rows$change <- on_scale(rows, settings$scale %||% "difference")
  rows <- some_rows(rows[is.finite(rows$change), , drop = FALSE], "change", call)
  shown <- as.data.frame(x)
  estimates <- shown[!duplicated(row_keys(shown, keys)), , drop = FALSE]
  estimates$panel <- panel_labels(estimates, settings$by, shown)
  estimates$outcome <- factor(as.character(estimates$outcome), levels = levels(rows$outcome))
  rows$comparison <- comparison_labels(rows, x)$comparison
  estimates$comparison <- comparison_labels(estimates, x)$comparison
  margins <- if (!is.null(estimates$margin_low)) c(estimates$margin_low[1], estimates$margin_high[1])
  list(
    rows = rows, estimates = estimates[is.finite(estimates$estimate), , drop = FALSE],
    none = if (identical(settings$scale, "ratio")) 1 else 0, log = identical(settings$scale, "ratio"),
    margins = margins,
    title = change_title(x), note = change_note(estimates)
  )
}

on_scale <- function(d, scale) {
  switch(scale,
    ratio = ifelse(d$before > 0 & d$after > 0, d$after / d$before, NA_real_),
    log_percent = ifelse(d$before > 0 & d$after > 0, suppressWarnings(100 * log(d$after / d$before)), NA_real_),
    symmetric_percent = 100 * (d$after - d$before) / (d$after + d$before),
    d$change
  )
}

change_title <- function(x) {
  settings <- attr(x, "settings")
  if (identical(settings$kind, "change")) {
    return("Change")
  }
  contrast <- if (is_constant(x$contrast)) {
    paste0(", ", x$contrast[1])
  } else if (is_constant(x$reference) && !anyNA(x$reference)) {
    paste0(if (identical(settings$scale, "ratio")) " to " else " from ", x$reference[1])
  } else {
    paste0(", ", contrast_words(x))
  }
  paste0(switch(settings$scale %||% "difference",
    ratio = "Ratio", log_percent = "Log percent change", symmetric_percent = "Symmetrised percent change", "Change"
  ), contrast)
}

change_note <- function(estimates) {
  level <- estimates$conf_level[!is.na(estimates$conf_level)]
  name <- as.character(estimates$estimand[1])
  paste0("Bar: ", name, if (length(level)) paste0(" with ", format_level(level[1]), " interval"))
}

mean_caption <- function(data) {
  paste0("Points with bars: mean and ", format_level(data$level), " interval at each visit, of the same patients")
}

change_caption <- function(data) {
  paste0("Box: quartiles. ", data$note, ". Line: no change", if (length(data$margins)) "; dashed: margins")
}
