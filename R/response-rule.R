#' A rule of response
#'
#' States, once and as an object, when a patient counts as a responder: levels in order, each with its condition, and what a
#' missing value, a baseline of 0 or a death means. [classify_response()] applies it.
#'
#' @section Grammar:
#' **Levels are written best first and tried in that order; the first whose condition holds is given.** A patient free of
#' transfusion has also half the units or fewer, and is in the better level. The last level can be `otherwise()`.
#'
#' A condition compares a measure of a variable with a cut-off by `>`, `>=`, `<`, `<=`, `==`, `!=`, or holds it
#' `between(measure, low, high, closed = "both")` (`closed` is `"both"`, `"left"`, `"right"` or `"none"`). Conditions are
#' joined by `&`, `|`, `!`, brackets and `at_least(k, condition, condition, ...)`; in text also by the words `and`, `or`,
#' `not`. With `b` the baseline and `a` the value at the visit judged, the measures are
#'
#' | measure | formula | |
#' |---|---|---|
#' | `hb` | \eqn{a} | the value itself |
#' | `baseline(hb)` | \eqn{b} | the baseline |
#' | `change(hb)` | \eqn{a - b} | after minus before |
#' | `rise(hb)`, `fall(hb)` | \eqn{a - b}, \eqn{b - a} | |
#' | `percent_change(hb)` | \eqn{100 (a - b) / b} | |
#' | `percent_rise(hb)`, `percent_fall(hb)` | \eqn{100 (a - b) / b}, \eqn{100 (b - a) / b} | |
#' | `ratio(hb)` | \eqn{a / b} | |
#' | `rci(score, sd_baseline, reliability)` | \eqn{(a - b) / (s \sqrt{2 (1 - r)})} | reliable-change index |
#'
#' `at(change(hb), "month 3")` is a measure at the visit named, whichever visit is judged:
#' `main = change(hb) >= 2.0 & at(change(hb), "month 3") >= 1.0` asks both of a patient at month 12.
#'
#' A cut-off is a number or its decimal text: `"2.0"` is kept and printed as typed. A number is read as the shortest decimal
#' of at most 15 digits (`0.1 + 0.2` is 0.3). `mid(1.0, "source")` in place of a cut-off marks a minimal important
#' difference. Cut-offs may be variables of the caller (`change(hb) > cut`) or injected (`!!cut`), variables too
#' (`change(!!rlang::sym(name))`), and whole conditions can be text: `main = "change(hb) > 2.0"`. The words of the grammar
#' live inside the rule only; nothing of R is masked.
#'
#' **Different rules for subgroups**: one `levels()` for each value of the column `by`. Sets may have different levels as
#' long as they agree on the order; where two levels never meet in one set, `order` says which is better.
#'
#' @section What is refused:
#' Before anything is classified, every combination of values that the cut-offs can tell apart is looked at, by exact
#' arithmetic on the decimals (value, change and percent change of one variable hang together: which combinations exist is
#' decided by the baseline and the value after; values at named visits share the baseline). A rule is refused if some
#' patient would belong to no level (the gap is named, with a baseline and a value in it), or if a level can never be
#' reached (because its condition contradicts itself, or because better levels have taken everyone). Overlaps are shown when
#' the rule is printed, and refused with `exclusive = TRUE`. Variables are taken to be at least 0, unless a cut-off for the
#' value is below 0 or `range` says more; a score that ends at 56 has no gap above 56 if `range` says so, and a count none
#' between 0 and 1 if `whole` names it.
#'
#' @param ... Levels and their conditions, best first (`main = change(hb) > 2.0, none = otherwise()`); or for each
#'   value of `by` a `levels(...)` of these.
#' @param by The column whose value chooses the set of levels.
#' @param at The visits judged: `"each"`, `"last"` (last visit with a value), `"best"` (best response ever), or
#'   `visit("12")`, the visit of that name.
#' @param sustained Number of consecutive visits at which the level, or a better one, must hold: the visit judged and those
#'   before it.
#' @param confirmed Must the level, or a better one, hold again at the next visit?
#' @param missing,zero_baseline,death What follows if the values needed are missing, if a percent change or a ratio is asked
#'   of a baseline of 0, and after death: `"nonresponder"` (the worst level), `"excluded"` (not in the denominator),
#'   `"carried"` (the last level observed; not for `zero_baseline`), or `"open"` (no level, but in the denominator).
#' @param order The levels of all sets, best first; needed only where the sets leave their order open.
#' @param range Named list of the two ends a variable can have, `-Inf` and `Inf` included: `list(score = c(0, 56))`.
#' @param whole Names of variables that take whole numbers only.
#' @param exclusive `TRUE` refuses levels whose conditions overlap.
#' @return An object of class `respondr_rule`. `print()` and `format()` show it clause by clause, `as.character()` as the
#'   sentence of a protocol, `as.data.frame()` one row a clause. [update()] changes parts of it, `==` and [all.equal()]
#'   compare rules by what they say (`"2.0"` and `2` are equal), [write_rule()] and [read_rule()] keep it in a file.
#' @section Errors:
#' Conditions of class `respondr_error_rule`: what is no condition, gaps, levels out of reach, sets that do not agree.
#' @references
#' Jacobson NS, Truax P (1991) \doi{10.1037/0022-006X.59.1.12} (reliable-change index).
#' @examples
#' # Yang et al. (2020), doi:10.4084/MJHID.2020.021: hemoglobin, or units where there is transfusion
#' thalidomide <- response_rule(
#'   NTDT = levels(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise()),
#'   TDT = levels(main = units == 0, minor = percent_change(units) <= -50, none = otherwise()),
#'   by = phenotype
#' )
#' thalidomide
#' as.character(thalidomide)
#' # Ferritin down by at least 30 %, confirmed at the next visit
#' response_rule(responder = percent_fall(ferritin) >= 30, other = otherwise(), confirmed = TRUE)
#' # Nothing between 1.5 and 2.0: refused
#' try(response_rule(main = change(hb) >= "2.0", none = change(hb) < "1.5"))
#' @export
response_rule <- function(..., by = NULL, at = "each", sustained = 1, confirmed = FALSE, missing = "nonresponder",
                          zero_baseline = "excluded", death = "nonresponder", order = NULL, range = NULL,
                          whole = NULL, exclusive = FALSE) {
  call <- sys.call()
  settings <- list(by = rule_by(rlang::enquo(by), call), at = rlang::enquo(at), sustained = sustained,
    confirmed = confirmed,
    missing = missing, zero_baseline = zero_baseline, death = death, order = order, range = range, whole = whole,
    exclusive = exclusive)
  new_rule(rule_sets(rlang::enquos(...), settings$by, call), settings, call)
}

