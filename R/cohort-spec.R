# What a cohort must reproduce, as a readable object.

figure_kinds <- c("n", "count", "percent", "mean", "sd", "median", "q1", "q3", "min", "max", "p_paired", "r", "p_groups",
  "f_visits", "odds_ratio", "or_low", "or_high", "p_logistic")

#' A cohort to be reconstructed from printed figures
#'
#' Says how many patients there are, which categories and measurements they have, and which printed figures they must reproduce,
#' each with the subset of patients it belongs to. [reconstruct_cohort()] makes patient rows from it. Figures are kept as the
#' decimal text they were typed with; the number of decimals is counted from it.
#'
#' @details
#' A **condition** names patients: `"phenotype == NTDT & known(hb@12)"`, with `&`, `|`, `!`, `==`, `!=`, `%in% c(a, b)`, the
#' names of `subsets`, and `all`. A **quantity** is a measurement at a visit, or a sum or difference of some: `"hb@3 - hb@0"`.
#'
#' A **responder rule** is a category whose levels bound a quantity: at least 30 % lower ferritin is
#' `cohort_limit("10*sf@12 - 7*sf@0", high = 0, subset = "improved == yes")` and `low = 1` for `"improved == no"`; the rate of
#' responders is then a `percent` of `"improved == yes"`.
#'
#' | `kind` | `of` | what is printed |
#' |---|---|---|
#' | `n` | quantity | patients of the subset who have every measurement in it |
#' | `count`, `percent` | condition | patients of the subset under the condition, and their share |
#' | `mean`, `sd`, `median`, `q1`, `q3`, `min`, `max` | quantity | SD with n - 1; quantiles of type 7 |
#' | `p_paired` | difference | two-sided P of the paired t-test |
#' | `r` | `"hb@0, hb@3"` | Pearson correlation |
#' | `p_groups` | `"age ~ response == main"` | two-sided P of Student's t-test (or `test = "welch"`) of the patients under the condition against the others of the subset |
#' | `f_visits` | `"hb@0, hb@3, hb@12"` | F of repeated measures, complete patients |
#' | `odds_ratio`, `or_low`, `or_high`, `p_logistic` | `"response == main ~ hbf@0"` | logistic regression on one predictor: odds ratio per printed unit, Wald limits at 95 %, Wald P |
#'
#' @param patients Number of patients.
#' @param variables Named list of [cohort_category()] and [cohort_measure()].
#' @param figures Rows made by [cohort_figure()], bound with `rbind()`.
#' @param limits Rows made by [cohort_limit()]: what must hold for every single patient of a subset.
#' @param subsets Named conditions (character), to be used in figures and limits.
#' @param title,source One line each, printed and kept in the cohort.
#' @return An object of class `respondr_cohort_spec`.
#' @references Figures of the example: Yang et al. (2020) \doi{10.4084/MJHID.2020.021}, Table 1.
#' @seealso [reconstruct_cohort()], [write_cohort_spec()]
#' @examples
#' spec <- cohort_spec(
#'   patients = 20,
#'   variables = list(hb = cohort_measure(decimals = 1, low = 3, high = 17, unit = "g/dL",
#'     visits = c(0, 12))),
#'   figures = rbind(
#'     cohort_figure("mean", c("hb@0", "hb@12"), c("7.0", "10.2")),
#'     cohort_figure("sd", c("hb@0", "hb@12"), c("1.0", "1.8")),
#'     cohort_figure("p_paired", "hb@12 - hb@0", "<0.001")
#'   )
#' )
#' spec
#' reconstruct_cohort(spec, seed = 1)
#' @export
cohort_spec <- function(patients, variables, figures, limits = NULL, subsets = list(), title = "", source = "") {
  call <- environment()
  patients <- check_whole(patients, "patients", call, 1, 1e5)
  if (!is.list(variables) || !length(variables) || is.null(names(variables)) || anyDuplicated(names(variables))) {
    stop_input("argument", c("`variables` must be a named list, each name once.",
      i = "For example `list(hb = cohort_measure(decimals = 1))`."), "variables", call)
  }
  cohort_names(variables, subsets, call)
  good <- vapply(variables, inherits, NA, c("respondr_category", "respondr_measure"))
  if (!all(good)) {
    stop_input("argument", paste0("Variable ", quoted(names(variables)[!good]), " is made neither by cohort_category() nor cohort_measure()."),
      "variables", call)
  }
  if (!inherits(figures, "respondr_figures")) {
    stop_input("argument", c("`figures` must be rows made by cohort_figure().", i = "Bind them with rbind()."), "figures", call)
  }
  if (!is.null(limits) && !(is.data.frame(limits) && all(c("of", "low", "high", "subset") %in% names(limits)))) {
    stop_input("argument", c("`limits` must be rows made by cohort_limit().", i = "Bind them with rbind()."), "limits", call)
  }
  spec <- structure(list(schema = 1L, title = title, source = source, patients = patients, variables = variables,
    subsets = as.list(subsets), figures = named_figures(figures), limits = limits), class = "respondr_cohort_spec")
  cohort_plan(spec, call)  # every word is read once here, so that mistakes are met where they are made
  spec
}

