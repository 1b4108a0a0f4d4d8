# The report: one comparison or several, rendered by the template in inst/rmarkdown/templates/before_after.

report_methods <- c("t", "signed_rank")

#' A before/after report as one HTML file
#'
#' Renders what a reader wants to know of patients before and after treatment: which data there are and which were lost,
#' the before/after table, the tests with estimates and intervals, pictures of the patients and their changes, one
#' sentence a comparison, and a trace of every choice made. The file holds its pictures and needs no network.
#'
#' @param x A result of [compare_paired()], [rm_anova()], [rm_mmrm()], [rm_friedman()], [rm_compare()], [compare_groups()],
#'   [compare_rates()], [compare_paired_rates()], [fit_logistic()], [fit_linear()], [screen_predictors()],
#'   [validate_predictors()], [pool_studies()], [baseline_change()], [correlate()], [classify_response()],
#'   [response_rate()], [response_threshold()], [response_shift()], [response_time()], [response_ordinal()] or
#'   [response_wins()], a named list of such results (one part each), or anything
#'   [compare_paired()] takes.
#' @param ... Passed to [compare_paired()] where `x` is not its result. Two methods are reported unless `method` is
#'   given: `"t"` and `"signed_rank"`.
#' @param title Title of the report.
#' @param about Sentences on where the data come from: one text for each part.
#' @param output File to write. By default a file in the session's temporary folder: nothing is written where you did
#'   not name it.
#' @param quiet Passed to [rmarkdown::render()].
#'
#' @return The path of the file, invisibly.
#' @section Errors:
#' Those of [compare_paired()]; `respondr_error_no_pandoc` where rmarkdown finds no pandoc, `respondr_error_output`
#' where the folder of `output` is missing.
#' @seealso `rmarkdown::draft("study.Rmd", "before_after", package = "respondr")` starts a document of your own.
#' @examplesIf rmarkdown::pandoc_available("2.0") && interactive()
#' study_report(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' @export
study_report <- function(x, ..., title = "Before and after treatment", about = NULL, output = NULL, quiet = TRUE) {
  call <- rlang::current_call()
  results <- if (!missing(x) && is_result_list(x)) {
    check_dots_empty(call, ...)
    x
  } else if (!missing(x) && is_report_part(x)) {
    check_dots_empty(call, ...)
    list(x)
  } else if (!missing(x) && is.list(x) && !is.data.frame(x) && any(vapply(x, inherits, NA, "respondr_result"))) {
    other <- which(!vapply(x, is_report_part, NA))
    stop_input("x", c(paste0("A report has no part for ", quoted(names(x)[other] %||% other), "."),
      i = "Leave it out of the list."), "x", call)
  } else {
    list(eval.parent(report_compare_call(match.call(), missing(x))))
  }
  check_report_text(title, 1L, "title", call)
  check_report_text(about, length(results), "about", call)
  output <- report_output(output, call)
  rlang::check_installed(c("rmarkdown", "knitr", "ggplot2"), "to write a report.")
  if (!rmarkdown::pandoc_available("2.0")) {
    stop_input("no_pandoc", c(
      "A report needs pandoc 2.0 or newer.",
      i = "Install pandoc, or use RStudio, which brings it."
    ), "output", call)
  }
  render_report(results, title, about, output, quiet)
  invisible(output)
}

is_result_list <- function(x) {
  is.list(x) && !is.data.frame(x) && !is_report_part(x) && length(x) > 0L && all(vapply(x, is_report_part, NA))
}

is_report_part <- function(x) {
  inherits(x, c("respondr_paired", "respondr_rm_anova", "respondr_rm_friedman", "respondr_rm_contrasts", "respondr_mmrm",
    "respondr_groups", "respondr_rates", "respondr_paired_rates", predictor_parts, responder_parts))
}

predictor_parts <- c("respondr_logistic", "respondr_linear", "respondr_odds", "respondr_screen", "respondr_validation",
  "respondr_pooled", "respondr_baseline", "respondr_correlation")

responder_parts <- c("respondr_classes", "respondr_response_rate", "respondr_threshold", "respondr_shift", "respondr_time",
  "respondr_ordinal", "respondr_wins")

# The pictures of a result; where there is nothing to draw the report goes on without one.
report_pictures <- function(result) {
  types <- if (inherits(result, "respondr_shift")) {
    list(NULL)
  } else if (inherits(result, c("respondr_rates", "respondr_paired_rates"))) {
    list("rates", "contrasts")
  } else if (inherits(result, "respondr_validation")) {
    list("roc", "calibration")
  } else if (inherits(result, c("respondr_correlation", "respondr_ordinal", "respondr_wins", "respondr_classes"))) {
    list()
  } else {
    list(NULL)
  }
  for (type in types) {
    picture <- tryCatch(
      if (is.null(type)) ggplot2::autoplot(result) else ggplot2::autoplot(result, type = type),
      respondr_error_plot = function(cnd) NULL
    )
    if (!is.null(picture)) print(picture)
  }
}

# One for each way to count missing responses; other results as they come.
responder_pictures <- function(result) {
  if (!inherits(result, "respondr_response_rate")) {
    return(report_pictures(result))
  }
  for (missing in unique(as.character(result$missing))) {
    picture <- tryCatch(ggplot2::autoplot(result, missing = missing), respondr_error_plot = function(cnd) NULL)
    if (!is.null(picture)) print(picture)
  }
}

