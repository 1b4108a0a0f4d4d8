# The table that print() and knit_print() show: columns as text, what is constant left out, what does not fit dropped in
# the order of its importance.

# A column of a table. keep: 0 stays at any width, else the larger goes first.
table_column <- function(label, text, right = TRUE, keep = 0) {
  list(label = label, text = text, right = right, keep = keep)
}

# x: the rows to show; whole: the result they come from, which says what is constant. short: a shorter text that says
# the same beside the header.
result_table <- function(x, whole = x) {
  columns <- c(table_keys(x, whole), table_counts(x, whole), list(assumed = table_assumed(x)), table_estimate(x, whole),
    table_test(x, whole), table_effect(x, whole), table_corrected(x))
  if (inherits(whole, "respondr_odds") && !is.null(columns$events_reference)) columns$events_reference$keep <- 4
  if (any(whole$status != "ok", na.rm = TRUE)) {
    columns$status <- table_column("status", format_text(x$status), FALSE)
  }
  columns[!vapply(columns, is.null, NA)]
}

# Labels that differ from row to row. The estimand and the distribution are shown only where the method does not tell
# them.
table_keys <- function(x, whole) {
  by <- attr(whole, "settings")$by
  names <- intersect(c("outcome", by, "term", "contrast", "event", "method", "alternative", "distribution"), names(x))
  names <- names[!vapply(names, function(name) is_constant(whole[[name]]), NA)]
  kept <- isTRUE(attr(whole, "settings")$keep_estimand) && !is_constant(whole$estimand)
  if (kept || !all_same_within(whole$estimand, whole$method)) names <- c(names, "estimand")
  if (all_same_within(whole$distribution, whole$method)) names <- setdiff(names, "distribution")
  if (all_same_within(whole$contrast, whole$outcome)) names <- setdiff(names, "contrast")
  out <- lapply(names, function(name) {
    label <- dictionary_value(name, "label")
    late <- name == "distribution" || name == "estimand" && !isTRUE(attr(whole, "settings")$keep_estimand)
    table_column(if (is.na(label)) name else label, format_text(x[[name]]), FALSE, if (late) 8 else 0)
  })
  names(out) <- names
  if ("contrast" %in% names && inherits(whole, "respondr_odds")) {  # the header names the references
    out$contrast$short <- table_column("contrast", sub(" / .*", "", format_text(x$contrast)), FALSE)
  } else if ("contrast" %in% names && is_constant(whole$reference) && !anyNA(whole$level) &&
    all_same_within(whole$contrast, whole$level)) {
    out$contrast$short <- table_column(if (length(attr(whole, "input")$visits)) "visit" else "level",
      format_text(x$level), FALSE)
  }
  out
}

# Is y told by x? TRUE also where y is absent.
all_same_within <- function(y, x) {
  if (is.null(y) || is.null(x)) {
    return(TRUE)
  }
  code <- function(v) if (is.factor(v)) as.integer(v) else match(v, unique(v))
  codes <- lapply(list(x, y), function(v) {
    out <- code(v)
    out[is.na(out)] <- 0L
    as.double(out)
  })
  pair <- codes[[1]] * (max(codes[[2]], 0) + 1) + codes[[2]]
  !anyDuplicated(codes[[1]][!duplicated(pair)])
}

table_counts <- function(x, whole) {
  names <- intersect(c("events", "n", "n_pairs", "n_risk", "events_reference", "n_reference", "n_gained", "n_lost",
    "n_dropped", "n_zeros", "n_ties"), names(x))
  quiet <- c("n_risk", "n_dropped", "n_zeros", "n_ties")
  names <- names[!names %in% quiet | vapply(names, function(name) any(whole[[name]] > 0, na.rm = TRUE), NA)]
  if (all(whole$method %in% c("t", "bootstrap"))) names <- setdiff(names, c("n_zeros", "n_ties"))
  told <- !is.null(whole$term) && is_constant(whole$n) && length(attr(whole, "settings")$lines) > 0L  # in the header
  drop_at <- c(n_dropped = if (told) 11 else 3, n_zeros = 9, n_ties = 10, n = if (told) 10 else NA)
  out <- lapply(names, function(name) {
    keep <- drop_at[name]
    table_column(dictionary_value(name, "label"), format_count(x[[name]]), keep = if (is.na(keep)) 0 else keep[[1]])
  })
  out <- stats::setNames(out, names)
  if ("events" %in% names && "n" %in% names) events_of_patients(out, x) else out
}