# Names that conditions and quantities can be read with, and columns that are each one's own.
cohort_names <- function(variables, subsets, call) {
  wrong <- function(x) x[!grepl("^[A-Za-z_][A-Za-z0-9_.]*$", x) | x %in% c("all", "known", "c")]
  bad <- wrong(names(variables))
  if (length(bad)) {
    stop_input("word", c(paste0("`variables` names ", quoted(bad), ", which no figure can speak of."),
      i = "Names have letters without marks, digits, `_` and `.`, begin with a letter, and are not `all`, `known` or `c`."),
      "variables", call)
  }
  columns <- variable_columns(variables)
  taken <- columns[columns %in% c("synthetic", "cohort", "id") | duplicated(columns)]
  if (length(taken)) {
    stop_input("word", c(paste0("Two columns of the cohort would be ", quoted(taken), "."),
      i = "`synthetic`, `cohort` and `id` are the cohort's own; `hb` at visit 0 is `hb_0`."), "variables", call)
  }
  if (length(subsets) && (is.null(names(subsets)) || length(wrong(names(subsets))) || anyDuplicated(names(subsets)) ||
      any(names(subsets) %in% names(variables)))) {
    stop_input("word", c("`subsets` must have names of their own, as variables have.", i = "For example `list(long = \"known(hb@12)\")`."),
      "subsets", call)
  }
}

# Columns of the rows: `hb_0` for `hb` at visit 0.
variable_columns <- function(variables) {
  unlist(lapply(names(variables), function(name) {
    visits <- if (inherits(variables[[name]], "respondr_measure")) variables[[name]]$visits
    if (length(visits)) paste0(name, "_", visits) else name
  }))
}

named_figures <- function(figures) {
  empty <- is.na(figures$name)
  made <- paste0(figures$kind, " ", figures$of, ifelse(figures$subset == "all", "", paste0(" [", figures$subset, "]")))
  figures$name[empty] <- make.unique(made, sep = " #")[empty]
  figures$name <- make.unique(figures$name, sep = " #")
  figures
}

#' @param levels Levels of a category, in order.
#' @param label Words for the dictionary of the cohort.
#' @rdname cohort_spec
#' @export
cohort_category <- function(levels, label = "") {
  call <- environment()
  levels <- as.character(levels)
  if (!length(levels) || anyNA(levels) || anyDuplicated(levels) || length(levels) > 50L) {
    stop_input("argument", "`levels` must be 1 to 50 different words.", "levels", call)
  }
  structure(list(levels = levels, label = label), class = "respondr_category")
}

