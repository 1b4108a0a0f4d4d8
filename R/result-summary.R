# Everything a result holds, in print: all columns, the before/after table, the trace.

#' Everything about a result
#'
#' All columns of all rows, the before/after table where the result has patient rows, the formula of each interval,
#' and the trace of the choices made.
#'
#' @param object A result, for example of [compare_paired()].
#' @param ... Not used.
#' @return A list of class `summary.respondr_result` with `result`, `description` (or `NULL`) and `trace`.
#' @examples
#' summary(compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat))
#' @export
summary.respondr_result <- function(object, ...) {
  structure(
    list(result = object, description = result_description(object), trace = attr(object, "trace")),
    class = "summary.respondr_result"
  )
}

# The before/after table of the rows shown, of paired results that have patients; large batches go without.
result_description <- function(x) {
  kind <- attr(x, "settings")$kind
  if (!inherits(x, "respondr_paired") || is.null(attr(x, "input")) || identical(kind, "figures") || nrow(x) > 200L) {
    return(NULL)
  }
  description <- tryCatch(describe_paired(x), respondr_error = function(cnd) NULL)
  if (is.null(description)) {
    return(NULL)
  }
  keys <- c("outcome", attr(x, "settings")$by, "contrast")
  description[row_keys(description, keys) %in% row_keys(x, keys), , drop = FALSE]
}

row_keys <- function(x, names) do.call(paste, c(lapply(names, function(name) as.character(x[[name]])), sep = "\r"))

#' @export
print.summary.respondr_result <- function(x, ..., width = getOption("width")) {
  cli::cat_line(format(x, width = width))
  invisible(x)
}

#' @export
format.summary.respondr_result <- function(x, ..., width = getOption("width")) {
  result <- x$result
  if (!nrow(result)) {
    return(result_title(result))
  }
  c(
    result_header(result, width), "",
    table_lines(full_table(result), width, lead = 1L),
    full_constants(result, width), result_footer(result, character(), width),
    if (!is.null(x$description)) c("", format(x$description, width = width)),
    if (!is.null(x$trace)) c("", "How it was computed", trace_lines(x$trace, width))
  )
}

# Every column that is not constant, numbered rows first.
full_table <- function(x) {
  names <- setdiff(names(x), c("note", "conf_low", "conf_high", "conf_low_adjusted", "conf_high_adjusted"))
  varying <- !vapply(names, function(name) is_constant(x[[name]]), NA)
  always <- names %in% c("estimate", "p_value", "n_pairs", "n", "n_reference", "statistic", "std_error", "effect") &
    !vapply(names, function(name) all(is.na(x[[name]])), NA)
  columns <- c(
    list(row = table_column("row", format_count(seq_len(nrow(x))))),
    unlist(lapply(names[varying | always], full_columns, x), recursive = FALSE)
  )
  names(columns) <- NULL
  columns
}

# An estimate takes its interval along.
full_columns <- function(name, x) {
  places <- result_places(x)
  column <- full_column(name, x, places)
  interval <- switch(name,
    estimate = table_column("interval", format_interval(x$conf_low, x$conf_high, places)),
    p_adjusted = if (any(!is.na(x$conf_low_adjusted))) {
      table_column("simultaneous", format_interval(x$conf_low_adjusted, x$conf_high_adjusted, places))
    }
  )
  if (is.null(interval)) list(column) else list(column, interval)
}

full_column <- function(name, x, places) {
  value <- x[[name]]
  how <- dictionary_value(name, "format")
  label <- dictionary_value(name, "label")
  if (is.na(how)) {
    return(table_column(name, format_text(value), FALSE))
  }
  text <- switch(how,
    count = format_count(value), estimate = format_places(value, places), p = format_full_p(value),
    level = format_level(value), statistic = format_statistic(value),
    effect = format_places(value, effect_places(value)),
    format_text(value)
  )
  table_column(label, text, !how %in% c("text", "flag"))
}

# Four figures, however small.
format_full_p <- function(p) {
  out <- format_p(p)
  small <- !is.na(p) & p < 0.001 & p > 0
  out[small] <- formatC(p[small], digits = 1, format = "e")
  near <- !is.na(p) & p >= 0.001 & p < 1
  out[near] <- formatC(p[near], digits = 4, format = "f")
  out
}

full_constants <- function(x, width) {
  names <- intersect(c("two_sided", "distribution", "conf_level", "conf_method", "p_matches"), names(x))
  names <- names[vapply(names, function(name) is_constant(x[[name]]) && !is.na(x[[name]][1]), NA)]
  words <- vapply(names, function(name) {
    full_column(name, x[1, , drop = FALSE], 0L)$text
  }, "")
  methods <- unique(as.character(x$conf_method[!is.na(x$conf_method)]))
  lines <- c(
    if (length(words)) paste0("In all rows: ", paste(dictionary_value(names, "label"), words, collapse = "; "), "."),
    if (length(methods)) paste0("Interval ", methods, ": ", conf_method_sentence(methods), ".")
  )
  if (length(lines)) c("", wrapped(lines, width))
}

trace_lines <- function(trace, width) {
  text <- paste0(trace$choice, ": ", trace$value, ifelse(nzchar(trace$detail), paste0(" (", trace$detail, ")"), ""))
  wrapped(text, width)
}
