# The before/after table in print and in documents.

#' @export
`[.respondr_description` <- function(x, ...) {
  out <- NextMethod()
  needed <- c("outcome", "contrast", "n_pairs", "mean_before", "mean_after", "mean_change")
  if (!is.data.frame(out)) {
    return(out)
  }
  if (!all(needed %in% names(out))) {
    return(bare_frame(out))
  }
  attr(out, "settings") <- attr(x, "settings")
  attr(out, "input") <- attr(x, "input")
  class(out) <- class(x)
  out
}

#' @export
as.data.frame.respondr_description <- function(x, row.names = NULL, optional = FALSE, ...) {
  bare_frame(unclass_frame(x))
}

#' @export
print.respondr_description <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L),
  width = getOption("width")) {
  cli::cat_line(format(x, max_rows = max_rows, width = width))
  invisible(x)
}

#' @export
format.respondr_description <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L),
  width = getOption("width")) {
  title <- description_title(x)
  if (!nrow(x)) {
    return(title)
  }
  shown <- x[seq_len(min(nrow(x), max_rows)), , drop = FALSE]
  columns <- description_table(shown)
  columns[c("n_pairs", "correlation", description_keys(shown))] <- NULL
  body <- table_lines(columns, width - 2L)
  heads <- description_heads(shown)
  parts <- length(description_parts(shown))
  lines <- parts * (seq_len(nrow(shown)) - 1L)
  if (length(body) == 1L + parts * nrow(shown)) {
    text <- lapply(seq_len(nrow(shown)), function(i) c(wrapped(heads[i], width),
      paste0("  ", body[1L + lines[i] + seq_len(parts)])))
    body <- c(paste0("  ", body[1]), unlist(text, use.names = FALSE))
  } else {
    body <- c(wrapped(heads, width), body)
  }
  more <- nrow(x) - nrow(shown)
  c(
    title, "", body,
    if (more > 0) paste0("... and ", format_count(more), " more row", if (more != 1) "s",
      " (print(x, max_rows = Inf))"),
    "", "The changes in percent of the baseline, and their shape",
    table_lines(shape_table(shown), width, lead = length(description_keys(shown))),
    wrapped(c("", description_notes(x)), width)
  )
}

description_title <- function(x) {
  change <- identical(attr(x, "settings")$kind, "change")
  paste0("Before and after, complete pairs", if (change) " (a column of changes)" else ", change = after - before")
}

description_keys <- function(x) {
  by <- attr(x, "settings")$by
  names <- c("outcome", by, if (!all_same_within(x$contrast, x$outcome)) "contrast")
  names[names %in% c("outcome", by) | !vapply(names, function(name) is_constant(x[[name]]), NA)]
}

# One line a comparison: who, how many, how the two visits go together.
description_heads <- function(x) {
  by <- attr(x, "settings")$by
  groups <- vapply(by, function(b) paste(b, format_text(x[[b]])), character(nrow(x)))
  groups <- matrix(groups, nrow(x))
  who <- apply(cbind(as.character(x$outcome), groups), 1L, paste, collapse = ", ")
  contrast <- ifelse(format_text(x$contrast) %in% c("change", no_value), "", paste0(", ", format_text(x$contrast)))
  dropped <- ifelse(x$n_dropped > 0, paste0(" (", x$n_dropped, " dropped)"), "")
  r <- ifelse(is.na(x$correlation), "", paste0(", r ", formatC(x$correlation, digits = 2, format = "f")))
  paste0(who, contrast, ": ", x$n_pairs, " pair", ifelse(x$n_pairs == 1, "", "s"), dropped, r)
}

# Mean or median of the patients' own percent changes.
format_percent <- function(x) {
  text <- paste0(format_places(x, 1L), "%")
  text[is.na(x)] <- no_value
  text
}

# Two figures of the SD, the same decimals in all rows of an outcome.
description_places <- function(x) {
  sd <- pmax(x$sd_before, x$sd_after, x$sd_change, na.rm = TRUE)
  flat <- !is.finite(sd) | sd <= 0
  sd[flat] <- pmax(abs(x$mean_after), abs(x$mean_change), na.rm = TRUE)[flat] / 10
  places <- ifelse(is.finite(sd) & sd > 0, pmin(pmax(0, 1 - floor(log10(sd))), 8), 0)
  group_places(places, as.integer(x$outcome))
}

# A column of changes has no visits to describe.
description_parts <- function(x) {
  if (all(is.na(x$mean_before)) && all(is.na(x$mean_after))) "change" else c("before", "after", "change")
}

# Text in the first row of each comparison, nothing in the others.
spread_rows <- function(text, x) {
  as.vector(rbind(text, matrix("", length(description_parts(x)) - 1L, nrow(x))))
}

