# A spec as a readable file. Printed figures and limits are written as the text that was typed, numbers with 17 digits.

yaml_handlers <- function() {
  as_typed <- function(x) x
  list("bool#yes" = as_typed, "bool#no" = as_typed, int = as_typed, "int#hex" = as_typed, "int#oct" = as_typed,
    float = as_typed, "float#fix" = as_typed, "float#exp" = as_typed, "float#inf" = as_typed, "float#neginf" = as_typed,
    "float#nan" = as_typed)
}

need_yaml <- function(call) {
  if (!requireNamespace("yaml", quietly = TRUE)) {
    stop_input("package", c("Reading and writing a spec needs the package yaml.", i = "Install it."), "file", call)
  }
}

number_text <- function(x) if (is.finite(x)) sprintf("%.17g", x) else if (x > 0) "Inf" else "-Inf"

text_number <- function(x, what, call) {
  out <- if (identical(x, ".inf")) Inf else if (identical(x, "-.inf")) -Inf else suppressWarnings(as.numeric(x))
  if (length(out) != 1L || is.na(out)) {
    stop_input("number", paste0("`", what, "` in the file is not a number."), "file", call)
  }
  out
}

#' Write and read the specification of a cohort
#'
#' YAML, one line a figure, in the decimal text it was typed with: reading gives back the same spec, with the same numbers of
#' decimals. Nothing in a file is evaluated.
#'
#' @param spec A [cohort_spec()].
#' @param file Path of the file; for reading, an existing one.
#' @return `write_cohort_spec()` gives `file` invisibly, `read_cohort_spec()` the spec.
#' @examples
#' spec <- cohort_spec(10, list(x = cohort_measure(decimals = 1)),
#'   cohort_figure(c("mean", "sd"), "x", c("5.0", "1.20")))
#' if (requireNamespace("yaml", quietly = TRUE)) {
#'   file <- tempfile(fileext = ".yaml")
#'   write_cohort_spec(spec, file)
#'   cat(readLines(file), sep = "\n")
#'   identical(read_cohort_spec(file), spec)
#' }
#' @export
write_cohort_spec <- function(spec, file) {
  call <- environment()
  need_yaml(call)
  if (!inherits(spec, "respondr_cohort_spec")) stop_input("argument", "`spec` must be made by cohort_spec().", "spec", call)
  rows <- function(frame, fields) lapply(seq_len(NROW(frame)), function(i) {
    row <- lapply(fields, function(name) as.character(frame[[name]][i]))
    stats::setNames(row, fields)
  })
  figures <- spec$figures
  figures$scale <- vapply(figures$scale, number_text, "")
  out <- list(schema = 1L, title = spec$title, source = spec$source, patients = spec$patients,
    variables = lapply(spec$variables, variable_to_yaml), subsets = spec$subsets,
    figures = rows(figures, c("name", "kind", "of", "subset", "printed", "scale", "test", "origin")),
    limits = rows(spec$limits, c("of", "low", "high", "subset")))
  writeLines(yaml::as.yaml(out, indent.mapping.sequence = TRUE), file, useBytes = TRUE)
  invisible(file)
}

variable_to_yaml <- function(v) {
  if (inherits(v, "respondr_category")) {
    return(list(levels = as.list(v$levels), label = v$label))
  }
  list(decimals = v$decimals, low = number_text(v$low), high = number_text(v$high), unit = v$unit, visits = as.list(v$visits),
    skewed = if (v$skewed) "yes" else "no", known = unname(v$known), label = v$label)
}

#' @rdname write_cohort_spec
#' @export
read_cohort_spec <- function(file) {
  call <- environment()
  need_yaml(call)
  if (!is.character(file) || length(file) != 1L || !file.exists(file)) {
    stop_input("file", "`file` must be the path of an existing file.", "file", call)
  }
  x <- tryCatch(yaml::read_yaml(file, handlers = yaml_handlers(), eval.expr = FALSE), error = function(cnd) {
    stop_input("file", c(paste0("`", file, "` is not YAML: ", conditionMessage(cnd), "."),
      i = "Compare it with a file of write_cohort_spec()."), "file", call)
  })
  if (!is.list(x) || !identical(x$schema, "1")) {
    stop_input("file", "`schema` of the file must be 1.", "file", call)
  }
  known_keys(x, c("schema", "title", "source", "patients", "variables", "subsets", "figures", "limits"), "The file", call)
  if (!length(x$figures)) {
    stop_input("file", "The file has no `figures`.", "file", call)
  }
  for (row in x$figures) known_keys(row, c("name", "kind", "of", "subset", "printed", "scale", "test", "origin"), "A figure of the file", call)
  for (row in x$limits) {
    known_keys(row, c("of", "low", "high", "subset"), "A limit of the file", call)
    if (is.null(row$of)) stop_input("file", "A limit of the file has no `of`.", "file", call)
  }
  for (v in x$variables) {
    known_keys(v, c("levels", "label", "decimals", "low", "high", "unit", "visits", "skewed", "known"), "A variable of the file", call)
  }
  column <- function(name, default = NULL) vapply(x$figures, yaml_word, "", name, default, call)
  figures <- cohort_figure(column("kind"), column("of"), column("printed"), column("subset", "all"),
    vapply(column("scale", "1"), text_number, 0, "scale", call), column("test", "student"), column("origin", "printed"),
    column("name", NA_character_))
  limits <- lapply(x$limits, function(row) {
    cohort_limit(row$of, row$low %||% "-Inf", row$high %||% "Inf", row$subset %||% "all")
  })
  cohort_spec(text_number(x$patients, "patients", call), lapply(x$variables, variable_from_yaml, call = call), figures,
    if (length(limits)) do.call(rbind, limits), as.list(x$subsets), x$title %||% "", x$source %||% "")
}

# A word that is not read would be passed over.
known_keys <- function(x, keys, what, call) {
  if (!is.list(x) || is.null(names(x))) {
    stop_input("file", c(paste0(what, " is not a set of words with their values."), i = "Compare it with a file of write_cohort_spec()."), "file",
      call)
  }
  odd <- setdiff(names(x), keys)
  if (length(odd)) {
    stop_input("file", c(paste0(what, " holds ", quoted(odd), "."), i = paste0("Known: ", quoted(keys, 10), ".")), "file", call)
  }
}

spec_flag <- function(x, call) {
  word <- tolower(x %||% "no")
  if (!word %in% c("yes", "true", "no", "false")) {
    stop_input("file", paste0("`skewed` in the file is ", quoted(as.character(x)), ", neither yes nor no."), "file", call)
  }
  word %in% c("yes", "true")
}

# One field of a figure.
yaml_word <- function(row, name, default, call) {
  out <- if (is.list(row)) row[[name]] %||% default
  if (length(out) != 1L) {
    stop_input("file", c(paste0("A figure of the file does not have one `", name, "`."), i = "Each needs kind, of and printed."), "file",
      call)
  }
  as.character(out)
}

variable_from_yaml <- function(v, call) {
  if (!is.null(v$levels)) {
    return(cohort_category(unlist(v$levels), v$label %||% ""))
  }
  visits <- unlist(v$visits)
  known <- unlist(v$known) %||% "all"
  if (length(visits) && length(known) == length(visits)) known <- stats::setNames(as.list(known), visits)
  cohort_measure(text_number(v$decimals %||% "0", "decimals", call), text_number(v$low %||% "-Inf", "low", call),
    text_number(v$high %||% "Inf", "high", call), v$unit %||% "", visits, spec_flag(v$skewed, call),
    known, v$label %||% "")
}