#' @param decimals Decimals to which a measurement is recorded (0: whole numbers).
#' @param low,high Bounds of a measurement, or of a quantity in `cohort_limit()`.
#' @param unit Unit, in words.
#' @param visits Visits at which it is measured; `NULL`: once.
#' @param skewed Draw from a log-normal rather than a normal shape.
#' @param known Condition under which a patient has a value: one for all visits, or a list named by visit. `"free"`: as the
#'   counts of the spec decide.
#' @rdname cohort_spec
#' @export
cohort_measure <- function(decimals = 0, low = -Inf, high = Inf, unit = "", visits = NULL, skewed = FALSE, known = "all",
                    label = "") {
  call <- environment()
  decimals <- check_whole(decimals, "decimals", call, 0, 9)
  if (!is.numeric(low) || !is.numeric(high) || length(low) != 1L || length(high) != 1L || is.na(low) || is.na(high) || low > high) {
    stop_input("number", "`low` and `high` must be two numbers, `low` not above `high`.", "low", call)
  }
  if (ceiling(low * 10^decimals - 1e-9) > floor(high * 10^decimals + 1e-9)) {
    stop_input("number", paste0("No value with ", decimals, " decimals lies between `low` and `high`."), "low", call)
  }
  visits <- if (!is.null(visits)) as.character(visits)
  if (anyNA(visits) || anyDuplicated(visits) || any(!grepl("^[A-Za-z0-9_.]+$", visits))) {
    stop_input("word", c("`visits` must be different words or numbers from 0 on.", i = "For example `visits = c(0, 3, 12)`."), "visits", call)
  }
  known <- as.list(known)
  unknown <- setdiff(names(known), visits)
  if (length(unknown)) stop_input("word", paste0("`known` names ", quoted(unknown), ", which is no visit."), "known", call)
  full <- rep(if (is.null(names(known))) known else list("all"), length.out = max(1L, length(visits)))
  if (!is.null(names(known))) full[match(names(known), visits)] <- known
  names(full) <- visits
  structure(list(decimals = decimals, low = low, high = high, unit = unit, visits = visits,
    skewed = check_flag(skewed, "skewed", call), known = full, label = label), class = "respondr_measure")
}

#' @param kind,of,printed What is printed, of what, and its decimal text (`"6.80"`, `"<0.001"`, `">0.05"`). Vectors of one
#'   length, or of length one.
#' @param subset Condition or name of a subset the figure belongs to.
#' @param scale The printed unit per unit of the data: 10 for g/L where the data are in g/dL, -1 for a fall printed as a positive
#'   number.
#' @param test `"student"` or `"welch"`, for `p_groups`.
#' @param origin `"printed"`, or `"assumed"` for a figure that you add.
#' @param name Name of the figure; made from its words where missing.
#' @rdname cohort_spec
#' @export
cohort_figure <- function(kind, of, printed, subset = "all", scale = 1, test = "student", origin = "printed", name = NA_character_) {
  call <- environment()
  check_words(kind, figure_kinds, "kind", call)
  check_words(test, c("student", "welch"), "test", call)
  check_words(origin, c("printed", "assumed"), "origin", call)
  sizes <- lengths(list(kind = kind, of = of, printed = printed, subset = subset, scale = scale, test = test, origin = origin, name = name))
  odd <- names(sizes)[sizes != 1L & sizes != max(sizes)]
  if (length(odd)) {
    stop_input("length", c(paste0("`", odd[1], "` has ", sizes[[odd[1]]], " values for ", max(sizes), " figures."),
      i = "Give one, or one for each figure."), odd[1], call)
  }
  if (!is.numeric(scale) || !all(is.finite(scale)) || any(scale == 0)) {
    stop_input("number", "`scale` must be numbers other than 0.", "scale", call)
  }
  out <- data.frame(name = as.character(name), kind = kind, of = as.character(of), subset = as.character(subset),
    printed = trimws(as.character(printed)), scale = as.double(scale), test = test, origin = origin)
  within_kind(out, printed_interval(out$printed, "printed", call), call)
  structure(out, class = c("respondr_figures", "data.frame"))
}

