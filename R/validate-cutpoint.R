#' A cut-point for a marker
#'
#' From which value of a marker on (hemoglobin F, say) is the event expected? Candidates are the values seen; `marker >=
#' c` is
#' positive where higher values go with the event (`marker <= c` where lower ones do). A cut-point chosen on the same
#' patients
#' looks better than it is: the whole choice is made again in resamples drawn within response classes, which gives an
#' interval of the
#' cut-point and sensitivity and specificity less their optimism.
#'
#' @inheritParams validate_predictors
#' @param formula `response ~ marker`.
#' @param criterion `"youden"` (largest sensitivity + specificity), `"corner"` (closest to both being 1), `"sensitivity"` or
#'   `"specificity"` (at least `at_least`, and then the larger of the other), or `"cost"` (least `cost` * missed events +
#'   false
#'   positives).
#' @param at_least The least sensitivity or specificity.
#' @param cost What a missed event costs, a false positive costing 1.
#' @param direction `"higher"`, `"lower"`, or `"auto"`: higher where the area is at least 1/2. A direction chosen from
#'   the data is
#'   chosen again in each resample.
#' @param interval Of sensitivity, specificity and predictive values: `"wilson"` or `"clopper_pearson"`.
#' @return A result with the rows `cut_point`, `sensitivity`, `specificity`, `ppv`, `npv`. `estimate` and its interval
#'   are those
#'   of these patients; `corrected` has the optimism taken off (predictive values are those of this share of events).
#' @details Of several cut-points as good as each other, the one of the largest sensitivity is taken, and the print says
#' how many
#'   there were.
#' @references Youden WJ (1950) Cancer 3:32. Noma H et al. (2021) \doi{10.1002/sim.9148}.
#' @examples
#' marker_cutpoint(low ~ lwt, MASS::birthwt, replicates = 500, seed = 1)
#' @export
marker_cutpoint <- function(formula, data = NULL, ..., criterion = "youden", at_least = 0.9, cost = 1, direction = "auto",
                            subset = NULL, weights = NULL, event = NULL, interval = "wilson", conf_level = 0.95,
                            replicates = 2000, seed = NULL, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- list(
    criterion = check_word(criterion, cut_criteria, "criterion", call),
    direction = check_word(direction, c("auto", "higher", "lower"), "direction", call),
    at_least = check_number(at_least, "at_least", call, 0, 1), cost = check_number(cost, "cost", call, 0, 1e9),
    interval = check_word(interval, c("wilson", "clopper_pearson"), "interval", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    replicates = check_whole(replicates, "replicates", call, 20, 1e6), threads = check_threads(threads, call))
  columns <- lapply(list(subset = substitute(subset), weights = substitute(weights)), null_word, env)
  input <- marker_input(formula, data, columns, event, env, call)
  if (length(input$scores) != 1L) {
    stop_input("formula", c("A cut-point is chosen for one marker.", i = "Write `response ~ hbf`."), "formula", call)
  }
  drawn <- new_seed(seed, call)
  scores <- spread_patients(input$scores, input)
  solved <- ask_core(validate_cutpoint(list(event = input$event, weight = input$weight, scores = unname(scores)),
    cut_options(words, drawn), words$threads), call)
  cutpoint_result(solved, input, scores, words, drawn, call)
}

cut_criteria <- c("youden", "corner", "sensitivity", "specificity", "cost")

cut_options <- function(words, drawn) {
  list(criterion = match(words$criterion, cut_criteria) - 1L, direction = match(words$direction, c("auto", "higher",
    "lower")) - 1L,
    bound = words$at_least, cost = words$cost, replicates = words$replicates, conf_level = words$conf_level,
      seed = drawn$value,
    progress = progress_hook())
}

# Counts behind the five rows: events is what is counted, n out of how many.
cut_counts <- function(solved, input) {
  weight <- input$weight %||% rep(1, length(input$event))
  events <- sum(weight[input$event == 1])
  others <- sum(weight[input$event == 0])
  tp <- solved$true_positive
  tn <- solved$true_negative
  list(count = c(tp, tn, tp, tn), of = c(events, others, tp + others - tn, tn + events - tp), total = events + others,
    events = events)
}

cutpoint_result <- function(solved, input, scores, words, drawn, call) {
  counts <- cut_counts(solved, input)
  known <- solved$status == 0L || solved$status == 3L
  rates <- lapply(1:4, function(i) share_limits(counts$count[i], counts$of[i], words, known))
  rate <- function(name) vapply(rates, `[[`, 0, name)
  moved <- rbind(solved$sensitivity, solved$specificity)
  blank <- c(NA_real_, NA_real_)
  n <- 5L
  estimate <- c(solved$point, rate("estimate"))
  measures <- c("cut_point", "sensitivity", "specificity", "ppv", "npv")
  frame <- list(
    outcome = constant_factor(input$outcome, n), event = constant_factor(input$event_label, n), method = factor(measures,
      levels = measures),
    alternative = factor(rep(NA, n), levels = "two.sided"), n = c(counts$total, counts$of),
      n_dropped = rep(as.integer(input$n_dropped), n),
    events = c(counts$events, counts$count), estimand = factor(cut_estimands, levels = cut_estimands), estimate = estimate,
    conf_low = c(solved$limits[1], rate("low")), conf_high = c(solved$limits[2], rate("high")),
    conf_level = rep(words$conf_level, n),
    conf_method = factor(c("percentile", rep(words$interval, 4L)), levels = conf_method_table$word),
    p_matches = rep(FALSE, n), p_value = rep(NA_real_, n), optimism = c(NA, moved[, 2], blank),
    corrected = c(NA, pmin(1, pmax(0, moved[, 1] - moved[, 2])), blank), corrected_low = c(NA, moved[, 3], blank),
    corrected_high = c(NA, moved[, 4], blank), status = status_factor(rep(solved$status, n)), note = note_factor(integer(n)))
  settings <- list(family = "validate", by = character(), conf_level = words$conf_level, p_adjust = "none",
    mixed_scales = TRUE,
    kind = "cutpoint", title = "Cut-point of a marker", lines = cut_lines(solved, input, names(scores), words),
    seed = drawn$value, replicates = words$replicates, marker = names(scores), higher = solved$higher, tied = solved$tied)
  build_result(frame, class = c("respondr_cutpoint", "respondr_validation"), settings = settings,
    trace = trace_table(list(c("criterion", words$criterion, ""), c("direction", words$direction, ""))),
    input = list(patients = input, scores = scores), call = call)
}

cut_estimands <- c("cut-point", "sensitivity", "specificity", "positive predictive value", "negative predictive value")

# Interval of a share by the rates family; weights that are not whole have none.
share_limits <- function(x, n, words, known) {
  none <- list(estimate = if (known && n > 0) x / n else NA_real_, low = NA_real_, high = NA_real_)
  if (!known || n <= 0 || n > 1e9 || x != round(x) || n != round(n)) {
    return(none)
  }
  limits <- compare_rates(events = x, n = n, interval = words$interval, conf_level = words$conf_level)
  list(estimate = x / n, low = limits$conf_low, high = limits$conf_high)
}

cut_lines <- function(solved, input, marker, words) {
  first <- event_line(input, input)
  if (is.na(solved$point)) {
    return(c(first, "no cut-point"))
  }
  sign <- if (solved$higher) ">=" else "<="
  rule <- paste0("positive: ", marker, " ", sign, " ", format_number(solved$point), if (words$direction == "auto") {
    " (direction from these patients)"
  }, if (!is.na(solved$neighbour)) paste0("; every cut-point ", if (solved$higher) {
    paste0("above ", format_number(solved$neighbour), " up to it")
  } else {
    paste0("from it to below ", format_number(solved$neighbour))
  }, " classifies these patients the same"))
  how <- switch(words$criterion, youden = "largest sensitivity + specificity (Youden)",
    corner = "closest to sensitivity and specificity of 1",
    sensitivity = paste("sensitivity of at least", format_number(words$at_least)),
    specificity = paste("specificity of at least", format_number(words$at_least)),
    cost = paste("least cost, a missed event costing", format_number(words$cost), "false positives"))
  c(first, rule, paste0("chosen by: ", how, if (solved$tied > 1L) paste0("; ", solved$tied,
    " cut-points are equally good, the one of the largest sensitivity is shown")),
    paste0("bootstrap: the choice made again in ", format_count(solved$used), " resamples drawn within response classes",
      if (solved$turned > 0) paste0("; the direction was the other one ", times(solved$turned),
        " (left out of the interval of the cut-point)")),
    "predictive values hold for this share of events")
}
