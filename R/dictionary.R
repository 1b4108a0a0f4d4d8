# One table of all result columns of all families. It builds, prints, tidies and documents every result; a family that
# needs a new column adds it here. The numeric names are those of Row in inst/include/respondr/row.hpp.
#
# type    factor, integer, double or logical
# label   heading when printed; tidy   broom's dotted name
# format  how values print: text, count, estimate, p, level, statistic, effect, flag
# core    a subset that loses one of these is no longer a result, but a plain data frame

dictionary_row <- function(name, type, label, tidy, format, core, doc) {
  data.frame(name = name, type = type, label = label, tidy = tidy, format = format, core = core, doc = doc)
}

dictionary_labels <- function() {
  rbind(
    dictionary_row("outcome", "factor", "outcome", "outcome", "text", TRUE,
      "The measurement compared. After it stand the columns named in `by`, if any."),
    dictionary_row("contrast", "factor", "contrast", "contrast", "text", TRUE, paste(
      "What is compared with what, in words: \"level - reference\", or \"level / reference\" on the ratio scale. Over",
      "time this is always after minus before.")),
    dictionary_row("term", "factor", "term", "term", "text", TRUE, "The term of a model, in place of a contrast."),
    dictionary_row("model", "factor", "model", "model", "text", FALSE, paste(
      "`univariable`: the term alone; `multivariable`: all terms together; `description`: no model, the term compared between",
      "the classes of the response.")),
    dictionary_row("level", "factor", "level", "level", "text", FALSE, "The visit or group that is compared."),
    dictionary_row("reference", "factor", "reference", "reference", "text", FALSE,
      "The visit or group it is compared with."),
    dictionary_row("event", "factor", "event", "event", "text", FALSE,
      "The value of a binary response that is counted."),
    dictionary_row("method", "factor", "method", "method", "text", TRUE, "The test, in one word."),
    dictionary_row("alternative", "factor", "alternative", "alternative", "text", FALSE, paste(
      "`two.sided`, `less`, `greater` (of the contrast as printed) or `equivalence` (two one-sided tests against the",
      "margins).")),
    dictionary_row("null_value", "double", "null", "null.value", "statistic", FALSE,
      "The value of the estimate under the null hypothesis."),
    dictionary_row("margin_low", "double", "lower margin", "margin.low", "statistic", FALSE,
      "Lower equivalence margin, on the scale of the estimate (equivalence only)."),
    dictionary_row("margin_high", "double", "upper margin", "margin.high", "statistic", FALSE,
      "Upper equivalence margin."),
    dictionary_row("two_sided", "factor", "two-sided rule", "two.sided", "text", FALSE, paste(
      "Rule of the two-sided exact p: `distance` or `central` for ranks and sign flips; `minlike`, `central` or",
      "`blaker` for counts.")),
    dictionary_row("distribution", "factor", "distribution", "distribution", "text", FALSE, paste(
      "How the null distribution was obtained: `exact`, `asymptotic` or `monte_carlo`. Missing where a test has only",
      "one, as the t-test."))
  )
}