# Events and patients side by side: 3/8. Patients with both visits are one number for both.
events_of_patients <- function(columns, x) {
  share <- function(events, n) ifelse(is.na(events), format_count(n), paste0(format_count(events), "/", format_count(n)))
  pairs <- !is.null(x$n_pairs)
  n <- if (pairs) ifelse(is.na(x$n_pairs), x$n, x$n_pairs) else x$n
  columns$events <- table_column(if (all(is.na(x$events))) "n" else "events/n", share(x$events, n))
  columns$n <- columns$n_pairs <- NULL
  if (!is.null(x$events_reference)) {
    before <- share(x$events_reference, if (pairs) x$n_pairs else x$n_reference)
    columns$events_reference <- table_column("reference", before, keep = if (pairs) 2 else 0)  # gained and lost tell it
    columns$n_reference <- NULL
  }
  columns
}

# What the method takes as known.
table_assumed <- function(x) {
  if (any(!is.na(x$assumed))) table_column("known", format_statistic(x$assumed))
}

result_places <- function(x) {
  if (inherits(x, "respondr_odds")) {
    return(odds_places(x))
  }
  missing <- rep(NA_real_, nrow(x))
  low <- x$conf_low %||% missing
  places <- estimate_places(x$estimate, low, x$conf_high %||% missing, x$std_error %||% missing)
  ratio <- grepl("ratio", x$estimand) & is.finite(low) & low > 0  # whose lower limit may be far smaller than its upper
  places[ratio] <- pmax(places[ratio], pmin(3L, as.integer(-floor(log10(low[ratio])))))
  places[is.na(x$estimate) & is.na(low)] <- NA  # a row without figures asks for no decimals
  mixed <- isTRUE(attr(x, "settings")$mixed_scales)  # estimands of several scales in one column
  group_places(places, if (mixed) as.integer(interaction(x$outcome, x$estimand, drop = TRUE)) else as.integer(x$outcome))
}

table_estimate <- function(x, whole) {
  if (!is.null(whole$term) && all(is.na(whole$estimate))) {
    return(NULL)
  }
  places <- result_places(x)
  level <- whole$conf_level
  constant <- is_constant(level) && !all(is.na(level))
  label <- paste(c(if (constant) format_level(level[!is.na(level)][1]), "interval"), collapse = " ")
  list(
    estimate = table_column("estimate", format_places(x$estimate, places)),
    std_error = if (is.null(whole$n_pairs) && any(!is.na(x$std_error))) {
      table_column("SE", format_places(x$std_error, places), keep = 4.5)
    },
    interval = if (!is.null(whole$n_pairs) || any(!is.na(whole$conf_low) | !is.na(whole$conf_high))) {
      table_column(label, format_interval(x$conf_low, x$conf_high, places))
    },
    conf_level = if (!constant) table_column("level", format_level(x$conf_level), keep = 2),
    adjusted = if (any(is.finite(x$conf_low_adjusted) | is.finite(x$conf_high_adjusted))) {
      table_column("simultaneous", format_interval(x$conf_low_adjusted, x$conf_high_adjusted, places), keep = 2)
    }
  )
}