# What a figure of its kind can be.
within_kind <- function(figures, interval, call) {
  low <- ifelse(figures$kind == "r", -1, ifelse(figures$kind %in% c("mean", "median", "q1", "q3", "min", "max"), -Inf, 0))
  high <- ifelse(figures$kind %in% c("p_paired", "p_groups", "p_logistic", "r"), 1, ifelse(figures$kind == "percent", 100, Inf))
  bad <- which(interval$value < low | interval$value > high | interval$low > high | interval$high < low)
  if (length(bad)) {
    i <- bad[1]
    stop_input("number", paste0("`", figures$kind[i], "` of `", figures$of[i], "` is printed as ", quoted(figures$printed[i]), ", outside ", low[i],
      " to ", high[i], "."), "printed", call)
  }
}

#' @rdname cohort_spec
#' @export
cohort_limit <- function(of, low = -Inf, high = Inf, subset = "all") {
  call <- environment()
  ends <- suppressWarnings(list(as.double(as.character(low)), as.double(as.character(high))))
  if (any(ends[[1]] > ends[[2]], na.rm = TRUE)) {
    stop_input("number", "`low` must not be above `high`.", "low", call)
  }
  data.frame(of = as.character(of), low = as.character(low), high = as.character(high), subset = as.character(subset))
}

#' @export
rbind.respondr_figures <- function(...) {
  parts <- list(...)
  out <- do.call(rbind, lapply(parts[!vapply(parts, is.null, NA)], function(p) {
    class(p) <- "data.frame"
    p
  }))
  structure(out, class = c("respondr_figures", "data.frame"))
}

#' @export
format.respondr_measure <- function(x, ...) sub("^: ", "", variable_words("", x))

#' @export
print.respondr_measure <- function(x, ...) {
  cat("A measurement: ", format(x), "\n", sep = "")
  invisible(x)
}

#' @export
print.respondr_category <- function(x, ...) {
  cat("A category: ", paste(x$levels, collapse = ", "), "\n", sep = "")
  invisible(x)
}

#' @export
print.respondr_cohort_spec <- function(x, ...) {
  cli::cat_line(format(x, ...))
  invisible(x)
}

#' @export
format.respondr_cohort_spec <- function(x, ..., max_figures = 30L) {
  measures <- vapply(x$variables, inherits, NA, "respondr_measure")
  words <- vapply(names(x$variables), function(name) variable_words(name, x$variables[[name]]), "")
  figures <- x$figures
  shown <- utils::head(figures, max_figures)
  c(
    paste0("Cohort to be reconstructed", if (nzchar(x$title)) paste0(": ", x$title)),
    if (nzchar(x$source)) paste0("Figures from ", x$source),
    paste0(x$patients, " patients; ", sum(!measures), " categories, ", sum(measures), " measurements; ", nrow(figures),
      " figures (", sum(figures$origin == "assumed"), " of them assumed), ", NROW(x$limits), " limits"),
    "", paste0("  ", words),
    if (length(x$subsets)) c("", paste0("  subset ", names(x$subsets), ": ", unlist(x$subsets))),
    "", paste0("  ", format(shown$printed, justify = "right"), "  ", shown$name, ifelse(shown$origin == "assumed", " (assumed)", "")),
    if (nrow(figures) > nrow(shown)) paste0("  ... and ", nrow(figures) - nrow(shown), " more figures")
  )
}

variable_words <- function(name, v) {
  if (inherits(v, "respondr_category")) {
    return(paste0(name, ": ", paste(v$levels, collapse = ", ")))
  }
  paste0(name, ": ", if (nzchar(v$unit)) paste0(v$unit, ", "), v$decimals, if (v$decimals == 1) " decimal" else " decimals",
    if (is.finite(v$low)) paste0(", from ", v$low), if (is.finite(v$high)) paste0(" to ", v$high),
    if (length(v$visits)) paste0(", visits ", paste(v$visits, collapse = " ")))
}