# The one door to an object: sets of parsed clauses and the settings, checked.
new_rule <- function(sets, settings, call) {
  levels <- rule_levels(sets, settings$order, call)
  rule <- structure(list(
    levels = rev(levels), by = settings$by, sets = sets, time = rule_time(settings, call),
    missing = check_word(settings$missing, rule_outcomes, "missing", call),
    zero_baseline = check_word(settings$zero_baseline, setdiff(rule_outcomes, "carried"), "zero_baseline", call),
    death = check_word(settings$death, rule_outcomes, "death", call),
    range = rule_range(settings$range, sets, call), whole = rule_whole(settings$whole, sets, call),
    exclusive = check_flag(settings$exclusive, "exclusive", call),
    schema = 1L
  ), class = "respondr_rule")
  domain <- c(rule[c("range", "whole")], list(judged = rule$time$visit))
  rule["overlaps"] <- list(check_rule_sets(sets, rule$by, domain, rule$exclusive, call))
  rule
}

rule_outcomes <- c("nonresponder", "excluded", "carried", "open")

rule_by <- function(quo, call) {
  value <- rlang::quo_get_expr(quo)
  if (is.null(value)) {
    return(NULL)
  }
  if (is.symbol(value)) value <- as.character(value)
  if (!is.character(value) || length(value) != 1L || is.na(value) || !nzchar(value)) {
    stop_input("by", c("`by` must name one column, the one whose value chooses the set of levels.",
      i = "Write `by = phenotype`."), "by", call)
  }
  value
}

