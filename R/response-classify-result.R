# Classes as a data frame, and how they are shown.

response_causes <- c("observed", "missing", "no baseline", "baseline 0", "died", "no levels for the subgroup",
  "no level covers it", "not sustained", "not confirmed")
response_handled <- c("", "counted as nonresponder", "excluded", "carried", "left open")

classes_result <- function(solved, input, rule, values) {
  each <- rule$time$kind == "each"
  times <- if (each) length(input$judged) else 1L
  patient <- rep(seq_along(input$id_row), each = times)
  columns <- list()
  if (length(input$id)) columns[[input$id]] <- rep(input$ids, each = times) else columns$id <- patient
  if (length(input$visit_column)) {
    columns$visit <- structure(match(solved$visit, match(input$judged, input$labels)), levels = input$judged,
      class = c("ordered", "factor"))
  }
  for (name in names(input$carried)) columns[[name]] <- rep(input$carried[[name]], each = times)
  clauses <- unlist(unname(rule$sets), recursive = FALSE)
  texts <- vapply(clauses, `[[`, "", "text")
  columns$class <- structure(solved$level, levels = rule$levels, class = c("ordered", "factor"))
  columns$clause <- structure(match(texts, unique(texts))[solved$clause], levels = unique(texts), class = "factor")
  columns$reason <- classes_reason(solved)
  if (values) columns <- c(columns, classes_values(solved, patient, input, rule, names(columns)))
  out <- structure(columns, row.names = .set_row_names(length(patient)), class = c("respondr_classes", "data.frame"))
  attr(out, "rule") <- rule
  attr(out, "settings") <- list(family = "response", id = if (length(input$id)) input$id else "id",
    visit = if (length(input$visit_column)) "visit", by = rule$by, keep = setdiff(names(input$carried), rule$by),
    reference = if (input$reference) input$labels[input$reference], judged = input$judged, note = input$note,
    patients = length(input$id_row), n_na_id = input$n_na_id, n_na_visit = input$n_na_visit,
    no_set = if (!is.null(rule$by)) classes_no_set(input))
  out
}

classes_reason <- function(solved) {
  code <- (solved$cause - 1L) * 5L + solved$handling
  text <- paste0(rep(response_causes, each = 5L), rep(ifelse(nzchar(response_handled), ": ", ""), length(response_causes)),
    rep(response_handled, length(response_causes)))
  used <- sort(unique(code))
  structure(match(code, used), levels = text[used], class = "factor")
}

# The values that decided, at the visit that gave the class.
classes_values <- function(solved, patient, input, rule, taken) {
  n <- length(input$id_row)
  sources <- input$sources
  out <- list()
  for (k in seq_len(nrow(sources))) {
    visit <- if (sources$at[k]) sources$at[k] else solved$visit
    row <- input$rows[patient + (visit - 1L) * n]
    base <- if (input$reference) input$rows[patient + (input$reference - 1L) * n] else row
    name <- sources$name[k]
    after <- input$after[[k]][row]
    if (sources$needed[k]) {
      before <- (if (length(input$before)) input$before[[k]] else input$after[[k]])[base]
      out[[paste0(sources$variable[k], "_baseline")]] <- out[[paste0(sources$variable[k], "_baseline")]] %||% before
    }
    out[[name]] <- after
    if (sources$changed[k]) {
      out[[paste0(name, "_change")]] <- after - before
      if (sources$percent[k]) {
        out[[paste0(name, "_percent")]] <- ifelse(before == 0, NA_real_, 100 * (after - before) / before)
      }
    }
  }
  twice <- names(out) %in% taken
  names(out)[twice] <- paste0("value_", names(out)[twice])
  out
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