# Over cut-offs only those that the print shows have a sentence; more than `most` are left to the table.
responder_sentences <- function(result, most = 24L) {
  if (inherits(result, c("respondr_classes", "respondr_threshold"))) {
    result <- if (inherits(result, "respondr_threshold")) result[threshold_shown(result), , drop = FALSE]
  }
  sentences <- if (!is.null(result)) tryCatch(report_text(result), error = function(cnd) NULL)
  if (length(sentences) <= most) sentences
}

# The call to compare_paired() that the words of study_report() ask for.
report_compare_call <- function(call, figures) {
  call[[1]] <- quote(respondr::compare_paired)
  own <- which(names(call) %in% c("title", "about", "output", "quiet"))
  if (length(own)) call <- call[-own]
  if (is.null(call$method)) call$method <- if (figures) "t" else report_methods
  call
}

check_report_text <- function(x, n, argument, call) {
  if (!is.null(x) && (!is.character(x) || anyNA(x) || !length(x) %in% c(1L, n))) {
    stop_input("text", paste0("`", argument, "` must be ", if (n > 1L) paste("1 or", n, "texts") else "one text", "."),
      argument, call)
  }
}

# An absolute path, because rendering happens elsewhere.
report_output <- function(output, call) {
  if (is.null(output)) {
    return(tempfile("respondr-report-", fileext = ".html"))
  }
  if (!is.character(output) || length(output) != 1L || is.na(output) || !nzchar(output)) {
    stop_input("output", "`output` must be the name of one file.", "output", call)
  }
  folder <- dirname(path.expand(output))
  if (!dir.exists(folder)) {
    stop_input("output", c(
      paste0("The folder of `output` does not exist: ", quoted(folder), "."),
      i = "Make it first."
    ), "output", call)
  }
  file.path(normalizePath(folder), basename(output))
}

# In a copy of the template: rmarkdown writes beside its source, and the library may not be writable.
render_report <- function(results, title, about, output, quiet) {
  template <- system.file("rmarkdown", "templates", "before_after", "skeleton", package = "respondr")
  work <- tempfile("respondr-report-")
  dir.create(work)
  on.exit(unlink(work, recursive = TRUE))
  file.copy(list.files(template, full.names = TRUE), work)
  about <- if (length(about)) rep_len(about, length(results))
  rendered <- rmarkdown::render(
    file.path(work, "skeleton.Rmd"),
    params = list(title = title, results = results, about = about),
    output_file = "report.html", envir = new.env(parent = globalenv()), quiet = quiet
  )
  if (!file.copy(rendered, output, overwrite = TRUE)) {
    stop_input("output", paste0("The report cannot be written to ", quoted(output), "."), "output", NULL)
  }
}

# What was measured: one row for each `by` combination and visit, one column an outcome with the patients measured.
report_measured <- function(result) {
  input <- attr(result, "input")
  if (input$kind == "figures") {
    return(NULL)
  }
  visits <- switch(input$kind, long = input$visits, wide = c("before", "after"), change = "change")
  groups <- nrow(input$by)
  group <- group_of_patient(input)
  measured <- lapply(stats::setNames(nm = outcome_names(input)), function(name) {
    seen <- patients_measured(input, match(name, outcome_names(input)))
    as.integer(apply(seen, 2L, function(column) tabulate(group[column], groups)))
  })
  # The counts run over the groups within each visit; the table over the visits within each group.
  order <- order(rep(seq_len(groups), length(visits)))
  out <- data.frame(
    input$by[rep(seq_len(groups), each = length(visits)), , drop = FALSE], visit = rep(visits, groups),
    patients = rep(tabulate(group, groups), each = length(visits)), lapply(measured, `[`, order),
    check.names = FALSE, stringsAsFactors = FALSE
  )
  row.names(out) <- NULL
  out
}

# Patients x visits: is there a measurement of outcome o?
patients_measured <- function(input, o) {
  parts <- switch(input$kind, wide = c("before", "outcomes"), "outcomes")
  columns <- lapply(parts, function(part) {
    x <- input_column(input, part, o)
    if (is.null(input$rows)) x else matrix(x[input$rows], nrow(input$rows))
  })
  !is.na(do.call(cbind, columns))
}

# Sentences on the data as they came in.
report_data_words <- function(result) {
  input <- attr(result, "input")
  settings <- attr(result, "settings")
  if (input$kind == "figures") {
    return("Summary figures were given, no patient rows.")
  }
  patients <- sum(diff(input$group_start))
  skipped <- settings$skipped[settings$skipped > 0]
  c(
    paste0(
      report_count(patients, "patient"), if (length(input$by)) {
        paste0(" in ", report_count(nrow(input$by), "group"), " (", paste(names(input$by), collapse = ", "), ")")
      },
      "; ", report_count(length(outcome_names(input)), "outcome"), "; ",
      switch(input$kind,
        long = paste("visits", paste(input$visits, collapse = ", ")),
        wide = "one measurement before and one after", change = "one change each"
      ), "."
    ),
    paste0(capitalised(settings$visit_note), "."),
    if (length(skipped)) {
      paste0("Rows left out for a missing value in ", paste0(names(skipped), " (", skipped, ")", collapse = ", "), ".")
    }
  )
}

report_count <- function(n, word) paste0(n, " ", word, if (n != 1) "s")

# The rows of one outcome, of the same class and with all that came with it.
report_outcome <- function(x, outcome) {
  out <- x[x$outcome == outcome, , drop = FALSE]
  out$outcome <- factor(out$outcome, levels = outcome)
  for (name in c("settings", "trace", "input", "call")) attr(out, name) <- attr(x, name)
  class(out) <- class(x)
  out
}
