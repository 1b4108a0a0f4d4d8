# One rule each. Every check names the argument and what was given, then says what to do.

stop_input <- function(what, message, argument, call) {
  abort(message, class = c(paste0("respondr_error_", what), "respondr_error"), argument = argument, call = call)
}

warn_input <- function(what, message, argument, call) {
  warn(message, class = c(paste0("respondr_warning_", what), "respondr_warning"), argument = argument, call = call)
}

quoted <- function(x, max = 5L) {
  shown <- paste0("`", utils::head(as.character(x), max), "`")
  more <- length(x) - length(shown)
  paste0(paste(shown, collapse = ", "), if (more > 0) paste0(" and ", more, " more"))
}

check_word <- function(x, words, argument, call) {
  if (!is.character(x) || length(x) != 1L || is.na(x) || !x %in% words) {
    given <- if (is.character(x)) quoted(x) else class(x)[1]
    stop_input("word", c(
      paste0("`", argument, "` is ", given, "."),
      i = paste0("Use one of ", quoted(words, 20), ".")
    ), argument, call)
  }
  x
}

check_words <- function(x, words, argument, call) {
  if (!is.character(x) || length(x) < 1L || anyNA(x) || !all(x %in% words)) {
    given <- if (is.character(x)) quoted(setdiff(x, words)) else class(x)[1]
    stop_input("word", c(
      paste0("`", argument, "` holds ", given, "."),
      i = paste0("Use ", quoted(words, 20), ", one or several.")
    ), argument, call)
  }
  unique(x)
}

check_flag <- function(x, argument, call) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    stop_input("flag", paste0("`", argument, "` must be TRUE or FALSE."), argument, call)
  }
  x
}

check_number <- function(x, argument, call, low = -Inf, high = Inf, open = FALSE) {
  ok <- is.numeric(x) && length(x) == 1L && is.finite(x) &&
    (if (open) x > low && x < high else x >= low && x <= high)
  if (!ok) {
    range <- if (is.finite(low) || is.finite(high)) paste0(if (open) " strictly", " between ", low, " and ", high)
    stop_input("number", paste0("`", argument, "` must be one number", range, ", not ", given_value(x), "."), argument, call)
  }
  as.double(x)
}

check_whole <- function(x, argument, call, low, high) {
  x <- check_number(x, argument, call, low, high)
  if (x != round(x)) {
    stop_input("number", paste0("`", argument, "` must be a whole number, not ", given_value(x), "."), argument, call)
  }
  as.integer(x)
}

given_value <- function(x) {
  if (is.null(x)) {
    return("NULL")
  }
  if (is.atomic(x) && length(x) == 1L) {
    return(paste0("`", format(x), "`"))
  }
  paste0(class(x)[1], " of length ", length(x))
}

# The words are looked at, not evaluated: `by = arm` in the wrong place is no missing object.
check_dots_empty <- function(call, ...) {
  if (...length() == 0L) {
    return(invisible())
  }
  extra <- as.list(substitute(list(...)))[-1]
  if (length(extra)) {
    named <- names(extra) %||% rep("", length(extra))
    shown <- ifelse(nzchar(named), named, "an unnamed value")
    stop_input("argument", c(
      paste0("Unknown argument: ", quoted(shown), "."),
      i = if (shown[1] == "formula") "The formula is the first argument, `x`." else
        "Check the spelling; arguments after `data` must be named in full."
    ), shown[1], call)
  }
}

# The places of the responses that `event` names; all of them are no event.
event_places <- function(labels, event, name, call) {
  wanted <- if (is.numeric(event) && !is.object(event)) format_numbers(event) else as.character(event)
  at <- match(wanted, labels)
  if (!length(at) || anyNA(at)) {
    shown <- if (length(at)) quoted(wanted[is.na(at)]) else "nothing"
    stop_input("event", c(paste0("`event` names ", shown, ", which `", name, "` does not hold."), i = paste0("Responses found: ", quoted(labels, 12), ".")), "event", call)
  }
  if (length(labels) > 1L && length(unique(at)) == length(labels)) {
    stop_input("event", c(paste0("`event` names every response of `", name, "`."), i = "Leave out what is not counted."),
      "event", call)
  }
  at
}

# A column has one part in a comparison: within one level of the arm there is nothing to compare. terms: expressions named
# by their part; columns: names given in `argument`.
check_apart <- function(columns, terms, argument, call) {
  bare <- vapply(terms, function(e) if (is.symbol(e)) as.character(e) else "", "")
  twice <- bare[bare %in% columns]
  if (length(twice)) {
    stop_input("overlap", c(paste0("`", argument, "` names `", twice[1], "`, which is the ", names(twice)[1], "."),
      i = paste0("Leave it out of `", argument, "`.")), argument, call)
  }
}

`%||%` <- function(x, y) if (is.null(x)) y else x

# An outcome as doubles; text and factors are refused, infinite values are found in C++ where the column is read anyway.
check_outcome <- function(x, name, call) {
  if (is.factor(x) || is.character(x) || is.list(x) || inherits(x, c("Date", "POSIXt")) || is.complex(x)) {
    stop_input("outcome", c(
      paste0("Outcome `", name, "` is ", if (is.factor(x)) "a factor" else class(x)[1], ", not numbers."),
      i = "Give a numeric measurement; for classes of response use the rates family."
    ), "outcome", call)
  }
  if (inherits(x, "integer64")) {
    return(as.double(x))
  }
  if (inherits(x, "haven_labelled")) {
    if (inherits(x, "haven_labelled_spss")) x <- user_missing(x)
    x <- unclass(x)
    attributes(x) <- NULL
  }
  if (!is.numeric(x) && !is.logical(x)) {
    stop_input("outcome", paste0("Outcome `", name, "` is ", class(x)[1], ", not numbers."), "outcome", call)
  }
  if (is.object(x) || !is.double(x)) as.double(x) else x
}

check_threads <- function(threads, call) {
  check_whole(threads, "threads", call, 1, 1024)
}
