# Tables in documents: HTML, LaTeX (PDF), Word, and for everything else a pipe table that pandoc turns into a real one.

#' A result as a table of a document
#'
#' knitr calls this for a result at the end of a chunk. HTML, PDF and Word get a table of their own format, all others
#' a pipe table, each with notes on the method, the contrast, the interval and every status. PDF and Word show the
#' columns that fit a page; the notes name what was left out. At most `getOption("respondr.knit_rows", 200)` rows are
#' shown.
#'
#' @param x A result, for example of [compare_paired()], or a description by [describe_paired()].
#' @param options,... Given by knitr, not used.
#' @return What [knitr::asis_output()] gives.
#' @name knit_print.respondr
NULL

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.respondr_result <- function(x, options = NULL, ...) {
  target <- knit_target()
  if (!nrow(x)) {
    return(knitr::asis_output(paste0("\n\n", knit_escape(paste0(result_title(x), "."), target), "\n\n")))
  }
  shown <- x[seq_len(min(nrow(x), getOption("respondr.knit_rows", 200L))), , drop = FALSE]
  fitted <- fit_columns(result_table(shown, x), knit_width[[target]], gap = 1L, wrap = FALSE)
  more <- nrow(x) - nrow(shown)
  notes <- c(
    result_notes(x, fitted$dropped),
    if (more > 0) paste0(format_count(more), " more row", if (more != 1) "s are" else " is", " not shown.")
  )
  constants <- header_constants(x)
  caption <- paste0(sub(": [0-9,]+ rows?$", "", result_title(x)), if (nzchar(constants)) paste0(": ", constants), ".")
  caption <- paste(c(attr(x, "settings")$warning, caption), collapse = " ")  # who was lost stands first
  knit_table(fitted$columns, caption, notes, target)
}

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.summary.respondr_result <- function(x, options = NULL, ...) {
  parts <- c(
    list(knit_print.respondr_result(x$result)),
    if (!is.null(x$description)) list(knit_print.respondr_description(x$description)),
    if (!is.null(x$trace)) list(knit_trace(x$trace))
  )
  knitr::asis_output(paste(unlist(parts), collapse = "\n\n"), meta = attr(parts[[1]], "knit_meta"))
}

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.respondr_rm_patients <- function(x, options = NULL, ...) {
  knit_table(patient_columns(x, 40L), "Patients measured, used and dropped at each visit.", NULL, knit_target())
}

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.respondr_rm_dropouts <- function(x, options = NULL, ...) {
  knit_table(dropout_columns(x), "Patients used against the others, at the reference visit.", NULL, knit_target())
}

knit_trace <- function(trace) {
  columns <- lapply(stats::setNames(names(trace), names(trace)),
    function(name) table_column(name, format_text(trace[[name]]), FALSE))
  columns <- lapply(columns, function(column) {
    column$text[column$text == no_value] <- ""
    column
  })
  target <- knit_target()
  knit_table(columns, "How it was computed.", NULL, if (target == "latex" && in_pandoc()) "pipe" else target)
}

# Characters that fit a line: a screen, a page of PDF or Word in small type, text.
knit_width <- list(html = 104L, latex = 96L, word = 92L, pipe = 96L)

knit_target <- function() {
  if (knitr::is_latex_output()) {
    "latex"
  } else if (knitr::is_html_output(excludes = c("markdown", "gfm", "epub", "epub2", "epub3"))) {
    "html"
  } else if (isTRUE(in_pandoc() && knitr::pandoc_to() == "docx")) {
    "word"
  } else {
    "pipe"
  }
}

in_pandoc <- function() !is.null(knitr::opts_knit$get("rmarkdown.pandoc.to"))

# The header and footer of the print, as sentences below a table.
result_notes <- function(x, dropped) {
  settings <- attr(x, "settings")
  methods <- unique(as.character(x$conf_method[!is.na(x$conf_method)]))
  intervals <- if (length(methods)) {
    paste0("Intervals: ", paste(unique(conf_method_sentence(methods)), collapse = "; "), ".")
  }
  end <- function(text) if (length(text)) paste0(text, ".")
  notes <- note_counts(x)
  c(
    end(if (length(settings$visit_note)) capitalised(settings$visit_note)),
    end(if (length(settings$lines)) capitalised(settings$lines)), end(header_skipped(x)), end(header_tests(x)), intervals,
    effect_legend(x),
    end(header_status(x)),
    if (length(settings$seed)) paste0("Seed: ", paste(settings$seed, collapse = " "), "."),
    if (length(notes)) paste0(capitalised(names(notes)), " (", notes, " row", ifelse(notes == 1, "", "s"), ")."),
    if (length(dropped)) paste0("Left out for want of width: ", paste(dropped, collapse = ", "), ".")
  )
}