dictionary_counts <- function() {
  rbind(
    dictionary_row("n", "integer", "n", "n", "count", FALSE,
      "Patients used; where groups are compared, those of the level."),
    dictionary_row("n_reference", "integer", "n reference", "n.reference", "count", FALSE,
      "Patients in the reference."),
    dictionary_row("n_pairs", "integer", "pairs", "n.pairs", "count", FALSE,
      "Complete pairs: patients measured at both visits. Everything in the row is computed from these."),
    dictionary_row("n_dropped", "integer", "dropped", "n.dropped", "count", FALSE,
      paste("Patients of the group who are not a complete pair; over several visits, patients measured at least once and not",
      "used; between groups, patients of the arms without a value.")),
    dictionary_row("n_zeros", "integer", "zeros", "n.zeros", "count", FALSE, "Changes equal to the null value."),
    dictionary_row("n_ties", "integer", "ties", "n.ties", "count", FALSE,
      "Non-zero changes that share their absolute value with another; between groups, values that share theirs."),
    dictionary_row("n_observations", "integer", "measurements", "n.obs", "count", FALSE,
      "Measurements used, over all visits."),
    dictionary_row("events", "integer", "events", "events", "count", FALSE,
      "Patients with the event; where groups are compared, those of the level."),
    dictionary_row("events_reference", "integer", "events reference", "events.reference", "count", FALSE,
      "Patients with the event in the reference."),
    dictionary_row("n_risk", "integer", "at risk", "n.risk", "count", FALSE,
      "Patients still without the event and under observation just before the time that `estimand` names."),
    dictionary_row("n_gained", "integer", "gained", "n.gained", "count", FALSE,
      "Patients without the event at the reference visit and with it at the later one."),
    dictionary_row("n_lost", "integer", "lost", "n.lost", "count", FALSE,
      "Patients with the event at the reference visit and without it at the later one."),
    dictionary_row("n_strata", "integer", "strata", "n.strata", "count", FALSE,
      "Strata that say something about the estimate or the test."),
    dictionary_row("n_strata_dropped", "integer", "strata left out", "n.strata.dropped", "count", FALSE,
      "Strata that say nothing: an empty arm, or where only a varying response tells, no events or events only.")
  )
}

dictionary_estimate <- function() {
  rbind(
    dictionary_row("assumed", "double", "taken as known", "assumed", "statistic", FALSE,
      "A value that the method takes as known: reliability, error variance or population mean."),
    dictionary_row("estimand", "factor", "estimand", "estimand", "text", FALSE, "What `estimate` estimates, in words."),
    dictionary_row("estimate", "double", "estimate", "estimate", "estimate", TRUE,
      "The estimate, in the direction of the contrast."),
    dictionary_row("std_error", "double", "SE", "std.error", "estimate", FALSE, paste(
      "Standard error of the estimate, where the method has one; on the ratio scale that of the logarithm.")),
    dictionary_row("conf_low", "double", "low", "conf.low", "estimate", FALSE,
      "Lower limit of the interval that belongs to `p_value`; `-Inf` for one-sided alternatives."),
    dictionary_row("conf_high", "double", "high", "conf.high", "estimate", FALSE,
      "Upper limit; `Inf` for one-sided alternatives."),
    dictionary_row("conf_level", "double", "level", "conf.level", "level", FALSE,
      "Nominal level of the interval; for equivalence 1 - 2 alpha."),
    dictionary_row("conf_attained", "double", "attained", "conf.attained", "level", FALSE, paste(
      "Level that the interval of a discrete test attains; at least `conf_level`, unless a note says that there were",
      "too few pairs.")),
    dictionary_row("conf_method", "factor", "interval", "conf.method", "text", FALSE, "Where the interval comes from."),
    dictionary_row("p_matches", "logical", "interval inverts test", "p.matches", "flag", FALSE, paste(
      "TRUE if the interval is the inversion of the test of `p_value`: it leaves out the null exactly when p is at",
      "most alpha."))
  )
}