rule_time <- function(settings, call) {
  at <- settings$at
  if (rlang::is_quosure(at)) {
    words <- list(visit = function(label) structure(list(label = label), class = "respondr_visit"))
    at <- tryCatch(rlang::eval_tidy(at, words), error = function(cnd) {
      stop_input("word", c(paste0("`at` cannot be computed: ", conditionMessage(cnd), "."),
        i = "Use `\"each\"`, `\"last\"`, `\"best\"`, or the name of a visit in `visit(\"month 12\")`."), "at", call)
    })
  }
  named <- inherits(at, "respondr_visit")
  if (named || is.numeric(at)) {
    label <- if (named) at$label else at
    label <- if (is.numeric(label) && length(label) == 1L && is.finite(label)) number_decimal(label) else as.character(label)
    if (length(label) != 1L || is.na(label) || !nzchar(label)) {
      stop_input("word", "`at = visit()` needs the name of one visit.", "at", call)
    }
    at <- "at"
  } else if (!identical(at, "each") && !identical(at, "last") && !identical(at, "best")) {
    stop_input("word", c(paste0("`at` is ", if (is.character(at)) quoted(at) else class(at)[1], "."),
      i = "Use `\"each\"`, `\"last\"`, `\"best\"`, or the name of a visit in `visit(\"month 12\")`."), "at", call)
  }
  list(kind = at, visit = if (at == "at") label,
    sustained = check_whole(settings$sustained, "sustained", call, 1, 1000),
    confirmed = check_flag(settings$confirmed, "confirmed", call))
}

# Ends as decimal text, empty where there is none.
rule_range <- function(range, sets, call) {
  if (!length(range)) {
    return(list())
  }
  if (!is.list(range) || is.null(names(range))) {
    stop_input("word", c("`range` must be a list of two ends for each variable.",
      i = "Write `range = list(score = c(0, 56))`."),
      "range", call)
  }
  check_rule_names(names(range), "range", sets, call)
  lapply(range, function(ends) {
    text <- vapply(ends, function(end) {
      if (end %in% c(-Inf, Inf, "", "-Inf", "Inf")) return("")
      if (is.numeric(end) && is.finite(end)) return(number_decimal(end))
      if (isTRUE(is_decimal(end))) end else NA_character_
    }, "", USE.NAMES = FALSE)
    if (length(text) != 2L || anyNA(text) || (all(nzchar(text)) && as.numeric(text[1]) >= as.numeric(text[2]))) {
      stop_input("word", "`range` must hold, for each variable, the lower and the upper end.", "range", call)
    }
    text
  })
}

rule_whole <- function(whole, sets, call) {
  if (!length(whole)) {
    return(character())
  }
  check_rule_names(whole, "whole", sets, call)
  unique(whole)
}

check_rule_names <- function(names, argument, sets, call) {
  used <- rule_variables(sets)
  if (!is.character(names) || anyNA(names) || !all(names %in% used)) {
    stop_input("word", c(paste0("`", argument, "` names ", quoted(setdiff(as.character(names), used)), "."),
      i = paste0("Variables of the rule: ", quoted(used, 12), ".")), argument, call)
  }
}

rule_variables <- function(sets) {
  unique(vapply(unlist(lapply(sets, set_leaves), recursive = FALSE), `[[`, "", "variable"))
}

set_leaves <- function(clauses) unlist(lapply(clauses, function(clause) node_leaves(clause$condition)), recursive = FALSE)

node_leaves <- function(node) {
  if (is.null(node)) {
    return(list())
  }
  if (node$op == "compare") list(node) else unlist(lapply(node$args, node_leaves), recursive = FALSE)
}