table_test <- function(x, whole) {
  monte_carlo <- any(!is.na(x$p_low))
  ratio <- any(!is.na(x$df_denominator))
  degrees <- function(name, label) {
    if (any(!is.na(x[[name]]))) table_column(label, format_statistic(x[[name]]), keep = if (ratio) 1.5 else 7)
  }
  list(
    statistic = if (any(!is.na(x$statistic))) {
      all_ratios <- !any(is.na(x$df_denominator) & !is.na(x$statistic))
      table_column(if (ratio && all_ratios) "F" else "statistic", format_statistic(x$statistic), keep = if (ratio) 1 else 6)
    },
    df = degrees("df", "df"), df_denominator = degrees("df_denominator", "df2"),
    epsilon = if (any(!is.na(x$epsilon))) table_column("epsilon", format_places(x$epsilon, 3L), keep = 5.5),
    p_value = if (!is.null(whole$contrast) || !is.null(whole$term) || any(!is.na(whole$p_value))) table_column("p", format_p(x$p_value), keep = if (is.null(x$p_adjusted)) 0 else 1.8),
    p_range = if (monte_carlo) {
      range <- paste0("[", format_p(x$p_low), ", ", format_p(x$p_high), "]")
      table_column("99% of p", ifelse(is.na(x$p_low), no_value, range), keep = 5)
    },
    p_adjusted = if (!is.null(x$p_adjusted)) table_column("adjusted p", format_p(x$p_adjusted))
  )
}

# The name of the effect size is the heading, or is told by the method (see effect_legend()), or has a column.
table_effect <- function(x, whole) {
  if (is.null(x$effect) || all(is.na(whole$effect))) {
    return(NULL)
  }
  name <- single_effect(whole)
  places <- effect_places(x$effect)
  several <- is.null(name) && !all_same_within(whole$effect_name, whole$method)  # then only the effect tells rows apart
  list(
    effect_name = if (several) table_column("effect size", format_text(x$effect_name), FALSE),
    effect = table_column(name %||% "effect", format_places(x$effect, places), keep = if (several) 0 else 4),
    effect_interval = if (any(!is.na(x$effect_low))) {
      table_column(paste(name %||% "effect", "interval"), format_interval(x$effect_low, x$effect_high, places),
        keep = 5)
    }
  )
}

# Measures of a model less their optimism.
table_corrected <- function(x) {
  if (is.null(x$corrected) || all(is.na(x$corrected))) {
    return(NULL)
  }
  places <- result_places(x)
  column <- function(name, keep) {
    if (any(!is.na(x[[name]]))) table_column(dictionary_value(name, "label"), format_places(x[[name]], places), keep = keep)
  }
  list(
    optimism = column("optimism", 3), corrected = column("corrected", 0),
    corrected_interval = if (any(!is.na(x$corrected_low))) {
      table_column("its interval", format_interval(x$corrected_low, x$corrected_high, places), keep = 2)
    },
    plus632 = column("plus632", 4)
  )
}

effect_places <- function(effect) {
  places <- ifelse(abs(effect) < 0.01 & effect != 0, 4L, 2L)
  places[is.na(places)] <- 2L
  places
}

# The one effect size of all rows that have one, or NULL.
single_effect <- function(x) {
  names <- unique(as.character(x$effect_name[!is.na(x$effect_name)]))
  if (length(names) == 1L) names
}

effect_legend <- function(x) {
  if (is.null(x$effect_name) || !is.null(single_effect(x)) || is_constant(x$effect_name) || !all_same_within(x$effect_name, x$method)) {
    return(NULL)
  }
  pairs <- unique(data.frame(method = format_text(x$method), name = format_text(x$effect_name)))
  pairs <- pairs[pairs$name != no_value, ]
  paste0("Effect: ", paste(pairs$name, "for", pairs$method, collapse = ", "), ".")
}

column_width <- function(column) {
  max(text_width(unlist(strsplit(c(column$label, column$text), "\n", fixed = TRUE))), 0L)
}