dictionary_test <- function() {
  rbind(
    dictionary_row("sum_sq", "double", "sum of squares", "sumsq", "estimate", FALSE,
      "Sum of squares of the term."),
    dictionary_row("sum_sq_error", "double", "error SS", "sumsq.error", "estimate", FALSE,
      "Sum of squares of the error the term is tested against."),
    dictionary_row("epsilon", "double", "epsilon", "epsilon", "effect", FALSE, paste(
      "Departure from sphericity by which both degrees of freedom are multiplied; 1 where sphericity is assumed.")),
    dictionary_row("statistic", "double", "statistic", "statistic", "statistic", FALSE, "The test statistic."),
    dictionary_row("df", "double", "df", "parameter", "statistic", FALSE, "Degrees of freedom (the numerator's of F)."),
    dictionary_row("df_denominator", "double", "df2", "den.df", "statistic", FALSE,
      "Denominator degrees of freedom (F only)."),
    dictionary_row("p_value", "double", "p", "p.value", "p", TRUE, "The p-value."),
    dictionary_row("p_low", "double", "p low", "p.low", "p", FALSE,
      "Lower limit of the 99 % interval of a Monte Carlo p."),
    dictionary_row("p_high", "double", "p high", "p.high", "p", FALSE,
      "Upper limit of the 99 % interval of a Monte Carlo p."),
    dictionary_row("p_adjusted", "double", "adjusted p", "adj.p.value", "p", FALSE,
      "The p-value adjusted over its family of tests (`adjust_over`)."),
    dictionary_row("conf_low_adjusted", "double", "adj. low", "adj.conf.low", "estimate", FALSE,
      "Simultaneous lower limit; missing where the adjustment has none (step-down and false discovery rate methods)."),
    dictionary_row("conf_high_adjusted", "double", "adj. high", "adj.conf.high", "estimate", FALSE,
      "Simultaneous upper limit."),
    dictionary_row("conclusion", "factor", "conclusion", "conclusion", "text", FALSE, paste(
      "What `p_value` says of the level at this cut-off: `higher`, `lower` or `no difference` at 1 - `conf_level`.")),
    dictionary_row("changes", "logical", "changes", "changes", "flag", FALSE,
      "TRUE where `conclusion` is another than at the cut-off below.")
  )
}

dictionary_effect <- function() {
  rbind(
    dictionary_row("effect_name", "factor", "effect size", "effect.name", "text", FALSE,
      "Name of the effect size; its formula stands in the help of the verb."),
    dictionary_row("effect", "double", "effect", "effect", "effect", FALSE,
      "The effect size, in the direction of the contrast."),
    dictionary_row("effect_low", "double", "effect low", "effect.low", "effect", FALSE,
      "Lower limit of the effect size."),
    dictionary_row("effect_high", "double", "effect high", "effect.high", "effect", FALSE,
      "Upper limit of the effect size."),
    dictionary_row("optimism", "double", "optimism", "optimism", "estimate", FALSE, paste(
      "How much better a measure looks on the patients a model was made from: mean over resamples of (in the resample less",
      "on the original patients), or apparent less cross-validated.")),
    dictionary_row("corrected", "double", "corrected", "corrected", "estimate", FALSE,
      "`estimate` less `optimism`: what to expect of new patients of this kind."),
    dictionary_row("corrected_low", "double", "corrected low", "corrected.low", "estimate", FALSE,
      "Lower limit of `corrected`: percentile of the measure in the resamples, less the optimism (Noma et al. 2021)."),
    dictionary_row("corrected_high", "double", "corrected high", "corrected.high", "estimate", FALSE,
      "Upper limit of `corrected`."),
    dictionary_row("plus632", "double", ".632+", "plus632", "estimate", FALSE,
      "The .632+ estimate of Efron and Tibshirani (1997)."),
    dictionary_row("status", "factor", "status", "status", "text", TRUE,
      "`ok`, or the first reason why something is missing; see Status."),
    dictionary_row("note", "factor", "note", "note", "text", FALSE,
      "Further sentences on the row; empty if there are none.")
  )
}

result_dictionary <- rbind(
  dictionary_labels(), dictionary_counts(), dictionary_estimate(), dictionary_test(), dictionary_effect()
)

#' Columns of a result
#'
#' Every family of the package returns a data frame with one row per comparison, and the columns mean the same
#' everywhere. A result holds those of the columns below that its family fills, in this order. Missing values stand
#' only in cells that have no value; `status` says why.
#'
#' @return `result_columns()` gives the table itself: a data frame with the columns `name`, `type`, `label` (when
#'   printed), `tidy` (name given by [tidy()][tidy.respondr_result]) and `doc`.
#' @evalRd dictionary_rd()
#' @examples
#' head(result_columns()[c("name", "tidy")])
#' @export
result_columns <- function() {
  result_dictionary[c("name", "type", "label", "tidy", "doc")]
}