# One row a part of each comparison: before, after, change.
description_table <- function(x) {
  n <- nrow(x)
  parts <- description_parts(x)
  places <- rep(description_places(x), each = length(parts))
  woven <- function(what) {
    as.vector(do.call(rbind, lapply(parts, function(part) x[[paste0(what, "_", part)]])))
  }
  first <- function(text) spread_rows(text, x)
  number <- function(what) format_places(woven(what), places)
  keys <- description_keys(x)
  if (is_constant(x$reference) && !anyNA(x$level)) keys <- setdiff(keys, "contrast")
  joined <- function(start, ...) ifelse(is.na(woven(start)), no_value, paste0(number(start), ...))
  named <- function(label, otherwise) ifelse(is.na(label), otherwise, as.character(label))
  at <- list(before = named(x$reference, "before"), after = named(x$level, "after"), change = rep("change", n))
  c(
    stats::setNames(lapply(keys, function(name) table_column(name, first(format_text(x[[name]])), FALSE)), keys),
    list(
      at = table_column("", as.vector(do.call(rbind, at[parts])), FALSE),
      n_pairs = table_column("pairs", first(format_count(x$n_pairs))),
      mean = table_column("mean (SD)", joined("mean", " (", number("sd"), ")")),
      median = table_column("median [Q1, Q3]", joined("median", " [", number("q1"), ", ", number("q3"), "]")),
      range = table_column("min to max", joined("min", " to ", number("max"))),
      correlation = table_column("r", first(format_places(x$correlation, 2L)))
    )
  )
}

shape_table <- function(x) {
  keys <- description_keys(x)
  out <- lapply(keys, function(name) table_column(name, format_text(x[[name]]), FALSE))
  short <- is_constant(x$reference) && !anyNA(x$level) && "contrast" %in% keys
  if (short) out[[match("contrast", keys)]] <- table_column("visit", format_text(x$level), FALSE)
  n <- if (any(x$n_percent != x$n_pairs, na.rm = TRUE)) list(table_column("of pairs", format_count(x$n_percent)))
  c(out, list(
    table_column("mean %", format_percent(x$percent_mean)),
    table_column("median %", format_percent(x$percent_median))
  ), n, list(
    table_column("outliers", format_count(x$outliers)),
    table_column("skewness", format_places(x$skewness, 2L)),
    table_column("kurtosis", format_places(x$excess_kurtosis, 2L)),
    table_column("Shapiro-Wilk p", format_p(x$shapiro_p))
  ))
}

description_notes <- function(x) {
  type <- attr(x, "settings")$quantile_type %||% 7L
  sentences <- paste0(format_count(tabulate(x$status, nlevels(x$status))), " ", levels(x$status), " (",
    status_sentence(levels(x$status)), ")")
  seen <- levels(x$status) != "ok" & tabulate(x$status, nlevels(x$status)) > 0
  notes <- note_counts(x)
  c(
    paste0("Quartiles: type ", type, " of Hyndman and Fan",
      switch(as.character(type), "2" = " (SAS)", "6" = " (SPSS)", ""),
      ". Outliers: changes beyond 1.5 IQR from the quartiles. Kurtosis: excess over the normal. r: Pearson."),
    if (any(seen)) paste0("Status: ", paste(sentences[seen], collapse = ", "), "."),
    if (length(notes)) paste0("Note (", notes, " row", ifelse(notes == 1, "", "s"), "): ", names(notes), ".")
  )
}

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.respondr_description <- function(x, options = NULL, ...) {
  target <- knit_target()
  title <- paste0(description_title(x), ".")
  if (!nrow(x)) {
    return(knitr::asis_output(paste0("\n\n", knit_escape(title, target), "\n\n")))
  }
  shown <- x[seq_len(min(nrow(x), getOption("respondr.knit_rows", 200L))), , drop = FALSE]
  columns <- description_table(shown)
  if (any(shown$n_dropped > 0)) {
    dropped <- list(n_dropped = table_column("dropped", spread_rows(format_count(shown$n_dropped), shown)))
    columns <- append(columns, dropped, match("n_pairs", names(columns)))
  }
  columns$range$keep <- 1
  fitted <- fit_columns(columns, knit_width[[target]], gap = 1L, wrap = FALSE)
  left_out <- if (length(fitted$dropped)) paste0("Left out for want of width: ",
    paste(fitted$dropped, collapse = ", "), ".")
  more <- nrow(x) - nrow(shown)
  more <- if (more > 0) paste0(format_count(more), " more comparisons are not shown.")
  table <- knit_table(fitted$columns, title, c(description_notes(x), left_out, more), target)
  shape <- knit_table(shape_table(shown), "The changes in percent of the baseline, and their shape.", NULL, target)
  knitr::asis_output(paste0(table, "\n\n", shape), meta = attr(table, "knit_meta"))
}