# Says the same in less room first; then drops columns, the least important first; then writes both counts in one column;
# then breaks long labels over lines (`wrap`), or cuts them. What still does not fit goes on below, under its labels again:
# the first `lead` columns.
fit_columns <- function(columns, width, gap = 2L, wrap = TRUE) {
  widths <- function() vapply(columns, column_width, 0L)
  excess <- function() sum(widths()) + gap * (length(columns) - 1L) - width
  if (excess() > 0) {
    columns <- lapply(columns, function(column) column$short %||% column)
  }
  dropped <- character()
  while (excess() > 0) {
    keep <- vapply(columns, `[[`, 0, "keep")
    if (!any(keep > 0)) break
    at <- which.max(keep)
    dropped <- c(dropped, columns[[at]]$label)
    columns <- columns[-at]
  }
  if (excess() > 0) columns <- join_counts(columns)
  lead <- 0L
  if (excess() > 0) {
    at <- key_widths(columns, widths(), excess(), if (wrap) 14L else 8L)
    if (wrap && at$excess > 0) {  # in parts: the labels take half of the width
      lead <- sum(cumprod(!vapply(columns, `[[`, NA, "right")))
      first <- seq_along(columns) <= lead
      at$widths <- pmin(widths(), width)
      at$widths[first] <- key_widths(columns[first], at$widths[first], sum(widths()[first] + gap) - width %/% 2L, 14L)$widths
      if (max(at$widths[!first], 0) + sum(at$widths[first] + gap) > width) lead <- 0L
    }
    columns <- narrow_keys(columns, at$widths, if (wrap) wrap_text else shorten_text)
  }
  list(columns = columns, dropped = rev(dropped), lead = lead)
}

# Patients of both arms in one column: 20 v 21.
join_counts <- function(columns) {
  if (!all(c("n", "n_reference") %in% names(columns))) {
    return(columns)
  }
  both <- ifelse(columns$n_reference$text == no_value, columns$n$text,
    paste(columns$n$text, "v", columns$n_reference$text))
  columns$n <- table_column("n", both)
  columns$n_reference <- NULL
  columns
}

# The widest of the labels give way, none below `least`.
key_widths <- function(columns, widths, excess, least) {
  left <- which(!vapply(columns, `[[`, NA, "right"))
  while (excess > 0 && length(left)) {
    at <- left[which.max(widths[left])]
    if (widths[at] <= least) break
    widths[at] <- widths[at] - 1L
    excess <- excess - 1L
  }
  list(widths = widths, excess = excess)
}

narrow_keys <- function(columns, widths, how) {
  for (at in which(!vapply(columns, `[[`, NA, "right"))) {
    columns[[at]]$text <- how(columns[[at]]$text, widths[at])
    columns[[at]]$label <- how(columns[[at]]$label, widths[at])
  }
  columns
}

# Lines of text. What is too wide goes on in further blocks, as print.data.frame() does; the first `lead` columns come
# again in each.
table_lines <- function(columns, width, gap = 2L, lead = 0L) {
  cells <- lapply(columns, function(column) strsplit(paste0(c(column$label, column$text), "\n"), "\n", fixed = TRUE))
  widths <- vapply(columns, column_width, 0L)
  start <- seq_len(lead)
  blocks <- list()
  current <- start
  for (at in seq_along(columns)[seq_along(columns) > lead]) {
    if (length(current) > length(start) && sum(widths[current] + gap) + widths[at] > width) {
      blocks <- c(blocks, list(current))
      current <- start
    }
    current <- c(current, at)
  }
  lines <- lapply(c(blocks, list(current)), function(block) {
    height <- do.call(pmax, lapply(cells[block], lengths))
    text <- lapply(block, function(at) {
      full <- unlist(Map(function(x, n) c(x, rep("", n - length(x))), cells[[at]], height), use.names = FALSE)
      pad_text(full, widths[at], columns[[at]]$right)
    })
    c("", sub(" +$", "", do.call(paste, c(text, sep = strrep(" ", gap)))))
  })
  unlist(lines, use.names = FALSE)[-1]
}