# The section of the help page: the same facts, as Rd.
dictionary_rd <- function() {
  plain <- function(x) gsub("`([^`]*)`", "\\\\code{\\1}", gsub("%", "\\%", x, fixed = TRUE))
  items <- function(names, text) paste0("\\item{\\code{", names, "}}{", plain(text), "}", collapse = "\n")
  d <- result_dictionary
  c(
    paste0("\\section{Columns}{\n\\describe{\n", items(d$name, paste0("(", d$type, ") ", d$doc)), "\n}}"),
    paste0("\\section{Status}{\n\\describe{\n", items(status_table$word, status_table$sentence), "\n}}"),
    paste0("\\section{Interval methods}{\n\\describe{\n", items(conf_method_table$word, conf_method_table$sentence),
      "\n}}")
  )
}

# columns: a list or data frame of the dictionary's columns and those named in settings$by, in any order.
# Text becomes factors; a column of no name in the dictionary, or of the wrong type, is a fault of the family.
build_result <- function(columns, class, settings, trace = NULL, input = NULL, call = NULL) {
  by <- settings$by
  columns <- unclass(as.list(columns))
  attr(columns, "row.names") <- NULL
  place <- column_places(names(columns), by, call)
  columns <- columns[order(place)]
  types <- dictionary_value(names(columns), "type")
  plain <- vapply(columns, function(x) if (is.object(x)) "" else typeof(x), "") == types
  for (i in which(is.na(plain) | !plain)) {
    x <- columns[[i]]
    if (types[i] %in% "factor" && is.factor(x) && !is.null(attr(x, "levels"))) next
    columns[[i]] <- as_dictionary_type(x, names(columns)[i], types[i], call)
  }
  sizes <- lengths(columns)
  if (any(sizes != sizes[1])) {
    stop_input("internal", "Columns of a result differ in length.", names(columns)[sizes != sizes[1]][1], call)
  }
  attributes(columns) <- list(names = names(columns), row.names = .set_row_names(sizes[[1]]),
    class = c(class, "respondr_result", "data.frame"), settings = settings, trace = trace, input = input, call = call)
  columns
}

# Where each column stands: the order of the dictionary, the `by` columns behind the outcome.
column_places <- function(names, by, call) {
  place <- match(names, result_dictionary$name)
  strange <- names[is.na(place) & !names %in% by]
  lost <- setdiff(c("outcome", "method", "estimate", "p_value", "status", by), names)
  if (length(strange) || length(lost)) {
    stop_input("internal", paste0(
      "A result needs columns of the dictionary:",
      if (length(strange)) paste0(" unknown ", quoted(strange)), if (length(lost)) paste0(" missing ", quoted(lost)),
      "."
    ), names[1], call)
  }
  at <- match(names, by)
  ifelse(is.na(at), place, match("outcome", result_dictionary$name) + at / (length(by) + 1))
}

as_dictionary_type <- function(x, name, type, call) {
  if (is.na(type)) {
    return(if (is.character(x)) factor(x, levels = unique(x)) else x)
  }
  if (type == "factor") {
    if (is.factor(x) && !is.null(attr(x, "levels"))) {
      return(x)
    }
    return(factor(as.character(unclass(x)), levels = unique(as.character(unclass(x)[!is.na(x)]))))
  }
  ok <- switch(type, integer = is.numeric(x), double = is.numeric(x), logical = is.logical(x))
  if (!ok || is.factor(x)) {
    stop_input("internal", paste0("Column `", name, "` must be ", type, "."), name, call)
  }
  if (type == "integer" && !is.integer(x)) x <- as.integer(x)
  if (type == "double" && !is.double(x)) x <- as.double(x)
  x
}

# One cell of the dictionary for each name; NA for names it does not hold (the `by` columns).
dictionary_value <- function(names, what) {
  result_dictionary[[what]][match(names, result_dictionary$name)]
}

# Columns of equal length as a data frame; data.frame() takes a millisecond for its checks of names.
quick_frame <- function(columns, n = length(columns[[1]])) {
  attr(columns, "row.names") <- .set_row_names(n)
  class(columns) <- "data.frame"
  columns
}
