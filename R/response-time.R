# Time to response and duration of response, from classes at visits.

#' Time to response and duration of response
#'
#' From the classes of response at visits: when the response first came, or, among those who had it, how long it lasted.
#' Kaplan-Meier where patients are only lost from view; where death or stopping can come first, the cumulative incidence of
#' Aalen and Johansen, in which a patient who died can respond no more. Curves, medians and the log-rank test are those
#' of the survival package, Gray's test is that of the package cmprsk.
#'
#' @section A response is seen only at visits:
#' The response came some time after the last visit without it and by the first visit with it. The time used is that of
#' the visit (`placed = "visit"`), at which it was first seen, or the middle of that interval (`"middle"`); the print
#' says how wide the intervals are. Curves of arms seen at the same visits are comparable; a median is exact to the
#' distance between visits and no better, whatever its interval.
#'
#' @section Who counts for how long:
#' Time runs from `start`. A patient without the response is censored at the last visit with a class. `death` or `stop`
#' before the time of the response ends the wait, whatever classes come later (a rule may count the dead as none); a
#' response first seen after stopping is counted as stopped, and the print says how many. Missing classes in between are
#' passed over. A response at `start` or before is not counted. The duration runs from the visit where the response was
#' first seen to the first later visit with a lower class; who has no later class has no duration to tell and is
#' censored at 0.
#'
#' @inheritParams response_shift
#' @param formula `class ~ visit | id`; `class` as in [response_shift()]. Visits are times: numbers, or labels with `times`.
#' @param event The classes that count as response, such as `c("minor", "main")`; by default the best class.
#' @param what `"time"` to response or `"duration"` of response.
#' @param by Columns whose combinations have curves of their own, compared by the log-rank test.
#' @param times Times of visits that are labels, by name: `c(baseline = 0, "3 months" = 3)`.
#' @param death,stop Columns with the time of death or of stopping treatment, in the units of the visits, the same in
#'   all rows of a patient and missing where it did not happen.
#' @param start Time from which on responses count.
#' @param at Times at which the share of patients with the event is given beside the median, with its interval, the events
#'   until then and the patients at risk just before.
#' @param test Tests between the groups of `by`: `"log_rank"`, and where events compete `"gray"` (Gray 1988), which needs
#'   the package cmprsk. `NULL`: the log-rank test, and Gray's where events compete and cmprsk is installed; the print says
#'   which.
#' @param placed Where in its interval a response is placed: `"visit"` or `"middle"`.
#' @param conf_level Confidence level; intervals are on the log(-log) scale.
#' @return A data frame of class `respondr_time`: for each group the median (missing where the curve does not reach one
#'   half) and the share with the event by each time in `at` (`events` until then, `n_risk` just before), and a row with
#'   each test over the groups. Where events compete, Gray's test compares the cumulative incidences, what patients live
#'   through; the log-rank test compares the cause-specific hazards, the rate among those still waiting.
#'   Columns as in [result_columns]. `time_curves()` gives the curves with limits and numbers at risk, `time_patients()`
#'   one row a patient: `time`, `ended` (what ended the wait) and the interval `after`, `by_visit` in which the response
#'   came. `plot()` draws the curves with the numbers at risk.
#' @section Errors:
#' Those of [response_shift()]; `respondr_error_times` where visits are no numbers and `times` does not name them;
#' `respondr_error_event` where `event` is no class; `respondr_error_column` where a patient has two times of death or
#' a response after it;
#' `respondr_error_word` where Gray's test is asked and nothing competes; `respondr_error_package` where it is asked and
#' cmprsk is not installed.
#' @references Kaplan EL, Meier P (1958) \doi{10.1080/01621459.1958.10501452}. Aalen OO, Johansen S (1978) An empirical
#' transition matrix for non-homogeneous Markov chains. Scand J Stat 5:141-150. Brookmeyer R, Crowley J (1982)
#' \doi{10.2307/2530286}. Gray RJ (1988) A class of K-sample tests for comparing the cumulative incidence of a competing
#' risk. \doi{10.1214/aos/1176350951}. Mantel N (1966) Evaluation of survival data. Cancer Chemother Rep 50:163-170.
#' @examplesIf requireNamespace("survival", quietly = TRUE)
#' d <- data.frame(id = rep(1:6, each = 4), month = rep(c(0, 3, 6, 12), 6), class = factor(c(
#'   "none", "none", "main", "main", "none", "main", "minor", NA, "none", "none", NA, NA,
#'   "none", "none", "none", "main", "none", "minor", "minor", "minor", "none", "none",
#'   "main", "main"),
#'   levels = c("none", "minor", "main")))
#' d$died <- ifelse(d$id == 3, 5, NA)
#' x <- response_time(class ~ month | id, d, death = died, at = c(6, 12))
#' x
#' time_curves(x)
#' plot(x)
#' @export
response_time <- function(formula, data = NULL, ..., event = NULL, what = "time", by = NULL, subset = NULL, times = NULL,
                          death = NULL, stop = NULL, start = 0, at = NULL, test = NULL, placed = "visit",
                          visits = NULL, conf_level = 0.95) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  check_word(what, c("time", "duration"), "what", call)
  check_word(placed, c("visit", "middle"), "placed", call)
  start <- check_number(start, "start", call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  time_check_at(at, call)
  if (missing(formula) || !inherits(formula, "formula")) {
    stop_input("formula", "Write `class ~ visit | id`.", "formula", call)
  }
  data <- as_data(data, call)
  keep <- if (length(data)) subset_rows(null_word(substitute(subset), env), data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  ends <- lapply(list(death = substitute(death), stop = substitute(stop)), time_end_column, data, env, call)
  by <- group_columns(substitute(by), data, missing(by), formula, env, call)
  input <- time_input(formula, data, by, visits, times, env, call)
  words <- list(what = what, placed = placed, start = start, at = at, conf_level = conf_level,
    test = time_tests(test, any(lengths(ends) > 0L), call), event = time_event(input, event, call))
  patients <- time_table(input, words, ends, call)
  time_result(input, patients, words, names(ends)[lengths(ends) > 0L], call)
}

time_tests <- function(test, competing, call) {
  if (is.null(test)) {
    return(c(if (competing && has_cmprsk()) "gray", "log_rank"))
  }
  check_words(test, c("log_rank", "gray"), "test", call)
  if ("gray" %in% test && !competing) {
    stop_input("word", c("Gray's test compares cumulative incidences, and nothing competes here.",
      i = "Use `test = \"log_rank\"`, or name what competes: `death` or `stop`."), "test", call)
  }
  if ("gray" %in% test && !has_cmprsk()) {
    stop_input("package", c("Gray's test needs the package cmprsk.",
      i = "Install it by install.packages(\"cmprsk\"), or use `test = \"log_rank\"`."), "test", call)
  }
  test
}

time_check_at <- function(at, call) {
  if (!is.null(at) && (!is.numeric(at) || !length(at) || any(!is.finite(at)) || any(at < 0))) {
    stop_input("number", "`at` must hold times of at least 0.", "at", call)
  }
}

time_end_column <- function(e, data, env, call) {
  e <- null_word(e, env)
  if (is.null(e)) {
    return(NULL)
  }
  name <- if (is.character(e)) e else select_columns(e, data, env, "death", call)
  x <- data[[known_columns(name, data, "death", call)[1]]]
  if (is.logical(x) && all(is.na(x))) x <- as.double(x)
  if (!is.numeric(x) || any(is.infinite(x))) {
    stop_input("column", c(paste0("`", name[1],
      "` must hold times in the units of the visits, missing where it did not happen."),
      i = "A yes or no has no time."), "death", call)
  }
  as.double(x)
}

# The classes by patient and visit, and the times of the visits.
time_input <- function(formula, data, by, visits, times, env, call) {
  parsed_visits <- visits
  labelled <- !is.null(names(times))
  if (labelled && is.null(visits)) parsed_visits <- names(sort(times))
  if (is.null(parse_formula(formula, NULL, call)$id)) {
    stop_input("no_id", c(paste0("The formula has no id: ", deparse_one(formula), "."),
      x = "Times are those of one patient's visits; rows are matched by patient, never by their order.",
      i = "Write `class ~ visit | id`."), "formula", call)
  }
  input <- prates_from_formula(formula, data, NULL, NULL, by, NULL, NULL, parsed_visits, call)
  if (!identical(input$kind, "long") || length(input$outcomes) != 1L) {
    stop_input("formula", "Write `class ~ visit | id`, one class at a time.", "formula", call)
  }
  shift_check_levels(input, call)
  at <- if (labelled) unname(times[input$visits]) else suppressWarnings(as.numeric(input$visits))
  if (anyNA(at) || !is.numeric(at)) {
    stop_input("times", c(paste0("The visits ", quoted(input$visits[is.na(at)]), " are no times."),
      i = "Give `times = c(\"baseline\" = 0, \"3 months\" = 3)`, in one unit."), "times", call)
  }
  input$time <- as.double(at)
  input
}

time_event <- function(input, event, call) {
  labels <- input$responses[[1]]$labels
  if (is.null(event)) length(labels) else sort(event_places(labels, event, names(input$outcomes), call))
}

# One row a patient: how long, and what ended it (0 nothing, 1 the event, 2 and 3 death and stopping).
time_table <- function(input, words, ends, call) {
  order <- order(input$time)
  time <- input$time[order]
  code <- matrix(input$outcomes[[1]][input$rows], nrow(input$rows))[, order, drop = FALSE]
  yes <- matrix(code %in% words$event, nrow(code))
  counts <- !is.na(code) & rep(time > words$start, each = nrow(code))
  end <- lapply(ends[lengths(ends) > 0L], time_of_patients, input, call)
  time_check_dead(end$death, time, yes, input, call)
  rows <- lapply(seq_len(nrow(code)), function(i) {
    seen <- which(counts[i, ])
    ended <- vapply(end, `[`, 0, i)
    one <- time_end(time_first(time[seen], yes[i, seen], words$start, words$placed), ended)
    if (words$what == "time") {
      return(one)
    }
    time_end(time_lost(one, time[seen], yes[i, seen], words$placed), ended)
  })
  out <- data.frame(id = id_text(input$id_columns, input$id_row), by_columns_of(input, group_of_patient(input)),
    do.call(rbind, rows), check.names = FALSE)
  out$ended <- factor(out$status, levels = c(0, 1, 1 + seq_along(end)), labels = c("not seen to end",
    if (words$what == "time") "response" else "response lost", c(death = "death", stop = "stopped")[names(end)]))
  out
}

# From the last visit without the response to the first with it.
time_first <- function(time, yes, start, placed) {
  at <- which(yes)
  if (!length(at)) {
    last <- if (length(time)) max(time) else NA_real_
    return(data.frame(time = last - start, status = 0, after = NA_real_, by_visit = NA_real_, origin = start, late = FALSE))
  }
  after <- if (at[1] > 1L) time[at[1] - 1L] else start
  shown <- if (placed == "visit") time[at[1]] else (after + time[at[1]]) / 2
  data.frame(time = shown - start, status = 1, after = after, by_visit = time[at[1]], origin = start, late = FALSE)
}

# From the visit of the response on; NULL times where there was none.
time_lost <- function(first, time, yes, placed) {
  blank <- data.frame(time = NA_real_, status = 0, after = NA_real_, by_visit = NA_real_, origin = NA_real_, late = FALSE)
  if (first$status != 1) {
    return(blank)
  }
  later <- time >= first$by_visit
  time_first(time[later], !yes[later], first$by_visit, placed)
}

# Death or stopping before the time of the event ends the wait; after it, it changes nothing.
time_end <- function(one, end) {
  if (is.na(one$origin) || all(is.na(end))) {
    return(one)
  }
  first <- which.min(replace(end, is.na(end), Inf))
  at <- max(end[[first]] - one$origin, 0)
  if (one$status != 1 || at < one$time) {
    one$late <- one$status == 1
    one$time <- at
    one$status <- 1 + first
    one$after <- one$by_visit <- NA_real_
  }
  one
}

# The dead do not respond; lower classes after death are those that a rule gives them.
time_check_dead <- function(death, time, yes, input, call) {
  if (is.null(death)) {
    return(invisible())
  }
  late <- which(yes & outer(death, time, function(d, t) !is.na(d) & t > d), arr.ind = TRUE)
  if (nrow(late)) {
    late <- late[order(late[, 1], late[, 2]), , drop = FALSE][1, ]
    who <- id_text(input$id_columns, input$id_row)[late[1]]
    stop_input("column", c(paste0("Patient ", quoted(who), " has a response at ", format_number(time[late[2]]),
      ", after death at ", format_number(death[late[1]]), "."), i = "Correct `death` or the class."), "death", call)
  }
}

time_of_patients <- function(x, input, call) {
  values <- matrix(x[input$rows], nrow(input$rows))
  low <- suppressWarnings(apply(values, 1L, min, na.rm = TRUE))
  high <- suppressWarnings(apply(values, 1L, max, na.rm = TRUE))
  bad <- is.finite(low) & high > low
  if (any(bad)) {
    stop_input("column", paste0("Patients with two times of death or stopping: ", quoted(id_text(input$id_columns,
      input$id_row)[bad]), "."), "death", call)
  }
  ifelse(is.finite(low), low, NA_real_)
}
