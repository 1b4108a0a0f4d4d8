# Responses as levels: their labels, the event among them, and two readings of the same patients under one set of labels.

# code: of each row, NA where not known; labels: of the levels; kind: how the event is told ("logical", "zero_one", "two"
# for a factor of two levels, "other" where it must be named); ordered: the order of the labels means something.
prates_response_levels <- function(x, name, call) {
  if (is.list(x) || is.complex(x) || inherits(x, c("Date", "POSIXt")) || inherits(x, "integer64")) {
    stop_input("outcome", c(paste0("Response `", name, "` is ", class(x)[1], ", not a response."),
      i = "Give a logical, 0/1, factor or text column."), "outcome", call)
  }
  x <- blank_missing(x)
  if (is.logical(x)) {
    return(list(code = as.integer(x) + 1L, labels = c("FALSE", "TRUE"), kind = "logical", ordered = TRUE))
  }
  if (is.factor(x)) {
    kind <- if (nlevels(x) == 2L) "two" else "other"
    return(list(code = as.integer(x), labels = levels(x), kind = kind, ordered = TRUE))
  }
  if (is.numeric(x)) {
    return(prates_number_levels(x, name, call))
  }
  coded <- index_codes(as.character(x))
  list(code = coded$code, labels = as.character(x)[coded$first_row], kind = "other", ordered = FALSE)
}

prates_number_levels <- function(x, name, call) {
  bare <- bare_values(x)
  if (any(is.infinite(bare))) {
    stop_input("infinite", paste0("Response `", name, "` holds infinite values; correct them or set them to NA."), "outcome",
      call)
  }
  values <- unique(bare[!is.na(bare)])
  if (length(values) > 50L) {
    stop_input("outcome", c(paste0("Response `", name, "` holds ", length(values), " different numbers."),
      i = "For a measurement use `compare_paired()`; for a rate make it a response first."), "outcome", call)
  }
  zero_one <- all(values %in% c(0, 1))
  values <- if (zero_one) c(0, 1) else sort(values)
  labels <- if (inherits(x, "haven_labelled")) {
    known <- attr(x, "labels")
    hit <- match(values, unname(known))
    ifelse(is.na(hit), format_numbers(values), names(known)[hit])
  } else {
    format_numbers(values)
  }
  list(code = match(bare, values), labels = as.character(labels), kind = if (zero_one) "zero_one" else "other", ordered = TRUE)
}

# The position of the event's levels. event: NULL, labels, or a list of labels by outcome.
prates_event_levels <- function(response, event, name, call) {
  if (is.list(event)) event <- event[[name]]
  labels <- response$labels
  if (is.null(event)) {
    if (response$kind != "other") {
      return(2L)
    }
    stop_input("event", c(
      paste0("Which level of `", name, "` is the event? It has ", if (length(labels)) quoted(labels, 12) else "none", "."),
      i = paste0("Name it: `event = \"", if (length(labels)) utils::tail(labels, 1L) else "yes",
        "\"`. Only TRUE, 1 and the second of two factor levels need no word.")
    ), "event", call)
  }
  event_places(labels, event, name, call)
}

# Codes 1 (no event) and 2 (event).
prates_binary_codes <- function(response, at) {
  ifelse(is.na(response$code), NA_integer_, ifelse(response$code %in% at, 2L, 1L))
}

prates_event_label <- function(response, at) paste(response$labels[at], collapse = " or ")

# Two readings one below the other, levels matched by label. Factors have an order where one of them holds all levels and
# the other does not contradict it.
prates_stack_readings <- function(before, after, name, call) {
  a <- prates_response_levels(before, name, call)
  b <- prates_response_levels(after, name, call)
  same_kind <- is.logical(before) == is.logical(after) && is.numeric(before) == is.numeric(after)
  if (!same_kind) {
    stop_input("outcome", c(
      paste0("Response `", name, "` is ", class(before)[1], " before and ", class(after)[1], " after."),
      i = "Give both in the same form, so that their levels have the same labels."
    ), "outcome", call)
  }
  if (is.numeric(before)) {
    both <- c(bare_values(before), bare_values(after))
    known <- c(attr(before, "labels"), attr(after, "labels"))
    if (length(known)) both <- structure(both, labels = known[!duplicated(known)], class = "haven_labelled")
    return(prates_number_levels(both, name, call))
  }
  labels <- union(a$labels, b$labels)
  common <- intersect(a$labels, b$labels)
  agree <- identical(common, intersect(b$labels, a$labels))
  factors <- is.factor(before) && is.factor(after) && (setequal(labels, a$labels) || setequal(labels, b$labels))
  list(
    code = c(match(a$labels, labels)[a$code], match(b$labels, labels)[b$code]), labels = labels,
    kind = if (is.logical(before)) "logical" else if (factors && agree && length(labels) == 2L) "two" else "other",
    ordered = is.logical(before) || (factors && agree)
  )
}
