# Rules in files. Every scalar is read as the text that stands there: levels named yes or no, cut-offs as typed.

#' A rule of response in a YAML file
#'
#' `write_rule()` keeps a rule in a text file that can be read, edited and put under version control; `read_rule()` reads it
#' and checks it as [response_rule()] does. Levels named yes, no, on or off stay text and cut-offs keep the decimals that
#' were typed. Nothing in the file is evaluated.
#'
#' @details
#' The file holds `schema: 1`, the settings, `levels` (best first) and `sets`: for each value of `by`, or under `all`
#' where the rule is the same for everyone, the levels with their conditions in the grammar of [response_rule()].
#'
#' @param rule A rule by [response_rule()].
#' @param file Name of the file; `NULL` gives the text instead.
#' @param text Text of a rule, instead of a file.
#' @return `write_rule()`: the name of the file, or the text, invisibly. `read_rule()`: an object of class `respondr_rule`.
#' @section Errors:
#' Class `respondr_error_file`: no such file, no YAML, no rule, another schema, an unknown or missing word. A rule that is
#' refused: as in [response_rule()].
#' @examples
#' rule <- response_rule(yes = change(hb) >= "2.0", no = otherwise(), missing = "excluded")
#' file <- tempfile(fileext = ".yaml")
#' write_rule(rule, file)
#' writeLines(readLines(file))
#' if (requireNamespace("yaml", quietly = TRUE)) read_rule(file) == rule
#' @export
write_rule <- function(rule, file = NULL) {
  call <- sys.call()
  check_rule(rule, call)
  lines <- rule_yaml(rule)
  if (is.null(file)) {
    return(paste0(lines, "\n", collapse = ""))
  }
  check_file_name(file, call)
  connection <- tryCatch(file(file, "wb"), error = function(cnd) NULL, warning = function(cnd) NULL)
  if (is.null(connection)) {
    stop_input("file", paste0("`file` cannot be written: \"", file, "\"."), "file", call)
  }
  on.exit(close(connection))
  writeLines(enc2utf8(lines), connection, useBytes = TRUE)
  invisible(file)
}

check_rule <- function(rule, call) {
  if (!inherits(rule, "respondr_rule")) {
    stop_input("argument", c(paste0("`rule` must be a rule, not ", given_value(rule), "."),
      i = "Make it by `response_rule()`."),
      "rule", call)
  }
}

check_file_name <- function(file, call) {
  if (!is.character(file) || length(file) != 1L || is.na(file) || !nzchar(file)) {
    stop_input("file", paste0("`file` must be the name of one file, not ", given_value(file), "."), "file", call)
  }
}

rule_yaml <- function(rule) {
  time <- rule$time
  sets <- unlist(lapply(seq_along(rule$sets), function(i) {
    name <- if (is.null(rule$by)) "all" else names(rule$sets)[i]
    c(paste0("  ", yaml_text(name), ":"), vapply(rule$sets[[i]], function(clause) {
      paste0("    ", yaml_text(clause$level), ": ", yaml_text(if (is.null(clause$condition)) "otherwise" else clause$text))
    }, ""))
  }))
  c(
    "# Rule of response: levels are tried best first, the first that holds wins",
    "schema: 1",
    if (!is.null(rule$by)) paste("by:", yaml_text(rule$by)),
    paste("at:", time$kind), if (time$kind == "at") paste("visit:", yaml_text(time$visit)),
    paste("sustained:", time$sustained), paste("confirmed:", tolower(time$confirmed)),
    paste("missing:", rule$missing), paste("zero_baseline:", rule$zero_baseline), paste("death:", rule$death),
    if (length(rule$range)) c("range:", vapply(names(rule$range), function(name) {
      paste0("  ", yaml_text(name), ": [", paste(ifelse(nzchar(rule$range[[name]]), rule$range[[name]], c("-Inf", "Inf")),
        collapse = ", "), "]")
    }, "", USE.NAMES = FALSE)),
    if (length(rule$whole)) c("whole:", paste("  -", vapply(rule$whole, yaml_text, ""))),
    paste("exclusive:", tolower(rule$exclusive)),
    "levels:", paste("  -", vapply(rev(rule$levels), yaml_text, "")),
    "sets:", sets
  )
}