knit_table <- function(columns, caption, notes, target) {
  cells <- lapply(columns, function(column) knit_escape(column$text, target))
  frame <- quick_frame(cells)
  labels <- knit_escape(vapply(columns, `[[`, "", "label"), target)
  align <- ifelse(vapply(columns, `[[`, NA, "right"), "r", "l")
  caption <- knit_escape(caption, target)
  notes <- knit_escape(notes, target)
  switch(target,
    html = knit_html(frame, labels, align, caption, notes),
    latex = knit_latex(frame, labels, align, caption, notes),
    word = knit_word(columns, caption, notes),
    knit_pipe(frame, labels, align, caption, notes)
  )
}

# Raw HTML: pandoc would read markdown in the cells. Lines of a table do not break; a wide one scrolls.
knit_html <- function(frame, labels, align, caption, notes) {
  body <- knitr::kable(frame, "html", col.names = labels, align = align, caption = caption, label = NA, escape = FALSE,
    row.names = FALSE, table.attr = "class=\"table table-condensed respondr-table\" style=\"white-space:nowrap\"")
  body <- sub("<caption>", "<caption style=\"white-space:normal\">", body, fixed = TRUE)
  below <- if (length(notes)) {
    lines <- paste0("<p style=\"margin:.2em 0\">", notes, "</p>", collapse = "\n")
    paste0("<div class=\"respondr-notes\" style=\"font-size:85%;margin-bottom:1.5em\">\n", lines, "\n</div>")
  }
  html <- paste(c("<div style=\"overflow-x:auto\">", body, "</div>", below), collapse = "\n")
  # The comment keeps knitr's `collapse = TRUE` from joining the raw block with the code after it.
  knitr::asis_output(paste0(if (in_pandoc()) knitr::raw_html(html) else paste0("\n\n", html), "\n\n<!-- -->\n\n"))
}

# In rmarkdown a longtable with rules, which breaks over pages and stays where it is; in Sweave files a plain tabular,
# because their author chooses the packages.
knit_latex <- function(frame, labels, align, caption, notes) {
  markdown <- in_pandoc()
  body <- if (markdown) {
    knitr::kable(frame, "latex", col.names = labels, align = align, caption = caption, label = NA, escape = FALSE,
      row.names = FALSE, booktabs = TRUE, longtable = TRUE, linesep = "")
  } else {
    knitr::kable(frame, "latex", col.names = labels, align = align, escape = FALSE, row.names = FALSE)
  }
  text <- paste0(
    "\n\n\\begingroup\\footnotesize\\setlength{\\tabcolsep}{3pt}",
    if (markdown) "\\setlength{\\LTcapwidth}{\\textwidth}",
    "\n", paste(body, collapse = "\n"), "\n\\endgroup\n\n",
    if (length(notes)) paste0("\\begingroup\\footnotesize\\noindent ", paste(notes, collapse = " "),
      "\\par\\endgroup\n\n")
  )
  meta <- if (markdown) lapply(c("booktabs", "longtable"), rmarkdown::latex_dependency)
  knitr::asis_output(text, meta = meta)
}

knit_pipe <- function(frame, labels, align, caption, notes) {
  body <- knitr::kable(frame, "pipe", col.names = labels, align = align, caption = caption, label = NA, escape = FALSE,
    row.names = FALSE)
  below <- if (length(notes)) c("", paste(notes, collapse = "\n\n"))
  knitr::asis_output(paste0("\n\n", paste(c(body, below), collapse = "\n"), "\n\n"))
}

# Text made safe for a format, with a true minus before numbers and a dash for a missing one.
knit_escape <- function(text, target) {
  minus <- "(^|[ (\\[])-(?=[0-9]|Inf)"
  text[text == no_value] <- "\u2013"
  switch(target,
    html = , word = {
      text <- gsub("&", "&amp;", text, fixed = TRUE)
      text <- gsub("<", "&lt;", text, fixed = TRUE)
      text <- gsub(">", "&gt;", text, fixed = TRUE)
      gsub(minus, "\\1\u2212", text, perl = TRUE)
    },
    latex = {
      text <- gsub("\u2013", "--", text, fixed = TRUE)
      text <- gsub("([#$%&_{}])", "\\\\\\1", gsub("\\", "\001", text, fixed = TRUE))
      text <- gsub("\001", "\\textbackslash{}", text, fixed = TRUE)
      text <- gsub("~", "\\textasciitilde{}", text, fixed = TRUE)
      text <- gsub("^", "\\textasciicircum{}", text, fixed = TRUE)
      text <- gsub(minus, "\\1$-$", text, perl = TRUE)
      gsub("([<>])", "$\\1$", text)
    },
    {
      text <- gsub("([\\\\`*_{}<>|$^~#])", "\\\\\\1", text)
      gsub(minus, "\\1\u2212", text, perl = TRUE)
    }
  )
}
