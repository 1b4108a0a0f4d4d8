#' The class of response of every patient at every visit
#'
#' Applies a [response_rule()] to patients: one row a patient and judged visit with the class, the clause that fired and the
#' values that decided it. Change is after minus before. Rows are matched by `id`, never by their order; every patient has a
#' row at every visit but the baseline, whether he came or not.
#'
#' @section What is compared:
#' `change`: after - before with the cut-off c. `percent_change`: after with (1 + c / 100) before. `ratio`: after with
#' c x before. `rci`: after - before with c x sd_baseline x sqrt(2 (1 - reliability)) (Jacobson and Truax 1991). Two sides
#' that differ by at most 8 machine epsilons of the largest number in the comparison are equal: decimals carry an error
#' of that
#' size in binary, 8.2 - 6.2 is 1.9999999999999991, and a rise of exactly 2.0 must not depend on it. The inequality
#' turns with
#' a baseline below 0. Missing values are carried through `and`, `or` and `not` (Kleene's three-valued logic): a class
#' is given
#' where nothing that is missing could change it, so that someone free of transfusion needs no baseline to be so.
#'
#' @section Missing values, baseline 0, death:
#' What is done is the rule's word: `nonresponder` gives the worst class; `excluded` and `open` give none (NA; they differ
#' in the denominators of a rate); `carried` the class of the last visit with one, none where there is no such visit.
#' A baseline that is missing counts as missing. A patient is dead from the visit that `death` names and has the rule's
#' word for
#' death where no class can be given by his values; values at a visit after that are an error.
#' A patient whose subgroup is missing, or has no levels in the rule, has no class; one whose subgroup changes is an error.
#'
#' @section At one visit, last, best:
#' `last`: the last visit with a class by values, or death where the patient died (unless carried). `best`: the best
#' class at
#' any visit, the earliest of equals. Sustained over k visits: the worst of the class at the visit and at the k - 1 judged
#' visits before it, the worst class of all where there are fewer. Confirmed: not better than the class at the next
#' visit; at
#' the last visit nothing is confirmed.
#'
#' @param data A data frame; long (one row a patient and visit) or wide (one row a patient).
#' @param rule A rule made by [response_rule()] or read by [read_rule()].
#' @param ... Must be empty.
#' @param id Column that names the patient; needed with `visit`. Wide data without it: one row is one patient.
#' @param visit Column of visits (long data).
#' @param baseline Long: the label of the baseline visit (default: the first visit, or the one that is called baseline,
#'   before, pre or screening), or columns that hold baselines. Wide: the columns that hold baselines. Columns are named by
#'   the variables of the rule, `c(hb = hb0, units = units0)`; with one variable the bare column does. Rules that look at
#'   values only need none: `baseline = NULL` with wide data.
#' @param death Column: logical or 0/1, TRUE at the visits where the patient is known to have died, or (long) the time
#'   of death
#'   on the scale of numeric visits, NA for the living.
#' @param visits Visits in order of time.
#' @param keep Columns carried into the result (arm, stratum, age): one value a patient. Numbers, dates and logicals stay
#'   what they are, text becomes a factor.
#' @param values FALSE leaves out the columns of values.
#' @param threads Number of threads; the result is the same for any.
#' @return A data frame of class `respondr_classes`: the id, `visit`, the `by` column of the rule, those of `keep`; `class`
#'   (ordered factor, worst first), `clause` (its text; NA where none fired), `reason` (factor); then for each variable
#'   `<variable>_baseline`, `<variable>`, `<variable>_change` and, where the rule looks at it, `<variable>_percent`; those
#'   at a visit the rule names are `<variable>_at_<visit>`.
#'   For rules with `at` other than `"each"` one row a patient, `visit` being the one that gave the class.
#' @section Errors:
#' `respondr_error_duplicate_id` (a patient with two rows at a visit, named), `respondr_error_column`,
#' `respondr_error_outcome`
#' (text, infinite values), `respondr_error_visits`, `respondr_error_by` (a patient in two subgroups),
#' `respondr_error_death` (values after death).
#' @references
#' Jacobson NS, Truax P (1991) \doi{10.1037/0022-006X.59.1.12}. The rules of the example: Yang et al. (2020)
#' \doi{10.4084/MJHID.2020.021}.
#' @examples
#' rule <- response_rule(gained = change(weight) >= "5.0", some = change(weight) > 0,
#'   none = otherwise())
#' wide <- data.frame(MASS::anorexia, weight = MASS::anorexia$Postwt)
#' x <- classify_response(wide, rule, baseline = Prewt, keep = Treat)
#' x
#' table(x$Treat, x$class)
#' @export
classify_response <- function(data, rule, ..., id = NULL, visit = NULL, baseline = NULL, death = NULL, visits = NULL,
                              keep = NULL, values = TRUE, threads = 1) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  if (!inherits(rule, "respondr_rule")) {
    stop_input("rule", c(paste0("`rule` is ", class(rule)[1], ", not a rule."), i = "Make one with `response_rule()`."),
      "rule", call)
  }
  env <- parent.frame()
  words <- list(id = substitute(id), visit = substitute(visit), death = substitute(death), keep = substitute(keep),
    baseline = substitute(baseline))
  if (inherits(data, "respondr_adam") && is.null(words$id) && is.null(words$visit)) {
    words[c("id", "visit")] <- list(quote(USUBJID), quote(visit))
  }
  values <- check_flag(values, "values", call)
  threads <- check_threads(threads, call)
  input <- classify_input(data, rule, words, visits, env, call)
  program <- rule_program(rule, input, call)
  wanted <- if (values) classes_wanted(input) else integer()
  parts <- input[c("rows", "after", "before", "at", "reference", "visits", "set", "death")]
  solved <- ask_core(response_classify(parts, program, wanted, threads), call)
  classes_result(solved, input, rule, wanted)
}