# Plain where YAML of any version takes it as text, else in double quotes.
yaml_text <- function(x) {
  plain <- grepl("^[A-Za-z_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*$", x) &&
    !tolower(x) %in% c("y", "n", "yes", "no", "on", "off", "true", "false", "null", "na", "nan", "inf")
  condition <- grepl("^[A-Za-z][A-Za-z0-9_.]*(\\([A-Za-z0-9_., =]*\\))? (>|>=|<|<=|==) -?[0-9.eE+-]+$", x)
  if (plain || condition) {
    return(x)
  }
  x <- gsub("([\"\\\\])", "\\\\\\1", enc2utf8(x))
  x <- gsub("\n", "\\n", gsub("\t", "\\t", gsub("\r", "\\r", x, fixed = TRUE), fixed = TRUE), fixed = TRUE)
  paste0("\"", x, "\"")
}

#' @rdname write_rule
#' @export
read_rule <- function(file = NULL, text = NULL) {
  call <- sys.call()
  if (is.null(file) == is.null(text)) {
    stop_input("argument", "Give either `file` or `text`.", "file", call)
  }
  if (is.null(text)) {
    check_file_name(file, call)
    if (!file.exists(file) || dir.exists(file)) {
      stop_input("file", paste0("There is no file \"", file, "\"."), "file", call)
    }
    text <- readLines(file, encoding = "UTF-8", warn = FALSE)
  }
  rule_from_yaml(lib_yaml(text, call), call)
}

rule_words <- c("schema", "by", "at", "visit", "sustained", "confirmed", "missing", "zero_baseline", "death", "range",
  "whole",
  "exclusive", "levels", "sets")

rule_from_yaml <- function(x, call) {
  stop_file <- function(...) stop_input("file", c(...), "file", call)
  if (!is.list(x) || is.null(names(x)) || !"schema" %in% names(x)) {
    stop_file("This is no rule: there is no `schema`.", i = "The first word of a rule is `schema: 1`.")
  }
  if (!identical(x$schema, "1")) {
    stop_file(paste0("The schema of the rule is ", quoted(unlist(x$schema)), "; this version of respondr reads schema 1."))
  }
  unknown <- setdiff(names(x), rule_words)
  if (length(unknown)) stop_file(paste0("Unknown: ", quoted(unknown), "."),
    i = paste0("A rule holds ", quoted(rule_words, 20), "."))
  lacking <- setdiff(c("at", "missing", "zero_baseline", "death", "sets"), names(x))
  if (length(lacking)) stop_file(paste0("The rule does not say ", quoted(lacking), "."))
  by <- yaml_scalar(x$by, "by", stop_file)
  sets <- yaml_sets(x$sets, by, stop_file, call)
  at <- yaml_scalar(x$at, "at", stop_file)
  if ((at == "at") == is.null(x$visit)) stop_file("`visit` goes with `at: at`, and only with it.")
  new_rule(sets, list(
    by = by, at = if (at == "at") structure(list(label = yaml_scalar(x$visit, "visit", stop_file)),
      class = "respondr_visit") else at,
    sustained = yaml_number(x$sustained %||% "1"), confirmed = yaml_flag(x$confirmed %||% "false", "confirmed", stop_file),
    missing = x$missing, zero_baseline = x$zero_baseline, death = x$death,
    order = if (!is.null(x$levels)) as.character(unlist(x$levels)), range = x$range, whole = as.character(unlist(x$whole)),
    exclusive = yaml_flag(x$exclusive %||% "false", "exclusive", stop_file)
  ), call)
}

yaml_sets <- function(sets, by, stop_file, call) {
  named <- function(x) is.list(x) && length(x) && !is.null(names(x))
  if (!named(sets) || !all(vapply(sets, named, NA))) {
    stop_file("`sets` must hold, for each set, the levels with their conditions.",
      i = "Write for example `sets:`, below it `all:`, below it `main: change(hb) > 2.0`.")
  }
  if (is.null(by) && !identical(names(sets), "all")) {
    stop_file("The rule has sets and no `by`.", i = "Without `by` the one set is named `all`.")
  }
  check_names(names(sets), "set of levels", call)
  names <- if (is.null(by)) "" else names(sets)
  stats::setNames(lapply(seq_along(sets), function(i) {
    if (!all(vapply(sets[[i]], function(x) is.character(x) && length(x) == 1L, NA))) {
      stop_file("A condition must be one line of text.")
    }
    parse_set(sets[[i]], NULL, names[i], call)
  }), names)
}

yaml_scalar <- function(x, name, stop_file) {
  if (!is.null(x) && (!is.character(x) || length(x) != 1L)) stop_file(paste0("`", name, "` must be one word."))
  x
}

yaml_number <- function(x) if (is.character(x) && isTRUE(is_decimal(x))) as.numeric(x) else x

yaml_flag <- function(x, name, stop_file) {
  if (!identical(x, "true") && !identical(x, "false")) stop_file(paste0("`", name, "` must be true or false."))
  x == "true"
}
