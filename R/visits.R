# Which visits there are, in which order, and which one is the reference.

baseline_words <- c("baseline", "before", "pre", "screening")

# x: the visit column. Returns labels in order, the code of each row (0-based handled in C++; NA = not wanted),
# the position of the reference and one sentence on where the order comes from.
visit_levels <- function(x, reference, visits, name, call) {
  if (length(reference) > 1L) {
    stop_input("reference", paste0("`reference` names ", length(reference), " visits; name one."), "reference", call)
  }
  coded <- index_codes(x)
  found <- visit_labels(x, coded$first_row)
  source <- attr(found, "source")
  code <- coded$code
  if (!is.null(visits)) {
    order <- match_visits(visits, found, x, "visits", name, call)
    source <- "order given in `visits`"
  } else if (is.character(x)) {
    order <- order_text_visits(found, reference, name, call)
    source <- attr(order, "source")
  } else {
    order <- seq_along(found)
  }
  if (length(order) < 2L) {
    few <- length(found) >= 2L
    stop_input("visits", c(
      if (few) paste0("`visits` names ", length(order), " of the visits of `", name, "`: ", quoted(found[order]), ".") else
        paste0("`", name, "` holds ", length(order), " visit", if (length(order) != 1L) "s",
          if (length(found)) paste0(": ", quoted(found)), "."),
      i = if (few) "A comparison needs at least two." else
        "A before/after comparison needs at least two; for a column of changes write `change ~ 1`."
    ), if (few) "visits" else "visit", call)
  }
  labels <- as.character(found)[order]
  if (anyDuplicated(labels)) {
    stop_input("visits", c(paste0("Visits of `", name, "` that differ by rounding only print alike: ",
      quoted(labels[duplicated(labels)]), "."), i = "Round them, or make them a factor."), "visit", call)
  }
  position <- match(code, order)
  ref <- 1L
  if (!is.null(reference)) {
    ref <- match(match_visits(reference, found, x, "reference", name, call)[1], order)
    if (is.na(ref)) stop_input("reference", "`reference` is not among `visits`.", "reference", call)
    reference_source <- "given in `reference`"
  } else if (!is.null(attr(order, "word"))) {
    reference_source <- paste0("taken for its name, '", labels[1], "'")
  } else {
    reference_source <- paste0("the first (", source, ")")
  }
  suspect_factor_order(x, labels, reference, visits, name, call)
  list(labels = labels, code = position, reference = ref,
    note = paste0("reference visit: ", labels[ref], ", ", reference_source))
}

# factor() orders text by the alphabet: "post" before "pre".
suspect_factor_order <- function(x, labels, reference, visits, name, call) {
  if (!is.factor(x) || !is.null(reference) || !is.null(visits) || !identical(levels(x), sort(levels(x)))) {
    return(invisible())
  }
  word <- which(tolower(trimws(labels)) %in% baseline_words)
  if (length(word) == 1L && word != 1L) {
    warn_input("visit_order", c(
      paste0("The levels of `", name, "` stand in the order of the alphabet, `", labels[1], "` before `", labels[word], "`."),
      i = paste0("The reference is `", labels[1], "`; for the other say `reference = \"", labels[word], "\"`.")
    ), "reference", call)
  }
}

visit_labels <- function(x, first_row) {
  values <- x[first_row]
  if (is.factor(x)) {
    return(structure(as.character(values), source = "order of the factor's levels"))
  }
  if (inherits(x, "haven_labelled")) {
    known <- attr(x, "labels")
    bare <- unclass(values)
    attributes(bare) <- NULL
    text <- if (is.character(bare)) bare else format_numbers(bare)
    hit <- match(bare, unname(known))
    text[!is.na(hit)] <- names(known)[hit[!is.na(hit)]]
    return(structure(text, source = "order of the labelled values"))
  }
  if (is.numeric(x) && !is.object(x)) {
    return(structure(format_numbers(values), source = "numbers, ascending"))
  }
  structure(as.character(values), source = if (is.logical(x)) "FALSE, then TRUE" else "ascending")
}

# Small whole numbers, of which a batch has many, take the short way to the same text.
format_numbers <- function(x) {
  short <- !is.na(x) & abs(x) < 1e5 & x == round(x)
  out <- character(length(x))
  out[short] <- sprintf("%d", as.integer(x[short]))
  out[!short] <- vapply(x[!short], format, "", digits = 15, trim = TRUE)
  out
}

match_visits <- function(wanted, found, x, argument, name, call) {
  text <- if (is.numeric(wanted) && !is.object(wanted)) format_numbers(wanted) else as.character(wanted)
  at <- match(text, as.character(found))
  if (anyNA(at)) {
    stop_input("visits", c(
      paste0("`", argument, "` names ", quoted(text[is.na(at)]), ", which `", name, "` does not hold."),
      i = paste0("Visits found: ", quoted(found, 12), ".")
    ), argument, call)
  }
  if (anyDuplicated(at)) {
    stop_input("visits", paste0("`", argument, "` names a visit twice."), argument, call)
  }
  at
}

# Text visits are never ordered by the alphabet: the reference must be named or be a plain baseline word, and the rest
# must be one visit, be ordered by `visits =`, or carry numbers.
order_text_visits <- function(found, reference, name, call) {
  found <- as.character(found)
  word <- NULL
  if (is.null(reference)) {
    at <- which(tolower(trimws(found)) %in% baseline_words)
    if (length(at) != 1L) {
      stop_input("visit_order", c(
        paste0("The visits of `", name, "` are text (", quoted(found, 12), "), and text has no order in time."),
        i = "Name the visit to compare with: `reference = \"...\"`, or give all in order: `visits = c(...)`."
      ), "reference", call)
    }
    word <- found[at]
  } else {
    at <- match_visits(reference, found, NULL, "reference", name, call)[1]
  }
  rest <- seq_along(found)[-at]
  source <- "text"
  if (length(rest) > 1L) {
    number <- suppressWarnings(as.numeric(sub("^\\D*([0-9]+\\.?[0-9]*)\\D*$", "\\1", found[rest])))
    unit <- gsub("[0-9. ]", "", found[rest])
    if (anyNA(number) || anyDuplicated(number) || length(unique(sub("s$", "", unit))) > 1L) {
      stop_input("visit_order", c(
        paste0("The order in time of the visits ", quoted(found[rest], 12), " cannot be told from their text."),
        i = "Give all visits in order: `visits = c(...)`."
      ), "visits", call)
    }
    rest <- rest[order(number)]
    source <- "text ordered by the numbers in it"
  }
  structure(c(at, rest), source = source, word = word)
}
