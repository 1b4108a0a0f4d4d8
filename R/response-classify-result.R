# Classes as a data frame, and how they are shown.

response_causes <- c("observed", "missing", "no baseline", "baseline 0", "died", "no levels for the subgroup",
  "no level covers it", "not sustained", "not confirmed")
response_handled <- c("", "counted as nonresponder", "excluded", "carried", "left open")

classes_result <- function(solved, input, rule, wanted) {
  each <- rule$time$kind == "each"
  times <- if (each) length(input$judged) else 1L
  columns <- list()
  if (length(input$id)) columns[[input$id]] <- rep(input$ids, each = times) else
    columns$id <- rep(seq_along(input$id_row), each = times)
  if (length(input$visit_column)) {
    columns$visit <- structure(solved$visit, levels = input$judged, class = c("ordered", "factor"))
  }
  for (name in names(input$carried)) columns[[name]] <- rep(input$carried[[name]], each = times)
  clauses <- unlist(unname(rule$sets), recursive = FALSE)
  texts <- vapply(clauses, `[[`, "", "text")
  columns$class <- structure(solved$level, levels = rule$levels, class = c("ordered", "factor"))
  clause <- if (anyDuplicated(texts)) match(texts, unique(texts))[solved$clause] else solved$clause
  columns$clause <- structure(clause, levels = unique(texts), class = "factor")
  columns$reason <- classes_reason(solved)
  columns <- c(columns, classes_values(solved, input, wanted, names(columns)))
  out <- structure(columns, row.names = .set_row_names(length(solved$level)), class = c("respondr_classes", "data.frame"))
  attr(out, "rule") <- rule
  attr(out, "settings") <- list(family = "response", id = if (length(input$id)) input$id else "id",
    visit = if (length(input$visit_column)) "visit", by = rule$by, keep = setdiff(names(input$carried), rule$by),
    reference = if (input$reference) input$labels[input$reference], judged = input$judged, note = input$note,
    patients = length(input$id_row), n_na_id = input$n_na_id, n_na_visit = input$n_na_visit,
    no_set = if (!is.null(rule$by)) classes_no_set(input))
  out
}

classes_reason <- function(solved) {
  text <- paste0(rep(response_causes, each = 5L), rep(ifelse(nzchar(response_handled), ": ", ""), length(response_causes)),
    rep(response_handled, length(response_causes)))
  used <- which(tabulate(solved$reason, length(text)) > 0L)
  structure(match(seq_along(text), used)[solved$reason], levels = text[used], class = "factor")
}

# What is shown of each source of values, as the core counts it: 1 the baseline (once a variable), 2 the change, 4 the percent
# change.
classes_wanted <- function(input) {
  s <- input$sources
  first <- s$needed & !duplicated(paste(s$variable, s$needed))
  first + 2L * s$changed + 4L * (s$changed & s$percent)
}

# The values that decided, at the visit that gave the class.
classes_values <- function(solved, input, wanted, taken) {
  has <- function(bits, bit) bitwAnd(bits, bit) > 0L
  names <- unlist(Map(function(name, variable, bits) {
    c(if (has(bits, 1L)) paste0(variable, "_baseline"), name, if (has(bits, 2L)) paste0(name, "_change"),
      if (has(bits, 4L)) paste0(name, "_percent"))
  }, input$sources$name[seq_along(wanted)], input$sources$variable[seq_along(wanted)], wanted), use.names = FALSE)
  twice <- names %in% taken
  names[twice] <- paste0("value_", names[twice])
  stats::setNames(solved$values, names)
}

classes_no_set <- function(input) {
  lost <- which(is.na(input$set))
  if (length(lost)) list(n = length(lost), ids = id_text(list(matched_ids(input)), utils::head(lost, 5L)))
}

#' @export
print.respondr_classes <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
format.respondr_classes <- function(x, ..., width = getOption("width")) {
  settings <- attr(x, "settings")
  rule <- attr(x, "rule")
  if (is.null(settings) || !"class" %in% names(x)) {
    return(utils::capture.output(print(as.data.frame(x))))
  }
  c(
    paste0("Classes of response: ", settings$patients, " patients", if (length(settings$judged) > 1L)
      paste0(", ", length(settings$judged), " judged visits")),
    paste(c(if (!is.null(settings$reference)) paste0("baseline: ", settings$reference), settings$note), collapse = "; "), "",
    classes_table(x, settings, rule), "", classes_reasons(x, settings), strwrap(as.character(rule), width)
  )
}

# Counts of the classes, one line a visit and subgroup.
classes_table <- function(x, settings, rule) {
  groups <- c(if (rule$time$kind == "each" && length(settings$judged) > 1L) settings$visit, settings$by, settings$keep)
  groups <- groups[groups %in% names(x)]
  many <- vapply(groups, function(g) !is.factor(x[[g]]) && !is.logical(x[[g]]) || nlevels(x[[g]]) > 12L, NA)
  groups <- groups[!many | groups %in% c(settings$visit, settings$by)]
  key <- if (length(groups)) interaction(lapply(unclass(x)[groups], addNA, ifany = TRUE), drop = TRUE, lex.order = TRUE,
    sep = "\r") else factor(rep("", NROW(x$class)))
  first <- match(levels(key), as.character(key))
  counts <- unclass(table(key, factor(x$class, rev(rule$levels)), useNA = "always"))[seq_along(first), , drop = FALSE]
  shown <- as.data.frame(lapply(stats::setNames(nm = groups), function(g) as.character(x[[g]])[first]), optional = TRUE)
  counts <- as.data.frame(matrix(counts, nrow(counts), dimnames = list(NULL, c(rev(rule$levels),
    "no class"))), optional = TRUE)
  table <- if (length(groups)) cbind(shown, counts) else counts
  columns <- lapply(names(table), function(name) format(c(name, ifelse(is.na(table[[name]]), "(missing)",
    as.character(table[[name]]))), justify = if (name %in% groups) "left" else "right"))
  sub(" +$", "", do.call(paste, c(columns, sep = "  ")))
}

classes_reasons <- function(x, settings) {
  reasons <- table(x$reason)
  reasons <- reasons[names(reasons) != "observed" & reasons > 0]
  rows <- if (length(settings$judged) > 1L && attr(x, "rule")$time$kind == "each") "patient-visits" else "patients"
  c(
    if (length(reasons)) c(paste0("Not judged by values alone (", rows, "): ", paste0(names(reasons), " ", reasons,
      collapse = "; "), ".")),
    if (!is.null(settings$no_set)) paste0("No levels for the subgroup of ", settings$no_set$n, " patients: ",
      quoted(settings$no_set$ids), "."),
    if (settings$n_na_id) paste0("Rows left out without an id: ", settings$n_na_id, "."),
    if (settings$n_na_visit) paste0("Rows left out without a wanted visit: ", settings$n_na_visit, "."), ""
  )
}

#' @export
as.data.frame.respondr_classes <- function(x, row.names = NULL, optional = FALSE, ...) {
  attr(x, "rule") <- attr(x, "settings") <- NULL
  class(x) <- "data.frame"
  x
}

#' @export
tidy.respondr_classes <- function(x, ...) as.data.frame(x)
